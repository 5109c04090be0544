"""How good a model is: figures and pictures agree, on data sets as uneven as people have them."""

import shutil
from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sklearn import metrics as oracle

from tests.answers import answers_in
from tests.conftest import draw_dataset, draw_picture
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Event, Failed, Finished, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.messages.using import EvaluateRequest as Request
from xception_gui.domain.messages.using import ModelOpened, PictureEvaluated, PredictRequest
from xception_gui.domain.reasons import Reason
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.errors import failure_text
from xception_gui.words.reasons import reason_text

COLOURS = {
    "red": (220, 60, 60),
    "blue": (60, 60, 220),
    "grey": (110, 110, 130),
    "green": (60, 200, 60),
    "black": (20, 20, 20),
}
CLASSES = ("black", "blue", "green", "grey", "red")
COUNTS = {"red": 9, "blue": 6, "grey": 4, "green": 3, "black": 5}


def events_of(request, stop=never) -> list[Event]:
    events: list[Event] = []
    run_job(request, events.append, stop)
    return events


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A model of five unequal classes and its pictures."""
    root = tmp_path_factory.mktemp("evaluated")
    for name, count in COUNTS.items():
        draw_dataset(root / "pictures", {name: COLOURS[name]}, count)
    recipe = make_recipe(Preset.QUICK, image_size=71)
    ended = events_of(TrainRequest(str(root / "pictures"), str(root / "run"), recipe))[-1]
    assert isinstance(ended, Finished), ended
    return root


def draw(folder: Path, colour: str, *seeds: int) -> None:
    """Draw pictures of a colour that the model hasn't seen, whatever the folder is called."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        draw_picture(folder / f"{colour} {seed}.png", COLOURS[colour], seed=1000 + seed)


@pytest.fixture
def uneven(tmp_path) -> Path:
    """One picture of a class, none of two, and some in the wrong folders."""
    draw(tmp_path / "red", "red", 1, 2, 3, 4)
    draw(tmp_path / "red", "blue", 1)
    draw(tmp_path / "blue", "blue", 2, 3)
    draw(tmp_path / "grey", "green", 1)
    (tmp_path / "green").mkdir()
    return tmp_path


def test_a_class_of_one_picture_counts_and_one_of_none_does_no_harm(root, uneven):
    """Neither could be trained on: to measure a model it is enough."""
    events = events_of(Request(str(root / "run"), str(uneven)))
    assert isinstance(events[-1], Finished), events[-1]
    result = events[-1].result
    assert (result.classes, result.images, result.left_out, result.trained_on) == (CLASSES, 8, (), 0)
    assert (result.dataset, result.parts) == (str(uneven), {})
    told = [event for event in events if isinstance(event, PictureEvaluated)]
    assert Counter(CLASSES[event.label] for event in told) == {"red": 5, "blue": 2, "grey": 1}
    assert all(Path(event.path).parent == uneven / CLASSES[event.label] for event in told)
    said = [CLASSES[event.ranking[0]] for event in told]
    meant = [CLASSES[event.label] for event in told]
    assert set(said) == {"red", "blue", "green"}  # as they look; one in each wrong folder
    assert result.accuracy == oracle.accuracy_score(meant, said) == 0.75
    assert np.array_equal(result.confusion_matrix, oracle.confusion_matrix(meant, said, labels=CLASSES))
    assert result.confusion_matrix[4] == (0, 1, 0, 0, 4)  # rows are what they were
    figures = oracle.precision_recall_fscore_support(meant, said, labels=CLASSES, zero_division=0)
    found = [(one.precision or 0, one.recall or 0, one.f1 or 0, one.support) for one in result.per_class.values()]
    assert list(result.per_class) == list(CLASSES)
    np.testing.assert_allclose(found, np.transpose(figures))
    of_right = [e.probabilities[e.ranking.index(e.label)] for e in told]
    assert result.log_loss == pytest.approx(-np.log(of_right).mean(), rel=1e-6)


def test_three_classes_are_told_and_the_right_one_wherever_it_stands(root, uneven):
    """The probabilities are those of a prediction of the same picture."""
    told = [e for e in events_of(Request(str(root / "run"), str(uneven))) if isinstance(e, PictureEvaluated)]
    paths = tuple(event.path for event in told)
    answers = events_of(PredictRequest(str(root / "run"), paths))
    for event, all_of_it in zip(told, answers_in(answers), strict=True):
        wanted = list(all_of_it.predictions[:3])
        wanted += [one for one in all_of_it.predictions[3:] if one.class_name == CLASSES[event.label]]
        assert [CLASSES[label] for label in event.ranking] == [one.class_name for one in wanted]
        assert event.probabilities == pytest.approx([one.probability for one in wanted], abs=1e-6)
    assert {len(event.ranking) for event in told} == {3, 4}


def test_progress_counts_each_picture_once(root, uneven):
    events = events_of(Request(str(root / "run"), str(uneven)))
    phases = [(event.phase, event.total) for event in events if isinstance(event, PhaseStarted)]
    assert phases == [("checking", 8), ("testing", 8)]
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total) == (8, 8)


def test_what_is_left_out_is_told_in_order(root, uneven):
    draw(uneven / "violet", "grey", 7, 8)
    draw(uneven / "another", "grey", 9)
    (uneven / "red" / "b.jpg").write_text("This is no picture.")
    shutil.copy(uneven / "red" / "red 1.png", uneven / "red" / "zz copy.png")
    events = events_of(Request(str(root / "run"), str(uneven)))
    result = events[-1].result
    told = [event.path for event in events if isinstance(event, PictureEvaluated)]
    assert len(told) == 8 and all(Path(path).parent.parent == uneven for path in told)
    assert [(one.path, one.code) for one in result.left_out] == [
        (f"{uneven}/another/grey 9.png", Reason.CLASS_UNKNOWN),
        (f"{uneven}/red/b.jpg", Reason.OTHER_CONTENT),
        (f"{uneven}/red/zz copy.png", Reason.DUPLICATE),
        (f"{uneven}/violet/grey 7.png", Reason.CLASS_UNKNOWN),
        (f"{uneven}/violet/grey 8.png", Reason.CLASS_UNKNOWN),
    ]
    assert "another" in reason_text(result.left_out[0]) and result.images == 8


def test_it_says_of_how_many_pictures_it_has_learned(root, tmp_path):
    record = RunFolder(root / "run").read_record()
    draw(tmp_path / "red", "red", 1, 2)
    for relative in (picture.relative for picture in (*record.split.train[:3], *record.split.val[:2])):
        target = tmp_path / relative
        target.parent.mkdir(exist_ok=True)
        shutil.copy(root / "pictures" / relative, target.with_name(f"renamed {target.name}"))
    result = events_of(Request(str(root / "run"), str(tmp_path)))[-1].result
    assert (result.images, result.trained_on) == (7, 3)


def test_a_data_set_in_parts_is_measured_whole_also_without_anything_to_learn_from(root, tmp_path):
    draw(tmp_path / "train" / "red", "red", 1)
    draw(tmp_path / "val" / "blue", "blue", 1)
    draw(tmp_path / "test" / "grey", "grey", 1)
    result = events_of(Request(str(root / "run"), str(tmp_path)))[-1].result
    assert (result.images, result.left_out, result.dataset) == (3, (), str(tmp_path))
    assert result.parts == {"train": 1, "val": 1, "test": 1}
    assert [one.support for one in result.per_class.values()] == [0, 1, 0, 1, 1]


def test_classes_that_it_doesnt_know_are_an_error(root, tmp_path):
    draw(tmp_path / "violet", "grey", 1)
    draw(tmp_path / "pink", "red", 1)
    ended = events_of(Request(str(root / "run"), str(tmp_path)))[-1]
    assert isinstance(ended, Failed) and ended.code == ErrorCode.CLASSES_UNKNOWN
    assert "“pink”, “violet”" in failure_text(ended).why and "“black”, “blue”" in str(failure_text(ended))


def test_one_part_alone_is_enough_to_measure_on_unless_it_is_said_to_be_a_class(root, tmp_path):
    draw(tmp_path / "test2" / "red", "red", 1)
    draw(tmp_path / "test2" / "blue", "blue", 1)
    assert events_of(Request(str(root / "run"), str(tmp_path)))[-1].result.images == 2
    ended = events_of(Request(str(root / "run"), str(tmp_path), Folders.CLASSES))[-1]
    assert isinstance(ended, Failed) and ended.code == ErrorCode.CLASSES_UNKNOWN


def test_a_class_that_is_spelled_otherwise_than_the_models_is_told_as_that(root, tmp_path):
    draw(tmp_path / "red", "red", 1)
    draw(tmp_path / "Blue ", "blue", 1)
    result = events_of(Request(str(root / "run"), str(tmp_path)))[-1].result
    (one,) = result.left_out
    assert (result.images, one.code, one.detail) == (1, Reason.CLASS_SPELLED_DIFFERENTLY, "blue")
    shutil.rmtree(tmp_path / "red")
    ended = events_of(Request(str(root / "run"), str(tmp_path)))[-1]
    assert isinstance(ended, Failed) and "spelled differently" in failure_text(ended).why


def test_its_own_validation_pictures_are_those_that_are_as_they_were(root, tmp_path):
    shutil.copytree(root / "pictures", tmp_path / "pictures")
    shutil.copytree(root / "run", tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    record = run.read_record()
    run.write_record(record.replaced(dataset=str(tmp_path / "pictures")))
    changed, gone, *others = (tmp_path / "pictures" / picture.relative for picture in record.split.val)
    draw_picture(changed, (1, 2, 3), seed=5)
    gone.unlink()
    events = events_of(Request(str(run.path)))
    result = events[-1].result
    assert [(one.path, one.code) for one in result.left_out] == [
        (str(changed), Reason.CHANGED),
        (str(gone), Reason.MISSING),
    ]
    assert all(isinstance(one, LeftOut) for one in result.left_out)
    assert [event.path for event in events if isinstance(event, PictureEvaluated)] == list(map(str, others))
    assert result.images == len(others) and result.trained_on == 0
    assert (result.dataset, result.parts) == (None, {"val": len(others)})


@pytest.mark.parametrize("is_own", [True, False])
def test_pictures_that_vanish_before_they_are_looked_at_are_told(root, tmp_path, is_own):
    shutil.copytree(root / "pictures", tmp_path / "pictures")
    shutil.copytree(root / "run", tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    record = run.read_record()
    run.write_record(record.replaced(dataset=str(tmp_path / "pictures")))
    gone = tmp_path / "pictures" / record.split.val[0].relative
    events = []

    def report(event: Event) -> None:
        events.append(event)
        if isinstance(event, PhaseStarted) and event.phase == "testing":
            gone.unlink()

    run_job(Request(str(run.path), None if is_own else str(tmp_path / "pictures")), report, never)
    result = events[-1].result
    seen = [event.path for event in events if isinstance(event, PictureEvaluated)]
    assert [(one.path, one.code) for one in result.left_out] == [(str(gone), Reason.MISSING)]
    assert len(seen) == result.images and str(gone) not in seen
    assert result.trained_on == (0 if is_own else len(record.split.train))


def test_while_its_own_pictures_are_looked_for_it_says_how_far_it_is_and_can_be_stopped(root):
    events = []

    def looked_at() -> list[Progress]:
        return [event for event in events if isinstance(event, Progress) and event.phase == "checking"]

    run_job(Request(str(root / "run")), events.append, lambda: bool(looked_at()))
    val = RunFolder(root / "run").read_record().split.val
    assert events[:2] == [ModelOpened(CLASSES), PhaseStarted("checking", len(val))]
    assert (looked_at()[0].done, looked_at()[0].total) == (1, len(val)) and events[-1] == Stopped()
    assert PhaseStarted("testing", len(val)) not in events


def test_a_run_that_names_no_validation_pictures_is_not_said_to_have_lost_them(root, tmp_path):
    run = RunFolder(Path(shutil.copytree(root / "run", tmp_path / "run")))
    record = run.read_record()
    run.write_record(record.replaced(split=msgspec.structs.replace(record.split, val=())))
    ended = events_of(Request(str(run.path)))[-1]
    assert ended.code == ErrorCode.RUN_WITHOUT_VALIDATION and "lists none" in failure_text(ended).why
    assert isinstance(events_of(Request(str(run.path), str(root / "pictures")))[-1], Finished)


def test_where_none_of_them_is_left_it_says_so(root, tmp_path):
    shutil.copytree(root / "run", tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    run.write_record(run.read_record().replaced(dataset=str(tmp_path / "gone")))
    ended = events_of(Request(str(run.path)))[-1]
    assert isinstance(ended, Failed) and ended.code == ErrorCode.PICTURES_MOVED
    assert str(tmp_path / "gone") in str(failure_text(ended))


@pytest.mark.parametrize("phase", ["checking", "testing"])
def test_a_stop_ends_it_in_each_of_its_phases(phase, root, uneven):
    draw(uneven / "blue", "blue", *range(20, 30))
    events: list[Event] = []

    def stop() -> bool:
        return any(isinstance(event, PhaseStarted) and event.phase == phase for event in events)

    run_job(Request(str(root / "run"), str(uneven)), events.append, stop)
    assert events[-1] == Stopped()
    assert not any(isinstance(event, PictureEvaluated) for event in events)
