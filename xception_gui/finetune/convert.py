"""Networks as files: `backbone.tflite` for prediction, `model.keras` for plain Keras, and what exports share."""

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import keras

from xception_gui.domain.architecture import Architecture
from xception_gui.finetune.architectures.build import (
    build_backbone,
    build_classifier,
    build_explained_classifier,
)
from xception_gui.finetune.network import set_head
from xception_gui.finetune.weights import copy_backbone, load_weights
from xception_gui.inference.head import Head


def write_litert(network: keras.Model, path: Path, *, float16: bool) -> None:
    """Write a network as LiteRT, in float32 (83 MB) or with float16 weights and float32 arithmetic (42 MB).

    Keras' own export freezes the variables and writes one signature with named outputs. Needs TensorFlow.

    Args:
        network: its outputs are a dict.
        path: ends in .tflite.
        float16: round the weights.

    Raises:
        OSError: for instance, the disk is full; Keras' own export also writes to the system's temporary folder.
    """
    import tensorflow as tf

    rounding = {"optimizations": [tf.lite.Optimize.DEFAULT], "target_spec": {"supported_types": [tf.float16]}}
    with refusals_of_the_system():
        network.export(str(path), format="litert", verbose=False, **(rounding if float16 else {}))


@contextlib.contextmanager
def refusals_of_the_system() -> Iterator[None]:
    """Convert TensorFlow's own errors for failing system calls to OSError."""
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        raise refusal_in(error.message) from error


def refusal_in(message: str) -> OSError:
    """Read off a message of TensorFlow's what the system has refused: without the operation and its temporary files.

    Such a message ends with the system's own text for the error, if there is one; otherwise the whole message is used.
    """
    told = re.sub(r"\{\{.*?\}\} ?| ?\[Op:.*?\]", "", message).strip()
    words = {os.strerror(number): number for number in errno.errorcode}
    said = next((one for one in words if told.endswith(one)), None)
    return OSError(told) if said is None else OSError(words[said], said)


def write_backbone(backbone: keras.Model, path: Path) -> None:
    """Write `backbone`, made by `build_backbone`, for predictions: LiteRT with float16 weights."""
    write_litert(backbone, path, float16=True)


def write_backbone_from_weights(architecture: Architecture, weights: Path, path: Path) -> None:
    """Write the backbone of a file of pretrained weights. It takes pictures of all sizes that its architecture allows.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """
    backbone = build_backbone(architecture, architecture.default_image_size)
    load_weights(backbone, weights)
    write_backbone(backbone, path)


def write_backbone_of(architecture: Architecture, network: keras.Model, path: Path, *, image_size: int) -> None:
    """Write the backbone in a trained network."""
    backbone = build_backbone(architecture, image_size)
    copy_backbone(network, backbone)
    write_backbone(backbone, path)


def explained(network: keras.Model, *, image_size: int, head: Head) -> keras.Model:
    """Build a network with the weights in `network` and with `head`: probabilities and class activation map."""
    explaining = build_explained_classifier(head.architecture, image_size, head.blocks, len(head.bias))
    copy_backbone(network, explaining)
    set_head(explaining, head)
    return explaining


def write_keras_model(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write a network with the weights in `network` and with `head`, as plain Keras opens it: never compiled."""
    plain = build_classifier(head.architecture, image_size, head.blocks, len(head.bias))
    copy_backbone(network, plain)
    set_head(plain, head)
    plain.save(path)
