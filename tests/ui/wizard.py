"""The wizard as a person drives it, its engines played by the test."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStackedWidget, QWidget

from tests.ui.engines import FakeEngine, FakeJob
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, LeftOut, Problem
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.domain.messages.training import ForecastRequest
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.ui.dataset.augmentation_preview import AugmentationPreview
from xception_gui.ui.dataset.data_page import DataPage
from xception_gui.ui.dataset.dataset_check import DatasetCheck
from xception_gui.ui.dataset.forecasting import Forecasting
from xception_gui.ui.dataset.machine_speed import MachineSpeed
from xception_gui.ui.dataset.reading_ahead import ReadingAhead
from xception_gui.ui.models.training import Training
from xception_gui.ui.pictures.thumbnails import Thumbnails

PETS = "/home/ada/pets"
FOLDER, CHECK, RECIPE, START = range(4)
QUICK_SPEED = SpeedResult("CPU", 0.1)
ALL_SPEED = SpeedResult("CPU", 0.1, 1.0, 8.0)


def checked(
    classes: dict[str, int] | None = None,
    left: tuple[LeftOut, ...] = (),
    problems: tuple[Problem, ...] = (),
    embedded: int = 0,
    has_parts: bool = False,
    part_folders: dict[str, str] | None = None,
) -> CheckResult:
    """What a check has found: 100 pictures of two classes, if nothing else is said."""
    classes = {"cats": 60, "dogs": 40} if classes is None else classes
    samples = {name: (f"{PETS}/{name}/1.jpg",) for name in classes}
    return CheckResult(classes, sum(classes.values()), left, problems, samples, embedded, has_parts, part_folders or {})


SOME_LEFT_OUT = (
    left_out(f"{PETS}/cats/notes.txt", Reason.NOT_A_PICTURE),
    left_out(f"{PETS}/cats/2.jpg", Reason.DUPLICATE, "1.jpg"),
    left_out(f"{PETS}/dogs/3.jpg", Reason.DUPLICATE, "4.jpg"),
)


class Wizard:
    """The page, its engines, and a hand on the mouse."""

    def __init__(self, qtbot, parent: QObject, place: Path) -> None:
        self._qtbot = qtbot
        self.reader, self.trainer = FakeEngine(), FakeEngine()
        self.check = DatasetCheck(self.reader.client, parent)
        self.reading = ReadingAhead(self.reader.client, parent)
        self.speed = MachineSpeed(self.reader.client, self.trainer.client, parent)
        self.training = Training(self.trainer.client, parent)
        self.forecasting = Forecasting(self.trainer.client, parent)
        self.training.started.connect(self.forecasting.stop)
        thumbnails = Thumbnails(FakeEngine().client, parent)
        self.place = place
        self.viewer = FakeEngine()
        augmentation = AugmentationPreview(self.viewer.client, parent)
        self.page = DataPage(
            self.check, self.reading, self.speed, self.forecasting, self.training, thumbnails, augmentation, place
        )
        self.wanted: list[object] = []
        self.page.training_wanted.connect(self.wanted.append)
        qtbot.addWidget(self.page)
        self.page.resize(1000, 760)
        with qtbot.waitExposed(self.page):
            self.page.show()

    @property
    def step(self) -> int:
        """The step that is shown."""
        return self.part(QStackedWidget).currentIndex()

    @property
    def check_job(self) -> FakeJob:
        """The last look through a folder."""
        return [job for job in self.reader.jobs if isinstance(job.request, CheckRequest)][-1]

    def measurements(self, engine: FakeEngine) -> list[FakeJob]:
        return [job for job in engine.jobs if isinstance(job.request, MeasureSpeedRequest)]

    @property
    def forecasts(self) -> list[FakeJob]:
        """All trials of fine-tuning."""
        return [job for job in self.trainer.jobs if isinstance(job.request, ForecastRequest)]

    def part(self, kind, name: str = ""):
        found = self.page.findChild(kind, name) if name else self.page.findChild(kind)
        assert found is not None, f"There is no {name}"
        return found

    def click(self, name: str) -> None:
        """Click on a button that can be seen."""
        wanted = self.part(QPushButton, name)
        assert wanted.isVisible(), f"{name} can't be seen"
        self._qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
        QApplication.processEvents()  # what it has built comes into sight

    def can(self, name: str) -> bool:
        """Whether a button can be pressed."""
        wanted = self.part(QPushButton, name)
        return wanted.isVisible() and wanted.isEnabled()

    def is_shown(self, name: str) -> bool:
        return self.part(QWidget, name).isVisible()

    def words(self, name: str) -> str:
        """What a label or a button says."""
        found = self.part(QWidget, name)
        assert isinstance(found, QLabel | QPushButton)
        return found.text()

    def type(self, name: str, text: str) -> None:
        """Put a text into a field, in place of what is in it."""
        field = self.part(QWidget, name)
        field.setFocus()
        self._qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self._qtbot.keyClick(field, Qt.Key.Key_Delete)
        if text.isascii():
            self._qtbot.keyClicks(field, text)
        else:
            field.insert(text)  # as an input method does

    def go_to(self, step: int, result: CheckResult | None = None) -> None:
        """Choose a folder, have it checked, and go on to a step."""
        self.page.open_folder(PETS)
        self.check_job.finish(result or checked())
        for _ in range(step - CHECK):
            self.click("data_next")
        assert self.step == step
