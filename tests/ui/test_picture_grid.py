"""The grid of pictures, by mouse and keyboard, with thousands of them."""

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QRegion
from PySide6.QtWidgets import QApplication, QMenu

from tests.ui.engines import FakeEngine
from xception_gui.domain.messages.dataset import PreviewReady, PreviewResult
from xception_gui.ui.pictures.picture_grid import GAP, LEAST_SIDE, MAX_SIDE, PictureGrid, PictureItem, side_for
from xception_gui.ui.pictures.thumbnails import Thumbnails

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def fake():
    return FakeEngine()


@pytest.fixture
def grid(qtbot, fake):
    thumbnails = Thumbnails(fake.client)
    made = PictureGrid(thumbnails, "some_pictures", "Pictures")
    thumbnails.setParent(made)
    qtbot.addWidget(made)
    made.resize(420, 400)
    made.show()
    return made


def items(count):
    return [PictureItem(f"/p/{n}.jpg", f"glass {n} %\nplastic 1 %", f"tip {n}") for n in range(count)]


def place(grid, row):
    return grid.visualRect(grid.model().index(row, 0))


def test_the_first_picture_is_chosen(grid):
    grid.show_items(items(5))
    assert grid.currentIndex().row() == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_open_the_chosen_picture(qtbot, grid, key):
    grid.show_items(items(5))
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    with qtbot.waitSignal(grid.opened) as opened:
        qtbot.keyClick(grid, key)
    assert opened.args == [1]


def test_a_double_click_opens_a_picture_once(qtbot, grid):
    grid.show_items(items(5))
    opened = []
    grid.opened.connect(opened.append)
    where = place(grid, 2).center()
    qtbot.mouseClick(grid.viewport(), LEFT, pos=where)
    qtbot.mouseDClick(grid.viewport(), LEFT, pos=where)
    assert opened == [2]


def test_nothing_opens_without_pictures(qtbot, grid):
    opened = []
    grid.opened.connect(opened.append)
    grid.show_items([])
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert opened == []


def ask_for_menu(grid, where):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, grid.viewport().mapToGlobal(where))
    QApplication.sendEvent(grid.viewport(), event)
    return grid.findChild(QMenu)


def test_the_menu_of_a_picture_leads_to_its_folder(qtbot, grid):
    grid.show_items(items(5))
    menu = ask_for_menu(grid, place(grid, 3).center())
    wanted, opened = [], []
    grid.folder_wanted.connect(wanted.append)
    grid.opened.connect(opened.append)
    for action in menu.actions():
        action.trigger()
    menu.close()
    assert {action.text() for action in menu.actions()} == {"Open picture", "Show in folder"}
    assert (wanted, opened) == ([3], [3])


def test_there_is_no_menu_beside_the_pictures(grid):
    grid.show_items(items(1))
    assert ask_for_menu(grid, QPoint(grid.width() - 30, grid.height() - 30)) is None


def test_of_thousands_only_those_in_sight_are_asked_for(qtbot, grid, fake):
    grid.show_items(items(5000))
    qtbot.waitUntil(lambda: bool(fake.jobs))
    in_sight = {f"/p/{row}.jpg" for row in range(5000) if place(grid, row).intersects(grid.viewport().rect())}
    assert fake.job.request.paths
    assert set(fake.job.request.paths) <= in_sight
    assert len(in_sight) < 50


def test_scrolling_asks_for_what_comes_into_sight(qtbot, grid, fake):
    grid.show_items(items(5000))
    qtbot.waitUntil(lambda: bool(fake.jobs))
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == 4999
    grid.grab()
    fake.job.ended.emit(PreviewResult())
    qtbot.waitUntil(lambda: len(fake.jobs) == 2)
    assert "/p/4999.jpg" in fake.job.request.paths


def colors(grid, row):
    """What is painted in the middle and at the corner of a picture."""
    image = grid.viewport().grab().toImage()
    side = grid.gridSize().width() - GAP
    corner = place(grid, row).topLeft()
    middle = corner + QPoint(side // 2, side // 2)
    return image.pixelColor(middle).name(), image.pixelColor(corner).name()


def test_a_picture_appears_when_it_is_there_with_round_corners(qtbot, grid, fake, tmp_path):
    Image.new("RGB", (208, 208), "#ff0000").save(tmp_path / "red.png")
    grid.show_items(items(2))
    qtbot.waitUntil(lambda: bool(fake.jobs))
    placeholder, background = colors(grid, 1)
    assert placeholder != background
    fake.job.reported.emit(PreviewReady("/p/1.jpg", str(tmp_path / "red.png")))
    middle, corner = colors(grid, 1)
    assert middle == "#ff0000"
    assert corner == background


class Painted(QObject):
    """Notes what is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


def test_a_picture_that_arrives_is_painted_at_once_and_no_other(qtbot, grid, fake, qapp):
    grid.show_items(items(9))
    qtbot.waitUntil(lambda: bool(fake.jobs))
    qapp.processEvents()
    painted = Painted(grid.viewport())
    fake.job.reported.emit(PreviewReady("/p/4.jpg", None, "The file is empty (0 bytes)."))
    qtbot.waitUntil(lambda: painted.region.contains(place(grid, 4).center()))
    assert not painted.region.contains(place(grid, 0).center())


def test_a_picture_that_cannot_be_shown_is_marked(qtbot, grid, fake):
    grid.show_items(items(2))
    qtbot.waitUntil(lambda: bool(fake.jobs))
    before = grid.viewport().grab(place(grid, 1)).toImage()
    fake.job.reported.emit(PreviewReady("/p/1.jpg", None, "The file is empty (0 bytes)."))
    assert grid.viewport().grab(place(grid, 1)).toImage() != before


def test_the_chosen_picture_is_marked(qtbot, grid):
    grid.show_items(items(2))
    before = grid.viewport().grab(place(grid, 1)).toImage()
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.viewport().grab(place(grid, 1)).toImage() != before


def test_rows_are_as_long_as_the_width_allows(qtbot, grid):
    grid.show_items(items(60))

    def columns():
        return sum(place(grid, row).top() == place(grid, 0).top() for row in range(60))

    assert columns() == 420 // (LEAST_SIDE + GAP)
    grid.resize(240, 400)
    qtbot.waitUntil(lambda: columns() == 2)
    assert grid.horizontalScrollBar().maximum() == 0


def test_words_are_given_to_assistive_programs(grid):
    grid.show_items(items(1))
    index = grid.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "0.jpg: glass 0 % · plastic 1 %"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "tip 0"


def test_few_pictures_are_larger_than_many():
    assert side_for(600, 400, 2, words=40) == MAX_SIDE
    assert side_for(600, 400, 8, words=40) == 600 // 4 - GAP
    assert side_for(600, 400, 1000, words=40) == 600 // 6 - GAP
    assert side_for(60, 400, 5, words=40) == 60 - GAP  # narrower than the least: one column


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9, 14, 100])
@pytest.mark.parametrize("width", [120, 300, 431, 900])
def test_pictures_are_in_sight_or_smallest(width, count):
    side = side_for(width, 500, count, words=40)
    columns = width // (side + GAP)
    assert columns >= 1
    rows = -(-count // columns)
    assert rows * (side + 40) <= 500 or side == width // max(1, width // (LEAST_SIDE + GAP)) - GAP
