"""Quick and the reading ahead of it: what is read in which order, and what becomes of it when it is stopped or pictures
are gone by then."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.unit.test_learning_curve import pictures_of
from xception_gui.data.dataset.split import Split, interleaved, split_dataset
from xception_gui.data.pictures.open_picture import PictureError
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Event, Failed, Finished, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, DatasetSplit, EmbedRequest, EmbedResult
from xception_gui.domain.messages.training import EpochFinished, LearningOutlook, Notice, NoticeCode, TrainRequest
from xception_gui.domain.reasons import Reason
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.inference import softmax_regression
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embeddings import Embedded
from xception_gui.jobs import run_job
from xception_gui.jobs.dataset import embed
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import accelerator, learning_curve, quick
from xception_gui.jobs.training.quick import train_quick
from xception_gui.paths import HOME_VARIABLE
from xception_gui.words.notices import notice_text
from xception_gui.words.problems import problem_text

FOUND = pictures_of(60)
SPLIT = Split(*(tuple(picture for _, picture in part) for part in (FOUND[:45], FOUND[45:])), ())


class Reader:
    """In the place of an embedder: gives what is known of each file, but for those that are gone."""

    architecture = XCEPTION
    own = None
    runtime = "by heart"

    def __init__(self, *gone: Path) -> None:
        self._embedded = {picture.path: embedded for embedded, picture in FOUND}
        self._embedded |= {path: Embedded(path, None, None, PictureError(Reason.MISSING)) for path in gone}
        self.read: list[Path] = []

    def embed(self, files, stop):
        for path in files:
            if stop():
                raise JobStopped
            self.read.append(path)
            yield self._embedded[path]


@pytest.fixture(autouse=True)
def without_curve_and_accelerator(monkeypatch):
    monkeypatch.setattr(learning_curve, "SHARE_OF_TIME", -1.0)
    monkeypatch.setattr(accelerator, "_has_accelerator", lambda: False)


def trained(reader: Reader, *, stop=never, is_start: bool = False, seed: int = 3):
    events: list[Event] = []
    model = train_quick(SPLIT, reader, seed, is_start=is_start, report=events.append, stop=stop)
    return model, events


def after(reader: Reader, pictures: int) -> Callable[[], bool]:
    """Ask to stop once so many pictures were read."""
    return lambda: len(reader.read) >= pictures


def notices(events: list[Event]) -> list[NoticeCode]:
    return [event.code for event in events if isinstance(event, Notice)]


@pytest.mark.parametrize("is_start", [False, True])
def test_validation_pictures_are_read_first_and_then_training_pictures_in_mixed_order(is_start):
    reader = Reader()
    model, events = trained(reader, is_start=is_start)
    order = [*SPLIT.val, *interleaved(SPLIT.train, 3)]
    assert reader.read == [picture.path for picture in order]
    phases = [(event.phase, event.total) for event in events if isinstance(event, PhaseStarted)]
    assert phases == [(Phase.EMBEDDING, 60), (Phase.FITTING, None)]
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done == list(range(1, 61))
    (fit,) = [event for event in events if isinstance(event, EpochFinished)]
    assert (fit.epoch, fit.images, fit.best, fit.preliminary) == (0 if is_start else 1, 45, True, False)
    assert (model.stopped, model.rests_on, model.epochs, notices(events)) == (False, None, None, [])
    assert (model.validation.accuracy, model.validation.log_loss) == (fit.val_accuracy, fit.val_loss)
    assert model.strength in softmax_regression.L2_STRENGTHS and model.embedder is reader
    other, reader = Reader(), reader
    trained(other, seed=4)
    assert other.read[:15] == reader.read[:15] and other.read != reader.read


@pytest.mark.parametrize("pictures", [0, 1, 14, 15, 17])
def test_stopped_before_two_pictures_of_each_class_were_read_there_is_no_model(pictures):
    reader = Reader()
    with pytest.raises(JobStopped):
        trained(reader, stop=after(reader, pictures))


@pytest.mark.parametrize("read", [6, 20, 44])
def test_stopped_later_the_model_rests_on_what_was_read(read):
    reader = Reader()
    model, events = trained(reader, stop=after(reader, 15 + read))
    assert model.stopped and model.rests_on == read
    (fit,) = [event for event in events if isinstance(event, EpochFinished)]
    assert fit.images == read
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.code == NoticeCode.FEWER_PICTURES and f"{read} of 45 training pictures" in notice_text(notice)


def test_stopped_when_all_is_read_it_rests_on_all():
    reader = Reader()
    model, events = trained(reader, stop=after(reader, 60))
    assert not model.stopped and model.rests_on is None and notices(events) == []


def test_the_fit_can_be_stopped_unless_it_is_the_fit_of_what_was_read_before_a_stop(monkeypatch):
    asked = []
    fit = quick.fit_head

    def asking(*data, stop, **options):
        asked.append(stop())
        return fit(*data, stop=stop, **options)

    monkeypatch.setattr(quick, "fit_head", asking)
    for pictures in (30, 60):
        reader = Reader()
        trained(reader, stop=after(reader, pictures))
    assert asked == [False, True]


@pytest.mark.parametrize(("gone", "is_kept"), [(1, True), (29, True), (30, True), (31, False)])
def test_pictures_that_are_gone_are_told_and_if_most_are_no_model_is_made(gone, is_kept):
    """As of a drive that was unplugged."""
    paths = [picture.path for picture in SPLIT.train[:gone]]
    reader = Reader(*paths)
    if not is_kept:
        with pytest.raises(ProgramError) as caught:
            trained(reader)
        assert caught.value.code is ErrorCode.PICTURES_GONE
        return
    model, events = trained(reader)
    assert model.rests_on == 45 - gone and not model.stopped
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.code == NoticeCode.PICTURES_CHANGED and notice_text(notice).startswith(f"{gone} of 60 picture")
    assert [event.done for event in events if isinstance(event, Progress)][-1] == 60


@pytest.mark.parametrize("part", ["train", "val"])
def test_a_class_that_is_gone_altogether_is_none_to_learn(part):
    pictures = {
        "train": [picture.path for picture in SPLIT.train if picture.class_name == "b"],
        "val": [picture.path for picture in SPLIT.val],
    }
    with pytest.raises(ProgramError) as caught:
        trained(Reader(*pictures[part]))
    assert caught.value.code is ErrorCode.PICTURES_GONE


# --- Reading ahead --------------------------------------------------------------------------------------------------


@pytest.fixture
def pictures(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return draw_dataset(tmp_path / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=6)


@pytest.fixture
def small(monkeypatch):
    """Pictures of 71 pixels, for speed."""
    monkeypatch.setattr(embed, "XCEPTION", replace(XCEPTION, default_image_size=71))


def read_ahead(request: EmbedRequest, stop=never) -> list[Event]:
    events: list[Event] = []
    run_job(request, events.append, stop)
    return events


def test_what_is_read_ahead_is_what_a_training_of_these_pictures_needs(pictures, small, tmp_path):
    events = read_ahead(EmbedRequest(str(pictures), seed=5, val_fraction=0.34))
    assert events[-1] == Finished(EmbedResult(12)) and DatasetSplit(8, 4, 0) in events
    fits = [event for event in events if isinstance(event, EpochFinished)]
    assert [(fit.images, fit.preliminary) for fit in fits] == [(8, True)]  # nothing of it is final
    assert [event.phase for event in events if isinstance(event, PhaseStarted)] == ["checking", "embedding", "fitting"]
    recipe = make_recipe(Preset.QUICK, image_size=71, seed=5, val_fraction=0.34)
    trained: list[Event] = []
    run_job(TrainRequest(str(pictures), str(tmp_path / "run"), recipe), trained.append, never)
    (fit,) = [event for event in trained if isinstance(event, EpochFinished)]
    assert fit.images == 8 and DatasetSplit(8, 4, 0) in trained
    split = split_dataset(
        read_dataset(str(pictures), lambda event: None, never), val_fraction=0.34, max_per_class=None, seed=5
    )
    assert all(picture.sha256 in Embedder(XCEPTION, 71).cache for picture in (*split.train, *split.val))


def test_pictures_that_were_read_long_ago_leave_time_for_a_curve(pictures, small, monkeypatch):
    monkeypatch.setattr(learning_curve, "SHARE_OF_TIME", 0.05)
    given = []

    def curve(classes, report, *, patience):
        given.append((tuple(classes), patience))
        return learning_curve.LearningCurve(classes, report, patience=patience)

    monkeypatch.setattr(embed, "LearningCurve", curve)
    read_ahead(EmbedRequest(str(pictures)))
    events = read_ahead(EmbedRequest(str(pictures)))
    assert given == [(("blue", "red"), 0.0), (("blue", "red"), pytest.approx(10 * embed.SECONDS_A_PICTURE))]
    assert len([event for event in events if isinstance(event, EpochFinished)]) >= 1


@pytest.mark.parametrize("read", [0, 1, 5, 9])
def test_reading_ahead_that_is_stopped_keeps_what_was_read(read, pictures, small):
    events: list[Event] = []

    def stop() -> bool:
        return sum(isinstance(event, Progress) and event.phase == "embedding" for event in events) >= 2 + read

    if not read:
        with pytest.raises(JobStopped):
            embed.embed(EmbedRequest(str(pictures)), events.append, stop)
        return
    result = embed.embed(EmbedRequest(str(pictures)), events.append, stop)
    assert result == EmbedResult(2 + read, stopped=True)
    assert not any(isinstance(event, EpochFinished | LearningOutlook) for event in events)


def read_ahead_without(gone: list[Path]) -> list[Event]:
    """Read ahead, while pictures vanish after they were checked."""
    events: list[Event] = []

    def report(event: Event) -> None:
        events.append(event)
        if isinstance(event, DatasetSplit):
            for path in gone:
                path.unlink()

    run_job(EmbedRequest(str(gone[0].parents[1])), report, never)
    return events


@pytest.mark.parametrize("wanted", ["*/*", "red/*", "*/*[1-4].*"])
def test_pictures_that_vanish_while_they_are_read_ahead_are_told_and_nobody_stopped_it(wanted, pictures, small):
    end = read_ahead_without(sorted(pictures.glob(wanted)))[-1]
    assert isinstance(end, Failed) and end.code == ErrorCode.PICTURES_GONE


def test_a_few_pictures_that_vanish_meanwhile_are_told_in_a_notice(pictures, small):
    events = read_ahead_without(sorted(pictures.glob("red/*"))[:1])
    assert isinstance(events[-1], Finished)
    assert [event.code for event in events if isinstance(event, Notice)] == [NoticeCode.PICTURES_CHANGED]


def test_a_test_part_is_not_read_ahead_and_what_cant_be_trained_on_not_at_all(pictures, small, tmp_path):
    for part in ("train", "val", "test"):
        for number, name in enumerate(("red", "blue")):
            for seed in range(3):
                place = tmp_path / "parts" / part / name
                place.mkdir(parents=True, exist_ok=True)
                draw_picture(place / f"{seed}.png", (200 * number, 60, 60), seed=len(part) * 100 + seed)
    events = read_ahead(EmbedRequest(str(tmp_path / "parts")))
    assert DatasetSplit(6, 6, 0) in events and events[-1] == Finished(EmbedResult(12))
    (tmp_path / "empty").mkdir()
    ended = read_ahead(EmbedRequest(str(tmp_path / "empty")))[-1]
    assert isinstance(ended, Failed) and ended.code == ErrorCode.DATASET_EMPTY


# --- Checks ---------------------------------------------------------------------------------------------------------


def checked(dataset: Path | str):
    events: list[Event] = []
    run_job(CheckRequest(str(dataset)), events.append, never)
    return events


def test_a_check_shows_some_pictures_of_each_class(pictures):
    for number in range(20):
        draw_picture(pictures / "red" / f"more {number}.png", (220, 60, 60), seed=100 + number)
    events = checked(pictures)
    result = events[-1].result
    assert (result.classes, result.used, result.has_parts, result.embedded) == ({"blue": 6, "red": 26}, 32, False, 0)
    assert {name: len(shown) for name, shown in result.samples.items()} == {"blue": 6, "red": 8}
    for name, shown in result.samples.items():
        assert list(shown) == sorted(set(shown)) and all(path.startswith(f"{pictures}/{name}/") for path in shown)
    assert len({Path(path).stem.split()[0] for path in result.samples["red"]}) > 1  # from all over it
    done = [event.done for event in events if isinstance(event, Progress)]
    assert done[-1] == 32 and done == sorted(done)
    again = [event for event in checked(pictures) if isinstance(event, Progress)]
    assert (again[-1].done, again[-1].total) == (32, 32)


def test_a_check_counts_what_is_embedded_already(pictures):
    embedder = Embedder(XCEPTION, 299)
    files = sorted(pictures.rglob("*.png"))
    for embedded, number in zip(Reader().embed([FOUND[0][1].path] * 5, never), range(5), strict=True):
        split = read_dataset(str(pictures), lambda event: None, never).pictures
        embedder.cache.save(split[number].sha256, embedded.embedding)
    assert checked(pictures)[-1].result.embedded == 5 and len(files) == 12


def test_what_is_left_out_and_odd_is_named_and_what_is_wrong_comes_first(pictures):
    for file in (pictures / "blue").iterdir():
        file.unlink()
    (pictures / "blue" / "a.txt").write_text("no picture")
    (pictures / "beside.png").write_bytes(b"")
    result = checked(pictures)[-1].result
    assert {file.path for file in result.left_out} == {f"{pictures}/blue/a.txt", f"{pictures}/beside.png"}
    assert [problem.severity for problem in result.problems] == ["error", "warning", "warning"]
    assert not result.can_be_trained_on and result.problems[0].code == "too-few-classes"
    assert "“red”" in problem_text(result.problems[0]) and result.problems[0].details["path"].startswith(str(pictures))
    paths = Counter(path for problem in result.problems for path in problem.paths)
    assert paths == {f"{pictures}/blue/a.txt": 1, f"{pictures}/beside.png": 1}
