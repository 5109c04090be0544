"""`separate_quick`: goes back to the model that a network was trained from, as a model of its own."""

import shutil
from pathlib import Path

from xception_gui.domain.errors import cannot_write
from xception_gui.domain.messages.models import SeparateQuickRequest, SeparateQuickResult
from xception_gui.files.atomic import write_text
from xception_gui.files.deletion import temporary_folder
from xception_gui.files.own_names import NEW_RUN
from xception_gui.files.regular_files import open_regular
from xception_gui.inference.classifier import Classifier
from xception_gui.jobs.reporting import Report, Stop
from xception_gui.runs.free_name import place_under_free_name
from xception_gui.runs.run_folder import RunFolder, labels_text


def separate_quick(request: SeparateQuickRequest, report: Report, stop: Stop) -> SeparateQuickResult:
    """Copy the Quick model that a fine-tuned run keeps into a run beside it, “NAME (Quick)”. The run stays as it is.

    Raises:
        ProgramError: NOT_A_RUN, it keeps none; RUN_DAMAGED, BACKBONE_MISSING, CANNOT_WRITE.
    """
    run = RunFolder(Path(request.run))
    kept = RunFolder(run.quick)
    record = Classifier.open(kept.path).record  # what can't be opened isn't copied
    record = record.replaced(dataset=run.read_record().dataset)  # where its pictures were located since
    folder = run.path.parent
    try:
        with temporary_folder(folder, ".adding-", NEW_RUN) as among:
            new = RunFolder(among / f"{run.path.name} (Quick)")
            new.path.mkdir()
            for source, target in (
                (kept.head, new.head),
                (kept.backbone, new.backbone),
                (kept.keras_model, new.keras_model),
            ):
                _copy_if_there(source, target)
            new.write_record(record)
            write_text(new.labels, labels_text(record.classes))
            return SeparateQuickResult(str(place_under_free_name(new.path, folder)))
    except OSError as error:
        raise cannot_write(folder, error) from error


def _copy_if_there(source: Path, target: Path) -> None:
    try:
        with open_regular(source) as old, target.open("wb") as new:
            shutil.copyfileobj(old, new)
    except FileNotFoundError:
        pass
