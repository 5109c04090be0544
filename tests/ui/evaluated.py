"""An evaluation, as an engine would tell it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tests.ui.engines import FakeJob
from xception_gui.domain import metrics
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.using import EvaluateResult, PictureEvaluated

CLASSES = ("glass", "plastic", "trash")


def picture(path: str, was: str, *said: tuple[str, float], classes: Sequence[str] = CLASSES) -> PictureEvaluated:
    """Tell what was said of a picture, the most probable class first."""
    ranking = tuple(classes.index(name) for name, _ in said)
    return PictureEvaluated(path, classes.index(was), ranking, tuple(probability for _, probability in said))


def evaluated(pictures: Sequence[PictureEvaluated], classes: Sequence[str], trained_on: int = 0) -> EvaluateResult:
    """Sum up what was said about pictures, as the job does."""
    matrix = np.zeros((len(classes), len(classes)), np.int64)
    for one in pictures:
        matrix[one.label, one.ranking[0]] += 1
    return EvaluateResult(
        classes=tuple(classes),
        accuracy=float(np.trace(matrix) / matrix.sum()),
        log_loss=0.49,
        images=int(matrix.sum()),
        trained_on=trained_on,
        left_out=(),
        per_class=dict(zip(classes, metrics.per_class(matrix), strict=True)),
        confusion_matrix=tuple(tuple(int(count) for count in row) for row in matrix),
    )


def say(job: FakeJob, pictures: Sequence[PictureEvaluated], result: EvaluateResult) -> None:
    """Have a job tell everything and finish."""
    for one in pictures:
        job.reported.emit(one)
    job.ended.emit(Finished(result))


def rubbish() -> list[PictureEvaluated]:
    """Ten pictures: plastic is taken for glass three times, trash for plastic once; all glass is found."""
    right = [picture(f"/p/glass/{n}.jpg", "glass", ("glass", 0.9 - n / 10), ("plastic", 0.1)) for n in range(3)]
    right += [picture(f"/p/plastic/{n}.jpg", "plastic", ("plastic", 0.8), ("glass", 0.2)) for n in range(2)]
    right += [picture("/p/trash/0.jpg", "trash", ("trash", 0.7), ("glass", 0.2))]
    wrong = [
        picture(f"/p/plastic/wrong{n}.jpg", "plastic", ("glass", sureness), ("trash", 0.1), ("plastic", 0.05))
        for n, sureness in enumerate((0.52, 0.88, 0.7))
    ]
    wrong += [picture("/p/trash/wrong.jpg", "trash", ("plastic", 0.6), ("trash", 0.3))]
    return right + wrong


def is_rising(values: Sequence[float]) -> bool:
    return all(first <= second for first, second in pairwise(values))
