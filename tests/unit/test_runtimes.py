"""What runs a backbone: LiteRT everywhere, OpenVINO where it is installed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from xception_gui import paths
from xception_gui.data.images import Pixels, resize
from xception_gui.data.sample_set import draw_scene
from xception_gui.domain.embedding import EMBEDDING_SIZE, LITERT
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.inference import runtimes
from xception_gui.inference.backbone import Backbone
from xception_gui.inference.head import probabilities
from xception_gui.inference.openvino import openvino_runtime
from xception_gui.inference.runtimes import open_backbone, open_shipped_backbone
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.paths import HOME_VARIABLE

needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="OpenVINO is not installed")


def reopen(image_size: int, runtime: str) -> Backbone:
    """Open the shipped backbone anew."""
    return open_backbone(paths.shipped_backbone(), image_size, sha256="of the shipped one", runtime=runtime)


def draw(number: int, size: int = 299) -> Pixels:
    return resize(draw_scene(("clear", "busy")[number % 2], np.random.default_rng(number)), size)


@pytest.fixture(params=[LITERT, pytest.param("openvino", marks=needs_openvino)])
def runtime(request) -> str:
    """Each runtime that this machine has."""
    return request.param if request.param == LITERT else openvino_runtime()


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("image_size", [71, 160, 299])
def test_it_takes_pictures_of_any_size_from_71_pixels_on(image_size, runtime):
    embedding = open_shipped_backbone(image_size, runtime).embed(draw(1, image_size))
    assert embedding.shape == (EMBEDDING_SIZE,)
    assert embedding.dtype == np.float16
    assert np.isfinite(embedding).all()


def test_the_same_picture_has_the_same_embedding_to_the_bit(runtime):
    first, second = reopen(160, runtime), reopen(160, runtime)
    assert first.runtime == second.runtime == runtime
    picture, another = draw(3, 160), draw(4, 160)
    wanted = first.embed(picture)
    np.testing.assert_array_equal(second.embed(picture), wanted)
    first.embed(another)
    np.testing.assert_array_equal(first.embed(picture), wanted)


def test_a_file_that_is_no_network_is_told_in_words(runtime, tmp_path):
    path = tmp_path / "backbone.tflite"
    path.write_bytes(b"no network" * 100)
    with pytest.raises(ProgramError) as caught:
        open_backbone(path, 299, sha256="of no network", runtime=runtime)
    assert caught.value.code is ErrorCode.BACKBONE_UNUSABLE


@needs_openvino
def test_predictions_agree_within_a_hundredth():
    """On pictures that the head was not fitted to, where its probabilities are not all 0 and 1."""
    both = [open_shipped_backbone(160, name) for name in (LITERT, openvino_runtime())]
    pictures = [draw(number, 160) for number in range(24)]
    litert, other = (np.stack([backbone.embed(picture) for picture in pictures]) for backbone in both)
    assert not np.array_equal(litert, other)
    for one, another in zip(litert.astype(np.float32), other.astype(np.float32), strict=True):
        assert np.linalg.norm(one - another) / np.linalg.norm(one) < 5e-3
    head = fit_head(litert[:12], np.arange(12) % 2, 2).head
    np.testing.assert_allclose(probabilities(head, other[12:]), probabilities(head, litert[12:]), atol=1e-2)


@needs_openvino
def test_a_compiled_network_is_kept_and_a_damaged_one_compiled_again(home):
    first = reopen(71, openvino_runtime()).embed(draw(1, 71))
    kept = sorted((home / "cache" / "compiled").iterdir())
    whole = [file.read_bytes() for file in kept]
    for damaged in (b"", whole[-1][: len(whole[-1]) // 2], bytes(1000)):
        kept[-1].write_bytes(damaged)
        np.testing.assert_array_equal(reopen(71, openvino_runtime()).embed(draw(1, 71)), first)
        assert all(file.stat().st_size > len(data) / 2 for file, data in zip(kept, whole, strict=True))
    before = [file.stat().st_mtime_ns for file in kept]
    np.testing.assert_array_equal(reopen(71, openvino_runtime()).embed(draw(1, 71)), first)
    assert [file.stat().st_mtime_ns for file in kept] == before


@needs_openvino
def test_openvino_tells_nobody_that_it_is_used(tmp_path):
    """Its package of that purpose is there, and everything that opens a connection ends the process."""
    telemetry = tmp_path / "openvino_telemetry" / "__init__.py"
    telemetry.parent.mkdir()
    telemetry.write_text("raise SystemExit('telemetry was imported')")
    program = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event.startswith('socket.'):\n"
        "        raise SystemExit(event)\n"
        "sys.addaudithook(watch)\n"
        "import numpy\n"
        "from xception_gui.inference.openvino import openvino_runtime\n"
        "from xception_gui.inference.runtimes import open_shipped_backbone\n"
        "open_shipped_backbone(71, openvino_runtime()).embed(numpy.zeros((71, 71, 3), numpy.uint8))\n"
        "assert 'openvino' in sys.modules\n"
    )
    where = os.pathsep.join([str(tmp_path), str(Path(paths.__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": where}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_another_runtime_is_chosen_where_it_is_clearly_faster():
    assert runtimes.choose({LITERT: 0.1}) == LITERT
    assert runtimes.choose({LITERT: 0.1, "other": 0.03}) == "other"
    assert runtimes.choose({LITERT: 0.1, "other": 0.09}) == LITERT
    assert runtimes.choose({LITERT: 0.1, "other": 0.2}) == LITERT


def test_the_choice_is_measured_once_on_each_machine(home, monkeypatch):
    measured = []
    monkeypatch.setattr(runtimes, "find_spec", lambda name: object())
    monkeypatch.setattr(runtimes, "_measure", lambda: measured.append(1) or {LITERT: 0.1, "other": 0.03})
    assert runtimes.fastest_runtime() == runtimes.fastest_runtime() == "other"
    assert len(measured) == 1
    monkeypatch.setattr(runtimes, "device_name", lambda: "another machine")
    assert runtimes.fastest_runtime() == "other"
    assert len(measured) == 2
    (home / "cache" / "runtimes.json").write_bytes(b'{"depends_on": 3')
    assert runtimes.fastest_runtime() == "other"
    assert len(measured) == 3


@needs_openvino
def test_the_real_measurement_times_both(home):
    assert runtimes.fastest_runtime() in (LITERT, openvino_runtime())
    seconds = runtimes._measure()
    assert seconds.keys() == {LITERT, openvino_runtime()}
    assert all(0 < value < 60 for value in seconds.values())


def test_a_runtime_that_this_machine_lacks_is_replaced_by_the_one_that_all_have():
    assert runtimes.usable_runtime(LITERT) == LITERT
    assert runtimes.usable_runtime("of another machine") == LITERT
