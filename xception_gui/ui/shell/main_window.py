"""The main window: rail, pages and menus. It arranges them and receives drops; it decides nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenuBar,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from xception_gui.ui.framework.feature import PageFeature
from xception_gui.ui.kit.icons import program_icon
from xception_gui.ui.kit.screens import LEAST, first_size, in_sight, least_size
from xception_gui.ui.shell.incoming import may_be_taken, read_incoming
from xception_gui.ui.shell.menus import Menus
from xception_gui.ui.shell.rail import Rail

GEOMETRY = "window/geometry"
SPLITTERS = "window/splitters"
ROUNDS_OF_LAYOUT = 3  # what is in an area is laid out after it, and what wraps in that after both


class _Whole(QScrollArea):
    """Holds everything below the menus. It scrolls only on a screen smaller than the least window."""

    def __init__(self, content: QWidget, menus: QMenuBar) -> None:
        super().__init__()
        self.setObjectName("window_scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._menus = menus
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the window."""
        super().resizeEvent(event)
        least = QSize(LEAST.width(), LEAST.height() - self._menus.height())
        content = self.widget()
        if content is not None:
            content.resize(self.maximumViewportSize().expandedTo(least))


class MainWindow(QMainWindow):
    """Rail and pages.

    Signals:
        incoming: Incoming, the dropped files or data.
        hovering: bool, whether something that may be dropped is above the window.
        page_shown: str, the name of the page's feature.
        close_wanted: the person closes the window; a listener decides.
        shown: the window is on the screen.
    """

    incoming = Signal(object)
    hovering = Signal(bool)
    page_shown = Signal(str)
    close_wanted = Signal()
    shown = Signal()

    def __init__(self, features: Sequence[PageFeature[Any]]) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Xception GUI")
        self.setWindowIcon(program_icon())
        self.setMinimumSize(least_size([screen.availableSize() for screen in QGuiApplication.screens()]))
        self.setAcceptDrops(True)
        self.menus = Menus(self, features)
        self.rail = Rail(features)
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        content = QWidget()
        line = QHBoxLayout(content)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addWidget(self._stack, 1)
        self.setCentralWidget(_Whole(content, self.menuBar()))
        self.rail.page_chosen.connect(self.show_page)
        for name, action in self.menus.pages.items():
            action.triggered.connect(lambda _checked=False, name=name: self.show_page(name))
        self.may_close = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        self._restored = QSize()

    def add_pages(self, pages: Mapping[str, QWidget]) -> None:
        """Add the pages by the names of their features, and show the first one."""
        for name, page in pages.items():
            self._pages[name] = page
            self._stack.addWidget(page)
        self.show_page(next(iter(pages)))

    @property
    def page(self) -> str:
        """The name of the feature whose page is shown."""
        shown = self._stack.currentWidget()
        return next(name for name, page in self._pages.items() if page is shown)

    def show_page(self, name: str) -> None:
        """Show a page and focus it, unless the focus is outside the pages, such as in the rail."""
        page = self._pages[name]
        focused = QApplication.focusWidget()
        goes_along = focused is None or self._stack.isAncestorOf(focused)
        self._stack.setCurrentWidget(page)
        self.rail.show_page(name)
        if goes_along and not (focused is not None and page.isAncestorOf(focused)):
            page.setFocus()  # so that Tab goes through the page
        self.page_shown.emit(name)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        """Keep the focus in the page when the focused widget is hidden or disabled: Qt would move it to the rail."""
        if old is None or new is None or (old.isEnabled() and old.isVisible()):
            return
        if self._stack.isAncestorOf(old) and self.rail.isAncestorOf(new):
            self._pages[self.page].setFocus()

    def come_forward(self) -> None:
        """Show the window in front, not minimised."""
        self.setVisible(True)
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def restore(self, settings: QSettings) -> None:
        """Restore size and place of the last time."""
        geometry = settings.value(GEOMETRY)
        if not (geometry and self.restoreGeometry(geometry)):  # also handles a screen that is gone
            self.resize(first_size(self.screen().availableSize()))
        self._restored = self.size()
        for splitter in self.findChildren(QSplitter):
            state = settings.value(f"{SPLITTERS}/{splitter.objectName()}")
            if state:
                splitter.restoreState(state)

    def save(self, settings: QSettings) -> None:
        """Store size and place."""
        settings.setValue(GEOMETRY, self.saveGeometry())
        for splitter in self.findChildren(QSplitter):
            if splitter.objectName():
                settings.setValue(f"{SPLITTERS}/{splitter.objectName()}", splitter.saveState())

    def event(self, event: QEvent) -> bool:
        """Lay out all that has changed before it is painted: what is in an area that scrolls would be squeezed into the
        room that it had, for a moment, as Qt lays that out a turn of its loop later."""
        if event.type() is QEvent.Type.UpdateRequest:
            for _ in range(ROUNDS_OF_LAYOUT):
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's names
        """Emit `shown`."""
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self, self._come_into_sight)
        self.shown.emit()

    def _come_into_sight(self) -> None:
        """Move the whole window onto a screen: its frame and place are known only now."""
        if self.isMaximized() or self.isFullScreen() or self.size() != self._restored:
            return  # resized by the person or another program since
        frame, inside = self.frameGeometry(), self.geometry()
        place = in_sight(frame, self.screen().availableGeometry())
        if place != frame:
            self.resize(inside.size() - (frame.size() - place.size()))
            self.move(place.topLeft())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Emit `close_wanted`, unless the window may close."""
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.close_wanted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept what may be dropped."""
        if may_be_taken(event.mimeData()):
            event.acceptProposedAction()
            self.hovering.emit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Stop highlighting drop zones."""
        self.hovering.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Accept the drop at once: the sender must not wait until it is processed."""
        self.hovering.emit(False)
        event.acceptProposedAction()
        self.incoming.emit(read_incoming(event.mimeData()))
