"""Everything that people read is plain English, with one word for one thing (docs/terms.md)."""

import re
from pathlib import Path

import pytest

from tests.texts import ROOT, Text, all_texts, texts_of

ALLOWED = re.compile(
    r"image classifi(er|cation)|ImageNet|image format|DICOM image|FITS image|NIfTI image|"
    r"set sets data dataset .*|photos library|High Efficiency Image File Format|HEIC photographs|run\.json",
    re.DOTALL,
)
"""What holds a word that is not ours, as it is the name of something else."""

PATTERNS = {
    "a count after a colon ends the sentence": r"[^}]: \{(n|m|count|len\([^}]*|[^}]*\.count)(:,)?\}( \w+)?\.?$",
    "“so many”": r"\bso (many|much|few)\b",
    "“lies” for “is”": r"\blies?\b",
    "“stands” for “is”": r"\bstands?\b(?! for)",
    "“rests on”": r"\brests? on\b",
    "“of which”": r"\b(of|in|from|by) which\b",
    "“from there on”": r"\bfrom (there|then|here) on\b",
    "“nobody”": r"\bnobody\b",
    "“astray”": r"\bastray\b",
    "a space before “…”": r"\w …",
}

TEXTS = all_texts()


def words_that_are_not_ours() -> dict[str, str]:
    """Return the words of the third column of the table of terms, each with the term to use instead."""
    rows = [
        line.split("|")[1:4] for line in (ROOT / "docs" / "terms.md").read_text("utf-8").splitlines() if "|" in line
    ]
    return {
        word.strip(): term.strip() for term, _, instead_of in rows[2:] for word in instead_of.split(",") if word.strip()
    }


def found(pattern: str, texts: list[Text]) -> list[str]:
    searched = re.compile(pattern, re.IGNORECASE)
    return [
        f"{text.file}:{text.line}: {text.text}"
        for text in texts
        if searched.search(ALLOWED.sub("", re.sub(r"\{[^}]*[a-z_]\.?[a-z_]+[^}]*\}", "{x}", text.text)))
    ]


@pytest.mark.parametrize("word", words_that_are_not_ours())
def test_one_word_is_used_for_one_thing(word):
    assert not found(rf"\b{re.escape(word)}s?\b", TEXTS), f"docs/terms.md: “{words_that_are_not_ours()[word]}” instead"


@pytest.mark.parametrize("what", PATTERNS)
def test_texts_dont_read_like_a_translation(what):
    searched = re.compile(PATTERNS[what], re.IGNORECASE)
    assert not [f"{text.file}:{text.line}: {text.text}" for text in TEXTS if searched.search(text.text)]


def test_no_term_is_also_a_word_to_avoid():
    terms = {term for cell in words_that_are_not_ours().values() for term in re.split(r", | and ", cell)}
    assert not terms & set(words_that_are_not_ours())


def test_texts_of_every_kind_are_found_and_docstrings_are_not(tmp_path: Path):
    source = (
        '"""A module about something."""\n'
        "logger.info('A line of the log')\n"
        "label = self.tr('Save')\n"
        "print(f'Found {len(names)} of them.')\n"
        "help = 'first half ' 'and second'\n"
        "SQL = 'SELECT key FROM table'\n"
        "key = 'some_key'\n"
        "def function():\n    '''Do something quickly.'''\n"
    )
    module = tmp_path / "module.py"
    module.write_text(source, "utf-8")
    assert [text.text for text in texts_of(module, tmp_path)] == [
        "Save",
        "Found {len(names)} of them.",
        "first half and second",
    ]
