"""An engine that should be at work and isn't heard of: wait for it, or end it."""

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.engines import FakeEngine
from xception_gui.ui.engines.silence import SilenceQuestion, SilenceWatch


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def engine(window):
    engine = FakeEngine()
    SilenceWatch([FakeEngine().client, engine.client], window)
    return engine


def question(window) -> SilenceQuestion | None:
    return next((one for one in window.findChildren(SilenceQuestion) if one.isVisible()), None)


def press(window, name: str) -> None:
    asked = question(window)
    assert asked is not None
    next(one for one in asked.buttons() if one.objectName() == name).click()


def test_it_is_asked_about_and_waited_for(window, engine):
    assert question(window) is None
    engine.fell_silent.emit()
    asked = question(window)
    assert asked is not None and asked.defaultButton().objectName() == "silence_wait"
    press(window, "silence_wait")
    assert question(window) is None
    assert (engine.waited_for, engine.was_ended) == (1, False)


def test_it_is_ended_if_the_person_says_so(window, engine):
    engine.fell_silent.emit()
    press(window, "silence_end")
    assert engine.was_ended


def test_the_question_goes_away_once_it_is_heard_again(window, engine):
    engine.fell_silent.emit()
    engine.heard_again.emit()
    assert question(window) is None
    assert not engine.was_ended
