"""Results printed for people: no name of a stranger's file or class commands the terminal or turns a line around."""

import io
import json

import numpy as np
import pytest
from rich.cells import cell_len

from xception_gui.cli import printing
from xception_gui.cli.examination import Check, Device, Examination, print_examination
from xception_gui.cli.parser import make_parser
from xception_gui.cli.progress import LineDisplay, sentence
from xception_gui.cli.running import Terminal
from xception_gui.cli.verbs.check import print_check
from xception_gui.cli.verbs.evaluate import print_evaluation
from xception_gui.cli.verbs.export import print_export
from xception_gui.cli.verbs.predict import print_predictions
from xception_gui.cli.verbs.train import print_train
from xception_gui.domain import metrics
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.dataset import CheckResult, DatasetChecked, LeftOut, Problem
from xception_gui.domain.messages.exporting import ExportResult
from xception_gui.domain.messages.machine import Stored, StoredKind
from xception_gui.domain.messages.training import LearningOutlook, Notice, NoticeCode, TrainResult
from xception_gui.domain.messages.using import ClassMetrics, EvaluateResult
from xception_gui.domain.predictions import PicturePrediction, Prediction
from xception_gui.runs.prediction_table import table

EVIL = "cat\x1b[2J\u202egpj\nok"  # clears the screen, turns what follows around, begins a line
SEEN = "cat‹U+001B›[2J‹U+202E›gpj‹U+000A›ok"
LEFT = (LeftOut(f"/p/{EVIL}.txt", "odd", reason=f"It is a link to {EVIL}."),)
METRICS = ClassMetrics(1.0, 1.0, 1.0, 2)


def of_check(out):
    problems = (Problem("odd", (), message=f"“{EVIL}” is odd."),)
    print_check(CheckResult({EVIL: 2, "dog": 3}, 5, LEFT, problems, {}), out)


def of_training(out):
    print_train(TrainResult(f"/m/{EVIL}", "quick", (EVIL, "dog"), 8, 2, 0.5, 0.7, None, 1.0, False), out)


def of_export(out):
    print_export(ExportResult(f"/m/{EVIL}", ExportFormat.KERAS, 1000, check_file=f"/m/{EVIL}.check.json"), out)


def of_evaluation(out):
    result = EvaluateResult((EVIL, "dog"), 1.0, 0.1, 4, 0, LEFT, {EVIL: METRICS, "dog": METRICS}, ((2, 0), (0, 2)))
    print_evaluation(result, out)


def of_a_wide_evaluation(out):
    names = (EVIL, *(f"class {n}" for n in range(40)))
    matrix = [[0] * 41 for _ in names]
    matrix[0][1], matrix[3][0] = 2, 1
    result = EvaluateResult(names, 0.0, 0.1, 3, 0, LEFT, dict.fromkeys(names, METRICS), matrix, f"/d/{EVIL}")
    print_evaluation(result, out)


def of_an_examination(out):
    folders, checks = {"data": f"/home/{EVIL}"}, (Check("data folder", True, EVIL),)
    devices, stored = (Device("gpu", EVIL),), (Stored(StoredKind.MODELS, 5, f"/home/{EVIL}", False),)
    print_examination(Examination(True, {}, devices, "float32", "litert", {}, False, folders, stored, checks), out)


def of_predictions(out):
    said = (Prediction(EVIL, 0.9), Prediction("dog", 0.1))
    pictures = [PicturePrediction(f"/p/{EVIL}.jpg", said), PicturePrediction("/p/b.jpg", (), f"A link to {EVIL}.")]
    print_predictions(pictures, 3, out)


def of_progress(out):
    display = LineDisplay(out)
    display(DatasetChecked({EVIL: 3, "dog": 2}, (), (Problem("odd", (), message=f"“{EVIL}” is odd."),)))
    display(Notice(NoticeCode.OWN_BACKBONE, text=f"From “{EVIL}”."))
    display(LearningOutlook(9, 0.9, 18, 0.9, 0.95, EVIL))
    display.say("Stopping.\x1b[2J")


def of_a_table_on_a_terminal(out):
    out.isatty = lambda: True
    Terminal(out, io.StringIO()).print_table(table([PicturePrediction("a.jpg", (Prediction(EVIL, 1.0),))], [EVIL]))


@pytest.mark.parametrize(
    "show",
    [
        *(of_check, of_training, of_export, of_evaluation, of_a_wide_evaluation, of_predictions, of_progress),
        *(of_an_examination, of_a_table_on_a_terminal),
    ],
)
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
    out = io.StringIO()
    deceiving = {"path": "a\x9b2Jb\u202e\U000e0041 می\u200cخواهم"}
    Terminal(out, io.StringIO()).print_json(deceiving)
    assert json.loads(out.getvalue()) == deceiving
    assert not {"\x9b", "\u202e", "\U000e0041"} & set(out.getvalue()) and "می\u200cخواهم" in out.getvalue()


def test_a_mistyped_word_doesnt_command_the_terminal(capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args(["check", "/data", f"--{EVIL}"])
    printed = capsys.readouterr().err
    assert SEEN in printed and "\x1b" not in printed and "\nok" not in printed


def printed_evaluation(result) -> str:
    out = io.StringIO()
    print_evaluation(result, out)
    return out.getvalue()


def evaluation_of(classes: int, **more) -> EvaluateResult:
    """As many classes: of the second one, three pictures were taken for the first, of the others all are right but
    the last, of which there is none."""
    names = tuple(f"class {n}" for n in range(classes))
    matrix = np.diag([9] * (classes - 1) + [0])
    matrix[1, 0] = 3
    per_class = dict(zip(names, metrics.per_class(matrix), strict=True))
    matrix = tuple(map(tuple, matrix.tolist()))
    return EvaluateResult(names, 0.9, 0.1, 9 * classes - 6, 0, (), per_class, matrix, **more)


def test_a_class_without_pictures_has_no_figures():
    lines = printed_evaluation(evaluation_of(3)).splitlines()
    assert next(line.split() for line in lines if line.startswith("class 2"))[2:] == ["–", "–", "–", "0"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"parts": {"val": 21}}, "on the model's 21 validation pictures."),
        ({"dataset": "/d"}, "on 21 pictures in “/d”."),
        (
            {"dataset": "/d", "parts": {"train": 20, "test": 1}},
            "on 21 pictures in “/d” (train 20, test 1).",
        ),
    ],
)
def test_it_says_which_pictures_a_model_was_measured_on(more, words):
    assert words in printed_evaluation(evaluation_of(3, **more)).splitlines()[0]


def test_a_matrix_that_is_too_wide_gives_way_to_the_worst_mistakes():
    narrow, wide = printed_evaluation(evaluation_of(5)), printed_evaluation(evaluation_of(150))
    assert "Predicted (columns)" in narrow and "Most frequent mistakes" not in narrow
    assert max(map(len, wide.splitlines())) <= printing.USUAL_COLUMNS and len(wide) < 10_000
    assert ["class", "1", "class", "0", "3", "of", "12"] in [line.split() for line in wide.splitlines()]
    assert "Most frequent mistakes:" in wide and "--json has the whole confusion matrix" in wide


def test_few_pictures_are_counted():
    few = EvaluateResult(("a", "b"), 1.0, 0.1, 4, 0, (), {"a": METRICS, "b": METRICS}, ((2, 0), (0, 2)))
    assert "4 of 4 correct, but too few pictures to tell" in printed_evaluation(few)
    assert "too few" not in printed_evaluation(evaluation_of(5))


def test_percentages_are_those_of_the_window():
    out = io.StringIO()
    said = tuple(Prediction(name, share) for name, share in (("a", 0.9996), ("b", 0.0003), ("c", 0.0)))
    print_predictions([PicturePrediction("x.jpg", said)], 3, out)
    assert out.getvalue() == "x.jpg: a > 99 %, b < 1 %, c 0 %\n"
