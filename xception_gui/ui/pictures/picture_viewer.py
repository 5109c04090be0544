"""Shows a picture in full above the window, and leads to the ones before and after it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileInfo, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QSizePolicy, QVBoxLayout, QWidget

from xception_gui.domain.predictions import PicturePrediction
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import row
from xception_gui.ui.kit.labels import ElidedLabel, label, tool_tip, window_title
from xception_gui.ui.pictures.class_bars import ClassBars
from xception_gui.ui.pictures.whole_picture import WholePicture

WIDEST_PANEL = 300  # pixels

MAX_ENLARGED = 4  # times: beyond that, a small picture is only squares


class PictureViewer(QDialog):
    """Shows one picture of a list.

    Signals:
        folder_wanted: str, the path of the picture to show in its folder.
    """

    folder_wanted = Signal(str)

    def __init__(self, whole: WholePicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_viewer")
        self.setAccessibleName(self.tr("Picture"))
        self._whole = whole
        self._paths: list[str] = []
        self._captions: list[str] = []
        self._index = 0
        self._find: Callable[[str], PicturePrediction | None] | None = None
        self._name = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._name.setObjectName("viewer_name")
        self._place = ElidedLabel("", "label")
        self._place.setObjectName("viewer_place")
        self._picture = _PictureBox()
        self._caption = ElidedLabel("", "muted")
        self._caption.setObjectName("viewer_caption")
        self._model = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self._model.setObjectName("viewer_model")
        self._file = ElidedLabel("", "label")
        self._file.setObjectName("viewer_file")
        self._classes = ClassBars("viewer_classes")
        self._error = label("", "muted", wrap=True, selectable=True, name="viewer_error")
        self._panel = self._make_panel()
        self._previous = button(self.tr("Previous"), "viewer_previous", "plain", lambda: self._go(-1))
        self._next = button(self.tr("Next"), "viewer_next", "plain", lambda: self._go(1))
        self._folder = button(self.tr("Show in folder"), "viewer_show_in_folder", "", self._tell_folder)
        for one in (self._previous, self._next, self._folder):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the arrow keys to the picture
        self._arrange()
        whole.made.connect(self._picture.show_pixmap)
        whole.failed.connect(self._picture.show_words)

    def show_pictures(
        self,
        paths: list[str],
        captions: list[str],
        index: int,
        find: Callable[[str], PicturePrediction | None] | None = None,
        model: str = "",
    ) -> None:
        """Show a picture; the arrow keys lead to the others.

        Args:
            paths: of all pictures.
            captions: one for each picture.
            index: of the picture to show first.
            find: returns the prediction of a picture by its path, to be shown beside the picture; None: no predictions.
            model: the name of the model that predicted.
        """
        self._paths, self._captions, self._index = list(paths), list(captions), index
        self._find = find
        self._model.setText(visible(model))
        self._panel.setVisible(find is not None)
        self._caption.setVisible(find is None)  # the panel has more
        if not self.isVisible():
            self._cover_window()
        self._show_current()
        self.show()
        self.raise_()
        self.activateWindow()
        self._picture.setFocus()

    @property
    def shown_path(self) -> str:
        """The path of the shown picture."""
        return self._paths[self._index] if self._paths else ""

    @property
    def words(self) -> str:
        """The text shown in place of the picture, if there is one."""
        return self._picture.words

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go back and forward with the arrow keys, close with the space bar (as with Esc)."""
        match event.key():
            case Qt.Key.Key_Left:
                self._go(-1)
            case Qt.Key.Key_Right:
                self._go(1)
            case Qt.Key.Key_Space:
                self.close()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Release the picture."""
        super().hideEvent(event)
        self._whole.give_up()
        self._picture.show_words("")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave most of the width to the picture."""
        self._panel.setFixedWidth(min(WIDEST_PANEL, event.size().width() * 2 // 5))
        super().resizeEvent(event)

    def _make_panel(self) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(4)
        for one in (self._model, self._file, self._error):
            column.addWidget(one)
        column.addSpacing(4)
        column.addWidget(self._classes, 1)
        column.addStretch(0)
        return panel

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        head, foot = row(), row()
        head.addWidget(self._name, 1)
        head.addWidget(self._place)
        foot.addWidget(self._caption, 1)
        foot.addStretch(0)
        for one in (self._previous, self._next, self._folder):
            foot.addWidget(one)
        column.addLayout(head)
        middle = row(spacing=0)
        middle.addWidget(self._picture, 1)
        middle.addWidget(self._panel)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        self.setMinimumSize(480, 360)

    def _cover_window(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            self.resize(900, 680)
            return
        window = parent.window().geometry()
        self.resize(window.size() * 0.86)
        self.move(window.center() - self.rect().center())

    def _go(self, step: int) -> None:
        goal = self._index + step
        if 0 <= goal < len(self._paths):
            self._index = goal
            self._show_current()

    def _show_current(self) -> None:
        path, caption = self.shown_path, self._captions[self._index]
        self.setWindowTitle(window_title(Path(path).name))
        self._name.setText(Path(path).name)
        self._name.setToolTip(tool_tip(path))
        place = self.tr("{n} of {count}").format(n=texts.number(self._index + 1), count=texts.number(len(self._paths)))
        self._place.setText(place if len(self._paths) > 1 else "")
        self._caption.setText(caption)
        self._previous.setEnabled(self._index > 0)
        self._next.setEnabled(self._index < len(self._paths) - 1)
        self._picture.setAccessibleName(visible(f"{Path(path).name}: {caption}"))
        self._picture.show_words(self.tr("Opening…"))
        self._show_said(path)
        self._whole.make(path)

    def _show_said(self, path: str) -> None:
        """Show the prediction of a picture, and the size of its file."""
        said = self._find(path) if self._find is not None else None
        self._classes.show_predictions(said.predictions if said is not None else ())
        self._classes.setVisible(said is not None and bool(said.predictions))
        self._error.setText(visible(said.error) if said is not None and said.error else "")
        self._error.setVisible(bool(self._error.text()))
        file = QFileInfo(path)
        self._file.setText(texts.size(file.size()) if file.exists() else "")

    def _tell_folder(self) -> None:
        self.folder_wanted.emit(self.shown_path)


class _PictureBox(QWidget):
    """A picture as large as fits, or a text."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("viewer_picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.words = ""
        self.pixmap: QPixmap | None = None

    def show_pixmap(self, pixmap: QPixmap) -> None:
        self.pixmap, self.words = pixmap, ""
        self.update()

    def show_words(self, words: str) -> None:
        self.pixmap, self.words = None, visible(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        if self.pixmap is None:
            painter.setPen(theme.color("muted"))
            painter.setFont(theme.font(14))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(40, 0, -40, 0), flags, self.words)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = placed(self.pixmap.size(), self.size())
            dense = place.size() * self.devicePixelRatioF()  # scaled here: a painter scales large pictures roughly
            smooth = Qt.TransformationMode.SmoothTransformation
            painter.drawPixmap(place, self.pixmap.scaled(dense, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
        painter.end()


def placed(picture: QSize, room: QSize) -> QRect:
    """Return the place of a picture in a room: centred, as large as fits, enlarged `MAX_ENLARGED` times at most. Pixels."""
    size = picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    if size.width() > picture.width() * MAX_ENLARGED:
        size = picture * MAX_ENLARGED
    return QRect((room.width() - size.width()) // 2, (room.height() - size.height()) // 2, size.width(), size.height())
