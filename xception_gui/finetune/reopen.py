"""Networks in files of Keras and TensorFlow, opened again."""

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
"""Where a `.keras` file has its numbers."""


def network_with_weights_of(
    architecture: Architecture, path: Path, image_size: int, blocks: tuple[int, ...], class_count: int
) -> keras.Model:
    """Build the classifier that a run trained, with the weights in its `.keras` file.

    The file may be a stranger's: nothing but numbers is taken from it, whatever network it describes, and Keras doesn't
    see it.

    Args:
        architecture: what the network is.
        path: of the file.
        image_size: pixels.
        blocks: what the head averages.
        class_count: how many classes it tells apart.

    Raises:
        ValueError: it is damaged, or holds something else.
    """
    head = [(architecture.size_of(blocks), class_count), (class_count,)]
    try:
        weights = _weights_in(path, SHAPES | {HEAD: head})
    except Exception as error:  # zipfile and h5py meet damaged files with almost any exception
        raise ValueError(str(error)) from error
    network = build_classifier(architecture, image_size, blocks, class_count)
    set_weights(network, weights)
    return network


def _weights_in(path: Path, wanted: Shapes) -> Weights:
    with open_regular(path) as file:
        refuse_archive(file, _most_bytes(wanted))
        with zipfile.ZipFile(file) as archive, archive.open(WEIGHTS) as entry:
            unpacked = io.BytesIO()
            shutil.copyfileobj(entry, unpacked)  # in pieces: in one, zipfile unpacks more than the archive says
    return weights_in(unpacked, wanted)


def _most_bytes(shapes: Shapes) -> int:
    """Say what a network's file may take, unpacked: its numbers in float32, three that an optimizer may keep beside
    each, and room for what describes it."""
    return 4 * 4 * sum(math.prod(shape) for arrays in shapes.values() for shape in arrays) + 10_000_000
