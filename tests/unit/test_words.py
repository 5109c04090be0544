"""Every code that crosses has its words, in one table each, whatever details come with it; nobody else makes any."""

import ast
import re
import string
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xception_gui
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.messages.base import Failed, Phase
from xception_gui.domain.messages.dataset import LeftOut, Problem, ProblemCode
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16, OPENVINO_FLOAT32, RuntimeChoice
from xception_gui.domain.translation import QT_TRANSLATE_NOOP
from xception_gui.words.errors import TEXTS, broken_text, error_text, failure_text, text_of
from xception_gui.words.filling import MAX_NAMES, fill_in, places_in
from xception_gui.words.findings import FINDINGS
from xception_gui.words.notices import NOTICES, notice_text
from xception_gui.words.phases import PHASES, phase_text
from xception_gui.words.problems import PROBLEMS, problem_text
from xception_gui.words.reasons import REASONS, reason_name, reason_text, refusal_text
from xception_gui.words.runtimes import runtime_text
from xception_gui.words.wording import Counted

PACKAGE = Path(xception_gui.__file__).parent
TABLES: tuple[tuple[type[StrEnum], dict[Any, Any]], ...] = (
    (ErrorCode, TEXTS),
    (Finding, FINDINGS),
    (NoticeCode, NOTICES),
    (Phase, PHASES),
    (ProblemCode, PROBLEMS),
    (Reason, REASONS),
)

CODES = frozenset({*ErrorCode, *Finding})


def texts_in(words: Any) -> list[str]:
    """Return all texts of an entry of a table: every part, every way to tell it."""
    if isinstance(words, str):
        return [words]
    if isinstance(words, tuple):
        return [text for one in words for text in texts_in(one)]
    if isinstance(words, Counted):
        return [words.one, words.many]
    return [text for name in words.__slots__ for text in texts_in(getattr(words, name))]


ENTRIES = [pytest.param(words, id=f"{kind.__name__}-{code}") for kind, table in TABLES for code, words in table.items()]


@pytest.mark.parametrize(("codes", "table"), TABLES)
def test_every_code_has_its_words_and_no_two_have_the_same(codes, table):
    assert list(table) == list(codes) or set(table) == set(codes)
    told = [tuple(texts_in(words)) for words in table.values()]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("words", ENTRIES)
def test_all_parts_are_there_and_any_detail_fits_into_them(words):
    for text in texts_in(words):
        assert text and "  " not in text
        for detail in ("{it}", "", 7, 0.25, ("a", "b"), (("a", "b"), ("c", "d"))):
            filled = fill_in(text, dict.fromkeys(places_in(text), detail))
            assert "{" not in filled.replace("{it}", "")
            assert bool(places_in(text)) == (detail == "{it}" and "{it}" in filled) or detail != "{it}"
        assert "{" not in fill_in(text, {})


SENTENCES = [(ErrorCode, TEXTS), (NoticeCode, NOTICES), (ProblemCode, PROBLEMS)]


@pytest.mark.parametrize(
    "text", [text for _, table in SENTENCES for words in table.values() for text in texts_in(words)]
)
def test_sentences_begin_large_and_end_in_a_full_stop(text):
    assert text == text.strip()
    assert text[0].isupper() or text[0] in "“{" or text[0].isdigit()
    assert text[-1] in ".}" or text.endswith(": {log}")


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_a_sentence_and_a_short_name(reason):
    words = REASONS[reason]
    assert words.sentence[0].isupper() and words.sentence.endswith(".")
    assert places_in(words.sentence) <= {"detail"}
    for name in texts_in(words.name):
        assert 0 < len(name) < 40 and name == name.lower().replace("git lfs", "Git LFS")


@pytest.mark.parametrize(
    ("code", "details", "wanted"),
    [
        ("duplicates", {"count": 1}, "1 exact duplicate was skipped."),
        ("duplicates", {"count": 1234}, "1,234 exact duplicates were skipped."),
        ("class-too-small", {"count": 2, "classes": 1}, "1 class was skipped: it has fewer than two pictures."),
        ("class-too-small", {"count": 3, "classes": 2}, "2 classes were skipped: they have fewer than two pictures."),
        ("class-too-small", {"count": 1}, "1 file was skipped: its class has fewer than two pictures."),
    ],
)
def test_one_thing_is_told_otherwise_than_many(code, details, wanted):
    """The last one is as earlier releases counted."""
    assert problem_text(Problem(code, (), details=details)) == wanted


def test_the_name_of_a_reason_follows_the_number_of_files():
    assert (reason_name("duplicate", 1), reason_name("duplicate", 3)) == ("duplicate", "duplicates")
    assert reason_name("damaged", 1) == reason_name("damaged", 3) == "damaged"
    assert reason_name("smell", 3) == "smell"  # of a later release


def test_a_notice_of_one_epoch_is_told_otherwise_than_of_two():
    stopped = [Notice(NoticeCode.STOPPED_EARLY, {"epoch": 4, "count": count}) for count in (1, 2)]
    assert [re.findall(r"\d epochs?", notice_text(notice)) for notice in stopped] == [["1 epoch"], ["2 epochs"]]


@pytest.mark.parametrize("code", ErrorCode)
@settings(max_examples=20)
@given(value=st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text not in CODES))
def test_what_came_from_a_person_or_a_system_is_shown_as_it_is(code, value):
    text = TEXTS[code]
    parts = (text.what, text.why, text.fix)
    error = ProgramError(code, **dict.fromkeys({place for part in parts for place in places_in(part)}, value))
    told = text_of(error)
    for part, filled in zip(parts, (told.what, told.why, told.fix), strict=True):
        wanted = "".join(
            literal + (value if place is not None else "") for literal, place, _, _ in string.Formatter().parse(part)
        )
        assert filled == wanted.strip()


@given(path=st.sampled_from([*Finding, *ErrorCode]))
def test_a_folder_that_is_called_like_a_code_is_a_folder(path):
    assert text_of(ProgramError(ErrorCode.RUN_EXISTS, path=str(path))).what == f"“{path}” already exists."


def test_what_was_found_is_told_within_what_happened():
    details = {
        "found": Finding.USABLE_CLASSES,
        "names": ("cat",),
        "hint": Finding.A_LEVEL_TOO_DEEP,
        "inside": ("a", "b"),
    }
    why = text_of(ProgramError(ErrorCode.TOO_FEW_CLASSES, path="/p", **details)).why
    assert why.endswith(
        "Usable classes: “cat”. The class folders are one level too deep, in “a”, “b”: move them up one level."
    )
    shared = {"found": ErrorCode.RUN_DAMAGED, "file": "head.npz", "cause": "empty"}
    assert text_of(ProgramError(ErrorCode.SHARED_MODEL_UNUSABLE, path="/p", **shared)).why == (
        "The file is not a complete shared model: The file head.npz is missing or damaged: empty."
    )


def test_what_a_system_refuses_is_told_in_our_words_wherever_it_is_told():
    full = {"found": Finding.SYSTEM_NO_SPACE}
    assert text_of(ProgramError(ErrorCode.CANNOT_WRITE, path="/p", **full)).why == (
        "Reason: there is no space left on the disk."
    )
    assert "just now (there is no space left on the disk)" in notice_text(Notice(NoticeCode.NOT_SAVED, full))
    closed = left_out("a", Reason.UNREADABLE, Finding.SYSTEM_PERMISSION_DENIED)
    assert reason_text(closed) == "The file can't be read: permission denied."
    assert reason_text(closed, backwards) == "tHE FILE CAN'T BE READ: PERMISSION DENIED."
    other = left_out("a", Reason.UNREADABLE, "Stale file handle")
    assert reason_text(other) == "The file can't be read: Stale file handle."
    odd = left_out("a", Reason.CLASS_UNKNOWN, "no-files")
    assert "no-files" in reason_text(odd)


def test_of_many_names_the_first_are_told_and_groups_stand_apart():
    names = tuple(f"class {n}" for n in range(1020))
    told = fill_in("{names}", {"names": names})
    assert told.endswith(", “class 19” and 1,000 more") and told.count("“") == MAX_NAMES
    assert fill_in("{names}", {"names": (("a", "A"), ("b", "B"))}) == "“a”, “A”; “b”, “B”"


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (RuntimeChoice(LITERT), "LiteRT (float32); OpenVINO is not installed"),
        (RuntimeChoice(LITERT, {LITERT: 0.04}), "LiteRT (float32); OpenVINO doesn't work on this computer"),
        (
            RuntimeChoice(OPENVINO_BFLOAT16, {LITERT: 0.0441, OPENVINO_BFLOAT16: 0.027}),
            "OpenVINO (bfloat16): 27 ms per picture, against 44 ms in LiteRT (float32)",
        ),
        (
            RuntimeChoice(LITERT, {LITERT: 0.044, OPENVINO_FLOAT32: 0.05}),
            "LiteRT (float32): 44 ms per picture; OpenVINO (float32) is not clearly faster (50 ms)",
        ),
    ],
)
def test_a_runtime_is_told_with_the_reason(choice, told):
    assert runtime_text(choice) == told


# --- Other releases, and other languages --------------------------------------------------------------------------


def test_what_an_earlier_release_wrote_down_is_told_in_its_own_words():
    assert notice_text(Notice(NoticeCode.PRECISION, text="It computes in float32.")) == "It computes in float32."
    assert problem_text(Problem("duplicates", (), message="Copies: 3.")) == "Copies: 3."
    assert reason_text(LeftOut("a.jpg", "empty", reason="It is empty.")) == "It is empty."
    old = Failed("out-of-memory", {"memory": "2 GB"}, what="Too little memory.", why="It has 2 GB.", fix="Add some.")
    assert str(failure_text(old)) == "Too little memory. It has 2 GB. Add some."


def test_a_code_of_a_later_release_is_shown_rather_than_nothing():
    assert reason_text(LeftOut("a.jpg", "smell")) == refusal_text("smell", {}) == "smell"
    assert problem_text(Problem("smell", ())) == "smell"
    assert str(failure_text(Failed("smell"))) == broken_text(RunSummary("/r", 1, broken="smell")) == "smell"


@pytest.mark.parametrize(
    "details", [{}, {"times": "ten"}, {"precision": ("a",), "times": "much"}, {"precision": "x", "times": 10**400}]
)
def test_the_log_of_a_stranger_may_hold_any_details(details):
    assert notice_text(Notice(NoticeCode.PRECISION, details))


def backwards(text: str) -> str:
    """Translate into a language in which letters stand the other way round, but not those of places."""
    parts = re.split(r"(\{[^}]*\})", text)
    return "".join(part if part.startswith("{") else part.swapcase() for part in parts)


def test_everything_is_told_in_the_readers_language_and_names_stay():
    problem = Problem("part-as-class", (), details={"folder": "Train", "names": tuple("abcdefghijklmnopqrstuvw")})
    assert problem_text(problem, backwards).startswith("“Train” COUNTS AS A CLASS")
    assert "“t” AND 3 MORE" in problem_text(problem, backwards)
    error = {"found": Finding.ARCHIVES, "names": ("a.zip",), "path": "/P"}
    assert (
        error_text(ErrorCode.DATASET_EMPTY, error, backwards).why
        == "pICTURES INSIDE ARCHIVES CAN'T BE READ: UNPACK “a.zip” FIRST."
    )
    assert reason_text(left_out("a", Reason.VIDEO), backwards).startswith("tHE FILE IS A VIDEO")
    assert phase_text(Phase.TESTING, backwards) == "eVALUATING"
    halved = Notice(NoticeCode.BATCH_HALVED, {"before": 16, "after": 8})
    assert notice_text(halved, backwards).startswith("a BATCH OF 16 PICTURES")
    assert QT_TRANSLATE_NOOP("words", "It's gone.") == "It's gone."


# --- Nobody else makes words --------------------------------------------------------------------------------------

WITHOUT_WORDS = ("data", "engine", "finetune", "inference", "jobs", "runs", "samples")

NOT_FOR_READERS = frozenset(
    {"jobs/exporting/export_check.py", "runs/model_card.py", "samples/sample_set.py", "engine/service.py"}
)
"""Files that may hold sentences: for whoever drives an engine, or is given a model's folder."""


def sentences_in(path: Path) -> list[str]:
    """Return the texts of a module that read like a sentence, but for docstrings and the log."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed_over: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                passed_over.add(node.value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="logger") | ast.Attribute(attr="logger"))):
                passed_over.update(ast.walk(node))
            case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError" | "TypeError"))):
                passed_over.update(ast.walk(node))
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in passed_over]
    return [one.value for one in told if isinstance(one.value, str) and SENTENCE.search(one.value)]


SENTENCE = re.compile(r"^[A-Z][a-z']* [a-z“]|[a-z] [a-z]+\.(\s|$)")
"""A beginning or an end of a sentence. What is wrong with a file begins small: it is a detail, as a system has it."""


@pytest.mark.parametrize("folder", WITHOUT_WORDS)
def test_where_work_is_done_there_are_no_sentences(folder):
    modules = list((PACKAGE / folder).rglob("*.py"))
    assert modules
    found = {path.relative_to(PACKAGE).as_posix(): sentences_in(path) for path in modules}
    assert {path: told for path, told in found.items() if told and path not in NOT_FOR_READERS} == {}


READY = {"Notice": "text", "LeftOut": "reason", "Problem": "message", "Failed": "what"}


def test_nobody_sends_a_ready_sentence():
    """The fields are for what earlier releases wrote; by position they come after all others."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READY:
                assert READY[node.func.id] not in {keyword.arg for keyword in node.keywords}, path
                assert len(node.args) <= 4, path
