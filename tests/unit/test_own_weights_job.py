"""A training from weights of one's own: they are looked at before anything else is done, and made ready once.

The conversion is stood in for by a copy of the shipped network.
"""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.unit.power_cut import cut_after_each_change
from xception_gui import paths
from xception_gui.domain.architecture import XCEPTION, Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Event, Failed, Phase, PhaseStarted
from xception_gui.domain.messages.training import Notice, NoticeCode, TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.finetune import convert
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import carrying_out, networks, reading
from xception_gui.jobs.training.networks import backbone_from_weights, weights_file
from xception_gui.paths import HOME_VARIABLE
from xception_gui.words.errors import failure_text, text_of
from xception_gui.words.notices import notice_text


class Conversion:
    """What was converted, looked at and loaded."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: Exception | None = None

    def write(self, architecture: Architecture, weights: Path, path: Path) -> None:
        self.done.append("converted")
        if self.fails is not None:
            path.write_bytes(b"half a network")
            raise self.fails
        shutil.copyfile(paths.shipped_backbone(), path)


@pytest.fixture(autouse=True)
def conversion(monkeypatch, tmp_path) -> Conversion:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    conversion = Conversion()
    for module in (networks, carrying_out):
        monkeypatch.setattr(module, "require_keras", lambda: conversion.done.append("Keras"))
    monkeypatch.setattr(
        carrying_out, "refuse_weights", lambda weights: conversion.done.append(f"looked at {weights.name}")
    )
    monkeypatch.setattr(convert, "write_backbone_from_weights", conversion.write)
    return conversion


@pytest.fixture
def weights(tmp_path) -> Path:
    (tmp_path / "own.h5").write_bytes(b"some weights")
    return tmp_path / "own.h5"


def opened(preset: Preset, weights: Path | str | None = None):
    events: list[Event] = []
    recipe = make_recipe(preset, image_size=71, weights=None if weights is None else str(weights))
    return carrying_out.open_embedder(XCEPTION, recipe, events.append), events


def test_a_quick_one_of_the_shipped_network_does_without_keras(conversion):
    embedder, events = opened(Preset.QUICK)
    assert (embedder.own, embedder.image_size, events, conversion.done) == (None, 71, [], [])


@pytest.mark.parametrize("preset", [Preset.FINE_TUNE, Preset.TUTORIAL])
def test_a_training_of_the_network_loads_keras_before_any_work(preset, conversion):
    embedder, events = opened(preset)
    assert (embedder.own, embedder.image_size, events, conversion.done) == (None, 71, [], ["Keras"])


def test_random_weights_are_told(conversion):
    embedder, events = opened(Preset.TUTORIAL, "none")
    assert (embedder.own, conversion.done) == (None, ["Keras"])
    assert [event.code for event in events] == [NoticeCode.RANDOM_WEIGHTS]


def test_a_fresh_head_needs_no_network_for_predictions_yet(conversion, weights):
    embedder, events = opened(Preset.TUTORIAL, weights)
    assert (embedder.own, events, conversion.done) == (None, [], ["Keras", "looked at own.h5"])


@pytest.mark.parametrize("preset", [Preset.QUICK, Preset.FINE_TUNE])
def test_what_quick_embeds_with_is_made_of_the_weights_once(preset, conversion, weights, tmp_path):
    embedder, events = opened(preset, weights)
    name = hashlib.sha256(b"some weights").hexdigest()
    assert embedder.own == tmp_path / "home" / "cache" / "backbones" / f"{name}.tflite"
    assert embedder.image_size == 71 and conversion.done[-2:] == ["Keras", "converted"]
    notice, phase = events
    assert isinstance(notice, Notice) and notice.code == NoticeCode.OWN_BACKBONE and "“own.h5”" in notice_text(notice)
    assert phase == PhaseStarted(Phase.CONVERTING)
    conversion.done.clear()
    shutil.copy(weights, tmp_path / "renamed.h5")
    again, events = opened(preset, tmp_path / "renamed.h5")
    assert (again.own, again.sha256, events) == (embedder.own, embedder.sha256, [])
    assert "converted" not in conversion.done


@pytest.mark.parametrize("content", [b"", b"no network", None])
def test_what_is_no_network_in_the_cache_is_made_anew(content, conversion, weights):
    path = backbone_from_weights(XCEPTION, weights, lambda event: None)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    conversion.done.clear()
    assert backbone_from_weights(XCEPTION, weights, lambda event: None) == path
    assert conversion.done == ["Keras", "converted"] and path.read_bytes() == whole


def test_whenever_the_power_is_cut_the_network_in_the_cache_is_whole_or_none(weights, tmp_path, monkeypatch):
    def begin(folder: Path) -> None:
        monkeypatch.setenv(HOME_VARIABLE, str(folder / "home"))
        paths.cache_folder()

    def work(folder: Path) -> None:
        backbone_from_weights(XCEPTION, weights, lambda event: None)

    monkeypatch.setattr(
        convert, "write_backbone_from_weights", lambda architecture, weights, path: path.write_bytes(b"network")
    )
    for folder, is_done in cut_after_each_change(work, tmp_path, begin):
        found = [path.read_bytes() for path in (folder / "home" / "cache" / "backbones").glob("[!.]*.tflite")]
        assert found in ([], [b"network"]) and (found or not is_done)


def test_a_disk_that_is_full_is_told_and_leaves_nothing(conversion, weights, tmp_path):
    conversion.fails = OSError(28, "No space left on device")
    with pytest.raises(ProgramError) as caught:
        backbone_from_weights(XCEPTION, weights, lambda event: None)
    assert caught.value.code is ErrorCode.CANNOT_WRITE and "no space left" in text_of(caught.value).why
    assert list((tmp_path / "home" / "cache" / "backbones").glob("*.tflite")) == []


@pytest.mark.parametrize("preset", [Preset.QUICK, Preset.FINE_TUNE, Preset.TUTORIAL])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.h5", ErrorCode.WEIGHTS_NOT_FOUND),
        ("empty.h5", ErrorCode.WEIGHTS_DAMAGED),
        ("folder", ErrorCode.WEIGHTS_DAMAGED),
    ],
)
def test_weights_that_are_none_are_told_before_a_picture_is_read(preset, name, code, tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.h5").touch()
    monkeypatch.setattr(reading, "read_dataset", lambda *given, **options: pytest.fail("it was looked through"))
    events: list[Event] = []
    recipe = make_recipe(preset, image_size=71, weights=str(tmp_path / name))
    run_job(TrainRequest(str(tmp_path), str(tmp_path.parent / "run"), recipe), events.append, never)
    assert isinstance(events[-1], Failed) and events[-1].code == code and name in failure_text(events[-1]).what
    assert not (tmp_path.parent / "run").exists()


@pytest.mark.parametrize("elsewhere", ["own.h5", "//server/share/own.h5", r"\\server\share\own.h5"])
def test_weights_of_a_stranger_s_training_are_looked_for_on_this_computer_only(elsewhere, weights, monkeypatch):
    monkeypatch.chdir(weights.parent)
    with pytest.raises(ProgramError) as caught:
        weights_file(make_recipe(Preset.QUICK, weights=elsewhere))
    assert caught.value.code is ErrorCode.WEIGHTS_NOT_FOUND


def test_weights_are_the_shipped_ones_unless_told():
    assert weights_file(make_recipe(Preset.FINE_TUNE)) == paths.shipped_weights()
    assert weights_file(make_recipe(Preset.TUTORIAL, weights="none")) is None
