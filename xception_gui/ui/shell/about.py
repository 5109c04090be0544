"""The About dialog: what the program is, what it promises, and its components."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xception_gui import __version__
from xception_gui.domain.runtime import RuntimeChoice
from xception_gui.edition import has_keras
from xception_gui.ui.kit import screens, texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.labels import label
from xception_gui.ui.shell.components import components


class AboutDialog(QDialog):
    """Name, version and promise; below, all components and the licence of the selected one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self._runtime = label("", "muted", wrap=True, name="about_runtime")
        self.setWindowTitle(self.tr("About Xception GUI"))
        self.resize(QSize(800, 640).boundedTo(screens.room_for(self)))
        self._components = components()
        self._table = self._make_table()
        self._licence = self._make_licence()
        self._lay_out()
        self._fill()
        self._table.itemSelectionChanged.connect(self._on_selected)
        self._table.selectRow(0)
        self._table.setFocus()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(label("Xception GUI", "title", name="about_name"))
        version = self.tr("Version {version}").format(version=__version__)
        head.addWidget(label(version, "muted", selectable=True, name="about_version"), 1, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(head)
        layout.addWidget(label(self.tr("Turns a folder of pictures into an image classifier."), wrap=True))
        if not has_keras():
            words = self.tr(
                "This is the lite edition, without Keras and TensorFlow. It has Quick, Results and Predict."
            )
            layout.addWidget(label(words, wrap=True, name="about_lite"))
        promise = self.tr(
            "Your pictures never leave this computer. The program needs no internet connection and no account."
        )
        layout.addWidget(label(promise, "strong", wrap=True, name="about_promise"))
        qt = self.tr("The window uses Qt under the GNU Lesser General Public License (LGPL), version 3.")
        layout.addWidget(label(qt, "muted", wrap=True, name="about_qt"))
        layout.addWidget(self._runtime)
        layout.addWidget(self._table, 3)
        layout.addWidget(self._licence, 2)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(self.tr("Close"), "about_close", "primary", self.accept))
        layout.addLayout(row)

    def show_runtime(self, choice: RuntimeChoice) -> None:
        """Show the runtime of predictions, and why it is used."""
        self._runtime.setText(self.tr("Predictions use {runtime}.").format(runtime=texts.runtime_text(choice)))

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(len(self._components), 3)
        table.setObjectName("about_components")
        table.setAccessibleName(self.tr("Components"))
        table.setHorizontalHeaderLabels([self.tr("Component"), self.tr("Version"), self.tr("Licence")])
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)  # Tab goes on to the licence
        return table

    def _make_licence(self) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setObjectName("about_licence")
        text.setAccessibleName(self.tr("Licence text"))
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return text

    def _fill(self) -> None:
        for row, component in enumerate(self._components):
            for column, text in enumerate((component.name, component.version, component.licence)):
                self._table.setItem(row, column, QTableWidgetItem(text))

    def _on_selected(self) -> None:
        row = self._table.currentRow()
        if row >= 0:
            self._licence.setPlainText(self._components[row].read_text())
