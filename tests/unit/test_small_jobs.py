"""Jobs of a few lines: each does what its request asks for, and puts what goes wrong into words."""

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import draw_picture
from xception_gui import paths
from xception_gui.data.cache import folders as cache_folders
from xception_gui.data.cache import stores as cache
from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.data.cache.known_files import KnownFile
from xception_gui.data.cache.limit import SMALLEST_CACHE, Preferences, load_preferences, save_preferences
from xception_gui.data.cache.stored_data import all_stored
from xception_gui.data.file_state import FileState
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.base import Event, Failed, Finished, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.dataset import DrawSamplesRequest, PreviewRequest, SamplesResult
from xception_gui.domain.messages.machine import (
    CacheRequest,
    CacheResult,
    ChooseRuntimeRequest,
    MeasureSpeedRequest,
    RuntimeResult,
    StoredKind,
)
from xception_gui.domain.recipe import Precision
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16
from xception_gui.files.deletion import MARKER, make_folder
from xception_gui.files.own_names import CACHE_FOLDERS
from xception_gui.inference import runtimes
from xception_gui.jobs import run_job
from xception_gui.jobs.dataset import making_previews as previews
from xception_gui.jobs.machine import measure_speed as speed
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training.measured_precision import PrecisionFigures
from xception_gui.paths import HOME_VARIABLE
from xception_gui.samples import sample_set
from xception_gui.words.errors import failure_text


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def events_of(request, stop=never) -> list[Event]:
    events: list[Event] = []
    run_job(request, events.append, stop)
    return events


def end(request, stop=never) -> Event:
    return events_of(request, stop)[-1]


# --- The cache ------------------------------------------------------------------------------------------------------


def stores() -> tuple[BlobStore, BlobStore]:
    return cache.embeddings(), cache.decoded_pictures()


@pytest.fixture
def filled(home, tmp_path) -> list[bytes]:
    """A cache with something of everything. Gives the keys of its 200 embeddings, the oldest first."""
    keys = [f"{number}".encode() for number in range(200)]
    for store in stores():
        for key in keys:
            store.save(key, os.urandom(10_000))
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    os.utime(picture, (1000, 1000))
    cache.known_files().remember([KnownFile(picture, FileState.of(picture), "ab" * 32)])
    network = home / "cache" / "backbones" / f"{'a' * 64}.tflite"
    network.parent.mkdir()
    network.write_bytes(bytes(1000))
    return keys


def test_it_says_how_much_the_cache_takes_may_take_and_where(filled, home):
    result = end(CacheRequest()).result
    assert result == CacheResult(cache.used_bytes(), Preferences().cache_bytes, str(home / "cache"), all_stored())
    assert 4_000_000 < result.bytes < 8_000_000
    assert all(key in store for store in stores() for key in filled)


def test_an_emptied_cache_holds_nothing_and_its_limit_stays(filled, home, tmp_path):
    save_preferences(Preferences(3_000_000_000))
    result = end(CacheRequest(clear=True)).result
    assert (result.bytes, result.limit) == (cache.used_bytes(), 3_000_000_000) and result.bytes < 200_000
    assert not any(key in store for store in stores() for key in filled)
    assert cache.known_files().sha256_of(tmp_path / "a.png") is None
    assert list((home / "cache" / "backbones").glob("*.tflite")) == []


def test_a_lower_limit_is_kept_and_makes_room_at_once_the_oldest_first(filled, monkeypatch):
    monkeypatch.setattr("xception_gui.data.cache.limit.SMALLEST_CACHE", 1000)
    monkeypatch.setattr("xception_gui.jobs.machine.cache.SMALLEST_CACHE", 1000)
    result = end(CacheRequest(limit=2_000_000)).result
    assert result.limit == load_preferences().cache_bytes == 2_000_000
    for store in stores():  # a quarter of it each: half is for the folders, where the limit is so low
        left = [key for key in filled if key in store]
        assert left == filled[-len(left) :] and 25 < len(left) < 50
    assert result.bytes < 2_000_000 and cache.used_bytes() < 2_000_000


@pytest.mark.parametrize("limit", [-1, 0, 5, SMALLEST_CACHE - 1, SMALLEST_CACHE])
def test_the_limit_is_never_below_the_smallest_one(limit):
    assert end(CacheRequest(limit=limit)).result.limit == SMALLEST_CACHE == load_preferences().cache_bytes


def test_a_limit_that_cant_be_kept_is_told(home):
    home.mkdir()
    (home / "settings").write_text("a file where the folder should be")
    ended = end(CacheRequest(limit=3_000_000_000))
    assert isinstance(ended, Failed) and ended.code == ErrorCode.SYSTEM_REFUSED


@pytest.mark.parametrize(("made", "is_tidied"), [(0, True), (1, False), (999, False), (1000, True)])
def test_there_is_a_look_at_previews_every_thousand(home, tmp_path, monkeypatch, made, is_tidied):
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    old = home / "cache" / "previews" / f"{'0' * 32}.jpg"
    monkeypatch.setattr(previews, "_made", itertools.count(made))
    monkeypatch.setattr(cache_folders, "share_of", lambda name, limit: 100_000)
    make_folder(old.parent, parents=True)
    old.write_bytes(bytes(200_000))
    assert isinstance(end(PreviewRequest((str(picture),), 64)), Finished)
    assert old.exists() is not is_tidied


# --- All that is stored ---------------------------------------------------------------------------------------------

PASTED = [f"2025-11-2{day} 14.36.00.png" for day in range(4)]


@pytest.fixture
def everything(filled, home) -> dict[StoredKind, int]:
    """One of everything that the program writes. Gives how many bytes of each were added."""
    cached = home / "cache"
    files = {
        cached / "previews" / f"{'b' * 32}.jpg": 70_001,
        cached / "compiled" / f"{'c' * 16}-0.blob": 70_002,
        cached / "speed.json": 70_003,
        cached / ".writing-abcdefgh": 70_004,
        home / "log" / "20251124-143600-window-1.log": 70_005,
        home / "data" / "models" / "ants" / "head.npz": 70_006,
        home / "data" / "sample pictures" / "cars" / "scene-1.jpg": 70_007,
        **{cached / "pasted" / name: 70_008 for name in PASTED},
    }
    for number, (file, size) in enumerate(files.items()):
        make_folder(file.parent, parents=True)
        file.write_bytes(bytes(size))
        os.utime(file, (1000 + number, 1000 + number))
    return {
        StoredKind.PREVIEWS: 70_001,
        StoredKind.PASTED: 4 * 70_008,
        StoredKind.NETWORKS: 70_002 + 1000,
        StoredKind.LOGS: 70_005,
        StoredKind.MODELS: 70_006,
        StoredKind.SAMPLES: 70_007,
    }


def bytes_on_disk(*folders: Path) -> int:
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


def test_nothing_on_the_disk_is_missing_in_the_list_of_what_is_stored(everything, home):
    result = end(CacheRequest()).result
    found = {one.kind: one.bytes for one in result.stored}
    assert all(0 <= found[kind] - size < 1000 for kind, size in everything.items())  # some with their folder's marker
    assert abs(sum(found.values()) - bytes_on_disk(home / "cache", home / "data", home / "log")) < 3000
    assert result.bytes == sum(one.bytes for one in result.stored if one.is_cache)


def test_emptying_the_cache_leaves_nothing_of_it_but_what_is_shown(everything, home):
    result = end(CacheRequest(clear=True, spared=(PASTED[1],))).result
    left = {path.name for path in (home / "cache").rglob("*") if path.is_file() and path.name != MARKER}
    assert {name for name in left if ".sqlite3" not in name} == {PASTED[1]}
    assert result.bytes == cache.used_bytes() < 70_008 + 300_000
    for file in ("log/20251124-143600-window-1.log", "data/models/ants/head.npz"):
        assert (home / file).exists()


def test_pasted_pictures_stay_within_the_limit_the_oldest_go_and_none_that_is_shown(everything, home, monkeypatch):
    monkeypatch.setattr(cache_folders, "share_of", lambda name, limit: 200_000)
    end(CacheRequest(limit=SMALLEST_CACHE, spared=(PASTED[0],)))
    assert sorted(path.name for path in (home / "cache" / "pasted").glob("*.png")) == [PASTED[0], PASTED[3]]


@given(limit=st.integers(SMALLEST_CACHE, 10**13))
def test_the_shares_of_the_cache_are_its_limit(limit):
    shares = {name: cache_folders.share_of(name, limit) for name in CACHE_FOLDERS}
    assert all(0 < share <= cache_folders.MAX_BYTES[name] for name, share in shares.items())
    assert sum(shares.values()) <= limit / 2 + len(shares)


# --- Sample pictures ------------------------------------------------------------------------------------------------


@pytest.fixture
def few_samples(monkeypatch):
    really = sample_set.write_sample_set
    monkeypatch.setattr(
        "xception_gui.jobs.dataset.draw_samples.write_sample_set",
        lambda folder, **how: really(folder, per_class=2, **how),
    )


def test_sample_pictures_are_drawn_and_told_one_by_one(few_samples, tmp_path):
    events = events_of(DrawSamplesRequest(str(tmp_path / "samples")))
    result = events[-1].result
    assert isinstance(result, SamplesResult)
    assert len(list(Path(result.dataset).rglob("*.jpg"))) == 6
    new = len(list(Path(result.new_pictures).iterdir()))
    assert [event for event in events if isinstance(event, PhaseStarted)] == [PhaseStarted("drawing", 6 + new)]
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total) == (6 + new, 6 + new)


def test_drawing_them_can_be_stopped_and_where_it_cant_be_done_is_told(few_samples, tmp_path):
    drawn = tmp_path / "samples"
    assert end(DrawSamplesRequest(str(drawn)), lambda: len(list(drawn.rglob("*.jpg"))) >= 3) == Stopped()
    assert len(list(drawn.rglob("*.jpg"))) == 3
    (tmp_path / "file").write_text("a file where the folder should be")
    ended = end(DrawSamplesRequest(str(tmp_path / "file")))
    assert (
        isinstance(ended, Failed)
        and ended.code == ErrorCode.CANNOT_WRITE
        and str(tmp_path / "file") in failure_text(ended).what
    )


# --- The speed of the machine -----------------------------------------------------------------------------------------


class Timed:
    """Keras and a network that take so many seconds each, of a clock that nothing else moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: dict[str, tuple] = {}
        self.freed = 0

    def take(self, seconds: float, name: str = "", *words, **options):
        self.now += seconds
        self.asked[name] = (words, options)
        return name


@pytest.fixture
def timed(monkeypatch) -> Timed:
    from xception_gui.finetune import network
    from xception_gui.finetune import step_speed as of_training

    timed = Timed()
    figures = PrecisionFigures({Precision.FLOAT32: 2.0, Precision.BFLOAT16: 1.0})
    monkeypatch.setattr(speed.time, "monotonic", lambda: timed.now)
    monkeypatch.setattr(speed, "require_keras", lambda: timed.take(5.0))
    monkeypatch.setattr(speed, "measured_precision", lambda report, stop: (timed.take(100.0) and None) or figures)
    monkeypatch.setattr(network, "starting_network", lambda *a, **o: timed.take(3.0, "network", *a, **o))
    monkeypatch.setattr(of_training, "training_seconds", lambda *a, **o: timed.take(50.0, "training", *a, **o) and 0.25)
    monkeypatch.setattr(of_training, "free_memory", lambda: timed.take(0.0, "freed"))
    return timed


def test_a_start_is_what_keras_and_the_network_take_and_not_what_is_measured_between(timed):
    starting, training, figures = speed._training_seconds(lambda event: None, never)
    assert (starting, training, figures.fastest) == (8.0, 0.25, Precision.BFLOAT16)
    (_, _, blocks, _), options = timed.asked["network"]
    assert options == {"weights": paths.shipped_weights(), "precision": Precision.BFLOAT16} and len(blocks) == 7
    (built, asked), options = timed.asked["training"]
    assert (built, asked.precision, options) == ("network", Precision.BFLOAT16, {"image_size": 299, "stop": never})
    assert "freed" in timed.asked


def test_memory_is_freed_also_where_a_step_doesnt_fit(timed, monkeypatch):
    from xception_gui.finetune import step_speed as of_training

    def full(*words, **options):
        raise MemoryError

    monkeypatch.setattr(of_training, "training_seconds", full)
    with pytest.raises(MemoryError):
        speed._training_seconds(lambda event: None, never)
    assert "freed" in timed.asked


def test_an_embedding_takes_the_median_of_some_after_one_that_warms_up(timed, monkeypatch):
    seconds = iter([100.0, 3.0, 1.0, 2.0])

    class Backbone:
        def embed(self, picture):
            assert picture.shape == (299, 299, 3)
            timed.take(next(seconds))

    monkeypatch.setattr(speed, "open_shipped_backbone", lambda architecture, size, runtime: Backbone())
    assert speed._embedding_seconds(never) == 2.0
    asked: list[int] = []
    seconds = iter([1.0] * 4)
    with pytest.raises(JobStopped):
        speed._embedding_seconds(lambda: asked.append(1) or len(asked) == 3)
    assert next(seconds, None) is not None


def test_what_else_is_wrong_with_the_program_is_told(monkeypatch):
    def damaged(report, stop):
        raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path="/shipped", found="it is odd")

    monkeypatch.setattr(speed, "_embedding_seconds", lambda stop: 0.1)
    monkeypatch.setattr(speed, "has_keras", lambda: True)
    monkeypatch.setattr(speed, "_training_seconds", damaged)
    ended = end(MeasureSpeedRequest(training=True))
    assert isinstance(ended, Failed) and ended.code == ErrorCode.INSTALLATION_DAMAGED
    assert end(MeasureSpeedRequest()).result.embedding_seconds == 0.1  # which is kept


# --- The runtime ------------------------------------------------------------------------------------------------------


def test_the_runtime_of_this_computer_is_the_one_that_was_measured_to_be_the_fastest(monkeypatch):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: object())
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: {LITERT: 0.044, OPENVINO_BFLOAT16: 0.027})
    ends = []
    run_job(ChooseRuntimeRequest(), ends.append, never)
    assert ends[-1].result == RuntimeResult(OPENVINO_BFLOAT16, {LITERT: 0.044, OPENVINO_BFLOAT16: 0.027})
