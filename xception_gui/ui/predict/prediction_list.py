"""Results as cards in columns: smooth for tens of thousands, by mouse and by keyboard."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.predict.prediction_card import PredictionCard, grid_for
from xception_gui.ui.predict.prediction_list_model import PredictionModel

ROOM_FOR_SCROLLING = 14
"""Pixels beside the cards for the scroll bar, reserved even without one, so that nothing moves when it appears."""


class PredictionList(QListView):
    """Shows results, and requests thumbnails of the visible ones.

    Signals:
        picture_opened: int, the index of the picture to open.
        shown_in_folder: str, the path of the picture to show in its folder.
    """

    picture_opened = Signal(int)
    shown_in_folder = Signal(str)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("predict_list")
        self.setAccessibleName(self.tr("Predictions"))
        self.setProperty("role", "cards")
        self.results = PredictionModel()
        self.results.setParent(self)
        self._card = PredictionCard(thumbnails, self)
        self.setModel(self.results)
        self.setItemDelegate(self._card)
        self._set_up_view()
        self._pressed_on: int | None = None
        self._kept: str | None = None  # path of the current item, while the model is reset
        self.results.about_to_show.connect(self._on_about_to_show)
        self.results.modelReset.connect(self._on_reset)
        thumbnails.thumbnail_ready.connect(self._on_thumbnail)

    def _set_up_view(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMovement(QListView.Movement.Static)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    def show_place(self, place: int) -> None:
        """Scroll to a result and make it the current one."""
        index = self.results.index(place)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def bring_into_sight(self, place: int) -> None:
        """Scroll to a result unless it is fully visible already."""
        self.executeDelayedItemsLayout()
        if not self.viewport().rect().contains(self.visualRect(self.results.index(place))):
            self.show_place(place)

    def make_menu(self, place: int) -> QMenu:
        """Return the context menu of a result."""
        row = self.results.row_at(place)
        menu = QMenu(self)
        menu.setObjectName("predict_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, text, act in (
            ("predict_open", self.tr("Open picture"), lambda: self.picture_opened.emit(place)),
            (
                "predict_show_in_folder",
                self.tr("Show in folder"),
                lambda: self.shown_in_folder.emit(row.prediction.path),
            ),
            ("predict_copy", self.tr("Copy name and prediction"), lambda: _copy(row.summary)),
        ):
            action = menu.addAction(text, act)
            action.setObjectName(name)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's names
        """Open with Enter or space, copy, and move across line ends with left and right; Qt does the rest."""
        place = self.currentIndex().row()
        if place < 0:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picture_opened.emit(place)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(place + (1 if event.key() == Qt.Key.Key_Right else -1))
        elif event.matches(QKeySequence.StandardKey.Copy):
            _copy(self.results.row_at(place).summary)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show a hand over pictures: a click opens them."""
        super().mouseMoveEvent(event)
        is_on_picture = self._picture_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_on_picture else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember the pressed picture."""
        super().mousePressEvent(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._pressed_on = self._picture_at(event.position().toPoint()) if is_left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open a clicked picture. Elsewhere a click selects a card, and a double click opens it."""
        super().mouseReleaseEvent(event)
        pressed_on, self._pressed_on = self._pressed_on, None
        if pressed_on is not None and pressed_on == self._picture_at(event.position().toPoint()):
            self.picture_opened.emit(pressed_on)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open a card. Its picture was opened by the first click."""
        super().mouseDoubleClickEvent(event)
        where = event.position().toPoint()
        index = self.indexAt(where)
        if index.isValid() and self._picture_at(where) is None and event.button() is Qt.MouseButton.LeftButton:
            self.picture_opened.emit(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Show the menu of the result under the mouse or, from the keyboard, of the current one."""
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        where = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_keyboard else event.globalPos()
        self.setCurrentIndex(index)
        self._pop_up(index, where)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Make the first visible result the current one, so that the focus can be seen."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            first = self.indexAt(QPoint(1, 1))
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Make as many columns as fit."""
        self._share_width()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow changes of the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._card.take_fonts()
            self._share_width()

    def _share_width(self) -> None:
        self._card.grid = grid_for(self.width() - ROOM_FOR_SCROLLING)
        if self.gridSize() != self._card.cell_size:
            self.setGridSize(self._card.cell_size)
            self.verticalScrollBar().setSingleStep(self._card.cell_size.height() // 3)

    def _step(self, place: int) -> None:
        if 0 <= place < self.results.rowCount():
            self.show_place(place)

    def _pop_up(self, index: QModelIndex, where: QPoint) -> None:
        self.make_menu(index.row()).popup(where)

    def _picture_at(self, where: QPoint) -> int | None:
        """Return the index of the picture at a point of the viewport."""
        index = self.indexAt(where)
        is_on_it = index.isValid() and self._card.picture_in(self.visualRect(index)).contains(where)
        return index.row() if is_on_it else None

    def _on_about_to_show(self) -> None:
        place = self.currentIndex().row()
        self._kept = self.results.row_at(place).prediction.path if place >= 0 else None

    def _on_reset(self) -> None:
        place = self.results.place_of(self._kept) if self._kept is not None else None
        if place is not None:
            self.setCurrentIndex(self.results.index(place))

    def _on_thumbnail(self) -> None:
        self.viewport().update()  # several at a time are painted together


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
