"""ONNX, by Keras' own export, which takes tf2onnx. None of it is imported before it is asked for: it is an extra."""

import warnings
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from xception_gui.finetune import convert
from xception_gui.finetune.exporting import Probabilities
from xception_gui.inference.head import Head

LABELS = "labels.txt"
"""The key among the metadata."""


def write(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`. Raises OSError."""
    write_model(convert.explained(network, image_size=image_size, head=head), path)


def write_model(explained: keras.Model, path: Path) -> None:
    """Write a network whose outputs are a dict. For a moment its weights are in memory many times over: 6.2 GB.

    Raises:
        OSError: for instance, the disk is full.
    """
    explained(np.zeros((1, *explained.input_shape[1:]), np.float32))  # Keras refuses a model that never was called
    with convert.refusals_of_the_system(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of numpy, which Keras patches for tf2onnx
        explained.export(str(path), format="onnx", verbose=False)


def add_labels(path: Path, labels: bytes) -> None:
    """Put the names of the classes among the metadata: bytes behind the model would make the file unreadable."""
    import onnx

    model = onnx.load(str(path))
    model.metadata_props.add(key=LABELS, value=labels.decode())
    onnx.save(model, str(path))


def open_exported(path: Path) -> Probabilities:
    """Open what was written, with ONNX Runtime on the processor. The file itself is free afterwards."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def probabilities(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        (found,) = session.run(["probabilities"], {"pixels": pixels})
        return np.asarray(found)

    return probabilities
