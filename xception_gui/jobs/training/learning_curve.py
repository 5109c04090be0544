"""The learning curve: fits on the pictures read so far show how good a model would be by now."""

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
from msgspec.structs import replace

from xception_gui.domain import metrics
from xception_gui.domain.learning_curve import outlook
from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.metrics import Measured
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.softmax_regression import L2_STRENGTHS, fit_head
from xception_gui.jobs.reporting import Report
from xception_gui.jobs.training.figures import Collector, EmbeddedPictures, measure_head

GROWTH = 1.5
"""Factor by which the pictures must have grown since the last point for another fit."""

SHARE_OF_TIME = 0.05
"""Share of the time since reading began that the fits may take."""

CURVE_STRENGTH = L2_STRENGTHS[1]

LARGEST_FIT = 20_000
"""Pictures; a larger fit would take more than ten seconds, in which nothing is read and nothing can be stopped."""


class LearningCurve:
    """Fits heads on the pictures read so far, rarely enough to cost hardly any time.

    The first fit is done once there are two pictures of each class, each further one when the pictures have grown by
    half, as long as all fits together take at most 5 % of the time. The L2 strength is fixed, as choosing it takes most
    of a fit.

    Args:
        classes: names of the classes.
        report: called with each point.
        first: number of the first point.
        patience: seconds added to the time since reading began, for cached pictures, which take none.
        clock: returns seconds.
    """

    def __init__(
        self,
        classes: Sequence[str],
        report: Report,
        *,
        first: int = 1,
        patience: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._classes = tuple(classes)
        self._report = report
        self._first = first
        self._clock = clock
        self._began = clock() - patience
        self._spent = 0.0  # seconds, on fits
        self._last = (0, 0.0)  # pictures and seconds of the last fit
        self._points: list[EpochFinished] = []

    def advance(self, training: Collector, validation: EmbeddedPictures) -> None:
        """Note that one more picture was read; fit and report if it is time."""
        if not self._is_time(training):
            return
        began = self._clock()
        pictures = training.collected()
        fit = fit_head(
            pictures.architecture,
            pictures.embeddings,
            pictures.labels,
            len(self._classes),
            strength=CURVE_STRENGTH,
        )
        point = self._measured(fit.head, pictures, validation)
        seconds = self._clock() - began
        self._spent += seconds
        self._last = (len(pictures), seconds)
        self._add(replace(point, seconds=seconds, preliminary=True))

    def finish(
        self,
        head: Head,
        training: EmbeddedPictures,
        validation: EmbeddedPictures,
        seconds: float,
        *,
        preliminary: bool = False,
    ) -> Measured:
        """Report the fit on all pictures, which took `seconds`, and what more pictures would achieve.

        Returns:
            Its figures on the validation pictures.
        """
        point = self._measured(head, training, validation)
        point = replace(point, seconds=seconds, best=point.best or not preliminary, preliminary=preliminary)
        self._add(point)
        counts = np.bincount(validation.labels, minlength=len(self._classes)).tolist()
        foretold = outlook(self._points, counts, self._classes)
        if foretold is not None:
            self._report(foretold)
        return Measured(point.val_accuracy, point.val_loss)

    def _is_time(self, training: Collector) -> bool:
        pictures = len(training)
        before, seconds = self._last
        if pictures > LARGEST_FIT or pictures < before * GROWTH or min(training.counts) < 2:
            return False
        expected = seconds * (pictures / before) ** 2 if before else 0.0
        return self._spent + expected <= SHARE_OF_TIME * (self._clock() - self._began)

    def _measured(self, head: Head, training: EmbeddedPictures, validation: EmbeddedPictures) -> EpochFinished:
        fitted = measure_head(head, training)
        said = probabilities(head, validation.embeddings)
        validated = metrics.measure_probabilities(said, validation.labels)
        matrix = metrics.confusion_matrix(said, validation.labels, len(self._classes))
        return EpochFinished(
            epoch=self._first + len(self._points),
            images=len(training),
            loss=fitted.log_loss,
            accuracy=fitted.accuracy,
            val_loss=validated.log_loss,
            val_accuracy=validated.accuracy,
            learning_rate=None,
            seconds=0.0,
            best=validated.log_loss < min((point.val_loss for point in self._points), default=math.inf),
            recalls=tuple(one.recall or 0.0 for one in metrics.per_class(matrix)),
            recalls_of=tuple(one.support for one in metrics.per_class(matrix)),
        )

    def _add(self, point: EpochFinished) -> None:
        self._points.append(point)
        self._report(point)
