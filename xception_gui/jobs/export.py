"""`export`: a model for other programs."""

import shutil
from pathlib import Path

from xception_gui import paths
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages import ExportRequest, ExportResult, Phase, PhaseStarted
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.networks import write_keras_model
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.atomic import cannot_write, replacing
from xception_gui.runs.run_folder import RunFolder


def export(request: ExportRequest, report: Report, stop: Stop) -> ExportResult:
    """Write a run's model as one file that plain Keras opens: pixels 0..255 → probabilities.

    Raises:
        ProgramError: what `Classifier.open` raises, OUTPUT_EXISTS, CANNOT_WRITE, KERAS_MISSING.
        JobStopped: `stop` said so; nothing is written.
    """
    out = Path(request.out)
    if out.exists():
        raise ProgramError(ErrorCode.OUTPUT_EXISTS, path=out)
    folder = Path(request.run)
    classifier = Classifier.open(folder)
    if stop():
        raise JobStopped
    report(PhaseStarted(Phase.EXPORTING))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(classifier, RunFolder(folder), out)
    except OSError as error:
        raise cannot_write(out, error) from error
    if stop():
        out.unlink()
        raise JobStopped
    return ExportResult(str(out), request.format, out.stat().st_size)


def _write(classifier: Classifier, run: RunFolder, out: Path) -> None:
    if run.keras_model.exists():
        with replacing(out) as temporary:
            shutil.copyfile(run.keras_model, temporary)
    elif classifier.embedder.own is not None:
        raise run.damaged(run.keras_model, "it is missing")
    else:
        write_keras_model(out, classifier.record.image_size, classifier.head, paths.shipped_weights())
