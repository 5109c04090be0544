"""The shipped backbone is the shipped weights."""

import hashlib

import numpy as np
import pytest

from xception_gui import paths
from xception_gui.data.images import resize
from xception_gui.data.sample_set import draw_scene


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return resize(draw_scene("busy", np.random.default_rng(3)), 299)


def test_the_files_have_the_hashes_that_the_program_goes_by():
    for path in (paths.shipped_backbone(), paths.shipped_weights()):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == paths.shipped_sha256(path)


def test_each_output_is_what_keras_computes(picture):
    from ai_edge_litert.interpreter import Interpreter

    from xception_gui.finetune.weights import load_weights
    from xception_gui.finetune.xception import build_backbone

    network = build_backbone(299)
    load_weights(network, paths.shipped_weights())
    pixels = picture[np.newaxis].astype(np.float32)
    expected = network.predict_on_batch(pixels)
    found = Interpreter(model_path=str(paths.shipped_backbone())).get_signature_runner()(pixels=pixels)
    assert found.keys() == expected.keys() == {"embedding", *(f"block{n}" for n in (4, 6, 8, 10, 12, 13, 14))}
    for name, wanted in expected.items():
        error = np.linalg.norm(found[name] - wanted) / np.linalg.norm(wanted)
        assert error <= 5e-3, name
