"""Networks as files: `backbone.tflite` for prediction, `model.keras` for plain Keras."""

from pathlib import Path

import keras

from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE
from xception_gui.finetune.network import set_head
from xception_gui.finetune.weights import copy_backbone, load_weights
from xception_gui.finetune.xception import build_backbone, build_classifier
from xception_gui.inference.head import Head


def write_backbone(backbone: keras.Model, path: Path) -> None:
    """Write `backbone`, made by `build_backbone`, as LiteRT with float16 weights and float32 arithmetic (42 MB).

    Keras' own export freezes the variables and gives one signature with named outputs. Needs TensorFlow.
    """
    import tensorflow as tf

    backbone.export(
        str(path),
        format="litert",
        verbose=False,
        optimizations=[tf.lite.Optimize.DEFAULT],
        target_spec={"supported_types": [tf.float16]},
    )


def write_backbone_from_weights(weights: Path, path: Path) -> None:
    """Write the backbone of a file of pretrained weights. It takes pictures of any size from 71 pixels on.

    Raises:
        ProgramError: WEIGHTS_NOT_FOUND, WEIGHTS_DAMAGED, WEIGHTS_OF_ANOTHER_NETWORK.
    """
    backbone = build_backbone(DEFAULT_IMAGE_SIZE)
    load_weights(backbone, weights)
    write_backbone(backbone, path)


def write_backbone_of(network: keras.Model, path: Path, *, image_size: int) -> None:
    """Write the backbone in a trained network."""
    backbone = build_backbone(image_size)
    copy_backbone(network, backbone)
    write_backbone(backbone, path)


def write_keras_model(network: keras.Model, path: Path, *, image_size: int, head: Head) -> None:
    """Write Xception with the weights in `network` and with `head`, as plain Keras opens it: never compiled."""
    plain = build_classifier(image_size, head.blocks, len(head.bias))
    copy_backbone(network, plain)
    set_head(plain, head)
    plain.save(path)
