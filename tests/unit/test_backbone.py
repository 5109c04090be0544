"""The shipped backbone is the shipped weights."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from xception_gui import paths
from xception_gui.data.pictures.open_picture import resize
from xception_gui.domain.architecture import XCEPTION, Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT
from xception_gui.inference import backbone
from xception_gui.inference.backbone import MAX_BYTES, LiteRTBackbone, file_sha256, rounded, unusable
from xception_gui.samples.sample_set import draw_scene


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return resize(draw_scene("busy", np.random.default_rng(3)), 299)


def test_the_files_have_the_hashes_that_the_program_goes_by():
    for path in (paths.shipped_backbone(), paths.shipped_weights()):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == paths.shipped_sha256(path)


def test_each_output_is_what_keras_computes(picture):
    from xception_gui.finetune.architectures.build import build_backbone
    from xception_gui.finetune.weights import load_weights

    network = build_backbone(XCEPTION, 299)
    load_weights(network, paths.shipped_weights())
    pixels = picture[np.newaxis].astype(np.float32)
    expected = network.predict_on_batch(pixels)
    found = Interpreter(model_path=str(paths.shipped_backbone())).get_signature_runner()(pixels=pixels)
    assert found.keys() == expected.keys() == {"embedding", *(f"block{n}" for n in (4, 6, 8, 10, 12, 13, 14))}
    for name, wanted in expected.items():
        error = np.linalg.norm(found[name] - wanted) / np.linalg.norm(wanted)
        assert error <= 5e-3, name


# --- What LiteRT is given, and how what is wrong is told --------------------------------------------------------------


def refusal_of(path: Path, architecture: Architecture = XCEPTION, **options: object) -> tuple[ErrorCode, str, str]:
    with pytest.raises(ProgramError) as caught:
        LiteRTBackbone(architecture, path, 71, sha256="0", **options)
    return caught.value.code, str(caught.value.details["path"]), str(caught.value.details["found"])


def test_a_network_is_given_pictures_of_its_size_and_gives_one_embedding():
    shipped = LiteRTBackbone(XCEPTION, paths.shipped_backbone(), 71, sha256="of a file")
    random = np.random.default_rng(0)
    first, second = random.integers(0, 256, (2, 71, 71, 3), np.uint8)
    assert (shipped.sha256, shipped.runtime) == ("of a file", LITERT)
    both = shipped.embed_all([first, second])
    assert both.shape == (2, XCEPTION.embedding_size) and both.dtype == np.float16
    np.testing.assert_array_equal(both[1], shipped.embed(second))
    content = LiteRTBackbone(XCEPTION, Path("nowhere"), 71, sha256="0", content=paths.shipped_backbone().read_bytes())
    np.testing.assert_array_equal(content.embed(first), both[0])


def test_a_file_that_litert_cant_open_is_told_with_what_it_says(tmp_path, monkeypatch):
    (tmp_path / "a.tflite").write_bytes(b"no network" * 9)
    code, folder, found = refusal_of(tmp_path / "a.tflite")
    assert (code, folder) == (ErrorCode.BACKBONE_UNUSABLE, str(tmp_path))
    assert "tflite" in found.lower() or "model" in found.lower()
    smaller = replace(XCEPTION, embedding_channels=((14, 7),))
    assert refusal_of(paths.shipped_backbone(), smaller)[2] == "an embedding of 6712 numbers instead of 7"
    monkeypatch.setattr(Interpreter, "allocate_tensors", lambda self: (_ for _ in ()).throw(RuntimeError))
    assert refusal_of(paths.shipped_backbone())[2] == "RuntimeError"


def test_what_was_found_is_told_in_one_line_of_two_hundred_letters():
    error = unusable(Path("folder") / "a.tflite", "two\n  lines " + "word " * 99)
    assert error.details["path"] == "folder"
    assert error.details["found"] == ("two lines " + "word " * 99)[:200]


@pytest.mark.parametrize(("number", "finite"), [(65_504, True), (65_519, True), (65_520, False), (np.nan, False)])
def test_numbers_that_float16_cant_hold_are_those_of_a_damaged_network(number, finite):
    numbers = np.array([[1.0, number]], np.float32)
    if finite:
        assert rounded(numbers, Path("a")).tolist() == [[1.0, 65_504.0]]
        assert rounded(numbers, Path("a")).dtype == np.float16
    else:
        with pytest.raises(ProgramError, match="not finite"):
            rounded(numbers, Path("a"))


def test_as_many_cores_as_there_are_compute(monkeypatch):
    monkeypatch.setattr(backbone, "usable_cores", lambda: 3)
    asked: list[object] = []
    start = Interpreter.__init__
    monkeypatch.setattr(
        Interpreter, "__init__", lambda self, **words: asked.append(words["num_threads"]) or start(self, **words)
    )
    LiteRTBackbone(XCEPTION, paths.shipped_backbone(), 71, sha256="0")
    assert asked == [3]


def test_a_file_is_hashed_whole_and_no_pipe_or_folder_is(tmp_path):
    (tmp_path / "a").write_bytes(b"abc" * 1_000_000)
    assert file_sha256(tmp_path / "a") == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
    with pytest.raises(OSError, match="regular"):
        file_sha256(tmp_path)
    assert MAX_BYTES == 50_000_000
