"""Each verb of the command line: what its words ask for, what goes where, and an exit status for every end.

The jobs are stood in for: what they do is tested where they are.
"""

import csv
import io
import json
import shlex
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from tests.unit.test_run_folder import make_record
from xception_gui import diagnostics, jobs
from xception_gui.cli import examination as doctor
from xception_gui.cli import running
from xception_gui.cli.main import run_command_line
from xception_gui.cli.verbs import demo
from xception_gui.cli.verbs.predict import STDOUT
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import End, Finished, Message, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import (
    CheckRequest,
    CheckResult,
    DrawSamplesRequest,
    LeftOut,
    Problem,
    SamplesResult,
)
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest, TrainResult
from xception_gui.domain.messages.using import (
    ClassMetrics,
    EvaluateRequest,
    EvaluateResult,
    PicturePredicted,
    PredictRequest,
    PredictResult,
)
from xception_gui.domain.recipe import (
    Augmentation,
    BatchNorm,
    HeadInit,
    Optimizer,
    Precision,
    Preset,
    Recipe,
    fields_of,
    make_recipe,
)
from xception_gui.jobs.reporting import failed
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import SplitRecord, Status
from xception_gui.words.phases import phase_text

CLASSES = ("cat", "dog")
METRICS = ClassMetrics(1.0, 1.0, 1.0, 2)
PREDICTIONS = (PicturePredicted("a.jpg", (0.25, 0.75)), PicturePredicted("b.jpg", error="missing"))

WORDS = {
    "check": ["check", "pictures"],
    "train": ["train", "pictures", "--out", "run"],
    "predict": ["predict", "run", "a.jpg", "b.jpg"],
    "evaluate": ["evaluate", "run"],
    "export": ["export", "run", "--format", "litert", "--out", "model.tflite"],
}
"""The least that can be said with each verb that does a job."""

RESULTS = {
    "check": CheckResult({"cat": 2, "dog": 3}, 5, (LeftOut("x.jpg", "empty", reason="It is empty."),), (), {}),
    "train": TrainResult("run", "quick", CLASSES, 8, 2, 0.5, 0.7, None, 1.0, False),
    "predict": PredictResult(CLASSES, 2, 1),
    "evaluate": EvaluateResult(CLASSES, 1.0, 0.1, 4, 0, (), dict.fromkeys(CLASSES, METRICS), ((2, 0), (0, 2))),
    "export": ExportResult("model.tflite", ExportFormat.LITERT, 10**6, 50, False, 0.001, 50, "model.check.json"),
}

SAID = {
    "check": "total         5",
    "train": "The model is in “run”.",
    "predict": "a.jpg: dog 75 %, cat 25 %",
    "evaluate": "Accuracy 1.000, log loss 0.100 on the model's 4 validation pictures.",
    "export": "Exported to “model.tflite” (1.0 MB).",
}
"""What each prints of that, among others."""

BECOMES = {
    "check": "A result would need all pictures, so there is none",
    "train": "What was learned so far is kept",
    "predict": "You get the predictions made so far",
    "evaluate": "A result would need all pictures, so there is none",
    "export": "An incomplete export is deleted",
}
"""What a stop leaves of each."""

verbs = pytest.mark.parametrize("verb", WORDS)


@dataclass
class Answer:
    """What a command came to."""

    status: int
    out: str
    err: str
    asked: list[Message]  # requests, in order


class Command:
    """The command line in this process, with jobs that tell what `events` says and end as `ends` says."""

    def __init__(self) -> None:
        self.ends: dict[str, End] = {verb: Finished(result) for verb, result in RESULTS.items()}
        self.events: tuple[Message, ...] = (PhaseStarted(Phase.PREDICTING, 2), *PREDICTIONS)
        self.before_the_end = lambda stop, leave: None
        self.logs: list[str] = []  # that were begun, by their names
        self.streams: tuple[io.StringIO, io.StringIO]
        self._asked: list[Message]

    def __call__(self, *words: str | Path) -> Answer:
        self.streams, self._asked = (io.StringIO(), io.StringIO()), []
        try:
            status = run_command_line([str(word) for word in words])
        except SystemExit as usage:  # as argparse ends
            status = usage.code
        out, err = (stream.getvalue() for stream in self.streams)
        return Answer(status, out, err, self._asked)

    def run_job(self, request, report, stop, leave) -> None:
        self._asked.append(request)
        for event in self.events:
            report(event)
        self.before_the_end(stop, leave)
        for _ in range(2):
            report(Progress(Phase.PREDICTING, 2, 2, 1.0))
        kind = {ResumeRequest: "train"}.get(type(request)) or type(request).__name__.removesuffix("Request").lower()
        report(self.ends[kind])


@pytest.fixture
def command(monkeypatch, tmp_path) -> Command:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    command = Command()
    monkeypatch.setattr(jobs, "run_job", command.run_job)
    monkeypatch.setattr(diagnostics, "start_log", command.logs.append)
    monkeypatch.setattr(diagnostics, "keep_stdout", lambda: command.streams[0])
    monkeypatch.setattr(diagnostics, "keep_stderr", lambda: command.streams[1])
    return command


# --- Ends ---------------------------------------------------------------------------------------------------------


@verbs
def test_a_verb_that_is_done_prints_its_result_and_ends_with_0(verb, command):
    answer = command(*WORDS[verb])
    assert answer.status == 0
    assert SAID[verb] in answer.out
    assert f"{phase_text(Phase.PREDICTING)} (2)…" in answer.err and "…" not in answer.out  # how far it is
    assert command.logs == [verb] and "Stopping" not in answer.err


@verbs
def test_for_programs_it_prints_one_document_and_nothing_else(verb, command):
    answer = command(*WORDS[verb], "--json")
    assert answer.status == 0
    found = json.loads(answer.out)
    assert len(answer.out.splitlines()) == 1
    assert f"{phase_text(Phase.PREDICTING)} (2)…" in answer.err
    if verb == "predict":
        assert [one["path"] for one in found] == ["a.jpg", "b.jpg"]
        assert found[0]["predictions"][0] == {"class": "dog", "probability": 0.75}
    else:
        assert "type" not in found
        assert found.items() >= {"check": {"used": 5}, "train": {"val_accuracy": 0.5}}.get(verb, {}).items()
        assert set(found) <= set(RESULTS[verb].__struct_fields__)


@verbs
def test_a_verb_that_was_stopped_with_nothing_says_so_and_ends_with_130(verb, command):
    command.ends[verb] = Stopped()
    answer = command(*WORDS[verb], "--json")
    assert (answer.status, answer.out) == (130, "")
    assert answer.err.splitlines()[-1] == "xception-gui: Stopped before there was anything to keep."


@pytest.mark.parametrize("verb", ["train", "predict"])
@pytest.mark.parametrize("is_json", [False, True])
def test_a_verb_that_was_stopped_with_a_result_prints_it_and_ends_with_130(verb, is_json, command):
    result = {
        "train": TrainResult("run", "quick", CLASSES, 8, 2, 0.5, 0.7, None, 1.0, True),
        "predict": PredictResult(CLASSES, 2, 1, stopped=True),
    }
    command.ends[verb] = Stopped(result[verb])
    answer = command(*WORDS[verb], *(["--json"] if is_json else []))
    assert answer.status == 130
    assert json.loads(answer.out) if is_json else SAID[verb] in answer.out


def test_a_training_that_was_saved_says_how_to_go_on_and_ends_with_130(command):
    command.ends["train"] = Stopped(resumable=True)
    answer = command(*WORDS["train"])
    assert (answer.status, answer.out) == (130, "")
    assert "saved" in answer.err and "--resume" in answer.err


@verbs
@pytest.mark.parametrize("is_json", [False, True])
def test_a_verb_that_failed_says_why_on_one_line_and_ends_with_1(verb, is_json, command):
    command.ends[verb] = failed(ProgramError(ErrorCode.RUN_DAMAGED, path="/my/run", file="run.json", found="no\nJSON"))
    answer = command(*WORDS[verb], *(["--json"] if is_json else []))
    assert (answer.status, answer.out) == (1, "")
    line = answer.err.splitlines()[-1]
    assert line.startswith("xception-gui: ") and "/my/run" in line and "run.json" in line


@verbs
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (ZeroDivisionError("division by zero"), 1, "division by zero"),
        (OSError(28, "No space left on device"), 1, "there is no space left on the disk"),
        (BrokenPipeError(), 1, None),
        (KeyboardInterrupt(), 130, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_happens_there_is_a_status_and_no_traceback(verb, error, status, words, command):
    def break_down(stop, leave):
        raise error

    command.before_the_end = break_down
    answer = command(*WORDS[verb])
    assert (answer.status, answer.out) == (status, "")
    assert words is None or words in answer.err.splitlines()[-1]
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("options", [[], ["--resume"]])
@pytest.mark.parametrize("status", [Status.TRAINING, Status.FINISHED])
def test_a_second_ctrl_c_says_how_a_training_is_gone_on_with_if_there_is_one(status, options, command, tmp_path):
    def interrupt(stop, leave):
        raise KeyboardInterrupt

    command.before_the_end = interrupt
    run = RunFolder(tmp_path / "run")
    run.create(make_record().replaced(status=Status.TRAINING, dataset=str(tmp_path / "pictures")))
    run.write_record(run.read_record().replaced(status=status))
    answer = command("train", str(tmp_path / "pictures"), "--out", str(run.path), *options)
    again = "repeat the command" if options else "repeat the command with --resume"
    words = [f"xception-gui: Ended at once. To resume the training, {again}."] if status is Status.TRAINING else []
    assert (answer.status, answer.out) == (130, "")
    assert [line for line in answer.err.splitlines() if line.startswith("xception-gui")] == words


@verbs
def test_words_that_cant_be_meant_end_with_2_before_anything_is_done(verb, command, capsys):
    wrong = {"train": ["--epochs", "3"], "predict": ["--top", "0"], "export": ["--format", "docx"]}
    answer = command(*WORDS[verb], *wrong.get(verb, ["--fly"]))
    assert (answer.status, answer.out, answer.asked) == (2, "", [])
    assert "xception-gui" in answer.err + capsys.readouterr().err


@verbs
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_job_and_ends_with_130(verb, asked, command):
    """Ctrl-C has a training bring what it has to its end; whoever else asks for the end has it left."""
    seen = []

    def wait_for_the_signal(stop, leave):
        signal.raise_signal(asked)
        while not stop():
            pass
        seen.append(leave())

    usual = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    command.before_the_end = wait_for_the_signal
    stopped = {
        "predict": Stopped(PredictResult(CLASSES, 2, 1, stopped=True)),
        "train": Stopped(TrainResult("run", "quick", CLASSES, 8, 2, 0.5, 0.7, None, 1.0, True)),
    }
    command.ends[verb] = stopped.get(verb, Stopped())
    answer = command(*WORDS[verb])
    assert answer.status == 130
    assert seen == [asked != signal.SIGINT]
    assert answer.err.count("Stopping") == 1 and f"Stopping. {BECOMES[verb]}. Press Ctrl-C again" in answer.err
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == usual


@verbs
def test_a_job_that_was_asked_to_stop_has_as_long_as_it_needs(verb, command, monkeypatch):
    """A training has something to save, an export something to tidy up."""
    given = []
    really = running.stopped_by_signals

    def stopped_by_signals(patience, last_words):
        given.append(patience)
        last_words()
        return really(patience, last_words)

    monkeypatch.setattr(running, "stopped_by_signals", stopped_by_signals)
    answer = command(*WORDS[verb])
    assert given == [{"train": 120, "export": 60}.get(verb, 10)]
    assert "The command did not stop, so it was ended by force." in answer.err


# --- Words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("check ./pictures//", CheckRequest("./pictures//")),
        ("check pictures --folders parts", CheckRequest("pictures", Folders.PARTS)),
        ("evaluate run pictures --folders classes", EvaluateRequest("run", "pictures", Folders.CLASSES)),
        ("train p --out r --folders auto", TrainRequest("p", "r", make_recipe(Preset.QUICK), Folders.AUTO)),
        ("train p --out r --folders parts", TrainRequest("p", "r", make_recipe(Preset.QUICK), Folders.PARTS)),
        ("evaluate run", EvaluateRequest("run", None)),
        ("evaluate run pictures", EvaluateRequest("run", "pictures")),
        ("predict run b a folder --top 1", PredictRequest("run", ("b", "a", "folder"))),
        ("export run --format keras --out a.keras", ExportRequest("run", ExportFormat.KERAS, "a.keras")),
        ("export run --format litert-f16 --out a", ExportRequest("run", ExportFormat.LITERT_F16, "a")),
        ("export run --format saved-model --out a", ExportRequest("run", ExportFormat.SAVED_MODEL, "a")),
        ("train pictures --out run", TrainRequest("pictures", "run", make_recipe(Preset.QUICK))),
        (
            "train p --out r --val-fraction 0.3 --max-per-class 9 --image-size 96 --seed 4",
            TrainRequest("p", "r", make_recipe(Preset.QUICK, val_fraction=0.3, max_per_class=9, image_size=96, seed=4)),
        ),
        (
            "train p --out r --recipe fine-tune --epochs 3 --batch-size 8 --learning-rate 0.5 --augment gentle "
            "--precision bfloat16 --early-stopping 2 --class-weights",
            TrainRequest(
                "p",
                "r",
                make_recipe(
                    Preset.FINE_TUNE,
                    epochs=3,
                    batch_size=8,
                    learning_rate=0.5,
                    augment=Augmentation.GENTLE,
                    precision=Precision.BFLOAT16,
                    early_stopping=2,
                    class_weights=True,
                ),
            ),
        ),
        (
            "train p --out r --recipe fine-tune --optimizer sgd --head fresh --head-blocks 12,14 --batch-norm training "
            "--label-smoothing 0.2 --momentum 0.5 --decay 0.25 --first-trainable-block 13",
            TrainRequest(
                "p",
                "r",
                make_recipe(
                    Preset.FINE_TUNE,
                    optimizer=Optimizer.SGD,
                    head=HeadInit.FRESH,
                    head_blocks=(12, 14),
                    batch_norm=BatchNorm.TRAINING,
                    label_smoothing=0.2,
                    momentum=0.5,
                    decay=0.25,
                    first_trainable_block=13,
                ),
            ),
        ),
        (
            "train p --out r --recipe fine-tune --head-blocks 14,14,13,12,10,8,6,4",
            TrainRequest("p", "r", make_recipe(Preset.FINE_TUNE)),
        ),
        (
            "train p --out r --recipe tutorial --optimizer adamw --weight-decay 0.5",
            TrainRequest("p", "r", make_recipe(Preset.TUTORIAL, optimizer=Optimizer.ADAMW, weight_decay=0.5)),
        ),
        (
            "train p --out r --recipe tutorial --weights none",
            TrainRequest("p", "r", make_recipe(Preset.TUTORIAL, weights="none")),
        ),
    ],
)
def test_words_become_the_request_that_they_mean(words, wanted, command, tmp_path):
    answer = command(*words.split())
    wanted = with_paths_from(tmp_path, wanted)
    assert repr(answer.asked) == repr([wanted])  # words that are one of a few are that, and not a text that equals it


OPTIONS = {field.name: f"--{field.name.replace('_', '-')}" for field in fields_of(Preset.FINE_TUNE)}


def test_every_field_of_a_recipe_has_an_option_that_says_its_range(command, capsys):
    command("train", "--help")
    told = " ".join(capsys.readouterr().out.split())
    for field in fields_of(Preset.FINE_TUNE):
        assert f"{OPTIONS[field.name]} " in told
        assert field.allowed is None or f": {field.allowed.said()}" in told


@pytest.mark.parametrize("name", [name for name in OPTIONS if name not in Recipe.__struct_fields__])
def test_quick_refuses_the_options_of_a_network(name, command):
    recipe = make_recipe(Preset.FINE_TUNE)
    field = next(field for field in fields_of(Preset.FINE_TUNE) if field.name == name)
    value = [] if name == "class_weights" else [field.text_of(recipe.value_of(field))]
    answer = command("train", "p", "--out", "r", OPTIONS[name], *value)
    assert (answer.status, answer.asked) == (2, [])
    assert f"Quick trains only the last layer and has no {name.replace('_', ' ')}." in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("tutorial --momentum 1", "--momentum: Momentum must be at least 0 and below 1. Received: 1"),
        ("tutorial --head-blocks 5", "one or more of 4, 6, 8, 10, 12, 13, 14. Received: 5"),
        ("tutorial --head quick", "all blocks of an embedding (4, 6, 8, 10, 12, 13, 14). Received: 14"),
        ("tutorial --weight-decay 0.1", "--weight-decay works only with --optimizer adamw; this recipe uses sgd."),
        ("fine-tune --momentum 0.5", "--momentum works only with --optimizer sgd; this recipe uses adamw."),
    ],
)
def test_what_a_recipe_does_not_take_is_refused_in_words(words, told, command):
    answer = command("train", "p", "--out", "r", "--recipe", *words.split())
    assert (answer.status, answer.asked) == (2, []) and told in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--head-blocks last", "argument --head-blocks: These must be block numbers, such as 12, 14."),
        ("--optimizer lion", "argument --optimizer: invalid choice: 'lion'"),
        ("--momentum much", "argument --momentum: invalid float value: 'much'"),
        ("--weights=", "argument --weights: the name is empty"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_option(words, told, command, capsys):
    assert command("train", "p", "--out", "r", *words.split()).status == 2
    assert told in capsys.readouterr().err


def with_paths_from(folder: Path, request: Message) -> Message:
    """The same request with its paths absolute."""
    fields = {name: getattr(request, name, None) for name in ("dataset", "out", "run")}
    changed: dict[str, object] = {name: str(folder / path) for name, path in fields.items() if path is not None}
    if isinstance(request, PredictRequest):
        changed["paths"] = tuple(str(folder / path) for path in request.paths)
    return msgspec.structs.replace(request, **changed)


def test_weights_are_found_wherever_the_training_goes_on_later(command, tmp_path):
    (request,) = command("train", "p", "--out", "r", "--weights", "own.h5").asked
    assert request.recipe.weights == str(tmp_path / "own.h5")


@pytest.fixture
def begun(tmp_path) -> Path:
    """A training that was interrupted, with a recipe that has something of everything."""
    recipe = make_recipe(Preset.TUTORIAL, epochs=3, seed=4, image_size=96, weights=str(tmp_path / "own.h5"))
    run = RunFolder(tmp_path / "begun")
    (tmp_path / "pictures").mkdir()
    pictures = str(tmp_path / "pictures")
    run.create(make_record(recipe=recipe, image_size=96, dataset=pictures, split=SplitRecord((), ())))
    return run.path


@pytest.mark.parametrize(
    "same",
    [
        [],
        ["--epochs", "3"],
        ["--folders", "classes"],
        ["--folders", "auto"],
        ["--seed", "4", "--recipe", "tutorial"],
        ["--weights", "own.h5"],
        ["--optimizer", "sgd", "--head-blocks", "14", "--momentum", "0.9"],
    ],
)
def test_a_training_is_gone_on_with_also_where_its_options_are_said_again(same, begun, command):
    assert command("train", "pictures", "--out", begun, "--resume", *same).asked == [ResumeRequest(str(begun))]


@pytest.mark.parametrize(
    "other",
    [
        ["--epochs", "4"], ["--recipe", "quick"], ["--seed", "0"], ["--image-size", "299"], ["--batch-size", "1"],
        ["--weights", "none"], ["--weights", "other.h5"], ["--class-weights"], ["--augment", "none"],
        ["--precision", "float32"], ["--val-fraction", "0.5"], ["--max-per-class", "7"], ["--early-stopping", "1"],
        ["--folders", "parts"], ["--optimizer", "adamw"], ["--head", "quick"], ["--head-blocks", "12,14"],
        ["--batch-norm", "inference"], ["--label-smoothing", "0.5"], ["--weight-decay", "0.5"], ["--momentum", "0.5"],
        ["--decay", "0.5"], ["--first-trainable-block", "2"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_it_is_not_gone_on_with_otherwise_than_it_was_begun(other, begun, command):
    answer = command("train", "pictures", "--out", begun, "--resume", *other)
    assert (answer.status, answer.asked) == (2, [])
    how = "without" if other[0] in ("--class-weights", "--max-per-class") else "with"
    assert f"was started {how} {other[0]}" in answer.err


def test_a_quick_one_is_gone_on_with_too_but_not_as_another(command, tmp_path):
    run = RunFolder(tmp_path / "quick")
    run.create(make_record(recipe=make_recipe(Preset.QUICK), dataset=str(tmp_path / "pictures")))
    words = ["train", "pictures", "--out", run.path, "--resume"]
    assert command(*words, "--recipe", "quick").asked == [ResumeRequest(str(run.path))]
    assert "was started with --recipe quick, not tutorial" in command(*words, "--recipe", "tutorial").err
    refused = command(*words, "--weights", "own.h5")
    assert (refused.status, refused.asked) == (2, []) and "started without --weights" in refused.err


@pytest.mark.parametrize("preset", [Preset.QUICK, Preset.FINE_TUNE])
def test_whichever_recipe_was_found_to_be_better_is_gone_on_with(preset, command, tmp_path):
    run = RunFolder(tmp_path / "found")
    training = {"epochs": 7} if preset is Preset.FINE_TUNE else {}
    run.create(make_record(recipe=make_recipe(preset, **training), dataset=str(tmp_path / "pictures")))
    words = ["train", "pictures", "--out", run.path, "--resume", "--recipe", "auto"]
    assert command(*words, "--epochs", "7").asked == [ResumeRequest(str(run.path))]
    assert "was started with --seed 0, not 4" in command(*words, "--seed", "4").err
    if training:
        assert "was started with --epochs 7, not 8" in command(*words, "--epochs", "8").err


def test_a_tutorial_was_not_found_by_a_forecast(command, tmp_path):
    run = RunFolder(tmp_path / "taught")
    run.create(make_record(recipe=make_recipe(Preset.TUTORIAL), dataset=str(tmp_path / "pictures")))
    refused = command("train", "pictures", "--out", run.path, "--resume", "--recipe", "auto")
    assert "was started with --recipe tutorial, not auto" in refused.err


def test_the_first_release_kept_the_name_of_the_weights_as_it_was_given(command, tmp_path):
    run = RunFolder(tmp_path / "old")
    recipe = make_recipe(Preset.TUTORIAL, weights="own.h5")
    run.create(make_record(recipe=recipe, dataset=str(tmp_path / "pictures")))
    words = ["train", "pictures", "--out", run.path, "--resume", "--weights"]
    assert command(*words, "own.h5").asked == [ResumeRequest(str(run.path))]
    assert command(*words, "other.h5").status == 2
    run.write_record(run.read_record().replaced(recipe=make_recipe(Preset.TUTORIAL, weights="none")))
    assert command(*words, "none").asked == [ResumeRequest(str(run.path))]


def test_nor_with_other_pictures_nor_where_there_is_no_training(begun, command, tmp_path):
    assert command("train", "others", "--out", begun, "--resume").status == 2
    answer = command("train", "pictures", "--out", tmp_path / "nowhere", "--resume")
    assert (answer.status, answer.asked) == (1, [])


def test_an_export_for_keras_has_a_name_that_keras_opens(command):
    answer = command("export", "run", "--format", "keras", "--out", "model.h5")
    assert (answer.status, answer.asked) == (2, []) and ".keras" in answer.err


# --- Check --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_json", [False, True])
def test_what_cant_be_trained_on_is_an_error_and_what_is_odd_is_none(is_json, command):
    odd, wrong = Problem("odd", (), message="It is odd."), Problem("wrong", (), "error", message="It is wrong.")
    words = [*WORDS["check"], *(["--json"] if is_json else [])]
    command.ends["check"] = Finished(CheckResult({"cat": 2}, 2, (), (odd,), {}))
    fine = command(*words)
    assert fine.status == 0
    assert ("It is odd." in fine.out, "It is odd." in fine.err) == (True, False)
    command.ends["check"] = Finished(CheckResult({"cat": 2}, 2, (), (odd, wrong), {}))
    answer = command(*words)
    assert answer.status == 1
    assert answer.err.splitlines()[-1] == "xception-gui: It is wrong."
    assert ("It is wrong." in answer.out) is is_json


def test_what_was_taken_for_parts_is_said_and_how_to_say_otherwise(command):
    parts = {"training_set": "train", "test_set": "test"}
    command.ends["check"] = Finished(
        CheckResult({"cat": 2, "dog": 2}, 4, (), (), {}, has_parts=True, part_folders=parts)
    )
    said = command(*WORDS["check"]).out
    assert "“training_set” (train), “test_set” (test)" in said and "--folders classes" in said


def test_a_flat_folder_is_told_of_in_one_statement(command):
    flat = Problem("dataset-empty", (), "error", message="All 9 files are in one folder.")
    beside = tuple(LeftOut(f"{number}.jpg", "outside-classes", reason="It lies beside.") for number in range(9))
    command.ends["check"] = Finished(CheckResult({}, 0, beside, (flat,), {}))
    answer = command(*WORDS["check"])
    assert (answer.out, answer.err.splitlines()[-1]) == ("", "xception-gui: All 9 files are in one folder.")


def test_folders_are_told_of_a_data_set_only(command):
    answer = command("evaluate", "run", "--folders", "parts")
    assert (answer.status, answer.asked) == (2, []) and "none was given" in answer.err


# --- Predict ------------------------------------------------------------------------------------------------------


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


TABLE = [
    ["path", "class", "probability", "error", "cat", "dog"],
    ["a.jpg", "dog", "0.75", "", "0.25", "0.75"],
    ["b.jpg", "", "", "The file doesn't exist.", "", ""],
]


def test_as_many_classes_are_shown_as_asked_for_and_the_table_has_all(command, tmp_path):
    answer = command(*WORDS["predict"], "--top", "1", "--csv", "table.csv", "--json")
    assert [len(one["predictions"]) for one in json.loads(answer.out)] == [1, 0]
    assert rows_of((tmp_path / "table.csv").read_text()) == TABLE


def test_the_table_may_go_where_results_go(command):
    assert rows_of(command(*WORDS["predict"], "--csv", STDOUT).out) == TABLE


@pytest.mark.parametrize("options", [[], ["--json"], ["--csv", "table.csv"]])
def test_what_could_not_be_predicted_is_said_beside_the_results_too(options, command):
    """Whoever has them written into a file, or read by another program, sees it nevertheless."""
    answer = command(*WORDS["predict"], *options)
    assert [line for line in answer.err.splitlines() if line.startswith("xception-gui")] == [
        "xception-gui: b.jpg: The file doesn't exist."
    ]


def test_a_table_is_written_of_what_was_predicted_before_a_stop(command, tmp_path):
    command.ends["predict"] = Stopped(PredictResult(CLASSES, 2, 1, stopped=True))
    assert command(*WORDS["predict"], "--csv", "table.csv").status == 130
    assert rows_of((tmp_path / "table.csv").read_text()) == TABLE


def test_a_place_where_no_table_can_be_is_told_before_anything_is_predicted(command, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    answer = command(*WORDS["predict"], "--csv", "letter.txt")
    assert (answer.status, answer.out, answer.asked) == (1, "", [])
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_it_fails_where_nothing_could_be_read(command):
    command.events = PREDICTIONS[1:]
    command.ends["predict"] = Finished(PredictResult(CLASSES, 1, 1))
    answer = command("predict", "run", "b.jpg")
    assert answer.status == 1
    assert "b.jpg: The file doesn't exist." in answer.out and "1 file was tried" in answer.err
    command.events, command.ends["predict"] = (), Finished(PredictResult(CLASSES, 0, 0))
    assert "No files were found" in command("predict", "run", "empty folder").err


# --- Doctor and demo ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ok", [True, False])
@pytest.mark.parametrize("is_json", [False, True])
def test_the_doctor_fails_where_something_does(ok, is_json, command, monkeypatch):
    checks = (doctor.Check("cache folder", ok, "can't be written"),)
    found = doctor.Examination(ok, {"python": "3"}, (), "float32", "litert-float32", {}, False, {}, (), checks)
    monkeypatch.setattr(doctor, "examine", lambda: found)
    answer = command("doctor", *(["--json"] if is_json else []))
    assert answer.status == (0 if ok else 1)
    if is_json:
        assert json.loads(answer.out)["ok"] is ok
    else:
        words = answer.out.splitlines()[-1].split(maxsplit=2)
        assert words == ["cache", "folder", f"{'ok' if ok else 'FAILED'}: can't be written"]


class Samples:
    """What the demo starts, and how that ends."""

    def __init__(self) -> None:
        self.started: list[tuple[list[str], dict]] = []
        self.status: int | None = 0  # None: it takes too long

    def run(self, words, **options):
        self.started.append((words, options))
        if self.status is None:
            raise subprocess.TimeoutExpired(words, 1)
        return subprocess.CompletedProcess(words, self.status, b"", b"why")


@pytest.fixture
def shown(command, monkeypatch) -> Samples:
    command.ends["drawsamples"] = Finished(SamplesResult("/samples/pictures", "/samples/new ones"))
    monkeypatch.setattr(demo, "why_no_screen", lambda: "No display was found.")
    monkeypatch.delenv(demo.COMMAND_VARIABLE, raising=False)
    samples = Samples()
    monkeypatch.setattr(demo, "subprocess", samples)
    samples.TimeoutExpired = subprocess.TimeoutExpired
    return samples


def test_a_demo_that_has_to_go_in_the_middle_of_its_training_names_no_option_that_it_lacks(command, shown):
    command.ends["train"] = Stopped(resumable=True)
    answer = command("demo")
    assert answer.status == 130
    assert "open the Start page of the window" in answer.err and "--resume" not in answer.err


def test_the_demo_draws_trains_measures_and_predicts_and_says_how_to_go_on(command, shown, tmp_path):
    answer = command("demo")
    assert answer.status == 0
    data = tmp_path / "home" / "data"
    run = str(data / "models" / "road scenes")
    assert answer.asked == [
        DrawSamplesRequest(str(data / "sample pictures")),
        TrainRequest("/samples/pictures", run, make_recipe(Preset.QUICK)),
        EvaluateRequest(run),
        PredictRequest(run, ("/samples/new ones",)),
    ]
    for words in (*(SAID[verb] for verb in ("train", "evaluate", "predict")), "No display was found."):
        assert words in answer.out
    assert f"xception-gui predict {shlex.quote(run)} PICTURE" in answer.out


def test_a_demo_that_is_stopped_goes_no_further(command, shown):
    command.ends["train"] = Stopped(TrainResult("run", "quick", CLASSES, 8, 2, 0.5, 0.7, None, 1.0, True))
    answer = command("demo")
    assert (answer.status, len(answer.asked), shown.started) == (130, 2, [])
    command.ends["train"] = failed(ProgramError(ErrorCode.RUN_EXISTS, path="x"))
    assert command("demo").status == 1


def test_a_demo_whose_model_is_there_when_it_is_stopped_says_nothing_of_nothing_to_keep(command, shown):
    command.ends["evaluate"] = Stopped()
    answer = command("demo")
    assert (answer.status, answer.err.splitlines()[-1]) == (130, "xception-gui: Stopped before the end of the demo.")


def test_the_demo_opens_the_window_where_there_is_one_and_draws_it_elsewhere(command, shown, monkeypatch, tmp_path):
    answer = command("demo")
    ((words, options),) = shown.started
    run = tmp_path / "home" / "data" / "models" / "road scenes"
    assert words[-4:] == ["--page-pictures", f"{run} - pages", str(run), "/samples/new ones"]
    assert options["env"]["QT_QPA_PLATFORM"] == "offscreen"
    assert f"Screenshots of this model in the window:\n    {run} - pages" in answer.out
    for status in (1, None):
        shown.status = status
        assert "No screenshots of the window" in command("demo").out
    monkeypatch.setattr(demo, "why_no_screen", lambda: None)
    shown.started.clear()
    command("demo")
    assert shown.started[0][0][-2:] == [str(run), "/samples/new ones"] and "--page-pictures" not in shown.started[0][0]
    shown.started.clear()
    assert "You chose --headless." in command("demo", "--headless").out
    assert "--page-pictures" in shown.started[0][0]


def test_the_demo_calls_the_program_as_it_was_called(command, shown, monkeypatch):
    monkeypatch.setenv(demo.COMMAND_VARIABLE, "./run")
    assert "    ./run predict " in command("demo").out
