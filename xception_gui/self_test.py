"""`--self-test`: the window does its main job by itself, which shows whether an installation works, and how fast.

Models, cache and settings are kept in a temporary folder, so that nothing of the person's is changed.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from xception_gui import diagnostics, paths
from xception_gui.app import Program, make_application, window_settings
from xception_gui.files.deletion import temporary_folder
from xception_gui.files.own_names import HOME
from xception_gui.page_pictures import MILLISECONDS_TO_SETTLE, settle, wait_until
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.results.feature import RESULTS
from xception_gui.ui.shell.main_window import MainWindow

SAMPLES = "new scenes"


class SelfTestError(Exception):
    """A step of the self-test failed."""


def run_self_test(words: Sequence[str]) -> int:
    """Go through sample pictures, wizard, Quick, results and a drop. Prints one JSON document.

    Args:
        words: empty; or a model and a picture: only these are dropped, as soon as the window is painted; or a file
            (.png) for a screenshot of the window at the end.

    Returns:
        0 if every step succeeded, else 1, with a sentence on stderr.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with temporary_folder(Path(gettempdir()), "xception-gui-self-test-", HOME) as home:
        os.environ[paths.HOME_VARIABLE] = str(home)
        diagnostics.start_log("self-test")
        app = make_application()
        program = Program(app, window_settings())
        painted = _Painted(program.window)
        program.begin([])
        try:
            wait_until(lambda: painted.at > 0)
            told = _predict(program, *words) if len(words) == 2 else _walk(program)
            if len(words) == 1:
                settle(MILLISECONDS_TO_SETTLE)
                if not program.window.grab().save(words[0]):
                    raise OSError(0, "the screenshot could not be written", words[0])
        except (SelfTestError, OSError) as error:
            print(f"xception-gui: The self-test failed: {error}", file=sys.stderr)
            return 1
        finally:
            program.end()
    print(json.dumps({"ok": True, "painted_at": painted.at, **told}))
    return 0


class _Painted(QObject):
    """Records when the window is first painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.at = 0.0  # seconds since the epoch
        window.rail.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self.at = time.time()
        return False


def _walk(program: Program) -> dict[str, Any]:
    """Do what a person does with the sample pictures."""
    _press(program, "start_samples")
    wait_until(lambda: program.window.page == "data" and _find(program, "data_next").isEnabled())
    for _ in range(3):
        _press(program, "data_next")
    wait_until(lambda: program.services.training.state is not None and not program.services.training.is_running)
    state = program.services.training.state
    if state is None or state.result is None:
        raise SelfTestError(f"the training failed: {state and state.failure}")
    _press(program, "train_results")
    wait_until(
        lambda: (
            program[RESULTS].evaluation.state.result is not None
            or program[RESULTS].evaluation.state.failure is not None
        )
    )
    evaluated = program[RESULTS].evaluation.state.result
    if evaluated is None:
        raise SelfTestError(f"the results can't be shown: {program[RESULTS].evaluation.state.failure}")
    _press(program, "results_predict")
    pictures = sorted((paths.data_folder() / "sample pictures" / SAMPLES).iterdir())
    predicted = _drop(program, pictures)
    return {"accuracy": evaluated.accuracy, "predicted": predicted, "predicted_at": time.time()}


def _predict(program: Program, run: str, picture: str) -> dict[str, Any]:
    """Drop a model and a picture on the window."""
    predicted = _drop(program, [Path(run), Path(picture)], pictures=1)
    return {"predicted": predicted, "predicted_at": time.time()}


def _drop(program: Program, files: Sequence[Path], pictures: int | None = None) -> list[str]:
    """Drop files as a file manager does, and return the class of each picture once all are classified."""
    window, mime = program.window, QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    middle = window.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(middle, Qt.DropAction.CopyAction, mime, buttons, keys))
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, mime, buttons, keys))
    wait_until(lambda: len(program[PREDICT].queue.results) == (pictures or len(files)))
    for result in program[PREDICT].queue.results:
        if not result.predictions:
            raise SelfTestError(f"a picture was not classified: {result.error}")
    return [result.predictions[0].class_name for result in program[PREDICT].queue.results]


def _find(program: Program, name: str) -> QWidget:
    found = program.window.findChild(QWidget, name)
    if not isinstance(found, QWidget):
        raise SelfTestError(f"the widget {name} is missing")
    return found


def _press(program: Program, name: str) -> None:
    button = _find(program, name)
    if not (isinstance(button, QAbstractButton) and button.isVisible() and button.isEnabled()):
        raise SelfTestError(f"{name} can't be pressed")
    button.click()
