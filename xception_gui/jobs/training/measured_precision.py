"""The precision in which this machine trains fastest: measured once, then remembered."""

import os

import msgspec

from xception_gui.domain.choice_of_precision import fastest, gain
from xception_gui.domain.messages.base import Details, Phase, PhaseStarted
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.recipe import Hyperparameters, Precision
from xception_gui.edition import has_keras
from xception_gui.inference.machine import device_name, versions
from xception_gui.inference.measurements import keep, recall
from xception_gui.jobs.reporting import Report, Stop

NAME = "precision"


class PrecisionFigures(msgspec.Struct, frozen=True):
    """How long the same small training step takes in each precision."""

    step_seconds: dict[Precision, float]  # empty if no precision fits in memory

    @property
    def fastest(self) -> Precision:
        """The precision to train in."""
        return fastest(self.step_seconds)


def measured_precision(report: Report, stop: Stop) -> PrecisionFigures:
    """Return what was measured on this machine before, or measure it now. Needs Keras, see `require_keras`.

    Raises:
        JobStopped: `stop()` was true.
    """
    known = recall(NAME, training_depends_on(), PrecisionFigures)
    if known is not None:
        return known
    report(PhaseStarted(Phase.MEASURING))
    figures = PrecisionFigures(_step_seconds(stop))
    if figures.step_seconds:  # else memory was short, which may be temporary
        keep(NAME, training_depends_on(), figures)
    return figures


def resolved(training: Hyperparameters, report: Report, stop: Stop) -> Hyperparameters:
    """Return the hyperparameters with `auto` replaced by a precision, and report which.

    Raises:
        JobStopped: `stop()` was true.
    """
    if training.precision is not Precision.AUTO:
        report(Notice(NoticeCode.PRECISION, {"asked_for": training.precision.value}))
        return training
    figures = measured_precision(report, stop)
    report(Notice(NoticeCode.PRECISION, _as_details(figures)))
    return msgspec.structs.replace(training, precision=figures.fastest)


def training_depends_on() -> dict[str, str]:
    """Return everything that measurements of training depend on."""
    return {
        **versions(),
        "device": device_name(),
        "keras can be loaded": str(has_keras()),
        "backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "visible accelerators": os.environ.get("CUDA_VISIBLE_DEVICES", "all"),
    }


def _as_details(figures: PrecisionFigures) -> Details:
    precision = figures.fastest
    if precision is Precision.FLOAT32:
        return {"precision": precision.value}
    return {"precision": precision.value, "times": gain(figures.step_seconds, precision)}


def _step_seconds(stop: Stop) -> dict[Precision, float]:
    from xception_gui.finetune import step_speed as speed
    from xception_gui.finetune.devices import accelerators

    candidates = [Precision.FLOAT32, Precision.BFLOAT16]
    if accelerators():  # processors don't compute in float16
        candidates.append(Precision.FLOAT16)
    try:
        return speed.precision_seconds(candidates, stop)
    finally:
        speed.free_memory()
