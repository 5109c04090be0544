"""Screenshots of the window's pages, for computers without a screen."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir

from PySide6.QtCore import QEventLoop, QSettings, QSize, QTimer

from xception_gui import diagnostics
from xception_gui.app import Program, make_application
from xception_gui.files.deletion import temporary_folder
from xception_gui.files.own_names import WINDOW
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.results.feature import RESULTS

SIZE = QSize(1280, 820)
SECONDS_OF_PATIENCE = 120
MILLISECONDS_TO_SETTLE = 500  # until the thumbnails are loaded


def write_page_pictures(folder: Path, run: str, pictures: Sequence[str]) -> None:
    """Write a PNG each of the pages Start, Results and Predict.

    Args:
        folder: where to write them; created if missing.
        run: the folder of a model.
        pictures: pictures to classify.

    Raises:
        TimeoutError: the engines take too long.
        OSError: the folder can't be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    diagnostics.start_log("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    app = make_application()
    with temporary_folder(Path(gettempdir()), "xception-gui-pages-", WINDOW) as place:
        program = Program(app, QSettings(str(place / "window.ini"), QSettings.Format.IniFormat))
        program.begin([])
        program.window.resize(SIZE)
        try:
            _show_each_page(program, folder, run, pictures)
        finally:
            program.end()


def _show_each_page(program: Program, folder: Path, run: str, pictures: Sequence[str]) -> None:
    wait_until(lambda: program.services.models.is_known)
    _grab(program, folder / "start.png")
    program.navigator.show_results(run)
    wait_until(lambda: program.window.page == "results" and not program[RESULTS].evaluation.state.is_running)
    _grab(program, folder / "results.png")
    program.navigator.predict_with(run)
    wait_until(lambda: program.window.page == "predict")
    program.navigator.predict(list(pictures))
    wait_until(lambda: not program[PREDICT].queue.is_running)
    _grab(program, folder / "predict.png")


def _grab(program: Program, path: Path) -> None:
    settle(MILLISECONDS_TO_SETTLE)
    if not program.window.grab().save(str(path)):
        raise OSError(0, "the screenshot could not be written", str(path))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Run the event loop until a condition is true.

    Raises:
        TimeoutError: it wasn't within `SECONDS_OF_PATIENCE`.
    """
    loop, look, limit = QEventLoop(), QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if is_so() else None)
    limit.timeout.connect(loop.quit)
    look.start(20)
    limit.start(SECONDS_OF_PATIENCE * 1000)
    loop.exec()
    if not is_so():
        raise TimeoutError(f"still waiting after {SECONDS_OF_PATIENCE} seconds")


def settle(milliseconds: int) -> None:
    """Run the event loop for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
