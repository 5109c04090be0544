"""The window itself: pages, menus and shortcuts, the rail, what is dropped, and where it was last time."""

from collections import Counter
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from tests.recordings import QUICK, recording
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.ui.dataset.dataset_check import CheckState
from xception_gui.ui.kit.icons import icon
from xception_gui.ui.kit.screens import first_size, in_sight, least_size
from xception_gui.ui.results.evaluation import EvaluationState
from xception_gui.ui.shell.incoming import Incoming
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.menus import Possible
from xception_gui.ui.shell.rail import RunningJob
from xception_gui.ui.shell.routing import Page
from xception_gui.ui.shell.status import running_jobs

OF_A_MODEL = {"share_model", "results", "export", "show_model"}


def plain_page(page: Page) -> QWidget:
    """A page with one button, and on one a splitter."""
    made = QWidget()
    made.setObjectName(page.name)
    column = QVBoxLayout(made)
    column.addWidget(QPushButton(page.name))
    if page is Page.TRAIN:
        splitter = QSplitter()
        splitter.setObjectName("plots")
        for _ in range(2):
            splitter.addWidget(QLabel("plot"))
        column.addWidget(splitter)
    return made


@pytest.fixture
def open_window(qtbot):
    """Open a window; all are closed at the end."""
    opened = []

    def make():
        window = MainWindow({page: plain_page(page) for page in Page})
        opened.append(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    yield make
    for window in opened:
        window.may_close = True
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window):
    return open_window()


def entries(menu: QMenu) -> list[QAction]:
    """The actions of a menu and of the menus in it."""
    found = []
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            found += entries(below)
        elif not action.isSeparator():
            found.append(action)
    return found


def actions(window) -> list[QAction]:
    return [action for menu in window.menuBar().actions() for action in entries(menu.menu())]


def action(window, name) -> QAction:
    (found,) = [one for one in actions(window) if one.objectName() == name]
    return found


def test_every_action_of_the_menus_stands_in_a_menu_and_has_a_name(window):
    in_menus = actions(window)
    made = [one for one in vars(window.menus).values() if isinstance(one, QAction)]
    made += [*window.menus.pages.values(), *window.menus.appearances.values()]
    assert {id(one) for one in made} == {id(one) for one in in_menus}
    names = Counter(one.objectName() for one in in_menus)
    assert set(names.values()) == {1} and all(name.startswith("action_") for name in names)
    assert all(one.text().strip() for one in in_menus)


def test_no_shortcut_and_in_no_menu_a_letter_is_there_twice(window):
    shortcuts = Counter(key.toString() for one in actions(window) for key in one.shortcuts())
    assert shortcuts and set(shortcuts.values()) == {1}
    for menu in [None, *(bar.menu() for bar in window.menuBar().actions())]:
        texts = [one.text() for one in (menu or window.menuBar()).actions() if one.text()]
        letters = Counter(text[text.index("&") + 1].lower() for text in texts if "&" in text)
        assert set(letters.values()) == {1}, letters
        assert sum(letters.values()) == len(texts)  # each can be reached by a letter


@pytest.mark.parametrize("page", Page)
def test_pages_are_reached_by_rail_menu_and_shortcut(qtbot, window, page):
    elsewhere = Page.DATA if page is not Page.DATA else Page.START
    shown = []
    window.page_shown.connect(shown.append)
    for go in (
        lambda: qtbot.mouseClick(window.findChild(QPushButton, f"rail_{page.name.lower()}"), Qt.MouseButton.LeftButton),
        lambda: action(window, f"action_page_{page.name.lower()}").trigger(),
        lambda: qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1.value + page.value), Qt.KeyboardModifier.ControlModifier),
    ):
        window.show_page(elsewhere)
        go()
        assert window.page is page
        assert window.findChild(QWidget, page.name).isVisible()
        marked = [one.objectName() for one in window.rail.findChildren(QPushButton) if one.isChecked()]
        assert marked == [f"rail_{page.name.lower()}"]
    assert shown == [elsewhere, page] * 3


@pytest.mark.parametrize(
    ("possible", "enabled"),
    [
        (Possible(False, False, False, False, False), set()),
        (Possible(True, True, False, False, False), {"stop", "copy_log", "save_loss", "save_accuracy"}),
        (Possible(False, True, False, False, False), {"copy_log", "save_loss", "save_accuracy"}),
        (Possible(False, False, True, False, False), OF_A_MODEL),
        (Possible(False, False, True, True, False), OF_A_MODEL | {"save_table", "clear"}),
        (Possible(False, False, True, False, True), OF_A_MODEL | {"undo"}),
    ],
)
def test_what_can_not_be_done_now_is_grey(window, possible, enabled):
    window.menus.show_possible(possible)
    depends = {"stop", "copy_log", "save_loss", "save_accuracy", "save_table", "clear", "undo"} | OF_A_MODEL
    found = {name for name in depends if action(window, f"action_{name}").isEnabled()}
    assert found == enabled
    assert action(window, "action_new_model").isEnabled() and action(window, "action_paste").isEnabled()


def test_size_and_splitters_are_as_last_time(qapp, open_window, settings):
    first = open_window()
    first.restore(settings)
    assert first.size() == first_size(first.screen().availableSize())  # the first time
    first.resize(860, 640)  # no larger than the screen of the tests, which it would be fitted into
    first.show_page(Page.TRAIN)
    qapp.processEvents()
    first.findChild(QSplitter, "plots").setSizes([100, 500])
    sizes = first.findChild(QSplitter, "plots").sizes()
    assert sizes[0] < sizes[1]
    first.save(settings)
    second = open_window()
    second.restore(settings)
    second.show_page(Page.TRAIN)
    qapp.processEvents()
    assert second.height() == 640
    again = second.findChild(QSplitter, "plots").sizes()
    assert again[0] / sum(again) == pytest.approx(sizes[0] / sum(sizes), abs=0.02)


def test_settings_that_are_rubbish_do_no_harm(open_window, settings):
    settings.setValue("window/geometry", b"rubbish")
    settings.setValue("window/splitters/plots", b"rubbish")
    window = open_window()
    window.restore(settings)
    assert window.size() == first_size(window.screen().availableSize())


@pytest.mark.parametrize(
    ("screen", "first", "least"),
    [
        ((1920, 1040), (1280, 820), (760, 500)),
        ((1366, 728), (1280, 680), (760, 500)),
        ((960, 500), (944, 452), (760, 452)),  # 1920 × 1080 at twice the scale, a bar at its foot
        ((683, 344), (667, 296), (667, 296)),
    ],
)
def test_the_first_window_and_the_smallest_one_fit_into_the_screen(screen, first, least):
    assert first_size(QSize(*screen)) == QSize(*first)
    assert least_size([QSize(3840, 2100), QSize(*screen)]) == QSize(*least)  # on whichever it is


def test_the_first_window_lies_on_the_screen_with_all_of_it(qapp, open_window, settings):
    window = open_window()
    window.hide()
    window.restore(settings)
    window.move(window.screen().geometry().bottomRight())
    window.show()
    qapp.processEvents()
    assert window.screen().availableGeometry().contains(window.frameGeometry())


def test_a_window_comes_back_from_a_screen_that_is_gone(qapp, open_window, settings):
    first = open_window()
    first.move(5000, 3000)
    first.save(settings)
    second = open_window()
    second.hide()
    second.restore(settings)
    second.show()
    qapp.processEvents()
    assert second.screen().availableGeometry().contains(second.frameGeometry())


def test_a_window_is_moved_no_further_than_it_must_be():
    screen = QRect(0, 30, 1366, 738)
    assert in_sight(QRect(20, 40, 800, 600), screen) == QRect(20, 40, 800, 600)
    assert in_sight(QRect(1000, 0, 800, 600), screen) == QRect(566, 30, 800, 600)
    assert in_sight(QRect(-50, 500, 2000, 600), screen) == QRect(0, 168, 1366, 600)


def test_it_can_be_small(window):
    window.resize(960, 640)
    assert (window.width(), window.height()) == (960, 640)


def test_closing_is_left_to_whoever_knows_what_is_going_on(qtbot, window):
    with qtbot.waitSignal(window.close_wanted):
        window.close()
    assert window.isVisible()
    window.may_close = True
    window.close()
    assert not window.isVisible()


def test_it_comes_forward_when_it_was_hidden_or_small(window):
    window.hide()
    window.come_forward()
    assert window.isVisible()
    window.showMinimized()
    window.come_forward()
    assert not window.isMinimized()


def mime_of(*urls, text=""):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    if text:
        mime.setText(text)
    return mime


def enter(window, mime):
    event = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window, mime):
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_files_that_are_dropped_come_in(window):
    came, hovered = [], []
    window.incoming.connect(came.append)
    window.hovering.connect(hovered.append)
    mime = mime_of("file:///p/a%20b.jpg", "file:///p/c.jpg")
    assert enter(window, mime)
    assert hovered == [True]
    assert drop(window, mime)
    assert hovered == [True, False]
    assert came == [Incoming(paths=("/p/a b.jpg", "/p/c.jpg"))]


def test_what_only_passes_over_the_window_does_not_come_in(window):
    came, hovered = [], []
    window.incoming.connect(came.append)
    window.hovering.connect(hovered.append)
    enter(window, mime_of("file:///p/a.jpg"))
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert hovered == [True, False] and came == []


def test_an_address_is_taken_to_be_refused_in_words_and_what_is_nothing_is_not_taken(window):
    came = []
    window.incoming.connect(came.append)
    mime = mime_of("https://example.org/cat.jpg")
    assert enter(window, mime) and drop(window, mime)
    assert "never uses the network" in came[0].refusal
    assert not enter(window, QMimeData())


def jobs_shown(window):
    found = []
    for number in (1, 2, 3):
        line = window.findChild(QWidget, f"status_job_{number}")
        if line.isVisible():
            bar = line.findChild(QProgressBar)
            found.append((line.findChild(QLabel).text(), bar.value(), bar.maximum(), bar.accessibleName()))
    return found


def test_the_rail_shows_what_is_going_on_from_every_page(qapp, window):
    assert jobs_shown(window) == []
    window.rail.show_jobs([RunningJob("Training “pets”", 3, 10), RunningJob("Predicting", 0, 0)])
    for page in Page:
        window.show_page(page)
        qapp.processEvents()
        assert jobs_shown(window) == [
            ("Training “pets”", 3, 10, "Training “pets”"),
            ("Predicting", 0, 0, "Predicting"),  # to and fro: it can't be said
        ]
    window.rail.show_jobs([RunningJob(f"job {number}", 0, 1) for number in range(5)])
    assert [words for words, *_ in jobs_shown(window)] == ["job 0", "job 1", "job 2"]
    window.rail.show_jobs([])
    assert jobs_shown(window) == []


def test_the_rail_says_what_computes_and_that_nothing_leaves(window):
    assert window.findChild(QLabel, "status_device").text() == "CPU · float32"
    assert window.findChild(QLabel, "status_network").text() == "No network used"
    window.rail.show_precision("bfloat16")
    assert window.findChild(QLabel, "status_device").text() == "CPU · training in bfloat16"
    window.rail.show_precision("float32")
    assert window.findChild(QLabel, "status_device").text() == "CPU · float32"


def test_everything_that_runs_is_listed_the_longest_first():
    training = reduce(start_of(QUICK, 0), PhaseStarted(Phase.EMBEDDING, 24), 1)
    training = reduce(training, Progress(Phase.EMBEDDING, 6, 24, 1.0), 2)
    check = CheckState(dataset="/p", done=5)
    reading = replace(training, done=7)
    evaluation = EvaluationState(run="/r", done=1, total=9, is_running=True)
    jobs = running_jobs(training, check, evaluation, (2, 8), reading=reading)
    assert jobs == [
        RunningJob("Training “quick”", 6, 24),
        RunningJob("Checking the pictures", 5, 0),
        RunningJob("Learning while you look", 7, 24),
        RunningJob("Testing the model", 1, 9),
        RunningJob("Predicting", 2, 8),
    ]
    drawing = CheckState(dataset="/p", is_drawing=True, done=5, total=9)
    (job,) = running_jobs(None, drawing, EvaluationState(), None)
    assert job == RunningJob("Drawing sample pictures", 5, 9)
    ended = reduce(training, recording("quick")[-1], 3)
    assert running_jobs(ended, CheckState(), EvaluationState(), None) == []
    assert running_jobs(None, CheckState(), EvaluationState(), None) == []


@pytest.mark.parametrize("name", ["start", "data", "train", "results", "predict"])
def test_every_page_has_an_icon_in_the_colours_of_the_present(qapp, name):
    drawn = icon(name).pixmap(20, 20).toImage()
    assert any(drawn.pixelColor(x, y).alpha() for x in range(drawn.width()) for y in range(drawn.height()))
    assert not icon("there is none").pixmap(20, 20).toImage().pixelColor(5, 5).alpha()


def test_the_keyboard_goes_with_the_page_unless_it_is_outside_of_it(qtbot, window):
    inside = window.findChild(QWidget, Page.START.name).findChild(QPushButton)
    inside.setFocus()
    window.show_page(Page.DATA)
    assert not inside.hasFocus()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    assert window.findChild(QWidget, Page.DATA.name).isAncestorOf(QApplication.focusWidget())
    rail = window.findChild(QPushButton, "rail_train")
    rail.setFocus()
    window.show_page(Page.TRAIN)
    assert rail.hasFocus()
