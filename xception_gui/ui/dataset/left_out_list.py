"""The list of skipped files, with the reason for each."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QTableView, QVBoxLayout, QWidget

from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.reasons import Reason
from xception_gui.domain.visible import visible
from xception_gui.ui.dataset.whole_list import show_whole, whole_size
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import row
from xception_gui.ui.kit.fields import ChoiceBox
from xception_gui.ui.kit.labels import ElidedLabel, tool_tip
from xception_gui.ui.pictures.thumbnails import Thumbnails

ROW = 40  # pixels
WIDEST_PATH = 300  # pixels, until the person drags the column wider
FEWEST_LETTERS = 10  # of a reason, in the narrowest window
Index = QModelIndex | QPersistentModelIndex
_WITH_PICTURE = frozenset({Reason.DUPLICATE, Reason.DUPLICATE_ACROSS_CLASSES, Reason.CLASS_TOO_SMALL})


class LeftOutModel(QAbstractTableModel):
    """Skipped files and reasons; thumbnails of those that can be read."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._root = ""
        self.files: tuple[LeftOut, ...] = ()

    def show_files(self, files: Sequence[LeftOut], root: str) -> None:
        """Show other files; paths are shown relative to `root`."""
        self.beginResetModel()
        self.files, self._root = tuple(files), root
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's names
        """Count the files."""
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """Return 2: file and reason."""
        return 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:  # noqa: N802
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("File"), self.tr("Reason"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return path, reason, picture."""
        file = self.files[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(self._below_root(file.path) if index.column() == 0 else texts.reason_text(file))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(file.path if index.column() == 0 else texts.reason_text(file))
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and file.code in _WITH_PICTURE:
            return QIcon(self._thumbnails.pixmap(file.path) or QPixmap())
        return None

    def _below_root(self, path: str) -> str:
        return path.removeprefix(self._root).lstrip("/\\") or path


class LeftOutList(QWidget):
    """A table of skipped files, which can be filtered by reason.

    Signals:
        shown_in_folder: str, a path.
    """

    shown_in_folder = Signal(str)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._files: tuple[LeftOut, ...] = ()
        self._root = ""
        self._model = LeftOutModel(thumbnails, self)
        self._reasons = ChoiceBox()
        self._reasons.setObjectName("check_left_out_reason")
        self._reasons.setAccessibleName(self.tr("Reason"))
        self._reasons.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._reasons.setMinimumContentsLength(FEWEST_LETTERS)
        self._reasons.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._reasons.currentIndexChanged.connect(self._narrow)
        self._open = button(self.tr("Show in folder"), "check_show_in_folder", "", self._on_open)
        self._table = _Table()
        self._table.setObjectName("check_left_out")
        self._table.setAccessibleName(self.tr("Skipped files"))
        self._table.setModel(self._model)
        show_whole(self._table)
        self._table.setIconSize(QSize(32, 32))
        self._table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._table.activated_by_person.connect(self._on_open)
        action = QAction(self.tr("Show in folder"), self._table)
        action.setObjectName("check_left_out_show_in_folder")
        action.triggered.connect(self._on_open)
        self._table.addAction(action)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._table.selectionModel().currentRowChanged.connect(self._on_current_changed)
        thumbnails.thumbnail_ready.connect(lambda _path: self._table.viewport().update())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        line = row(spacing=8)
        line.addWidget(self._reasons, 1)
        line.addWidget(self._open)
        column.addLayout(line)
        column.addWidget(self._table)
        column.addWidget(ElidedLabel(self.tr("These files are not changed or deleted."), "label"))
        column.addStretch(1)
        self._on_current_changed()

    def show_files(self, files: Sequence[LeftOut], root: str) -> None:
        """Show other files."""
        self._files, self._root = tuple(files), root
        counts = Counter(file.code for file in files)
        self._reasons.blockSignals(True)
        self._reasons.clear()
        self._reasons.addItem(self.tr("All reasons ({n})").format(n=texts.number(len(files))), "")
        for code, count in counts.most_common():
            self._reasons.addItem(visible(f"{texts.reason_name(code, count)} ({texts.number(count)})"), code)
        self._reasons.blockSignals(False)
        self._narrow()

    def _narrow(self) -> None:
        code = self._reasons.currentData()
        self._model.show_files([file for file in self._files if code in ("", None, file.code)], self._root)
        self._on_current_changed()

    def _on_current_changed(self) -> None:
        self._open.setEnabled(self._table.currentIndex().isValid())

    def _on_open(self) -> None:
        index = self._table.currentIndex()
        if index.isValid():
            self.shown_in_folder.emit(self._model.files[index.row()].path)


class _Table(QTableView):
    """A table in which Enter and a double click do the same on every system."""

    activated_by_person = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.doubleClicked.connect(self.activated_by_person)
        # A tree would ask Python for the position of each of thousands of rows; a table asks only for the visible ones.
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave half of the width to the reasons."""
        super().resizeEvent(event)
        self.setColumnWidth(0, min(WIDEST_PATH, event.size().width() // 2))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of all rows."""
        return whole_size(self, self.model().rowCount(), ROW, self.horizontalHeader().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size of all rows."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open the current row with Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated_by_person.emit()
            return
        super().keyPressEvent(event)
