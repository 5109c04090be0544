"""Networks opened from files of Keras and TensorFlow."""

import io
import math
import shutil
import zipfile
from pathlib import Path

import keras

from xception_gui.domain.architecture import Architecture
from xception_gui.files.regular_files import open_regular
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.weights import HEAD, SHAPES, Shapes, Weights, set_weights, weights_in
from xception_gui.runs.archives import refuse_archive

WEIGHTS = "model.weights.h5"
"""The weights in a `.keras` file."""


def network_with_weights_of(
    architecture: Architecture, path: Path, image_size: int, blocks: tuple[int, ...], class_count: int
) -> keras.Model:
    """Build the classifier that a run trained, with the weights in its `.keras` file.

    The file may be a stranger's: only numbers are read from it, whatever network it describes, and Keras doesn't open
    it.

    Args:
        architecture: what the network is.
        path: the file.
        image_size: pixels.
        blocks: whose averages are the inputs of the head.
        class_count: number of classes.

    Raises:
        ValueError: it is damaged, or holds something else.
    """
    head = [(architecture.size_of(blocks), class_count), (class_count,)]
    try:
        weights = _weights_in(path, SHAPES | {HEAD: head})
    except Exception as error:  # zipfile and h5py raise almost any exception for damaged files
        raise ValueError(str(error)) from error
    network = build_classifier(architecture, image_size, blocks, class_count)
    set_weights(network, weights)
    return network


def _weights_in(path: Path, wanted: Shapes) -> Weights:
    with open_regular(path) as file:
        refuse_archive(file, _most_bytes(wanted))
        with zipfile.ZipFile(file) as archive, archive.open(WEIGHTS) as entry:
            unpacked = io.BytesIO()
            shutil.copyfileobj(entry, unpacked)  # in pieces: at once, zipfile unpacks more than the archive declares
    return weights_in(unpacked, wanted)


def _most_bytes(shapes: Shapes) -> int:
    """Return the limit of a network's file, unpacked: its weights in float32, three numbers of an optimizer for each,
    and room for metadata."""
    return 4 * 4 * sum(math.prod(shape) for arrays in shapes.values() for shape in arrays) + 10_000_000
