"""What can't be seen in a name is written out; names that people give, in whatever script, stay as they are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.visible import visible, visible_lines, without_hidden

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OTHERS = (
    "\0\t\n\r\x1b\x7f\x85\x9b\u2028\u2029\u00ad\u034f\u115f\u3164\u2060\u2063\ufeff\ufffa\U000e0001\U000e0041\udce9"
)

GIVEN = {
    "Arabic": "قطط",
    "Hebrew with vowels": "שָׁלוֹם",
    "Arabic, Hebrew, Latin and digits": "قطط 12 – cats – חתולים",
    "Persian, with a non-joiner": "می\u200cخواهم",
    "Persian, with a vowel before it": "کتابِ\u200cها",
    "Arabic, with three marks": "ب\u064e\u0651\u0670\u200cب",
    "Arabic, two letters": "ب\u200cب",
    "Latin": "XXL",
    "Hindi, with a joiner": "क्\u200dष",
    "Bengali, with one before the virama": "র\u200d্য",
    "Malayalam": "ന്\u200d",
    "Khmer, with a break": "ស្រី\u200bស្រស់",
    "Thai, with a break": "แมว\u200bน้ำ",
    "Mongolian, with a variant": "ᠠ\u180b",
    "Japanese, with a variant": "葛\U000e0100城",
    "a fireman": "👩🏽\u200d🚒",
    "a heart on fire": "❤\ufe0f\u200d🔥",
    "a nod": "🙂\u200d↔\ufe0f",
    "a rainbow": "🏳\ufe0f\u200d🌈",
    "England": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Wales": "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "a key": "1\ufe0f\u20e3",
    "information": "ℹ\ufe0f",
    "accents apart": "Zu\u0308rich e\u0301",
    "spaces of all widths": "a\u00a0b\u3000c",
}


@pytest.mark.parametrize("name", GIVEN.values(), ids=GIVEN.keys())
def test_names_that_people_give_stay_as_they_are(name):
    assert visible(name) == visible_lines(name) == without_hidden(name) == name


@pytest.mark.parametrize("letter", [*BIDI, *OTHERS], ids=lambda letter: f"{ord(letter):04X}")
def test_what_can_not_be_seen_is_written_out(letter):
    assert visible(f"a{letter}b") == f"a‹U+{ord(letter):04X}›b"
    assert without_hidden(f"a{letter}b") == "ab"


def test_a_name_that_pretends_another_ending_is_seen_through():
    assert visible("holiday\u202egpj.exe") == "holiday‹U+202E›gpj.exe"


@pytest.mark.parametrize(
    "name",
    [
        "pass\u200bword",  # no script that needs it
        "ca\u200dts",
        "\u200dcats",
        "cats\u200c",
        "قط\u200c",  # at an end it joins nothing
        "א\u200cב",  # Hebrew has no joined letters
        "猫\ufe0f",
        "a\ufe0f",
        "X\ufe0f",
        "a\U000e0100",
        "a\u200cب",
        "ب\u064e\u0651\u0670\u064e\u200cب",  # no letter has so many marks
        "ب\u200c؛",
        "a\u200d🚒",
        "🚒\u200da",
        "👩\u200c🚒",
        "a\u200c🚒",
        "猫\u034f",
        "👩\u200d\u200d👩",
        "🏴\U000e0068\U000e0069\U000e007f",  # no flag
        "ب\u200c\u061c",
    ],
)
def test_what_has_nothing_to_do_where_it_stands_is_written_out(name):
    assert "‹U+" in visible(name)
    assert len(without_hidden(name)) < len(name)


def test_lines_stay_lines_where_there_may_be_several():
    assert visible_lines("first\nse\u202econd\r\n") == "first\nse‹U+202E›cond‹U+000D›\n"


@given(
    name=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0"))
)
def test_letters_digits_marks_and_symbols_stay_as_they_are(name):
    assert visible(name) == without_hidden(name) == name


@given(name=st.text(st.characters() | st.sampled_from(BIDI + OTHERS + "\u200b\u200c\u200d\ufe0f")))
def test_once_is_enough_and_nothing_that_commands_is_left(name):
    for shown in (visible(name), without_hidden(name)):
        assert visible(shown) == without_hidden(shown) == shown
        assert not set(BIDI) & set(shown)
        assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in shown)


@pytest.mark.parametrize("unit", ["\u200d", "\u0301\u200d", "a\u202e"])
def test_a_long_name_is_no_trouble(unit):
    assert len(visible(unit * 50_000)) > 50_000 * len(unit)
