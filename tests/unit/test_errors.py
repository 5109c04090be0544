"""What can go wrong is told in words: what happened, why, and what to do."""

import ast
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xception_gui
from xception_gui.data.dataset import problems
from xception_gui.domain.errors import QT_TRANSLATE_NOOP, TEXTS, ErrorCode, JobStopped, ProgramError, Text, fill_in
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import REASONS, Reason, left_out, words_on_unreadable

PACKAGE = Path(xception_gui.__file__).parent


def places_in(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def places_of(code: ErrorCode) -> set[str]:
    text = TEXTS[code]
    return places_in(text.what, text.why, text.fix)


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_says_what_why_and_what_to_do(code):
    text = TEXTS[code]
    for part in (text.what, text.why, text.fix):
        assert part
        assert part == part.strip()
        assert part[0].isupper() or part[0] in "“{"
    assert text.what[-1] in ".}"
    assert text.fix[-1] in ".}"


@pytest.mark.parametrize("code", ErrorCode)
def test_an_error_without_details_shows_no_places(code):
    message = str(ProgramError(code))
    assert "{" not in message
    assert "}" not in message


@pytest.mark.parametrize("code", ErrorCode)
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_details_are_shown_as_they_are(code, value):
    error = ProgramError(code, **dict.fromkeys(places_of(code), value))
    shown = (error.text.what, error.text.why, error.text.fix)
    text = TEXTS[code]
    for part, filled in zip((text.what, text.why, text.fix), shown, strict=True):
        wanted = part
        for place in places_in(part):
            wanted = wanted.replace("{" + place + "}", "\0")
        assert filled == wanted.replace("\0", value).strip()
    assert str(error) == " ".join(shown)


def test_details_are_kept_as_text():
    error = ProgramError(ErrorCode.CANNOT_WRITE, path=Path("a") / "b", found=OSError(28, "No space left"))
    assert error.details == {"path": str(Path("a", "b")), "found": "[Errno 28] No space left"}
    assert error.text.what == f"“{Path('a', 'b')}” can't be written."


def test_an_error_can_be_made_again_from_what_was_sent_of_it():
    error = ProgramError(ErrorCode.RUN_EXISTS, path="{path}")
    again = ProgramError(ErrorCode(str(error.code)), **error.details)
    assert str(again) == str(error)
    assert "“{path}” exists already." in str(again)


def test_filling_in_leaves_the_texts_alone():
    before = TEXTS[ErrorCode.RUN_EXISTS]
    fill_in(before, {"path": "a"})
    assert "{path}" in TEXTS[ErrorCode.RUN_EXISTS].what


def test_a_text_that_is_to_be_translated_stays_as_it_is():
    assert QT_TRANSLATE_NOOP("errors", "It's gone.") == "It's gone."


def test_a_place_without_a_detail_stays_empty():
    assert fill_in(Text("{a} is {b}.", " {c} ", "{a}{a}"), {"b": "{a}"}) == Text("is {a}.", "", "")


def test_what_was_stopped_cant_be_gone_on_with_unless_it_says_so():
    assert [stopped.resumable for stopped in (JobStopped(), JobStopped(resumable=True))] == [False, True]


# --- Whoever raises an error fills its text -----------------------------------------------------------------------


def errors_raised() -> list[tuple[str, ErrorCode, set[str]]]:
    """Every `ProgramError(ErrorCode.X, name=…)` in the program: where, the code, and the names."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="ProgramError"),
                    args=[ast.Attribute(value=ast.Name(id="ErrorCode"), attr=code)],
                    keywords=keywords,
                ):
                    where = path.relative_to(PACKAGE).as_posix()
                    found.append((where, ErrorCode[code], {keyword.arg for keyword in keywords if keyword.arg}))
    return found


def by_place(where: str, code: ErrorCode, details: set[str]) -> object:
    return pytest.param(code, details, id=f"{where}-{code}")


@pytest.mark.parametrize(("code", "details"), [by_place(*error) for error in errors_raised()])
def test_every_place_in_a_text_is_filled_where_the_error_is_raised(code, details):
    assert details == places_of(code)


# --- Reasons and problems -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence(reason):
    text = REASONS[reason]
    assert text[0].isupper()
    assert text.endswith(".")
    assert places_in(text) <= {"detail"}
    assert "{" not in left_out("a", reason).reason


@pytest.mark.parametrize("reason", Reason)
@given(detail=st.text())
def test_a_reasons_detail_is_shown_as_it_is(reason, detail):
    file = left_out("a.jpg", reason, detail)
    assert (file.path, file.code) == ("a.jpg", reason.value)
    assert file.reason == REASONS[reason].replace("{detail}", detail)


def test_a_reason_without_a_detail_has_none():
    assert left_out("a.jpg", Reason.EMPTY) == LeftOut(
        "a.jpg", "It is empty: 0 bytes. Copy or download it again.", "empty", ""
    )
    assert left_out("a.jpg", Reason.TOO_LARGE, "1 GB").detail == "1 GB"


def test_unreadable_pictures_are_counted_in_a_sentence():
    assert words_on_unreadable(3, 40).startswith("3 of 40 pictures can't be read any more")


def test_every_reason_that_concerns_a_person_is_summed_up_once():
    grouped = [reason for _, reasons, _ in problems._GROUPS for reason in reasons]
    assert len(set(grouped)) == len(grouped)
    # Hidden files and links that lead in a circle are as they should be; what lies beside the parts is named; the
    # others come up in evaluations only.
    unmentioned = {Reason.HIDDEN, Reason.LINK_LOOP, Reason.OUTSIDE_PARTS}
    unmentioned |= {Reason.CLASS_UNKNOWN, Reason.CLASS_SPELLED_DIFFERENTLY, Reason.CHANGED}
    assert set(Reason) - set(grouped) == unmentioned
