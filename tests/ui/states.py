"""Every page of the window in every state that changes its shape, with names that are as long as names can be."""

from collections.abc import Callable, Iterator

from msgspec.structs import replace
from PySide6.QtGui import QAction

from tests.recordings import QUICK, TUTORIAL, recording
from tests.ui.engines import FakeEngine, FakeJob, failed, without_end
from tests.ui.evaluated import evaluated, picture, say
from tests.ui.predicted import report, said, unreadable
from tests.ui.program import find, press
from tests.ui.test_start_page import run
from tests.ui.whole_window import job_of, settle
from tests.ui.wizard import ALL_SPEED, checked
from xception_gui.app import Program
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, DatasetSplit, EmbedRequest, Problem
from xception_gui.domain.messages.machine import MeasureSpeedRequest
from xception_gui.domain.messages.models import ListRunsRequest, RunsResult, RunSummary
from xception_gui.domain.messages.training import (
    EpochFinished,
    ForecastRequest,
    ForecastResult,
    LearningOutlook,
    Notice,
    NoticeCode,
    TrainRequest,
)
from xception_gui.domain.messages.using import EvaluateRequest, EvaluateResult, PictureEvaluated, PredictRequest
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.results.feature import RESULTS
from xception_gui.ui.train.feature import TRAIN

LONG = "aNameWithoutASingleBlankInIt_0" * 4  # no place to break a line at
CHINESE = "塑料瓶和玻璃瓶以及其他各种可以回收利用的垃圾照片" * 3
FOLDER = f"/home/ada/{LONG}/{CHINESE}/{LONG}"
MANY = tuple(f"{LONG[:100]}{number}" if number % 3 else f"{CHINESE}{number}" for number in range(150))
SENTENCE = "This sentence is as long as those that say what was found, and names “" + LONG + "” in its midst."

State = tuple[str, Callable[[Program], None]]


def start_states() -> Iterator[State]:
    """The first page: no model, models of every kind, a refusal above them, one that is renamed, one to be deleted."""
    yield "start, nothing known", lambda program: program.window.show_page("start")
    yield "start, no model", lambda program: _list_runs(program)
    yield "start, models of every kind", lambda program: _list_runs(program, *_runs())
    yield "start, a refusal", lambda program: program.drops.refuse(SENTENCE)
    yield "start, renaming", lambda program: _choose(program, "model_1_menu_rename")
    yield "start, deleting", lambda program: _choose(program, "model_2_menu_delete")
    yield "start, listing failed", lambda program: _fail_to_list(program)


def data_states() -> Iterator[State]:
    """The wizard, from no folder to the start of a training."""
    yield "folder", lambda program: program.window.show_page("data")
    yield "check, running", _check_running
    yield "check, failed", lambda program: _fail(program, CheckRequest)
    yield "check, one class", lambda program: _check(program, problems=(_problem("error"),), classes={LONG: 3})
    yield "check, nothing found", lambda program: _check(program, classes={}, problems=(_problem("error"),))
    yield "check, two classes", lambda program: _check(program)
    yield "check, learning", _learn
    yield "check, 150 classes with problems", _check_many
    yield "check, left out", lambda program: press(program, "check_tab_left_out")
    yield "recipe", _recipe
    yield "recipe, fine-tune", lambda program: press(program, "recipe_fine_tune")
    yield "recipe, forecast running", _forecast_running
    yield "recipe, forecast", lambda program: _forecast(program).finish(ForecastResult(5.6, 10.2, 120, 540.0))
    yield "recipe, forecast of nothing", _forecast_of_nothing
    yield "recipe, forecast failed", _fail_forecast
    yield "recipe, tutorial", lambda program: press(program, "recipe_tutorial")
    yield "recipe, all fields", lambda program: press(program, "recipe_advanced")
    yield "recipe, a wrong value", lambda program: find(program, "recipe_epochs").setText(LONG)
    yield "start step", _start_step


def train_states() -> Iterator[State]:
    """A training from its beginning to each of its ends."""
    yield "train, running", _train
    yield "train, with the log", lambda program: press(program, "train_show_log")
    yield "train, notices", _notices
    yield "start step, while one trains", lambda program: program.window.show_page("data")
    yield "train, failed", _fail_training
    yield "train, finished", _finish_training


def results_states() -> Iterator[State]:
    """Results: nothing open, running, what was found, two classes and 150, and what can go wrong."""
    yield "results, empty", lambda program: program.window.show_page("results")
    yield "results, running", _evaluate
    yield "results, two classes", lambda program: _evaluated(program, ("cats", "dogs"))
    yield "results, 150 classes", lambda program: _evaluated(program, MANY)
    yield "results, table of classes", lambda program: press(program, "results_show_classes")
    yield "results, failed", _fail_evaluation


def predict_states() -> Iterator[State]:
    """Predict: no model, none chosen, nothing predicted, running, results, failures."""
    yield "predict, models but none chosen", lambda program: program.window.show_page("predict")
    yield "predict, a refusal", lambda program: program[PREDICT].page.show_refusal(SENTENCE)
    yield "predict, a model", lambda program: program[PREDICT].use(_runs()[0])
    yield "predict, running", _predict
    yield "predict, failed", lambda program: _fail(program, PredictRequest, program.engines.predictor)
    yield "predict, nothing matches", lambda program: find(program, "predict_search").setText(LONG)


def walk() -> Iterator[State]:
    """Give all states, to be entered one after the other."""
    for states in (start_states, data_states, train_states, results_states, predict_states):
        yield from states()


def _list_runs(program: Program, *runs: RunSummary) -> None:
    program.window.show_page("start")
    program.services.models.refresh()
    while program.services.models.is_listing:  # again, if it was asked for twice
        job_of(program.engines.viewer, ListRunsRequest).finish(RunsResult(runs))


def _runs() -> tuple[RunSummary, ...]:
    return (
        run(LONG, images=1_234_567, classes=MANY, has_quick=True),
        run(CHINESE, status="training", val_accuracy=None, resumable=True),
        run("moved", dataset_found=False),
        run(f"moved-{LONG}", dataset_found=False, val_accuracy=None),
        run("failed", status="failed", val_accuracy=None),
        run("in-training", in_training=True),
        replace(run("broken"), broken=SENTENCE, val_accuracy=None),
    )


def _choose(program: Program, name: str) -> None:
    action = program.window.findChild(QAction, name)
    assert action is not None, name
    action.trigger()


def _fail_to_list(program: Program) -> None:
    program.services.models.refresh()
    while program.services.models.is_listing:
        job = job_of(program.engines.viewer, ListRunsRequest)
        job.fail(ErrorCode.RUN_DAMAGED, path=FOLDER, file=LONG, found=SENTENCE)


def _fail(program: Program, kind: type[Message], engine: FakeEngine | None = None) -> None:
    failure = failed(ErrorCode.RUN_DAMAGED, path=FOLDER, file=LONG, found=SENTENCE)
    job_of(engine or program.engines.reader, kind).ended.emit(failure)


def _problem(severity: str = "warning") -> Problem:
    if severity == "error":  # always one of the failures that end a job elsewhere
        return Problem(ErrorCode.TOO_FEW_CLASSES, (), severity, {"path": FOLDER, "found": SENTENCE})
    return Problem("unequal-classes", (), severity=severity, message=SENTENCE)


def _check_running(program: Program) -> None:
    program.navigator.open_dataset(FOLDER)
    job_of(program.engines.reader, CheckRequest).say(
        PhaseStarted(Phase.CHECKING, 120_000), Progress(Phase.CHECKING, 60_000, 120_000, 20.0)
    )


def _check(program: Program, **found) -> None:
    program.navigator.open_dataset(FOLDER)
    job_of(program.engines.reader, CheckRequest).finish(checked(**found))


def _learn(program: Program, classes: int = 2) -> None:
    job_of(program.engines.reader, EmbedRequest).say(
        PhaseStarted(Phase.CHECKING, 100),
        DatasetSplit(80, 20, 0),
        PhaseStarted(Phase.EMBEDDING, 100),
        EpochFinished(1, 40, 0.1, 1.0, 0.5, 1.0, None, 0.1, True, True, (1.0,) * classes),
        EpochFinished(2, 60, 0.1, 1.0, 0.4, 0.9, None, 0.1, True, True, (1.0,) * classes),
        LearningOutlook(60, 0.9, 120, 0.9, 0.95, MANY[0]),
        Progress(Phase.EMBEDDING, 62, 100, 12.0),
    )
    program[DATA].reading.changed.emit()


def _check_many(program: Program) -> None:
    files = tuple(left_out(f"{FOLDER}/{number}/{LONG}.jpg", Reason.DUPLICATE, LONG) for number in range(60))
    files += (left_out(f"{FOLDER}/notes.txt", Reason.NOT_A_PICTURE),)
    _check(
        program, classes={name: 1000 + place for place, name in enumerate(MANY)}, left=files, problems=(_problem(),) * 3
    )
    _learn(program, len(MANY))


def _recipe(program: Program) -> None:
    program[DATA].page.go_to(2)
    for engine in (program.engines.reader, program.engines.trainer):
        for job in [one for one in engine.jobs if isinstance(one.request, MeasureSpeedRequest)]:
            job.finish(ALL_SPEED)


def _forecast(program: Program) -> FakeJob:
    return job_of(program.engines.trainer, ForecastRequest)


def _forecast_running(program: Program) -> None:
    press(program, "recipe_forecast_try")
    _forecast(program).say(PhaseStarted(Phase.TRAINING, 900), Progress(Phase.TRAINING, 420, 900, 10.0))


def _forecast_of_nothing(program: Program) -> None:
    program[DATA].forecasting.forecast(_forecast(program).request)
    _forecast(program).finish(ForecastResult(-1.0, 0.4, 120, 540.0))


def _fail_forecast(program: Program) -> None:
    program[DATA].forecasting.forecast(_forecast(program).request)
    _fail(program, ForecastRequest, program.engines.trainer)


def _start_step(program: Program) -> None:
    press(program, "recipe_quick")
    program[DATA].page.go_to(3)
    program[DATA].page.start_step.show_name(LONG)


def _train(program: Program) -> None:
    request = replace(TUTORIAL, out=f"/home/ada/models/{LONG}")
    program.services.training.start(request, None)
    program.window.show_page("train")
    program[TRAIN].page.make_plots()
    job_of(program.engines.trainer, TrainRequest).say(*without_end(recording("tutorial")))
    program.services.training.changed.emit()


def _notices(program: Program) -> None:
    job = job_of(program.engines.trainer, TrainRequest)
    job.say(Notice(NoticeCode.NOT_SAVED, text=SENTENCE), Notice(NoticeCode.UNEQUAL_CLASSES, text=SENTENCE))
    program.services.training.changed.emit()


def _fail_training(program: Program) -> None:
    program.window.show_page("train")
    _fail(program, TrainRequest, program.engines.trainer)
    program.services.training.changed.emit()


def _finish_training(program: Program) -> None:
    program.services.training.start(QUICK, None)
    job_of(program.engines.trainer, TrainRequest).say(*recording("quick"))
    program.services.training.changed.emit()


def _evaluate(program: Program) -> None:
    program[RESULTS].evaluate(_runs()[0])
    job_of(program.engines.reader, EvaluateRequest).say(
        PhaseStarted(Phase.TESTING, 22_800), Progress(Phase.TESTING, 9700, 22_800, 1.0)
    )
    program[RESULTS].evaluation.changed.emit()


def _evaluated(program: Program, classes: tuple[str, ...]) -> None:
    program[RESULTS].evaluate(replace(_runs()[0], rests_on=70, train_images=100))
    program[RESULTS].evaluation.retry()
    pictures = [
        picture(f"{FOLDER}/{n}.jpg", name, (classes[n % 2], 1.0), classes=classes) for n, name in enumerate(classes * 3)
    ]
    say(job_of(program.engines.reader, EvaluateRequest), pictures, _result(pictures, classes))


def _result(pictures: list[PictureEvaluated], classes: tuple[str, ...]) -> EvaluateResult:
    missing = tuple(left_out(f"{FOLDER}/{number}.jpg", Reason.MISSING) for number in range(9))
    return replace(evaluated(pictures, classes), left_out=missing)


def _fail_evaluation(program: Program) -> None:
    program[RESULTS].evaluation.retry()
    _fail(program, EvaluateRequest)


def _predict(program: Program) -> None:
    results = [said(f"{FOLDER}/{number}.jpg", MANY[number], 1.0, MANY) for number in range(40)]
    results += [unreadable(f"{FOLDER}/{LONG}.jpg")]
    program.navigator.predict([one.path for one in results])
    report(job_of(program.engines.predictor, PredictRequest), results, total=100_000)
    settle()
    program[PREDICT].queue.changed.emit()
