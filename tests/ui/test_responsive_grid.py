"""Cards in rows: as many side by side as fit, none lonely, none overlapping."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget

from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.responsive_grid import ResponsiveGrid, columns_for

widths, counts = st.integers(0, 4000), st.integers(1, 40)
leasts, spacings = st.integers(1, 500), st.integers(0, 40)


@given(width=widths, count=counts, least=leasts, spacing=spacings)
def test_every_card_has_its_least_width_unless_there_is_one_column(width, count, least, spacing):
    columns = columns_for(width, count, least, spacing)
    assert 1 <= columns <= count
    assert columns == 1 or columns * least + (columns - 1) * spacing <= width


@given(width=widths, count=counts, least=leasts, spacing=spacings)
def test_there_are_no_more_rows_than_needed_and_the_last_is_as_full_as_it_can_be(width, count, least, spacing):
    columns = columns_for(width, count, least, spacing)
    most = max(1, min(count, (width + spacing) // (least + spacing)))
    rows = -(-count // columns)
    assert rows == -(-count // most)
    assert columns == 1 or -(-count // (columns - 1)) > rows  # fewer columns would need another row


@given(width=widths, more=st.integers(0, 1000), count=counts, least=leasts, spacing=spacings)
def test_a_wider_window_never_makes_more_rows(width, more, count, least, spacing):
    narrow, wide = (columns_for(one, count, least, spacing) for one in (width, width + more))
    assert narrow <= wide


@pytest.mark.parametrize(("width", "columns"), [(1000, 4), (700, 2), (430, 2), (429, 1), (0, 1)])
def test_four_cards_that_do_not_fit_into_a_row_stand_two_by_two(width, columns):
    assert columns_for(width, 4, 207, 16) == columns


@pytest.fixture
def cards(qtbot):
    """Show so many cards with words that wrap."""

    def shown(count, width):
        window = QWidget()
        grid = ResponsiveGrid(200, window)
        for number in range(count):
            card = label("some words that wrap " * (number + 1), wrap=True)
            grid.addWidget(card)
        qtbot.addWidget(window)
        window.show()
        window.resize(width, grid.heightForWidth(width))
        grid.activate()
        return window, grid

    return shown


@pytest.mark.parametrize("width", [1000, 640, 210])
@pytest.mark.parametrize("count", [1, 3, 4, 7])
def test_cards_stand_beside_each_other_without_overlapping_and_inside(cards, width, count):
    window, grid = cards(count, width)
    places = [grid.itemAt(number).geometry() for number in range(count)]
    assert max(place.width() for place in places) - min(place.width() for place in places) <= 1
    assert all(not first.intersects(second) for first, second in combinations(places, 2))
    assert all(window.rect().contains(place) for place in places)
    assert max(place.bottom() for place in places) + 1 == window.height()
    for number, place in enumerate(places):
        assert place.height() >= grid.itemAt(number).heightForWidth(place.width())


def test_a_hidden_card_takes_no_place(cards):
    window, grid = cards(3, 640)
    grid.itemAt(1).widget().hide()
    grid.activate()
    assert grid.itemAt(0).geometry().width() == (640 - 16) // 2
    assert grid.itemAt(2).geometry().top() == 0
    assert window.isVisible()


def test_a_narrower_window_makes_more_rows_and_asks_for_the_height(cards):
    _, grid = cards(6, 1000)
    heights = [grid.heightForWidth(width) for width in (3000, 1000, 500, 250)]
    assert heights == sorted(heights) and heights[0] < heights[-1]


def test_cards_can_be_taken_out_again(cards):
    _, grid = cards(3, 640)
    assert grid.count() == 3 and grid.itemAt(3) is None and grid.takeAt(-1) is None
    first, second, third = (grid.itemAt(number).widget() for number in range(3))
    assert grid.takeAt(1).widget() is second
    assert [grid.itemAt(number).widget() for number in range(grid.count())] == [first, third]
    empty = ResponsiveGrid(200)
    assert empty.heightForWidth(500) == 0


@pytest.mark.parametrize("width", range(996, 1004))
def test_a_row_of_cards_ends_where_all_else_ends(cards, width):
    window, grid = cards(4, width)
    assert grid.itemAt(3).geometry().right() == window.rect().right()
