"""Closing the window while a model learns: what is asked, and what becomes of training, window and program."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tests.recordings import QUICK
from tests.ui.engines import FakeEngine
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.ui.export.exports import Exports
from xception_gui.ui.models.training import Training
from xception_gui.ui.shell.closing import ClosingQuestion, Leaving


class Closed:
    """A window that somebody wants to close, and the engine that trains."""

    def __init__(self, qtbot, parent) -> None:
        self.engine = FakeEngine()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.training = Training(self.engine.client, parent)
        self.exports = Exports(self.engine.client, parent)
        self.leaving = Leaving(self.window, self.training, self.exports)
        self.left, self.hidden = 0, 0
        self.leaving.leave_wanted.connect(self._on_left)
        self.leaving.hidden.connect(self._on_hidden)

    def _on_left(self) -> None:
        self.left += 1

    def _on_hidden(self) -> None:
        self.hidden += 1

    @property
    def question(self) -> ClosingQuestion | None:
        return next((one for one in self.window.findChildren(ClosingQuestion) if one.isVisible()), None)

    def answer(self, name: str) -> None:
        self.leaving.ask()
        next(one for one in self.question.buttons() if one.objectName() == f"closing_{name}").click()

    @property
    def state(self) -> tuple[int, bool, bool]:
        """How often the program was left, whether the window can be seen, whether the training was asked to stop."""
        return self.left, self.window.isVisible(), self.engine.jobs[0].stop_asked


@pytest.fixture
def closed(qtbot, qapp):
    made = Closed(qtbot, qapp)
    yield made
    made.window.hide()


@pytest.fixture
def learning(closed):
    closed.training.start(QUICK)
    return closed


def test_where_nothing_goes_on_nobody_is_asked(closed):
    closed.leaving.ask()
    assert closed.question is None and closed.left == 1


def test_after_a_training_nobody_is_asked(learning):
    learning.engine.job.be_stopped()
    learning.leaving.ask()
    assert learning.question is None and learning.left == 1


def test_while_a_model_learns_it_is_asked_which_one_and_what_stays_is_the_default(learning):
    learning.leaving.ask()
    assert "“quick” is still training" in learning.question.text()
    assert learning.question.defaultButton().objectName() == "closing_keep"
    assert learning.state == (0, True, False)
    learning.question.reject()


def test_kept_it_goes_on_behind_a_hidden_window_until_it_has_ended(learning):
    learning.answer("keep")
    assert learning.state == (0, False, False) and learning.hidden == 1
    learning.engine.job.be_stopped()
    assert learning.left == 1


def test_to_be_resumed_later_the_program_goes_at_once_and_stops_nothing(learning):
    learning.answer("later")
    assert learning.state == (1, True, False)  # its engine saves what it is at


def test_stopped_the_program_waits_until_the_best_is_kept(learning):
    learning.answer("stop")
    assert learning.state == (0, False, True)
    learning.engine.job.be_stopped()
    assert learning.left == 1


@pytest.mark.parametrize("how", ["button", "key"])
def test_given_up_all_goes_on(qtbot, learning, how):
    if how == "button":
        learning.answer("cancel")
    else:
        learning.leaving.ask()
        qtbot.keyClick(learning.question, Qt.Key.Key_Escape)
    assert learning.state == (0, True, False)
    learning.engine.job.be_stopped()
    assert learning.left == 0


def test_a_training_that_ends_while_the_question_stands_there_holds_nobody_up(learning):
    learning.leaving.ask()
    learning.engine.job.be_stopped()
    next(one for one in learning.question.buttons() if one.objectName() == "closing_keep").click()
    assert learning.left == 1


def test_brought_back_it_stays_and_can_be_closed_again(learning):
    learning.answer("keep")
    learning.leaving.stay()
    learning.engine.job.be_stopped()
    assert learning.left == 0
    learning.leaving.ask()
    assert learning.left == 1


def test_with_a_training_and_an_export_it_waits_for_both(learning):
    learning.exports.start(ExportRequest("/models/pets", ExportFormat.KERAS, "/out/pets.keras"))
    training, export = learning.engine.jobs
    learning.answer("keep")
    assert export.stop_asked and not training.stop_asked
    training.be_stopped()
    assert learning.left == 0
    export.be_stopped()
    assert learning.left == 1


def test_at_a_log_out_nobody_is_asked(learning, monkeypatch):
    monkeypatch.setattr(QGuiApplication, "isSavingSession", lambda _app: True)
    learning.leaving.ask()
    assert learning.question is None and learning.state == (1, True, False)
