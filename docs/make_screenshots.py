"""Makes the pictures of the window for README.md and docs/guide.md, with real engines on a real data set.

    .venv/bin/python docs/make_screenshots.py DATASET FOLDER [light|dark]

Trains Quick on DATASET and writes one PNG of each page into FOLDER.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase

from xception_gui.app import Program, make_application, window_settings
from xception_gui.page_pictures import settle, wait_until
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.kit.theme import apply_theme, choose_appearance
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.results.feature import RESULTS

SIZE = QSize(1280, 820)
ENOUGH_POINTS = 6  # of the learning curve, for the screenshot of a training
PREFERRED_FONT = "Inter"


def main(dataset: str, folder: str, appearance: str = "light") -> None:
    """Go through the window's main steps and take a screenshot of each page."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XCEPTION_GUI_HOME"] = home
        app = make_application()
        if PREFERRED_FONT in QFontDatabase.families():
            app.setFont(QFont(PREFERRED_FONT, 10))
            apply_theme(app)
        program = Program(app, window_settings())
        program.begin([])
        program.window.resize(SIZE)
        choose_appearance(app, Qt.ColorScheme.Dark if appearance == "dark" else Qt.ColorScheme.Light)
        try:
            _walk(program, dataset, place)
        finally:
            program.end()


def _walk(program: Program, dataset: str, place: Path) -> None:
    def grab(name: str) -> None:
        settle(900)
        program.window.grab().save(str(place / f"{name}.png"))

    program.navigator.open_dataset(dataset)
    wait_until(lambda: not program[DATA].check.state.is_running)
    grab("check")
    program[DATA].page.go_to(2)
    wait_until(
        lambda: program[DATA].speed.result is not None and program[DATA].speed.result.training_seconds is not None
    )
    grab("recipe")
    program[DATA].page.go_to(3)
    program[DATA].page.start()
    wait_until(
        lambda: (
            program.services.training.state is not None
            and (
                len(program.services.training.state.epochs) >= ENOUGH_POINTS or not program.services.training.is_running
            )
        )
    )
    grab("train")
    wait_until(lambda: not program.services.training.is_running)
    run = program.services.training.state.run if program.services.training.state is not None else ""
    program.navigator.show_results(run)
    wait_until(lambda: program[RESULTS].evaluation.state.result is not None)
    grab("results")
    program.navigator.predict_with(run)
    wait_until(lambda: program.window.page == "predict")
    pictures = sorted(path for path in Path(dataset).rglob("*") if path.is_file())
    program.navigator.predict([str(path) for path in pictures[:: max(1, len(pictures) // 12)]])
    wait_until(lambda: not program[PREDICT].queue.is_running)
    grab("predict")
    program.window.show_page("start")
    grab("start")


if __name__ == "__main__":
    main(*sys.argv[1:])
