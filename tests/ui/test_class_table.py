"""The table of classes."""

import pytest
from PySide6.QtCore import Qt

from xception_gui.domain.messages.using import ClassMetrics
from xception_gui.ui.kit import theme
from xception_gui.ui.results.class_table import F1, LEAST_NAME, NAME, PICTURES, PRECISION, RECALL, ClassTable

TIP = Qt.ItemDataRole.ToolTipRole
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
    table.show_classes({"paper": ClassMetrics(None, None, None, 0), "glass": ClassMetrics(None, 0.0, 0.0, 3)})
    assert [shown(table, column) for column in (NAME, PRECISION, RECALL, F1)] == [
        ["paper", "glass"],
        ["–", "–"],
        ["–", "0 %"],
        ["–", "0 %"],
    ]


def test_figures_are_explained(table):
    tip = table.model().index(0, PRECISION).data(TIP)
    assert tip == "Precision: of the pictures predicted as metal, the share that is correct."
    assert table.model().index(0, RECALL).data(TIP) == "Recall: of the pictures of metal, the share that was found."
    assert table.model().index(0, PICTURES).data(TIP) == "Support: how many pictures of metal were classified."
    assert table.model().index(0, NAME).data(TIP) == "metal"
    heads = [table.model().headerData(n, Qt.Orientation.Horizontal) for n in range(5)]
    assert heads == ["Class", "Precision", "Recall", "F1", "Pictures"]
    tips = [table.model().headerData(n, Qt.Orientation.Horizontal, TIP) for n in range(5)]
    assert tips[PRECISION] == "Precision: of the pictures predicted as a class, the share that is correct."
    assert [word in tip for word, tip in zip(("Name", "Precision", "Recall", "F1", "Support"), tips, strict=True)] == (
        [True] * 5
    )


def test_columns_fill_the_width_and_names_keep_some_room(qtbot, table):
    assert table.horizontalScrollBar().maximum() == 0
    assert sum(table.columnWidth(column) for column in range(5)) == table.viewport().width()
    table.resize(220, 240)
    qtbot.waitUntil(lambda: table.isColumnHidden(PICTURES) and table.horizontalScrollBar().maximum() == 0)
    assert not table.isColumnHidden(RECALL)
    table.resize(120, 240)
    qtbot.waitUntil(lambda: table.columnWidth(NAME) == LEAST_NAME)


def ink_in_rows(table, column):
    """How much of the darkest colour stands in each row of pixels at the right edge of a column's name."""
    header = table.horizontalHeader()
    right = header.sectionViewportPosition(column) + header.sectionSize(column)
    image = header.viewport().grab().toImage()
    ink = theme.color("ink").name()
    return [sum(image.pixelColor(x, y).name() == ink for x in range(right - 16, right)) for y in range(12)]


def test_a_triangle_points_the_way_in_which_the_values_rise(table):
    rising = ink_in_rows(table, RECALL)
    table.sortByColumn(RECALL, Qt.SortOrder.DescendingOrder)
    falling = ink_in_rows(table, RECALL)
    assert shown(table) == ["Glass", "paper", "metal"]
    widest = [rows.index(max(rows)) for rows in (rising, falling)]
    assert max(rising) > 3 and max(falling) > 3 and widest[0] < widest[1]


def test_classes_of_the_same_recall_stand_in_an_order_and_empty_ones_first(table):
    same = {name: ClassMetrics(0.5, 0.5, 0.5, 2) for name in ("b", "a")}
    table.show_classes({**same, "none": ClassMetrics(0, 0, 0, 0)})
    assert shown(table)[0] == "none" and table.chosen == "none"
    table.choose("A")  # as it is sorted: without a difference of size
    assert table.chosen == "a"
    table.show_classes({})
    assert table.chosen is None


def ink_of(table, row, column) -> int:
    """Say how many pixels of a cell are painted, as a measure of how much of its words is there."""
    place = table.visualRect(table.model().index(row, column))
    image = table.viewport().grab(place).toImage()
    ground = image.pixel(0, 0)
    return sum(image.pixel(x, y) != ground for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("column", [PRECISION, RECALL, F1, PICTURES])
def test_a_figure_is_never_shortened(qtbot, table, column):
    """“100 %” must not become “10…”."""
    table.show_classes({"paper": ClassMetrics(1.0, 1.0, 1.0, 1_234_567), "glass": ClassMetrics(1.0, 1.0, 1.0, 9)})
    table.resize(560, 240)
    table.setCurrentIndex(table.model().index(1 - table.currentIndex().row(), NAME))
    row = 1 - table.currentIndex().row()
    before = ink_of(table, row, column)
    table.horizontalHeader().resizeSection(column, 200)
    assert ink_of(table, row, column) == before


def test_in_a_narrow_table_figures_give_way_before_names_do(qapp, table):
    hidden = []
    for width in (420, 290, 240):
        table.resize(width, 240)
        qapp.processEvents()
        hidden.append({column for column in range(5) if table.isColumnHidden(column)})
        assert table.horizontalScrollBar().maximum() == 0
        assert table.columnWidth(NAME) >= LEAST_NAME
    assert hidden[0] == set() and hidden[2] == {F1, PRECISION}
