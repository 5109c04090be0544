"""The backbone in Keras says what the one in LiteRT says."""

import numpy as np
import pytest

from xception_gui import paths
from xception_gui.data.pictures.open_picture import resize
from xception_gui.domain.architecture import XCEPTION
from xception_gui.finetune.keras_backbone import KerasBackbone, batch_size_for
from xception_gui.inference.head import probabilities
from xception_gui.inference.runtimes import open_shipped_backbone
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.samples.sample_set import draw_scene

SIZE = 96


@pytest.fixture(scope="module")
def backbone() -> KerasBackbone:
    shipped = paths.shipped_sha256(paths.shipped_backbone())
    return KerasBackbone(XCEPTION, paths.shipped_weights(), SIZE, sha256=shipped, batch_size=8)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    kinds = ("clear", "busy")
    return np.stack([resize(draw_scene(kinds[n % 2], np.random.default_rng(n)), SIZE) for n in range(20)])


def test_it_agrees_with_litert(backbone, pictures):
    litert = open_shipped_backbone(XCEPTION, SIZE)
    wanted = np.stack([litert.embed(picture) for picture in pictures])
    found = backbone.embed_all(pictures)
    assert found.shape == (20, XCEPTION.embedding_size) and found.dtype == np.float16
    for one, other in zip(found.astype(np.float32), wanted.astype(np.float32), strict=True):
        assert np.linalg.norm(one - other) / np.linalg.norm(other) < 5e-3
    head = fit_head(XCEPTION, wanted[:10], np.arange(10) % 2, 2).head
    np.testing.assert_allclose(probabilities(head, found), probabilities(head, wanted), atol=1e-2)


def test_a_picture_is_the_same_alone_and_among_others(backbone, pictures):
    together = backbone.embed_all(pictures)
    np.testing.assert_array_equal(backbone.embed(pictures[11]), together[11])
    np.testing.assert_array_equal(backbone.embed_all(pictures[3:5]), together[3:5])


def test_fewer_large_pictures_pass_at_once():
    assert batch_size_for(299) == 32
    assert batch_size_for(71) > 500
    assert batch_size_for(1024) == 2
    assert batch_size_for(100_000) == 1


def test_its_runtime_is_its_own(backbone):
    assert backbone.runtime == "keras-tensorflow"
    assert backbone.runtime != open_shipped_backbone(XCEPTION, SIZE).runtime
    assert backbone.sha256 == paths.shipped_sha256(paths.shipped_backbone())
