"""The table of classes."""

import pytest
from PySide6.QtCore import Qt

from xception_gui.domain.messages import ClassMetrics
from xception_gui.ui.widgets.class_table import F1, LEAST_NAME, NAME, PICTURES, PRECISION, RECALL, ClassTable

METRICS = {
    "paper": ClassMetrics(0.09, 0.8, 0.5, 100),
    "Glass": ClassMetrics(0.10, 1.0, 0.6, 9),
    "metal": ClassMetrics(1.0, 0.7, 0.4, 20),
}


@pytest.fixture
def table(qtbot):
    made = ClassTable("table")
    qtbot.addWidget(made)
    made.resize(420, 240)
    made.show_classes(METRICS)
    made.show()
    return made


def shown(table, column=NAME):
    return [table.model().index(row, column).data() for row in range(table.model().rowCount())]


def click_on(qtbot, table, column):
    header = table.horizontalHeader()
    where = header.rect().center()
    where.setX(header.sectionViewportPosition(column) + header.sectionSize(column) // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_the_least_recognised_class_comes_first_and_is_chosen(table):
    assert shown(table) == ["metal", "paper", "Glass"]
    assert table.chosen == "metal"


@pytest.mark.parametrize(
    ("column", "rising"),
    [
        (NAME, ["Glass", "metal", "paper"]),  # capitals don't come first
        (PRECISION, ["paper", "Glass", "metal"]),  # 9 % before 10 % before 100 %: as numbers, not as words
        (F1, ["metal", "paper", "Glass"]),
        (PICTURES, ["Glass", "metal", "paper"]),
    ],
)
def test_a_click_on_a_columns_name_sorts_by_it_and_another_one_turns_it_round(qtbot, table, column, rising):
    click_on(qtbot, table, column)
    first = shown(table)
    click_on(qtbot, table, column)
    assert {tuple(first), tuple(shown(table))} == {tuple(rising), tuple(reversed(rising))}


def test_choosing_a_row_says_which_class(qtbot, table):
    with qtbot.waitSignal(table.class_chosen) as chosen:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert chosen.args == ["paper"]


def test_figures_are_percentages(table):
    assert shown(table, PRECISION) == ["100 %", "9 %", "10 %"]
    assert shown(table, PICTURES) == ["20", "100", "9"]


def test_without_pictures_there_was_nothing_to_find(table):
    table.show_classes({"paper": ClassMetrics(0, 0, 0, 0)})
    assert (shown(table, RECALL), shown(table, F1), shown(table, PICTURES)) == (["–"], ["–"], ["0"])


def test_figures_are_explained(table):
    tip = table.model().index(0, PRECISION).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "Of what it called metal, this part was metal (precision)."
    heads = [table.model().headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for n in range(5)]
    assert all(heads) and len(set(heads)) == 5


def test_columns_fill_the_width_and_names_keep_some_room(qtbot, table):
    assert table.horizontalScrollBar().maximum() == 0
    assert sum(table.columnWidth(column) for column in range(5)) == table.viewport().width()
    table.resize(200, 240)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    assert table.columnWidth(NAME) == LEAST_NAME
