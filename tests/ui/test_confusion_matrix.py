"""The confusion matrix, by mouse and keyboard, with two classes and with 120."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tests.ui.contrast import OF_TEXT, contrast
from tests.ui.evaluated import is_rising
from xception_gui.ui.kit import theme
from xception_gui.ui.results.confusion_matrix import LEAST_CELL, ConfusionMatrix, cell_color, cell_size, cell_words

CLASSES = ["glass", "plastic", "trash"]
COUNTS = ((30, 0, 1), (5, 34, 1), (2, 3, 15))
TIP = Qt.ItemDataRole.ToolTipRole
BACKGROUND = Qt.ItemDataRole.BackgroundRole


@pytest.fixture
def matrix(qtbot):
    made = ConfusionMatrix("matrix")
    qtbot.addWidget(made)
    made.resize(420, 360)
    made.show()
    return made


def many(count):
    return [f"class {n}" for n in range(count)], [[row == column for column in range(count)] for row in range(count)]


def test_it_says_which_cell_is_chosen_at_first(qtbot, matrix):
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        matrix.show_matrix(CLASSES, COUNTS, (1, 0))
    assert chosen.args == [1, 0]
    assert matrix.chosen == (1, 0)


@pytest.mark.parametrize(
    ("key", "goal"),
    [
        (Qt.Key.Key_Right, (1, 2)),
        (Qt.Key.Key_Left, (1, 0)),
        (Qt.Key.Key_Up, (0, 1)),
        (Qt.Key.Key_Down, (2, 1)),
        (Qt.Key.Key_Home, (1, 0)),
        (Qt.Key.Key_End, (1, 2)),
    ],
)
def test_keys_lead_from_cell_to_cell(qtbot, matrix, key, goal):
    matrix.show_matrix(CLASSES, COUNTS, (1, 1))
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.keyClick(matrix, key)
    assert tuple(chosen.args) == goal


def test_a_click_chooses_a_cell(qtbot, matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    where = matrix.visualRect(matrix.model().index(2, 1)).center()
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen.args == [2, 1]


def test_tab_leads_out_of_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    made, after = ConfusionMatrix("matrix"), QLineEdit()
    column.addWidget(made)
    column.addWidget(after)
    made.show_matrix(CLASSES, COUNTS, (0, 0))
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    qtbot.keyClick(made, Qt.Key.Key_Tab)
    qtbot.waitUntil(after.hasFocus)


def test_cells_are_told_in_words(matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    index = matrix.model().index(1, 0)
    assert index.data(TIP) == "5 of 40 plastic predicted as glass"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "5 of 40 plastic predicted as glass"
    assert cell_words("glass", "glass", 30, 31) == "30 of 31 glass correct"


def test_names_are_told_in_full_with_their_pictures(matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    assert matrix.model().headerData(1, Qt.Orientation.Vertical, TIP) == "Actual: plastic (40)"
    assert matrix.model().headerData(0, Qt.Orientation.Horizontal, TIP) == "Predicted: glass (37)"


def test_zero_cells_are_empty(matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    assert matrix.model().index(0, 1).data() == ""
    assert matrix.model().index(0, 1).data(BACKGROUND) is None
    assert matrix.model().index(2, 1).data() == "3"


@pytest.mark.parametrize("appearance", [theme.LIGHT, theme.DARK])
@pytest.mark.parametrize("is_right", [True, False])
def test_counts_can_be_read_on_every_shade(qapp, monkeypatch, appearance, is_right):
    monkeypatch.setattr(theme, "tokens", lambda: appearance)
    shades = [cell_color(count, 100, is_right=is_right) for count in range(1, 101)]
    assert min(contrast(shade, theme.color("ink")) for shade in shades) >= OF_TEXT


@pytest.mark.parametrize("is_right", [True, False])
def test_a_larger_share_of_the_row_is_a_stronger_shade(qapp, is_right):
    card = theme.color("card")
    assert is_rising([contrast(cell_color(count, 50, is_right=is_right), card) for count in range(1, 51)])


def test_the_shade_of_a_cell_is_its_share_of_what_the_pictures_were(matrix):
    """Of its row, however often its column was said; and of a class without pictures there are none."""
    matrix.show_matrix(CLASSES, ((30, 0, 10), (0, 0, 0), (8, 1, 1)), (0, 0))
    shades = [[matrix.model().index(row, column).data(BACKGROUND) for column in range(3)] for row in range(3)]
    assert shades[0] == [cell_color(30, 40, is_right=True), None, cell_color(10, 40, is_right=False)]
    assert shades[1] == [None] * 3
    assert shades[2] == [cell_color(count, 10, is_right=right) for count, right in ((8, False), (1, False), (1, True))]
    assert matrix.model().index(0, 0).data(TIP) == "30 of 40 glass correct"
    assert matrix.model().index(1, 1).data(TIP) == "0 of 0 plastic correct"
    assert matrix.model().headerData(1, Qt.Orientation.Vertical, TIP) == "Actual: plastic (0)"
    assert matrix.model().headerData(1, Qt.Orientation.Horizontal, TIP) == "Predicted: plastic (1)"


def test_hits_and_mistakes_differ_in_colour(qapp):
    hit, mistake = cell_color(5, 9, is_right=True), cell_color(5, 9, is_right=False)
    assert hit.blue() > hit.red()
    assert mistake.red() > mistake.blue()


def test_cells_fill_the_room_within_limits():
    assert cell_size(300, 300, 6).toTuple() == (50, 50)
    assert cell_size(600, 300, 6).toTuple() == (100, 50)
    assert cell_size(900, 240, 6).toTuple() == (80, 40)  # never wider than twice the height
    assert cell_size(2000, 2000, 2).toTuple() == (180, 150)
    assert cell_size(300, 300, 120).toTuple() == LEAST_CELL
    assert cell_size(300, 300, 120, (44, 26)).toTuple() == (44, 26)


def test_few_classes_need_no_scrolling(matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    assert matrix.horizontalScrollBar().maximum() == matrix.verticalScrollBar().maximum() == 0


def test_120_classes_scroll_and_the_names_stay(qtbot, matrix):
    matrix.show_matrix(*many(120), (0, 0))
    assert matrix.columnWidth(0) >= LEAST_CELL[0]
    assert matrix.rowHeight(0) >= LEAST_CELL[1]
    qtbot.keyClick(matrix, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert matrix.chosen == (119, 119)
    assert matrix.viewport().rect().contains(matrix.visualRect(matrix.currentIndex()))
    assert matrix.horizontalHeader().isVisible() and matrix.verticalHeader().isVisible()
    assert matrix.horizontalHeader().sectionViewportPosition(119) == matrix.columnViewportPosition(119)


def test_cells_grow_and_shrink_with_the_room(qtbot, matrix):
    matrix.show_matrix(CLASSES, COUNTS, (0, 0))
    before = matrix.columnWidth(0)
    matrix.resize(260, 220)
    qtbot.waitUntil(lambda: matrix.columnWidth(0) < before)


def test_long_and_chinese_names_leave_room_for_the_cells(matrix):
    names = ["x" * 60, "塑料瓶和金属罐头" * 6, "纸"]
    matrix.show_matrix(names, COUNTS, (0, 0))
    assert matrix.verticalHeader().width() <= matrix.width() * 0.4
    assert matrix.horizontalHeader().height() <= matrix.height() * 0.4
    assert matrix.model().headerData(0, Qt.Orientation.Vertical, TIP) == f"Actual: {'x' * 60} (31)"
    assert len({matrix.columnWidth(column) for column in range(3)}) == 1 and matrix.columnWidth(0) >= LEAST_CELL[0]


def test_a_large_count_has_room(matrix):
    names, _ = many(30)
    matrix.show_matrix(names, [[123456] * 30] * 30, (0, 0))
    assert matrix.columnWidth(0) > LEAST_CELL[0]


def test_the_names_of_the_chosen_cell_stand_out(matrix):
    matrix.show_matrix(CLASSES, COUNTS, (2, 0))
    ink = theme.color("ink").name()

    def standing_out(header):
        image = header.viewport().grab().toImage()
        found = set()
        for section in range(3):
            start, size = header.sectionViewportPosition(section), header.sectionSize(section)
            across = header.orientation() is Qt.Orientation.Horizontal
            xs, ys = (
                (range(start, start + size), range(image.height()))
                if across
                else (
                    range(image.width()),
                    range(start, start + size),
                )
            )
            if any(image.pixelColor(x, y).name() == ink for x in xs for y in ys):
                found.add(section)
        return found

    assert standing_out(matrix.verticalHeader()) == {2} and standing_out(matrix.horizontalHeader()) == {0}
