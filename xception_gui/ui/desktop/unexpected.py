"""Unexpected exceptions, that is bugs of the program: logged and shown once, and the window keeps running."""

import platform
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, QSize, Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from xception_gui import __version__
from xception_gui.diagnostics import log_file, logger
from xception_gui.domain.visible import visible_lines
from xception_gui.paths import log_folder
from xception_gui.ui.kit import screens
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.labels import label

LOG_LINES = 50
"""Lines of this process's log that are added to the details."""

Kind = tuple[str, str, int]
"""Type of the exception, and the file and line that raised it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of exception, and how often it was raised."""

    text: str  # traceback of the first one
    count: int


class UnexpectedErrors(QObject):
    """Catches unhandled exceptions in slots, threads and finalizers.

    Everything is logged. One dialog at a time shows each kind of exception once per program run; repetitions only raise a
    count.
    """

    _happened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._mistakes: dict[Kind, Mistake] = {}
        self._shown: set[Kind] = set()
        self._in_dialog: list[Kind] = []
        self._dialog: UnexpectedErrorDialog | None = None
        self._is_announced = False
        self._hooks: Hooks | None = None
        # Queued from the GUI thread too: a dialog must not be opened during painting.
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Start catching exceptions."""
        if self._hooks is None:
            self._hooks = Hooks(self._catch)

    def uninstall(self) -> None:
        """Restore the previous hooks; call this before the program exits."""
        if self._hooks is not None:
            self._hooks.remove()
            self._hooks = None

    def _catch(self, error: BaseException, where: str) -> None:
        """Record an exception from any thread."""
        kind = (type(error).__qualname__, *_raised_at(error.__traceback__))
        with self._lock:
            mistake = self._mistakes.get(kind)
            if mistake is None:
                mistake = Mistake("".join(traceback.format_exception(error)), count=0)
            mistake = replace(mistake, count=mistake.count + 1)
            self._mistakes[kind] = mistake
            announce = not self._is_announced
            self._is_announced = True
        _log(error, where, mistake.count)
        if announce:
            with suppress(RuntimeError):  # the Qt object is destroyed: the program is exiting
                self._happened.emit()

    def _on_happened(self) -> None:
        with self._lock:
            self._is_announced = False
            mistakes = dict(self._mistakes)
        new = [kind for kind in mistakes if kind not in self._shown]
        if not self._is_open():
            self._dialog, self._in_dialog = None, []
        if self._dialog is None and not new:
            return
        # Before the dialog is made: if that fails, it must not be tried again for ever.
        self._shown.update(new)
        self._in_dialog += new
        if self._dialog is None:
            self._dialog = UnexpectedErrorDialog(QApplication.activeWindow())
            self._dialog.show()
        self._dialog.show_mistakes([mistakes[kind] for kind in self._in_dialog])

    def _is_open(self) -> bool:
        """Return whether the dialog exists: it is deleted when closed, and with its parent window."""
        return self._dialog is not None and isValid(self._dialog)


LEAST_DETAILS = 120  # pixels
MORE_DETAILS = 100  # pixels above that, if the screen has room


class UnexpectedErrorDialog(QDialog):
    """Says that there is a bug in the program, with details for its developers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unexpected_error")
        self.setWindowTitle(self.tr("Unexpected error"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self._mistakes: Sequence[Mistake] = ()
        self._build()

    def show_mistakes(self, mistakes: Sequence[Mistake]) -> None:
        """Replace what is shown."""
        self._mistakes = mistakes
        count = sum(mistake.count for mistake in mistakes)
        self._count.setText(self.tr("This has happened {n} times.").format(n=count))
        self._count.setVisible(count > 1)
        text = visible_lines(tracebacks(mistakes))
        if text != self._details.toPlainText():  # keeps the scroll position while errors repeat
            self._details.setPlainText(text)

    def _build(self) -> None:
        title = label(self.tr("Something unexpected went wrong"), "heading")
        sentence = label(
            self.tr(
                "This is a bug in the program. You can keep working, but your last action may have failed. "
                "Your pictures are untouched."
            ),
            wrap=True,
            name="unexpected_error_what",
        )
        hint = label(
            self.tr("These details help fix the problem. They include file names; check them before sharing."),
            "muted",
            wrap=True,
        )
        self._count = label("", "muted", name="unexpected_error_count")
        self._toggle = button(self.tr("Show details"), "unexpected_error_details_shown", "link", self._on_toggle)
        self._details = QPlainTextEdit()
        self._details.setObjectName("unexpected_error_details")
        self._details.setAccessibleName(self.tr("Details"))
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setMinimumHeight(LEAST_DETAILS)
        self._details.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        for part in (title, sentence, self._count, hint, self._toggle, self._details):
            layout.addWidget(part)
        layout.setAlignment(self._toggle, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(button(self.tr("Copy details"), "unexpected_error_copy", "", self._on_copy))
        row.addWidget(button(self.tr("Open log folder"), "unexpected_error_log", "", self._on_log))
        row.addStretch()
        close = button(self.tr("Close"), "unexpected_error_close", "primary", self.close)
        close.setDefault(True)
        row.addWidget(close)
        return row

    def _on_toggle(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self._toggle.setText(self.tr("Hide details") if shown else self.tr("Show details"))
        self._toggle.setAccessibleName(self._toggle.text())
        wanted = QSize(self.width(), self.sizeHint().height() + (MORE_DETAILS if shown else 0))
        self.resize(wanted.boundedTo(screens.room_for(self)))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(report(self._mistakes))

    def _on_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


class Hooks:
    """Replaces Python's three exception hooks until `remove()`."""

    def __init__(self, catch: Callable[[BaseException, str], None]) -> None:
        self._catch = catch
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # Each access makes a new bound method; `remove` compares with these.
        self._ours = (self._on_exception, self._on_thread_exception, self._on_unraisable)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._ours

    def remove(self) -> None:
        """Restore the previous hooks, except those replaced by others since."""
        if sys.excepthook is self._ours[0]:
            sys.excepthook = self._before[0]
        if threading.excepthook is self._ours[1]:
            threading.excepthook = self._before[1]
        if sys.unraisablehook is self._ours[2]:
            sys.unraisablehook = self._before[2]

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._catch(error.with_traceback(trace), "the window")

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
            self._before[1](arguments)
            return
        thread = arguments.thread.name if arguments.thread else "?"
        self._catch(error.with_traceback(arguments.exc_traceback), f"the thread {thread}")

    def _on_unraisable(self, arguments: "sys.UnraisableHookArgs") -> None:
        error = arguments.exc_value
        if error is None or isinstance(error, KeyboardInterrupt):
            self._before[2](arguments)
            return
        # Not the object: formatting one that is being finalized may resurrect it.
        self._catch(error.with_traceback(arguments.exc_traceback), arguments.err_msg or "a finalizer")


def tracebacks(mistakes: Sequence[Mistake]) -> str:
    """Join the tracebacks."""
    return "\n".join(mistake.text for mistake in mistakes)


def report(mistakes: Sequence[Mistake]) -> str:
    """Return a report for the developers of the program, always in English."""
    system = (
        f"Xception GUI {__version__}\n"
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, Qt {qVersion()}\n"
        f"{platform.platform()}, {QGuiApplication.platformName()}\n"
    )
    counts = ", ".join(f"{mistake.count} ×" for mistake in mistakes)
    return f"{system}\n{counts}\n{tracebacks(mistakes)}\n{_end_of_log()}"


def _end_of_log() -> str:
    path = log_file()
    if path is None:
        return "There is no log.\n"
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"{path}: {error}\n"
    return "\n".join([f"{path}:", *lines[-LOG_LINES:], ""])


def _raised_at(trace: TracebackType | None) -> tuple[str, int]:
    """Return the file and the line that raised the exception."""
    frames = list(traceback.walk_tb(trace))
    if not frames:
        return "", 0
    frame, line = frames[-1]
    return frame.f_code.co_filename, line


def _log(error: BaseException, where: str, count: int) -> None:
    """Log the first of a kind in full, then only the 10th, 100th and so on, so that the log can't fill the disk."""
    if count == 1:
        logger.error("Unexpected, in %s", where, exc_info=error)
    elif str(count).strip("0") == "1":
        logger.error("The same %s for the %dth time, in %s", type(error).__name__, count, where)
