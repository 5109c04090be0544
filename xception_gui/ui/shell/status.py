"""What is going on, for the foot of the rail."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xception_gui.domain.run_state import RunState
from xception_gui.ui.dataset.dataset_check import CheckState
from xception_gui.ui.export.exports import ExportState
from xception_gui.ui.results.evaluation import EvaluationState
from xception_gui.ui.shell.rail import RunningJob


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("status", text)


def running_jobs(
    training: RunState | None,
    check: CheckState,
    evaluation: EvaluationState,
    predicted: tuple[int, int] | None,
    *,
    export: ExportState | None = None,
    reading: RunState | None = None,
) -> list[RunningJob]:
    """List what runs, the longest first.

    Args:
        training: the last one, which may have ended.
        check: of the wizard.
        evaluation: of the Results page.
        predicted: pictures done and in all, None if nothing is being predicted.
        export: the last one, which may have ended.
        reading: ahead of a training, the last one.
    """
    jobs = []
    if training is not None and training.is_running:
        words = tr("Training “{name}”").format(name=Path(training.run).name)
        jobs.append(RunningJob(words, training.done, training.total or 0))
    if export is not None and export.request is not None and export.is_running:
        words = tr("Exporting “{name}”").format(name=Path(export.request.run).name)
        jobs.append(RunningJob(words, export.done, export.total))
    if check.is_running:
        words = tr("Drawing sample pictures") if check.is_drawing else tr("Checking the pictures")
        jobs.append(RunningJob(words, check.done, check.total or 0))
    if reading is not None and reading.is_running:
        jobs.append(RunningJob(tr("Learning while you look"), reading.done, reading.total or 0))
    if evaluation.is_running:
        jobs.append(RunningJob(tr("Testing the model"), evaluation.done, evaluation.total or 0))
    if predicted is not None:
        jobs.append(RunningJob(tr("Predicting"), *predicted))
    return jobs
