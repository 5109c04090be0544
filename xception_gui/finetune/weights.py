"""Pretrained weights: from any published layout of Keras' Xception into ours, by name.

Three layouts are known:

- Keras 3, `*.weights.h5`: groups named by counters (`layers/separable_conv2d_7/vars/0`);
- Keras 1 and 2, `xception_weights_tf_dim_ordering_tf_kernels[_notop].h5`: groups named by layers, with the shortcuts
  left to counters (`convolution2d_1`), in the order that the file's attribute `layer_names` gives;
- the latter inside a whole saved model, under `model_weights`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.domain.errors import ErrorCode, ProgramError

Weights = dict[str, list[NDArray[np.float32]]]
"""Layer name → its arrays, in Keras' order: kernels, or gamma, beta, moving mean, moving variance."""

_CONVOLUTIONS = ("block1_conv1", "block1_conv2")
_SHORTCUTS = tuple(f"block{number}_shortcut" for number in (2, 3, 4, 13))
_SEPARABLE = tuple(
    f"block{number}_sepconv{step}" for number in range(2, 15) for step in range(1, 4 if 5 <= number <= 12 else 3)
)


def _in_order_of_layers() -> Iterator[str]:
    """Name the layers that have a batch normalisation, in the order of Keras' own `Xception().layers`."""
    yield from _CONVOLUTIONS
    for name in _SEPARABLE:
        yield name
        shortcut = name.replace("_sepconv2", "_shortcut")
        if shortcut in _SHORTCUTS:  # it joins beside the second separable convolution
            yield shortcut


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

_UNREADABLE = (OSError, KeyError, RuntimeError, ValueError, TypeError, AttributeError)
"""What h5py raises on damaged files."""


def load_weights(model: keras.Model, path: Path) -> None:
    """Fill the Xception in `model` with the weights in `path`; other layers (a head) stay as they are.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED or WEIGHTS_OF_ANOTHER_NETWORK. The model may then be filled
            in part.
    """
    set_weights(model, read_weights(path), path)


def set_weights(model: keras.Model, weights: Weights, path: Path) -> None:
    """Put `weights`, read from `path`, into the layers of the same names, all of them and in their exact shapes."""
    for name in sorted(LAYER_NAMES):
        layer = model.get_layer(name)
        wanted = [tuple(variable.shape) for variable in layer.weights]
        found = [array.shape for array in weights[name]]
        if wanted != found:
            raise _another_network(path, f"{name} has the shapes {found} instead of {wanted}")
        layer.set_weights(weights[name])


def copy_backbone(source: keras.Model, target: keras.Model) -> None:
    """Copy Xception's weights from one model to another, by name."""
    for name in LAYER_NAMES:
        target.get_layer(name).set_weights(source.get_layer(name).get_weights())


def read_weights(path: Path) -> Weights:
    """Read a file in any of the known layouts into our names.

    Raises:
        ProgramError: as for `load_weights`.
    """
    if not path.is_file():
        raise ProgramError(ErrorCode.WEIGHTS_NOT_FOUND, path=path)
    try:
        with h5py.File(path) as file:
            return _by_our_names(file, path)
    except PermissionError as error:
        raise ProgramError(ErrorCode.WEIGHTS_NOT_FOUND, path=path) from error
    except _UNREADABLE as error:
        raise ProgramError(ErrorCode.WEIGHTS_DAMAGED, path=path, found=error) from error


def _by_our_names(file: h5py.File, path: Path) -> Weights:
    root = file.get("model_weights", file)
    if "layer_names" in root.attrs:
        weights = _from_named_layers(root, path)
    elif "layers" in root:
        weights = _from_counters(root["layers"], path)
    else:
        raise _another_network(path, f"it holds {', '.join(sorted(root)[:5]) or 'nothing'}")
    missing = LAYER_NAMES - weights.keys()
    if missing:
        raise _another_network(path, f"{len(missing)} of {len(LAYER_NAMES)} layers are missing, {min(missing)} first")
    return weights


def _from_counters(groups: h5py.Group, path: Path) -> Weights:
    """Keras 3: every group that holds variables must have a place in `KERAS_3_NAMES`, but for a top."""
    weights = {}
    for group in groups:
        variables = groups[group].get("vars", {})
        if len(variables) == 0 or group == "dense":
            continue
        if group not in KERAS_3_NAMES:
            raise _another_network(path, f"it has a layer {group}")
        weights[KERAS_3_NAMES[group]] = [_array(variables[str(index)]) for index in range(len(variables))]
    return weights


def _from_named_layers(root: h5py.Group, path: Path) -> Weights:
    """Keras 1 and 2: by layer name, and the shortcuts in their order, as Keras' counters differ from file to file."""
    weights: Weights = {}
    shortcuts: list[list[NDArray[np.float32]]] = []
    shortcut_norms: list[list[NDArray[np.float32]]] = []
    for layer in map(_decoded, root.attrs["layer_names"]):
        arrays = [_array(root[layer][_decoded(name)]) for name in root[layer].attrs["weight_names"]]
        if not arrays or layer == "predictions":
            continue
        if layer in LAYER_NAMES:
            weights[layer] = arrays
        elif layer.startswith(("conv2d", "convolution2d")):
            shortcuts.append(arrays)
        elif layer.startswith(("batch_normalization", "batchnormalization")):
            shortcut_norms.append(arrays)
        else:
            raise _another_network(path, f"it has a layer {layer}")
    weights.update(_named(_SHORTCUTS, shortcuts, path))
    weights.update(_named([f"{name}_bn" for name in _SHORTCUTS], shortcut_norms, path))
    return weights


def _named(names: Iterable[str], arrays: list[list[NDArray[np.float32]]], path: Path) -> Weights:
    names = list(names)
    if len(arrays) != len(names):
        raise _another_network(path, f"it has {len(arrays)} layers in the place of {', '.join(names)}")
    return dict(zip(names, arrays, strict=True))


def _array(dataset: h5py.Dataset) -> NDArray[np.float32]:
    return np.asarray(dataset[()], dtype=np.float32)


def _decoded(name: str | bytes) -> str:
    return name.decode("utf-8") if isinstance(name, bytes) else str(name)


def _another_network(path: Path, found: str) -> ProgramError:
    return ProgramError(ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK, path=path, found=found)
