"""What a network is follows from its architecture: one that no release has goes from its layers to its answers."""

from itertools import chain

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.data.cache.blob_store import BlobStore
from xception_gui.domain.architecture import (
    ARCHITECTURES,
    XCEPTION,
    Architecture,
    UnknownArchitectureError,
    architecture_named,
)
from xception_gui.finetune.architectures import build
from xception_gui.finetune.architectures.build import Tensor, build_backbone, build_classifier
from xception_gui.finetune.convert import explained, write_litert
from xception_gui.finetune.network import head_of, set_head
from xception_gui.inference.backbone import LiteRTBackbone
from xception_gui.inference.embedding_cache import EmbeddingCache
from xception_gui.inference.embedding_table import EmbeddingTable
from xception_gui.inference.head import Head, columns_of, probabilities
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.runs.run_folder import RunFolder

TWO_BLOCKS = Architecture(
    name="two-blocks",
    title="Two Blocks",
    block_count=2,
    embedding_channels=((2, 5), (1, 3)),  # not in the order of the blocks
    input_range=(0.0, 1.0),
    min_image_size=9,
    default_image_size=16,
)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_architecture_makes_sense(name):
    architecture = ARCHITECTURES[name]
    low, high = architecture.input_range
    blocks = architecture.embedding_blocks
    assert architecture.name == name and name in build.LAYERS
    assert low < high and architecture.min_image_size <= architecture.default_image_size
    assert len(set(blocks)) == len(blocks) and set(blocks) <= set(range(1, architecture.block_count + 1))


def test_an_architecture_is_found_by_its_name_or_refused_in_words():
    assert architecture_named("xception") is XCEPTION
    with pytest.raises(UnknownArchitectureError, match=r"unknown architecture “resnet” \(known: xception\)"):
        architecture_named("resnet")


@given(st.dictionaries(st.integers(1, 99), st.integers(1, 50), min_size=1, max_size=9), st.data())
def test_the_columns_of_the_blocks_are_an_embedding_cut_into_pieces(channels, data):
    architecture = Architecture("any", "Any", 99, tuple(channels.items()), (-1.0, 1.0), 71, 299)
    columns = {block: architecture.columns_of(block) for block in channels}
    assert architecture.embedding_size == sum(channels.values())
    assert list(chain(*columns.values())) == list(range(architecture.embedding_size))
    some = data.draw(st.lists(st.sampled_from(list(channels)), min_size=1, unique=True))
    found = columns_of(architecture, some)
    assert len(found) == architecture.size_of(some)
    assert found.tolist() == list(chain.from_iterable(columns[block] for block in some))


def test_embeddings_of_another_architecture_are_kept_fitted_and_told_apart(tmp_path):
    random = np.random.default_rng(0)
    labels = np.arange(40) % 2
    embeddings = (random.normal(0, 1, (40, 8)) + 3 * labels[:, np.newaxis]).astype(np.float16)
    store = BlobStore(tmp_path / "blobs.sqlite3", 10**6)
    cache = EmbeddingCache(store, embedding_size=8, backbone_sha256="aa", runtime="by hand", image_size=16)
    table = EmbeddingTable(40, TWO_BLOCKS.embedding_size)
    for number, embedding in enumerate(embeddings):
        cache.save(f"{number:064x}", embedding)
        recalled = cache.load(f"{number:064x}")
        assert recalled is not None
        table.add(recalled)
    head = fit_head(TWO_BLOCKS, table.embeddings, labels, 2).head
    assert (head.blocks, head.kernel.shape) == ((2, 1), (8, 2))
    assert (probabilities(head, embeddings).argmax(axis=1) == labels).all()
    run = RunFolder(tmp_path)
    run.write_head(head.blocks, head.kernel, head.bias)
    blocks, kernel, _ = run.read_head(TWO_BLOCKS, 2)
    assert blocks == (2, 1) and (kernel == head.kernel).all()


def test_a_head_that_looks_at_one_block_finds_it_where_its_architecture_has_it():
    kernel = np.eye(3, 2, dtype=np.float32)
    embeddings = np.arange(8, dtype=np.float16)[np.newaxis]
    found = probabilities(Head(TWO_BLOCKS, (1,), kernel, np.zeros(2, np.float32)), embeddings)
    assert found[0, 1] / found[0, 0] == pytest.approx(np.e, rel=1e-4)  # its three numbers are the last: 5, 6 and 7


def two_blocks(x: Tensor) -> dict[int, Tensor]:
    first = keras.layers.Conv2D(3, 3, activation="relu", name="block1_conv")(x)
    return {1: first, 2: keras.layers.Conv2D(5, 3, strides=2, activation="relu", name="block2_conv")(first)}


def test_a_network_of_another_architecture_goes_from_its_layers_to_answers(tmp_path, monkeypatch):
    monkeypatch.setitem(build.LAYERS, TWO_BLOCKS.name, two_blocks)
    with pytest.raises(ValueError, match=r"Two Blocks needs pictures of 9 pixels or more. Received: 8"):
        build_backbone(TWO_BLOCKS, 8)
    keras.utils.set_random_seed(0)
    classifier = build_classifier(TWO_BLOCKS, 16, (2, 1), 3)
    backbone = build_backbone(TWO_BLOCKS, 16)
    backbone.set_weights(classifier.get_weights()[:4])
    write_litert(backbone, tmp_path / "backbone.tflite", float16=False)
    pixels = np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)
    rescaled = keras.Model(backbone.inputs, backbone.get_layer("rescaling").output).predict_on_batch(pixels[np.newaxis])
    np.testing.assert_allclose(rescaled[0], pixels / 255, atol=1e-6)

    embedding = LiteRTBackbone(TWO_BLOCKS, tmp_path / "backbone.tflite", 16, sha256="0").embed(pixels)
    assert embedding.shape == (8,)
    head = head_of(TWO_BLOCKS, classifier, (2, 1))
    said = classifier.predict_on_batch(pixels[np.newaxis].astype(np.float32))
    np.testing.assert_allclose(probabilities(head, embedding[np.newaxis]), said, atol=1e-3)
    set_head(classifier, head)
    explaining = explained(classifier, image_size=16, head=head)
    found = explaining.predict_on_batch(pixels[np.newaxis].astype(np.float32))
    assert found["activation_map"].shape == (1, 14, 14, 3)
    np.testing.assert_allclose(found["probabilities"], said, atol=1e-5)
