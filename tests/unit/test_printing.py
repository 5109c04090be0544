"""Results printed for people: no name of a stranger's file or class commands the terminal or turns a line around."""

import io
import json

import pytest
from rich.cells import cell_len

from xception_gui.cli import printing
from xception_gui.cli.progress import LineDisplay, sentence
from xception_gui.cli.running import Terminal
from xception_gui.domain.messages import (
    CheckResult,
    ClassMetrics,
    DatasetChecked,
    EvaluateResult,
    ExportFormat,
    ExportResult,
    LearningOutlook,
    LeftOut,
    Notice,
    NoticeCode,
    PicturePrediction,
    Prediction,
    Problem,
    TrainResult,
)

EVIL = "cat\x1b[2J\u202egpj\nok"  # clears the screen, turns what follows around, begins a line
SEEN = "cat‹U+001B›[2J‹U+202E›gpj‹U+000A›ok"
LEFT = (LeftOut(f"/p/{EVIL}.txt", f"It is a link to {EVIL}.", "odd"),)
METRICS = ClassMetrics(1.0, 1.0, 1.0, 2)


def of_check(out):
    problems = (Problem("odd", f"“{EVIL}” is odd.", ()),)
    printing.print_check(CheckResult({EVIL: 2, "dog": 3}, 5, LEFT, problems, {}), out)


def of_training(out):
    printing.print_train(TrainResult(f"/m/{EVIL}", "quick", (EVIL, "dog"), 8, 2, 0.5, 0.7, None, 1.0, False), out)


def of_export(out):
    printing.print_export(ExportResult(f"/m/{EVIL}", ExportFormat.KERAS, 1000, check_file=f"/m/{EVIL}.check.json"), out)


def of_evaluation(out):
    result = EvaluateResult((EVIL, "dog"), 1.0, 0.1, 4, 0, LEFT, {EVIL: METRICS, "dog": METRICS}, ((2, 0), (0, 2)))
    printing.print_evaluation(result, out)


def of_predictions(out):
    said = (Prediction(EVIL, 0.9), Prediction("dog", 0.1))
    pictures = [PicturePrediction(f"/p/{EVIL}.jpg", said), PicturePrediction("/p/b.jpg", (), f"A link to {EVIL}.")]
    printing.print_predictions(pictures, 3, out)


def of_progress(out):
    display = LineDisplay(out)
    display(DatasetChecked({EVIL: 3, "dog": 2}, (), (Problem("odd", f"“{EVIL}” is odd.", ()),)))
    display(Notice(NoticeCode.OWN_BACKBONE, f"From “{EVIL}”."))
    display(LearningOutlook(9, 0.9, 18, 0.9, 0.95, EVIL))
    display.say("Stopping.\x1b[2J")


@pytest.mark.parametrize("show", [of_check, of_training, of_export, of_evaluation, of_predictions, of_progress])
def test_no_name_commands_the_terminal(show):
    out = io.StringIO()
    show(out)
    printed = out.getvalue()
    assert SEEN in printed
    assert not {"\x1b", "\u202e"} & set(printed)
    assert not any(line.startswith("ok") for line in printed.splitlines())


def test_columns_stand_below_each_other_all_the_same():
    out = io.StringIO()
    printing.print_table([("class", "pictures"), (EVIL, "2"), ("قطط", "3"), ("猫", "4")], out)
    assert len({cell_len(line) for line in out.getvalue().splitlines()}) == 1


def test_names_in_any_script_are_printed_as_they_are():
    assert "قطط 3, חתולים 2, می\u200cخواهم 1" in sentence(
        DatasetChecked({"قطط": 3, "חתולים": 2, "می\u200cخواهم": 1}, (), ())
    )


def test_programs_get_the_true_names():
    out = io.StringIO()
    Terminal(out, io.StringIO()).print_json({"path": EVIL})
    assert json.loads(out.getvalue()) == {"path": EVIL}
    assert "\x1b" not in out.getvalue()
