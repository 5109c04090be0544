"""Pretrained weights in every published layout, and files that are none."""

import re
from collections import Counter
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from xception_gui import paths
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.finetune.architectures.build import build_backbone, build_classifier
from xception_gui.finetune.weights import LAYER_NAMES, SHAPES, load_weights, read_weights


@pytest.fixture(scope="module")
def with_top() -> keras.Model:
    return randomised(keras.applications.Xception(weights=None, classes=3, input_shape=(71, 71, 3)))


@pytest.fixture(scope="module")
def without_top() -> keras.Model:
    return randomised(keras.applications.Xception(weights=None, include_top=False, input_shape=(71, 71, 3)))


def randomised(network: keras.Model) -> keras.Model:
    """Give every batch normalisation numbers of its own: fresh ones are all alike, which would hide a swap."""
    random = np.random.default_rng(5)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights(random.uniform(0.5, 1.5, (4, *layer.gamma.shape)))
    return network


def write_layout_of_2016(network: keras.Model, path: Path) -> None:
    """Write the layout of the first files that Keras published: every layer named by a counter, as it was made."""
    keras_1 = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}
    counters: Counter[str] = Counter()
    arrays: dict[str, dict[str, np.ndarray]] = {}
    for layer in in_order_of_making(network):
        kind = type(layer).__name__.replace("Conv2D", "Convolution2D").lower()
        counters[kind] += 1
        name = f"{kind}_{counters[kind]}"
        arrays[name] = {f"{name}_{keras_1.get(one.name, one.name)}:0": one.numpy() for one in layer.weights}
    for layer in network.layers:
        if layer.name == "predictions":
            arrays["dense_2"] = {f"dense_2_{keras_1[one.name]}:0": one.numpy() for one in layer.weights}
    write_named_layers(arrays, path)


def write_layout_of_keras_2(network: keras.Model, path: Path) -> None:
    """Write layers by their names; only the shortcuts have counters, which went on from networks made before."""
    counters = Counter({"conv2d": 57, "batch_normalization": 9})
    arrays = {}
    for layer in network.layers:
        name = layer.name
        kind = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization"}.get(type(layer).__name__)
        if kind and not name.startswith("block"):
            counters[kind] += 1
            name = f"{kind}_{counters[kind]}"
        arrays[name] = {f"{name}/{one.name}:0": one.numpy() for one in layer.weights}
    write_named_layers(arrays, path)


def write_named_layers(layers: dict[str, dict[str, np.ndarray]], path: Path) -> None:
    with h5py.File(path, "w") as file:
        for name, arrays in layers.items():
            group = file.create_group(name)
            for key, array in arrays.items():
                group[key] = array
            group.attrs["weight_names"] = [key.encode() for key in arrays]
        file.attrs["layer_names"] = [name.encode() for name in layers]


def in_order_of_making(network: keras.Model) -> list[keras.layers.Layer]:
    """Layers with weights: block by block, in a block the shortcut first."""

    def made(name: str) -> tuple[int, bool, str]:
        return int(re.findall("[0-9]+", name)[0]), "shortcut" not in name, name

    ours = layers_by_our_names(network)
    return [ours[name] for name in sorted(ours, key=made)]


def assert_is_loaded(path: Path, network: keras.Model) -> None:
    """What was read are the network's own numbers, each in its layer."""
    weights = read_weights(path)
    assert weights.keys() == LAYER_NAMES
    for name, layer in layers_by_our_names(network).items():
        for found, wanted in zip(weights[name], layer.get_weights(), strict=True):
            np.testing.assert_array_equal(found, wanted)


def layers_by_our_names(network: keras.Model) -> dict[str, keras.layers.Layer]:
    """Keras' layers with weights; those that it names by counters are the shortcuts, in order."""
    named = {layer.name: layer for layer in network.layers if layer.name.startswith("block") and layer.weights}
    counted = [layer for layer in network.layers if not layer.name.startswith(("block", "pred")) and layer.weights]
    for number, convolution, norm in zip((2, 3, 4, 13), counted[::2], counted[1::2], strict=True):
        named |= {f"block{number}_shortcut": convolution, f"block{number}_shortcut_bn": norm}
    return named


@pytest.mark.parametrize("top", [True, False])
def test_the_layout_of_keras_3(top, with_top, without_top, tmp_path):
    network = with_top if top else without_top
    network.save_weights(tmp_path / "x.weights.h5")
    assert_is_loaded(tmp_path / "x.weights.h5", network)


@pytest.mark.parametrize("top", [True, False])
@pytest.mark.parametrize("write", [write_layout_of_2016, write_layout_of_keras_2])
def test_the_layouts_of_files_of_earlier_kerases(write, top, with_top, without_top, tmp_path):
    network = with_top if top else without_top
    write(network, tmp_path / "x.h5")
    assert_is_loaded(tmp_path / "x.h5", network)


def test_a_whole_model_in_one_h5_file(without_top, tmp_path):
    without_top.save(tmp_path / "x.h5")
    assert_is_loaded(tmp_path / "x.h5", without_top)


def test_the_shapes_are_the_networks():
    layers = [layer for layer in build_backbone(XCEPTION, 71).layers if layer.weights]
    assert {layer.name: [tuple(one.shape) for one in layer.weights] for layer in layers} == SHAPES


def test_a_head_stays_as_it_is_when_weights_are_loaded():
    network = build_classifier(XCEPTION, 71, blocks=(14,), class_count=2)
    before = network.get_layer("head").get_weights()[0]
    load_weights(network, paths.shipped_weights())
    np.testing.assert_array_equal(network.get_layer("head").get_weights()[0], before)


def refusal_of(path: Path) -> ProgramError:
    with pytest.raises(ProgramError) as caught:
        load_weights(build_classifier(XCEPTION, 71, blocks=(14,), class_count=2), path)
    return caught.value


def test_a_file_that_is_not_there(tmp_path):
    assert refusal_of(tmp_path / "no.h5").code is ErrorCode.WEIGHTS_NOT_FOUND


def test_a_text_file_and_a_file_cut_short(tmp_path):
    (tmp_path / "text.h5").write_text("These are no weights.")
    (tmp_path / "short.h5").write_bytes(paths.shipped_weights().read_bytes()[:1_000_000])
    for name in ("text.h5", "short.h5"):
        error = refusal_of(tmp_path / name)
        assert error.code is ErrorCode.WEIGHTS_DAMAGED
        assert name in str(error)


def test_weights_of_another_network(tmp_path):
    other = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
    other.save_weights(tmp_path / "other.weights.h5")
    other.save(tmp_path / "other.h5")
    with h5py.File(tmp_path / "nothing.h5", "w") as file:
        file["numbers"] = np.zeros(3)
    for name in ("other.weights.h5", "other.h5", "nothing.h5"):
        assert refusal_of(tmp_path / name).code is ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK


def test_a_layer_that_is_missing_or_has_another_shape(without_top, tmp_path):
    for name, change in {"missing": None, "shape": np.zeros((3, 3, 728, 2))}.items():
        path = tmp_path / f"{name}.weights.h5"
        without_top.save_weights(path)
        with h5py.File(path, "r+") as file:
            variables = file["layers/separable_conv2d_7/vars"]
            for key in list(variables):
                del variables[key]
            if change is not None:
                variables["0"] = change
                variables["1"] = change
        error = refusal_of(path)
        assert error.code is ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK
        assert "block5_sepconv2" in str(error)
