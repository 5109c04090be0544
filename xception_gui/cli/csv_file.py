"""Predictions as a table that spreadsheets open."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from xception_gui.domain.messages import PicturePrediction
from xception_gui.runs.atomic import write_text
from xception_gui.runs.run_folder import cannot_write


def write_csv(path: Path, predictions: Sequence[PicturePrediction], classes: Sequence[str]) -> None:
    """Write a row for each picture: path, class, probability, error, and the probability of each class.

    A file is replaced; a pipe or a device, as /dev/stdout, is written into.

    Raises:
        ProgramError: CANNOT_WRITE.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["path", "class", "probability", "error", *classes])
    for picture in predictions:
        said = {prediction.class_name: prediction.probability for prediction in picture.predictions}
        best = picture.predictions[0] if picture.predictions else None
        rows.writerow(
            [
                picture.path,
                best.class_name if best else "",
                best.probability if best else "",
                picture.error or "",
                *(said.get(name, "") for name in classes),
            ]
        )
    try:
        write_text(path, text.getvalue())
    except OSError as error:
        raise cannot_write(path, error) from error
