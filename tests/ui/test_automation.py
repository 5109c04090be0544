"""Whoever drives the window by names finds all of them in docs/automation.md, and each of them in the window."""

import re
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QWidget,
)

from tests.recordings import TUTORIAL, recording
from tests.ui.evaluated import CLASSES, evaluated, rubbish, say
from tests.ui.predicted import report, said, unreadable
from tests.ui.test_start_page import BROKEN, GOOD, INTERRUPTED, MOVED
from tests.ui.whole_window import job_of, settle, whole_window
from tests.ui.wizard import PETS, SOME_LEFT_OUT, checked
from xception_gui.app import Program
from xception_gui.domain.messages.dataset import CheckRequest, EmbedRequest
from xception_gui.domain.messages.models import RunsResult
from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.ui.desktop.unexpected import UnexpectedErrorDialog
from xception_gui.ui.engines.silence import SilenceQuestion
from xception_gui.ui.features import PAGES
from xception_gui.ui.predict.prediction_list import PredictionList
from xception_gui.ui.preferences.feature import PREFERENCES
from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix
from xception_gui.ui.shell.about import AboutDialog
from xception_gui.ui.shell.closing import ClosingQuestion

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "automation.md"
ACTED_ON = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, ConfusionMatrix)


@pytest.fixture(scope="module")
def filled(qapp, tmp_path_factory):
    """The window with something on every page, and its dialogs. It is looked at, and left as it was."""
    settings = QSettings(str(tmp_path_factory.mktemp("window") / "window.ini"), QSettings.Format.IniFormat)
    with pytest.MonkeyPatch.context() as patch, whole_window(qapp, settings, patch) as program:
        yield fill(program)


def fill(program: Program) -> QWidget:
    engines = program.engines
    program.services.models.refresh()
    engines.viewer.job.finish(RunsResult((replace(GOOD, has_quick=True), MOVED, INTERRUPTED, BROKEN)))
    program.navigator.open_dataset(PETS)
    job_of(engines.reader, CheckRequest).finish(checked(left=SOME_LEFT_OUT))
    job_of(engines.reader, EmbedRequest).say(
        *(event for event in recording("quick") if isinstance(event, EpochFinished))
    )
    program.window.findChild(QPushButton, "recipe_tutorial").click()
    program.services.training.start(TUTORIAL)
    engines.trainer.job.say(*recording("tutorial"))
    program.navigator.show_results(GOOD.path)
    say(engines.reader.job, rubbish(), evaluated(rubbish(), CLASSES))
    program.navigator.predict_with(GOOD.path)
    program.navigator.predict(["/p/1.jpg", "/p/2.jpg"])
    job = job_of(engines.predictor, PredictRequest)
    report(job, [said("/p/1.jpg", "cats", 0.9, ("cats", "dogs")), unreadable("/p/2.jpg")])
    listed = program.window.findChild(PredictionList)
    program.services.viewer.show_pictures(["/p/1.jpg"], ["cats 90 %"], 0)
    for page in PAGES:
        program.window.show_page(page.name)
        settle()
    job.be_stopped()
    settle()
    listed.make_menu(0)
    for dialog in (AboutDialog, UnexpectedErrorDialog):
        dialog(program.window)
    PreferencesDialog(program[PREFERENCES].stored, program.window)
    ClosingQuestion("pets", program.window)
    SilenceQuestion(program.window)
    program.services.viewer.close()
    return program.window


def is_ours(widget: QWidget) -> bool:
    """Whether it isn't a part that Qt has put into something of its own accord."""
    inside = (QComboBox, QHeaderView, QLineEdit)
    parent = widget.parent()
    while parent is not None:
        if isinstance(parent, inside):
            return False
        parent = parent.parent()
    return not widget.objectName().startswith("qt_") and not isinstance(widget, QHeaderView)


def acted_on(window: QWidget) -> list[QWidget]:
    """All that a person can act on."""
    found = [widget for widget in window.findChildren(QWidget) if is_ours(widget)]
    return [
        widget
        for widget in found
        if isinstance(widget, ACTED_ON)
        or (widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and not widget.focusProxy())
    ]


def names_in(window: QWidget) -> set[str]:
    """All names: of widgets, acted on or not, of menus and of what stands in them."""
    found = [widget for widget in [window, *window.findChildren(QWidget)] if is_ours(widget)]
    entries = [action for action in window.findChildren(QAction) if not action.objectName().startswith("_q_")]
    return {one.objectName() for one in (*found, *entries)} - {""}


def documented() -> dict[str, str]:
    """The names of the document and what they are."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    names = Counter(name for name, _ in rows)
    assert not [name for name, count in names.items() if count > 1]
    return dict(rows)


def pattern_of(name: str) -> re.Pattern[str]:
    """N stands for a number, CLASS for the name of a class."""
    return re.compile(re.escape(name).replace("N", r"\d+").replace("CLASS", ".+"))


def test_all_that_can_be_acted_on_has_a_name_of_its_own(filled):
    widgets = acted_on(filled)
    assert len(widgets) > 80
    assert [widget for widget in widgets if not widget.objectName()] == []
    names = Counter(widget.objectName() for widget in widgets)
    assert [name for name, count in names.items() if count > 1] == []


def test_all_that_can_be_acted_on_is_called_something_for_who_can_not_see_it(filled):
    silent = [widget.objectName() for widget in acted_on(filled) if not widget.accessibleName().strip()]
    assert silent == []


@pytest.mark.parametrize(("name", "page"), [("train_show_log", "train"), ("recipe_advanced", "data")])
def test_what_shows_and_hides_is_called_what_it_says(filled, name, page):
    filled.show_page(page)
    if page == "data":
        filled.findChild(QPushButton, "data_next").click()  # on to the recipes
    toggle = filled.findChild(QPushButton, name)
    shown = []
    for _ in range(2):
        toggle.click()
        shown.append(toggle.text())
        assert toggle.accessibleName() == toggle.text()
    assert shown[0] != shown[1]


def is_overflow(menu: QMenu) -> bool:
    """Whether it is Qt's own menu for menus that don't fit into the bar."""
    return all(action.menu() for action in menu.actions())


def test_every_menu_and_every_entry_has_a_name(filled):
    menus = [menu for menu in filled.findChildren(QMenu) if is_ours(menu) and not is_overflow(menu)]
    assert [menu.title() for menu in menus if not menu.objectName()] == []
    entries = [action for menu in menus for action in menu.actions() if not action.isSeparator() and not action.menu()]
    dynamic = {"predict_filter_menu"}  # classes, made when it opens
    nameless = [
        action.text() for action in entries if not action.objectName() and action.parent().objectName() not in dynamic
    ]
    assert nameless == []


def test_every_splitter_has_a_name_by_which_its_place_is_remembered(filled):
    names = sorted(splitter.objectName() for splitter in filled.findChildren(QSplitter))
    assert names == ["results_splitter", "train_splitter"]


def test_every_name_in_the_window_is_in_the_document(filled):
    patterns = [pattern_of(name) for name in documented()]
    missing = {name for name in names_in(filled) if not any(pattern.fullmatch(name) for pattern in patterns)}
    assert sorted(missing) == []


def test_every_name_in_the_document_is_in_the_window(filled):
    names = names_in(filled)
    stale = [name for name in documented() if not any(pattern_of(name).fullmatch(found) for found in names)]
    assert stale == []
