"""The window itself: pages, menus and shortcuts, the rail, what is dropped, and where it was last time."""

from collections import Counter

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from xception_gui.ui.features import PAGES
from xception_gui.ui.framework.running_job import RunningJob
from xception_gui.ui.kit.icons import icon
from xception_gui.ui.kit.screens import first_size, in_sight, least_size
from xception_gui.ui.shell.incoming import Incoming
from xception_gui.ui.shell.main_window import MainWindow
from xception_gui.ui.shell.menus import Possible

OF_A_MODEL = {"share_model", "results", "export", "show_model"}


def plain_page(name: str) -> QWidget:
    """A page with one button, and on one a splitter."""
    made = QWidget()
    made.setObjectName(f"page_{name}")
    column = QVBoxLayout(made)
    column.addWidget(QPushButton(name))
    if name == "train":
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
        window = MainWindow(PAGES)
        window.add_pages({page.name: plain_page(page.name) for page in PAGES})
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


@pytest.mark.parametrize(("number", "page"), [*enumerate(["start", "data", "train", "results", "predict"])])
def test_pages_are_reached_by_rail_menu_and_shortcut(qtbot, window, number, page):
    elsewhere = "data" if page != "data" else "start"
    shown = []
    window.page_shown.connect(shown.append)
    for go in (
        lambda: qtbot.mouseClick(window.findChild(QPushButton, f"rail_{page}"), Qt.MouseButton.LeftButton),
        lambda: action(window, f"action_page_{page}").trigger(),
        lambda: qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1.value + number), Qt.KeyboardModifier.ControlModifier),
    ):
        window.show_page(elsewhere)
        go()
        assert window.page == page
        assert window.findChild(QWidget, f"page_{page}").isVisible()
        marked = [one.objectName() for one in window.rail.findChildren(QPushButton) if one.isChecked()]
        assert marked == [f"rail_{page}"]
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
    first.show_page("train")
    qapp.processEvents()
    first.findChild(QSplitter, "plots").setSizes([100, 500])
    sizes = first.findChild(QSplitter, "plots").sizes()
    assert sizes[0] < sizes[1]
    first.save(settings)
    second = open_window()
    second.restore(settings)
    second.show_page("train")
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
    window.rail.show_jobs([RunningJob("Training “pets”", 3, 10), RunningJob("Classifying", 0, 0)])
    for page in PAGES:
        window.show_page(page.name)
        qapp.processEvents()
        assert jobs_shown(window) == [
            ("Training “pets”", 3, 10, "Training “pets”"),
            ("Classifying", 0, 0, "Classifying"),  # to and fro: it can't be said
        ]
    window.rail.show_jobs([RunningJob(f"job {number}", 0, 1) for number in range(5)])
    assert [words for words, *_ in jobs_shown(window)] == ["job 0", "job 1", "job 2"]
    window.rail.show_jobs([])
    assert jobs_shown(window) == []


def test_the_rail_says_what_computes_and_that_nothing_leaves(window):
    assert window.findChild(QLabel, "status_device").text() == "CPU · float32"
    assert window.findChild(QLabel, "status_network").text() == "Works offline"
    window.rail.show_precision("bfloat16")
    assert window.findChild(QLabel, "status_device").text() == "CPU · training in bfloat16"
    window.rail.show_precision("float32")
    assert window.findChild(QLabel, "status_device").text() == "CPU · float32"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_has_an_icon_in_the_colours_of_the_present(qapp, page):
    drawn = icon(page.icon).pixmap(20, 20).toImage()
    assert any(drawn.pixelColor(x, y).alpha() for x in range(drawn.width()) for y in range(drawn.height()))
    assert not icon("there is none").pixmap(20, 20).toImage().pixelColor(5, 5).alpha()


def test_the_keyboard_goes_with_the_page_unless_it_is_outside_of_it(qtbot, window):
    inside = window.findChild(QWidget, "page_start").findChild(QPushButton)
    inside.setFocus()
    window.show_page("data")
    assert not inside.hasFocus()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    assert window.findChild(QWidget, "page_data").isAncestorOf(QApplication.focusWidget())
    rail = window.findChild(QPushButton, "rail_train")
    rail.setFocus()
    window.show_page("train")
    assert rail.hasFocus()
