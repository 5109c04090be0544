"""A failure is a code with details, and whoever raises it gives what its words need."""

import ast
from pathlib import Path

import pytest

import xception_gui
from xception_gui.data.dataset import problems
from xception_gui.domain.errors import ErrorCode, Finding, JobStopped, ProgramError
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.words.errors import TEXTS, text_of
from xception_gui.words.filling import places_in

PACKAGE = Path(xception_gui.__file__).parent


def places_of(code: ErrorCode) -> set[str]:
    text = TEXTS[code]
    return {place for part in (text.what, text.why, text.fix) for place in places_in(part)}


def test_details_are_texts_numbers_and_lists_of_names():
    error = ProgramError(ErrorCode.CANNOT_WRITE, path=Path("a") / "b", found=OSError(28, "No space left"))
    assert error.details == {"path": str(Path("a", "b")), "found": "[Errno 28] No space left"}
    assert text_of(error).what == f"“{Path('a', 'b')}” can't be written."
    others = ProgramError(
        ErrorCode.TOO_FEW_CLASSES, found=Finding.USABLE_CLASSES, names=["a", ["b", Path("c")]], n=7, share=0.5
    )
    assert others.details == {"found": "usable-classes", "names": ("a", ("b", "c")), "n": 7, "share": 0.5}


def test_an_error_can_be_made_again_from_what_was_sent_of_it():
    error = ProgramError(ErrorCode.RUN_EXISTS, path="{path}")
    again = ProgramError(ErrorCode(str(error.code)), **error.details)
    assert str(again) == str(error) and str(error).startswith("run-exists")  # for logs
    assert "“{path}” already exists." in str(text_of(again))


def test_what_was_stopped_cant_be_gone_on_with_unless_it_says_so():
    assert [stopped.resumable for stopped in (JobStopped(), JobStopped(resumable=True))] == [False, True]


# --- Whoever raises an error fills its text -----------------------------------------------------------------------


def errors_raised() -> list[tuple[str, ErrorCode, set[str]]]:
    """Every `ProgramError(ErrorCode.X, name=…)` in the program: where, the code, and the names.

    Without those whose details are worked out (`**details`): they are tested where they are made.
    """
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="ProgramError"),
                    args=[ast.Attribute(value=ast.Name(id="ErrorCode"), attr=code)],
                    keywords=keywords,
                ):
                    if any(keyword.arg is None for keyword in keywords):
                        continue
                    where = path.relative_to(PACKAGE).as_posix()
                    found.append((where, ErrorCode[code], {keyword.arg for keyword in keywords if keyword.arg}))
    return found


def by_place(where: str, code: ErrorCode, details: set[str]) -> object:
    return pytest.param(code, details, id=f"{where}-{code}")


@pytest.mark.parametrize(("code", "details"), [by_place(*error) for error in errors_raised()])
def test_every_place_in_a_text_is_filled_where_the_error_is_raised(code, details):
    findings = {"names", "inside", "count", "most"} if "found" in details else set()
    assert details - findings == places_of(code) - {"hint", "place"}


# --- Reasons and problems -----------------------------------------------------------------------------------------


def test_a_reason_without_a_detail_has_none():
    assert left_out("a.jpg", Reason.EMPTY) == LeftOut("a.jpg", "empty", "")
    assert left_out("a.jpg", Reason.TOO_LARGE, "1 GB").detail == "1 GB"


def test_every_reason_that_concerns_a_person_is_summed_up_once():
    grouped = [reason for reasons in problems._GROUPS.values() for reason in reasons]
    assert len(set(grouped)) == len(grouped)
    # Hidden files and links that lead in a circle are as they should be; what lies beside the parts is named; the
    # others come up in evaluations only.
    unmentioned = {Reason.HIDDEN, Reason.LINK_LOOP, Reason.OUTSIDE_PARTS}
    unmentioned |= {Reason.CLASS_UNKNOWN, Reason.CLASS_SPELLED_DIFFERENTLY, Reason.CHANGED}
    assert set(Reason) - set(grouped) == unmentioned
