"""Mistakes of the program itself: written down, shown once, and the window goes on."""

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
"""How much of this process's log goes along with the details."""

Kind = tuple[str, str, int]
"""Mistakes are told apart by the type of the exception, and the file and line that raised it."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of exception, and how often it came."""

    text: str  # the first one's traceback
    count: int


class UnexpectedErrors(QObject):
    """Catches what nobody caught: in slots, in threads, in finalizers.

    Everything is logged. One dialog at a time shows it, each kind of mistake once as long as the program runs; more of
    them raise a count.
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
        # Queued from the GUI thread too: in the middle of painting is no place for a new dialog.
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to catch."""
        if self._hooks is None:
            self._hooks = Hooks(self._catch)

    def uninstall(self) -> None:
        """Leave exceptions to whoever had them before; call it before the program ends."""
        if self._hooks is not None:
            self._hooks.remove()
            self._hooks = None

    def _catch(self, error: BaseException, where: str) -> None:
        """Take an exception, on any thread."""
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
            with suppress(RuntimeError):  # Qt's half of this object has gone: the program is ending
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
        # Before the dialog is made: should that fail, it must not be tried for ever.
        self._shown.update(new)
        self._in_dialog += new
        if self._dialog is None:
            self._dialog = UnexpectedErrorDialog(QApplication.activeWindow())
            self._dialog.show()
        self._dialog.show_mistakes([mistakes[kind] for kind in self._in_dialog])

    def _is_open(self) -> bool:
        """Return whether the dialog is there: it goes when it is closed, and with the window that it belongs to."""
        return self._dialog is not None and isValid(self._dialog)


LEAST_DETAILS = 120  # pixels
MORE_DETAILS = 100  # pixels above that, where the screen has them


class UnexpectedErrorDialog(QDialog):
    """Says in a sentence that the program made a mistake, with the details for whoever can mend it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unexpected_error")
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self._mistakes: Sequence[Mistake] = ()
        self._build()

    def show_mistakes(self, mistakes: Sequence[Mistake]) -> None:
        """Show these instead of what is shown."""
        self._mistakes = mistakes
        count = sum(mistake.count for mistake in mistakes)
        self._count.setText(self.tr("It has happened {n} times.").format(n=count))
        self._count.setVisible(count > 1)
        text = visible_lines(tracebacks(mistakes))
        if text != self._details.toPlainText():  # in a storm, the reader's place stays where it is
            self._details.setPlainText(text)

    def _build(self) -> None:
        title = label(self.tr("That should not have happened"), "heading")
        sentence = label(
            self.tr(
                "The program made a mistake and goes on. What you did last may not have worked. "
                "Your pictures are untouched."
            ),
            wrap=True,
            name="unexpected_error_what",
        )
        hint = label(
            self.tr("The details help to mend it. They name files and folders: read them before you pass them on."),
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
    """Python's three ends for exceptions, taken over until `remove()`."""

    def __init__(self, catch: Callable[[BaseException, str], None]) -> None:
        self._catch = catch
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # Bound methods are made anew each time they are asked for; to know them again takes the same ones.
        self._ours = (self._on_exception, self._on_thread_exception, self._on_unraisable)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._ours

    def remove(self) -> None:
        """Put back what was there before, but for what somebody else has put there since."""
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
        # Not the object: to write about one that is being finalized may bring it back to life.
        self._catch(error.with_traceback(arguments.exc_traceback), arguments.err_msg or "a finalizer")


def tracebacks(mistakes: Sequence[Mistake]) -> str:
    """Write mistakes one after another."""
    return "\n".join(mistake.text for mistake in mistakes)


def report(mistakes: Sequence[Mistake]) -> str:
    """Write down all that helps to find a mistake. English: it is for those who work on the program."""
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
    """Return the file and the line that raised."""
    frames = list(traceback.walk_tb(trace))
    if not frames:
        return "", 0
    frame, line = frames[-1]
    return frame.f_code.co_filename, line


def _log(error: BaseException, where: str, count: int) -> None:
    """Log the first of a kind in full; of a storm, every tenfold: a full disk would be a second mistake."""
    if count == 1:
        logger.error("Unexpected, in %s", where, exc_info=error)
    elif str(count).strip("0") == "1":
        logger.error("The same %s for the %dth time, in %s", type(error).__name__, count, where)
