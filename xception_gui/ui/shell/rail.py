"""The rail at the left: the pages and, at its foot, the status and running jobs, whatever page is shown."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from xception_gui.ui.framework.feature import PageFeature
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.kit.icons import icon
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.progress_bar import ProgressBar

LEAST_WIDTH = 200  # pixels; large type needs more
MAX_JOBS = 3


class Rail(QWidget):
    """Buttons for the pages, and the status.

    Signals:
        page_chosen: str, the name of the page's feature.
    """

    page_chosen = Signal(str)

    def __init__(self, features: Sequence[PageFeature[Any]]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._features = tuple(features)
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 22, 12, 20)
        column.setSpacing(4)
        name = label("Xception GUI", "strong")
        name.setContentsMargins(12, 0, 0, 10)
        column.addWidget(name)
        group = QButtonGroup(self)
        for feature in self._features:
            page = self._buttons[feature.name] = self._page_button(feature)
            group.addButton(page)
            column.addWidget(page)
        column.addStretch(1)
        self._jobs = [_JobLine(number + 1) for number in range(MAX_JOBS)]
        for job in self._jobs:
            column.addWidget(job)
        column.addSpacing(8)
        self._device = device = label(self.tr("CPU · float32"), "label", name="status_device")
        device.setToolTip(self.tr("Device and numeric precision"))
        network = label(self.tr("Works offline"), "label", name="status_network")
        network.setToolTip(self.tr("Your pictures never leave this computer"))
        for line in (device, network):
            line.setContentsMargins(12, 0, 0, 0)
            column.addWidget(line)
        self.setFixedWidth(max(LEAST_WIDTH, self.minimumSizeHint().width()))
        self._draw_icons()

    def _page_button(self, feature: PageFeature[Any]) -> QPushButton:
        made = QPushButton(f"  {feature.plain_title}")
        made.setObjectName(f"rail_{feature.name}")
        made.setAccessibleName(feature.plain_title)
        made.setProperty("role", "rail")
        made.setCheckable(True)
        made.setIconSize(QSize(18, 18))
        made.clicked.connect(lambda: self.page_chosen.emit(feature.name))
        return made

    def show_page(self, name: str) -> None:
        """Mark the shown page."""
        self._buttons[name].setChecked(True)

    def show_jobs(self, jobs: Sequence[RunningJob]) -> None:
        """Show the running jobs."""
        for number, line in enumerate(self._jobs):
            line.show_job(jobs[number] if number < len(jobs) else None)

    def show_precision(self, training: str) -> None:
        """Show the precision of trainings if it isn't float32; everything else always is."""
        words = self.tr("CPU · float32") if training == "float32" else self.tr("CPU · training in {precision}")
        self._device.setText(words.format(precision=training))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw the icons when the appearance changes."""
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()
        super().changeEvent(event)

    def _draw_icons(self) -> None:
        for feature in self._features:
            self._buttons[feature.name].setIcon(icon(feature.icon))


class _JobLine(QWidget):
    """A running job: words and a thin bar."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setObjectName(f"status_job_{number}")
        self._words = ElidedLabel("", "label", Qt.TextElideMode.ElideMiddle)
        self._bar = ProgressBar()
        self._bar.setTextVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 6)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        self.hide()

    def show_job(self, job: RunningJob | None) -> None:
        """Show a job; None hides the line."""
        self.setVisible(job is not None)
        if job is None:
            return
        self._words.setText(job.words)
        self._bar.show_progress(job.done, job.total)
        self._bar.setAccessibleName(self._words.text())
