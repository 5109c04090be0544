"""Mistakes of the program itself: what a person sees of them, and that the window goes on."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.programs import PATIENCE
from xception_gui.paths import log_folder
from xception_gui.ui.desktop.unexpected import UnexpectedErrorDialog, UnexpectedErrors


@contextmanager
def catching() -> Iterator[UnexpectedErrors]:
    """Catch what nobody catches, in place of pytest."""
    errors = UnexpectedErrors()
    errors.install()
    try:
        yield errors
    finally:
        errors.uninstall()
        for dialog in dialogs():
            dialog.close()


def dialogs() -> list[UnexpectedErrorDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, UnexpectedErrorDialog) and w.isVisible()]


def wait_for_dialog(qtbot: QtBot) -> UnexpectedErrorDialog:
    qtbot.waitUntil(lambda: len(dialogs()) == 1, timeout=PATIENCE * 1000)
    return dialogs()[0]


def child(dialog: UnexpectedErrorDialog, kind: type, name: str):
    found = dialog.findChild(kind, f"unexpected_error_{name}")
    assert found is not None
    return found


def details(dialog: UnexpectedErrorDialog) -> str:
    return child(dialog, QPlainTextEdit, "details").toPlainText()


def count(dialog: UnexpectedErrorDialog) -> str:
    label = child(dialog, QLabel, "count")
    return label.text() if label.isVisible() else ""


def press(qtbot: QtBot, dialog: UnexpectedErrorDialog, name: str) -> None:
    qtbot.mouseClick(child(dialog, QPushButton, name), Qt.MouseButton.LeftButton)


class Broken:
    """A part of a window with mistakes in it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.button = QPushButton("Break")
        self.button.clicked.connect(self.break_once)
        self.works = 0
        qtbot.addWidget(self.button)
        self.button.show()

    def break_once(self) -> None:
        self.works += 1
        raise ZeroDivisionError(f"number {self.works}")


def fail_in_another_way() -> None:
    raise LookupError("another mistake")


def test_a_mistake_in_a_slot_is_said_and_the_window_goes_on(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken(qtbot)
    with catching():
        qtbot.mouseClick(broken.button, Qt.MouseButton.LeftButton)

        dialog = wait_for_dialog(qtbot)
        assert not dialog.isModal()
        assert "ZeroDivisionError: number 1" in details(dialog)
        assert "break_once" in details(dialog)
        assert count(dialog) == ""
        qtbot.mouseClick(broken.button, Qt.MouseButton.LeftButton)
        assert broken.works == 2
        press(qtbot, dialog, "close")
        assert dialogs() == []

    [record, *_] = caplog.records
    assert record.name == "xception_gui"
    assert record.exc_info is not None
    assert "number 1" in str(record.exc_info[1])


def test_a_storm_of_one_mistake_is_one_dialog_with_a_count(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken(qtbot)
    with catching():
        for _ in range(300):
            broken.button.click()
        dialog = wait_for_dialog(qtbot)
        assert "300" in count(dialog)
        for _ in range(200):
            broken.button.click()

        qtbot.waitUntil(lambda: "500" in count(dialog))
        assert details(dialog).count("Traceback") == 1
        assert dialogs() == [dialog]
    assert len(caplog.records) == 3  # the first in full, the tenth, the hundredth


def test_a_mistake_that_was_shown_is_not_shown_again_but_another_is(qtbot: QtBot) -> None:
    broken = Broken(qtbot)
    with catching():
        broken.button.click()
        wait_for_dialog(qtbot).close()

        broken.button.click()
        broken.button.clicked.connect(fail_in_another_way)
        broken.button.click()

        dialog = wait_for_dialog(qtbot)
        assert "another mistake" in details(dialog)
        assert "ZeroDivisionError" not in details(dialog)


def test_other_mistakes_join_the_dialog_that_is_open(qtbot: QtBot) -> None:
    broken = Broken(qtbot)
    broken.button.clicked.connect(fail_in_another_way)
    with catching():
        broken.button.click()

        dialog = wait_for_dialog(qtbot)
        assert "number 1" in details(dialog)
        assert "another mistake" in details(dialog)
        assert "2" in count(dialog)


def test_a_dialog_that_went_with_its_window_is_not_missed(qtbot: QtBot) -> None:
    window = QPushButton()
    window.clicked.connect(lambda: 1 // 0)
    window.show()
    with catching():
        with qtbot.waitActive(window):
            window.activateWindow()
        window.click()
        assert wait_for_dialog(qtbot).parent() is window

        window.deleteLater()
        qtbot.waitUntil(lambda: dialogs() == [])
        other = QPushButton()
        qtbot.addWidget(other)
        other.clicked.connect(fail_in_another_way)
        other.click()

        assert "another mistake" in details(wait_for_dialog(qtbot))


def test_a_mistake_on_a_thread_is_shown_by_the_window(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with catching():
        thread = threading.Thread(target=fail_in_another_way, name="reader")
        thread.start()
        thread.join()

        dialog = wait_for_dialog(qtbot)
        assert dialog.thread() is QApplication.instance().thread()
        assert "another mistake" in details(dialog)
    assert "reader" in caplog.text


def test_a_mistake_in_a_finalizer_is_shown(qtbot: QtBot) -> None:
    class Careless:
        def __del__(self) -> None:
            fail_in_another_way()

    with catching():
        Careless()

        assert "another mistake" in details(wait_for_dialog(qtbot))


def test_details_are_folded_until_asked_for(qtbot: QtBot) -> None:
    broken = Broken(qtbot)
    with catching():
        broken.button.click()
        dialog = wait_for_dialog(qtbot)
        text = child(dialog, QPlainTextEdit, "details")
        assert not text.isVisible()

        press(qtbot, dialog, "details_shown")
        assert text.isVisible()

        press(qtbot, dialog, "details_shown")
        assert not text.isVisible()


def test_the_log_folder_opens(qtbot: QtBot) -> None:
    class Opener(QObject):
        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            urls.append(url)

    urls: list[QUrl] = []
    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    broken = Broken(qtbot)
    with catching():
        broken.button.click()
        press(qtbot, wait_for_dialog(qtbot), "log")
    QDesktopServices.unsetUrlHandler("file")

    assert [Path(url.toLocalFile()) for url in urls] == [log_folder()]


def test_every_part_can_be_named_and_reached_without_a_mouse(qtbot: QtBot) -> None:
    broken = Broken(qtbot)
    with catching():
        broken.button.click()
        dialog = wait_for_dialog(qtbot)
        for part in dialog.findChildren(QPushButton):
            assert part.objectName()
            assert part.accessibleName()
            assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialogs() == []


def test_ctrl_c_passes_through(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed.append(kind))
    with catching():
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        QApplication.processEvents()

        assert passed == [KeyboardInterrupt]
        assert dialogs() == []


def test_afterwards_everything_is_as_before() -> None:
    def hooks() -> tuple[object, ...]:
        return sys.excepthook, threading.excepthook, sys.unraisablehook

    before = hooks()
    with catching() as errors:
        errors.install()
        assert all(now is not then for now, then in zip(hooks(), before, strict=True))
    assert hooks() == before
    errors.uninstall()
    assert hooks() == before


def test_a_hook_that_came_later_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def later(*arguments: object) -> None:
        pass

    before = threading.excepthook
    with monkeypatch.context() as patch:
        patch.setattr(sys, "excepthook", sys.excepthook)
        with catching():
            sys.excepthook = later
        assert sys.excepthook is later
        assert threading.excepthook is before


COPY_DETAILS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from xception_gui import diagnostics
from xception_gui.ui.desktop.unexpected import UnexpectedErrors, UnexpectedErrorDialog

diagnostics.start_log("window")
for number in range(100):
    diagnostics.logger.info("line %d.", number)
app = QApplication([])
errors = UnexpectedErrors()
errors.install()

def fail():
    QTimer.singleShot(0, copy)
    raise RuntimeError("what happened")

def copy():
    for dialog in app.topLevelWidgets():
        if isinstance(dialog, UnexpectedErrorDialog):
            dialog.findChild(QPushButton, "unexpected_error_copy").click()
            sys.stdout.write(app.clipboard().text())
            app.quit()
            return
    QTimer.singleShot(0, copy)

QTimer.singleShot(0, fail)
app.exec()
errors.uninstall()
"""


def test_details_are_copied_with_versions_and_the_end_of_the_log() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COPY_DETAILS], capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert done.returncode == 0, done.stderr
    from PySide6 import __version__ as qt_version

    from xception_gui import __version__

    assert f"Xception GUI {__version__}" in done.stdout
    assert f"PySide6 {qt_version}" in done.stdout
    assert sys.version.split()[0] in done.stdout
    assert "RuntimeError: what happened" in done.stdout
    assert "line 99." in done.stdout
    assert "line 20." not in done.stdout
