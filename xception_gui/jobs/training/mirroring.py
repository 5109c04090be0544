"""Whether pictures keep their class when they are mirrored, which letters and clocks don't: Quick's model is asked."""

import numpy as np

from xception_gui.data.dataset.split import Split
from xception_gui.data.pictures.open_picture import PictureError, decode_file
from xception_gui.domain.metrics import is_as_good
from xception_gui.inference.head import probabilities
from xception_gui.jobs.reporting import Stop, raise_if_stopped
from xception_gui.jobs.training.trained_model import Model

ASKED = 300
"""Validation pictures at most: embedding them takes as long as a few dozen training steps."""


def can_be_mirrored(quick: Model, split: Split, stop: Stop) -> bool:
    """Return whether Quick's model reads mirrored validation pictures as well as the pictures themselves.

    Raises:
        JobStopped: `stop()` was true.
    """
    backbone, embedder = quick.embedder.open_backbone(), quick.embedder
    plain, mirrored, labels = [], [], []
    for picture in split.val[:: max(1, len(split.val) // ASKED)]:
        raise_if_stopped(stop)
        try:
            pixels = decode_file(picture.path, embedder.image_size)
        except PictureError:  # it could be read a moment ago; whoever trains on it will say so
            continue
        plain.append(backbone.embed(pixels))
        mirrored.append(backbone.embed(np.ascontiguousarray(pixels[:, ::-1])))
        labels.append(split.classes.index(picture.class_name))
    if not labels:
        return False
    actual = np.array(labels)
    return is_as_good(probabilities(quick.head, np.stack(plain)), probabilities(quick.head, np.stack(mirrored)), actual)
