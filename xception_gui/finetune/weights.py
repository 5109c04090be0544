"""Pretrained weights, converted from any published layout of Keras' Xception to ours, by name.

Four layouts are known:

- Keras 3, `*.weights.h5` and the weights in a `.keras` file: groups named by counters, in the order of the network's
  layers (`layers/separable_conv2d_7/vars/0`);
- Keras 1, the files of 2016, `xception_weights_tf_dim_ordering_tf_kernels[_notop].h5`: a group for each layer, named by
  counters in the order in which they were made, in a block the shortcut first (`separableconvolution2d_8`);
- Keras 2 and later, `*.h5`: groups named by layers, with only the shortcuts left to counters (`conv2d_1`);
- the latter two inside a whole saved model, under `model_weights`.

The file may be a stranger's. No numbers are read before all shapes are found to be the network's; see also `hdf5`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import keras
import numpy as np
from h5py.h5g import GroupID
from numpy.typing import NDArray

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.finetune.hdf5 import UNREADABLE, Member, Numbers, members, root_of, shown
from xception_gui.finetune.weights_file import open_weights

Weights = dict[str, list[NDArray[np.float32]]]
"""Layer name → its arrays, in Keras' order: kernels, or gamma, beta, moving mean, moving variance."""

Shapes = dict[str, list[tuple[int, ...]]]
"""Layer name → the shapes of its arrays, in the same order."""

HEAD = "head"

_CONVOLUTIONS = ("block1_conv1", "block1_conv2")
_SHORTCUTS = tuple(f"block{number}_shortcut" for number in (2, 3, 4, 13))
_SEPARABLE = tuple(
    f"block{number}_sepconv{step}" for number in range(2, 15) for step in range(1, 4 if 5 <= number <= 12 else 3)
)


def _in_order_of_layers() -> Iterator[str]:
    """Yield the layers that have a batch normalisation, in the order of Keras' own `Xception().layers`."""
    yield from _CONVOLUTIONS
    for name in _SEPARABLE:
        yield name
        shortcut = name.replace("_sepconv2", "_shortcut")
        if shortcut in _SHORTCUTS:  # it joins beside the second separable convolution
            yield shortcut


def _in_order_of_creation() -> Iterator[str]:
    """Yield the same layers in the order in which Keras' code creates them."""
    yield from _CONVOLUTIONS
    for name in _SEPARABLE:
        shortcut = name.replace("_sepconv1", "_shortcut")
        if shortcut in _SHORTCUTS:
            yield shortcut
        yield name


KERAS_3_NAMES: dict[str, str] = (
    dict(zip([f"conv2d_{n}" if n else "conv2d" for n in range(6)], _CONVOLUTIONS + _SHORTCUTS, strict=True))
    | dict(zip([f"separable_conv2d_{n}" if n else "separable_conv2d" for n in range(34)], _SEPARABLE, strict=True))
    | {
        f"batch_normalization_{n}" if n else "batch_normalization": f"{name}_bn"
        for n, name in enumerate(_in_order_of_layers())
    }
)
"""Group in a Keras 3 file → layer of ours: complete, 80 of 80."""

LAYER_NAMES = frozenset(KERAS_3_NAMES.values())


def _shapes() -> Iterator[tuple[str, list[tuple[int, ...]]]]:
    """Yield the shapes of the layers with weights, from the paper's figure 5: there may be no network yet."""
    filters = {2: (128, 128), 3: (256, 256), 4: (728, 728), 13: (728, 1024), 14: (1536, 2048)}
    kernels: Shapes = {"block1_conv1": [(3, 3, 3, 32)], "block1_conv2": [(3, 3, 32, 64)]}
    channels = 64
    for block in range(2, 15):
        outputs = filters.get(block, (728, 728, 728))
        kernels[f"block{block}_shortcut"] = [(1, 1, channels, outputs[-1])]
        for step, output in enumerate(outputs, start=1):
            kernels[f"block{block}_sepconv{step}"] = [(3, 3, channels, 1), (1, 1, channels, output)]
            channels = output
    for name in _in_order_of_layers():
        yield name, kernels[name]
        yield f"{name}_bn", [kernels[name][-1][-1:]] * 4


SHAPES: Shapes = dict(_shapes())
"""The shapes of all layers of Xception that have weights."""

_COUNTED = (
    (re.compile(r"conv(?:olution)?2d(?:_([0-9]{1,9}))?"), _CONVOLUTIONS + _SHORTCUTS),
    (re.compile(r"separable_?conv(?:olution)?2d(?:_([0-9]{1,9}))?"), _SEPARABLE),
    (
        re.compile(r"batch_?normalization(?:_([0-9]{1,9}))?"),
        tuple(f"{name}_bn" for name in _in_order_of_creation()),
    ),
)
"""Keras' automatic names of layers, with a counter → our layers, in the order of creation."""

_TOP = re.compile(r"predictions|dense(?:_[0-9]{1,9})?")

_ROLES = ("depthwise", "pointwise", "gamma", "beta", "mean", "var", "std")
"""Parts of the names of a layer's arrays, in Keras' order."""

_MAX_LAYERS = 1_000
_MAX_LAYER_MEMBERS = 16
"""Groups and datasets: Keras nests them three deep, and no layer of Xception has more than four arrays."""


class AnotherNetworkError(ValueError):
    """A file holds the weights of another network than the one that is wanted."""


def load_weights(model: keras.Model, path: Path) -> None:
    """Fill the Xception in `model` with the weights in `path`; other layers (a head) stay as they are.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED or WEIGHTS_OF_ANOTHER_NETWORK.
    """
    set_weights(model, read_weights(path))


def set_weights(model: keras.Model, weights: Weights) -> None:
    """Set the weights of the layers with these names."""
    for name, arrays in weights.items():
        model.get_layer(name).set_weights(arrays)


def copy_backbone(source: keras.Model, target: keras.Model) -> None:
    """Copy the weights of all layers but the head from one model to another, by name."""
    for layer in target.layers:
        if layer.weights and layer.name != HEAD:
            layer.set_weights(source.get_layer(layer.name).get_weights())


def read_weights(path: Path) -> Weights:
    """Read a file in any of the known layouts into our names.

    Raises:
        ProgramError: as for `load_weights`.
    """
    with open_weights(path) as file:
        try:
            return weights_in(file, SHAPES)
        except AnotherNetworkError as error:
            raise _refusal(ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK, path, error) from error
        except UNREADABLE as error:
            raise _refusal(ErrorCode.WEIGHTS_DAMAGED, path, error) from error


def _refusal(code: ErrorCode, path: Path, error: Exception) -> ProgramError:
    return ProgramError(code, path=path, found=" ".join(str(error).split())[:200])


def weights_in(file: BinaryIO, wanted: Shapes) -> Weights:
    """Read the weights of layers from an open file, in any of the known layouts.

    Args:
        file: HDF5.
        wanted: those layers, and the shapes that their arrays must have.

    Raises:
        AnotherNetworkError: it doesn't contain them in these shapes; nothing was read then.
        Exception: one of `hdf5.UNREADABLE`: it is damaged, or contains something that is never read.
    """
    with root_of(file) as root:
        layers = _layers_in(root)
        missing = wanted.keys() - layers.keys()
        if missing:
            raise AnotherNetworkError(f"{len(missing)} of {len(wanted)} layers are missing, such as {min(missing)}")
        found = {name: [Numbers(member, name) for member in layers[name]] for name in sorted(wanted)}
        for name, numbers in found.items():
            shapes = [one.shape for one in numbers]
            if shapes != wanted[name]:
                raise AnotherNetworkError(f"{name} has the shapes {shapes} instead of {wanted[name]}")
        return {name: [one.read() for one in numbers] for name, numbers in found.items()}


def _layers_in(root: GroupID) -> dict[str, list[Member]]:
    """Return the arrays of a file by our layer names, in Keras' order; none is read yet."""
    inside = dict(members(root, _MAX_LAYERS))
    if "model_weights" in inside:
        inside = _inside(inside["model_weights"], _MAX_LAYERS)
    if "layers" in inside:
        return _from_keras_3(_inside(inside["layers"], _MAX_LAYERS))
    return _from_named_layers(inside)


def _inside(member: Member | None, most: int) -> dict[str, Member]:
    return dict(members(member, most)) if isinstance(member, GroupID) else {}


def _from_keras_3(groups: dict[str, Member]) -> dict[str, list[Member]]:
    """Return the arrays by our layer names. Every group with variables must be in `KERAS_3_NAMES`, except a top."""
    found = {}
    for name, group in groups.items():
        variables = _inside(_inside(group, _MAX_LAYER_MEMBERS).get("vars"), _MAX_LAYER_MEMBERS)
        if not variables:
            continue
        if name != "dense" and name not in KERAS_3_NAMES:
            raise AnotherNetworkError(f"unknown layer {shown(name)}")
        arrays = [variables.get(str(index)) for index in range(len(variables))]
        found[HEAD if name == "dense" else KERAS_3_NAMES[name]] = arrays
    return found


def _from_named_layers(groups: dict[str, Member]) -> dict[str, list[Member]]:
    """Return the arrays of a file of Keras 1 or 2 by our layer names: by name if there is one, else by the counter."""
    found = {}
    counted: dict[tuple[str, ...], dict[int, list[Member]]] = {names: {} for _, names in _COUNTED}
    for layer, group in groups.items():
        arrays = _arrays_below(group)
        if not arrays or _TOP.fullmatch(layer):
            continue
        if layer in LAYER_NAMES:
            found[layer] = arrays
            continue
        kind, number = _counter(layer)
        counted[kind][number] = arrays
    for names, arrays_by_number in counted.items():
        others = [name for name in names if name not in found]
        if len(arrays_by_number) != len(others):
            raise AnotherNetworkError(f"{len(arrays_by_number)} layers instead of {', '.join(others)}")
        found.update(zip(others, (arrays_by_number[number] for number in sorted(arrays_by_number)), strict=True))
    return found


def _counter(layer: str) -> tuple[tuple[str, ...], int]:
    """Return the layers that a counter refers to, and its number."""
    for pattern, names in _COUNTED:
        match = pattern.fullmatch(layer)
        if match:
            return names, int(match[1] or 0)
    raise AnotherNetworkError(f"unknown layer {shown(layer)}")


def _arrays_below(member: Member) -> list[Member]:
    """Return a layer's arrays in Keras' order, which follows from their names.

    An attribute of the file has the order too, but its author decides how much memory it takes to read.
    """
    waiting, arrays, seen = [member], [], 0
    while waiting:
        for name, inside in _inside(waiting.pop(), _MAX_LAYER_MEMBERS).items():
            seen += 1
            if seen > _MAX_LAYER_MEMBERS:
                raise ValueError("groups nested too deeply")
            if isinstance(inside, GroupID):
                waiting.append(inside)
            else:
                arrays.append((_rank(name), inside))
    return [array for _, array in sorted(arrays, key=lambda ranked: ranked[0])]


def _rank(name: str) -> int:
    return next((rank for rank, role in enumerate(_ROLES) if role in name), len(_ROLES))
