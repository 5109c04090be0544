"""Colours that can be read where no style sheet reaches: what delegates, headers and plots paint, light and dark."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from tests.recordings import TUTORIAL, recording
from tests.ui.contrast import OF_GRAPHICS, OF_TEXT, contrast, contrast_within
from tests.ui.engines import FakeEngine
from tests.ui.predicted import FakeThumbnails, said, unreadable
from xception_gui.domain.messages.using import ClassMetrics
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.ui.dataset.class_list import ClassList, ClassRow, Share, columns_of
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.cards import Card
from xception_gui.ui.pictures.picture_grid import GAP, PictureGrid, PictureItem
from xception_gui.ui.pictures.picture_viewer import PictureViewer
from xception_gui.ui.pictures.whole_picture import WholePicture
from xception_gui.ui.plots.curve_plot import CurvePlot
from xception_gui.ui.plots.legend import BESIDE_LINE, LINE, Legend
from xception_gui.ui.plots.plot_data import Quantity, curves_of
from xception_gui.ui.predict.prediction_card import PADDING, PICTURE
from xception_gui.ui.predict.prediction_list import PredictionList
from xception_gui.ui.results.class_table import NAME, PICTURES, RECALL, ClassTable
from xception_gui.ui.results.confusion_matrix import ConfusionMatrix


@pytest.fixture(params=[Qt.ColorScheme.Light, Qt.ColorScheme.Dark], ids=["light", "dark"], scope="module")
def appearance(qapp, request):
    theme.choose_appearance(qapp, request.param)
    yield theme.tokens()
    theme.choose_appearance(qapp, Qt.ColorScheme.Unknown)


@pytest.fixture
def on_card(qtbot, appearance):
    """Show a widget on a card, as on the pages."""
    cards = []  # which nothing else holds

    def shown(widget: QWidget, width: int, height: int) -> QWidget:
        card = Card()
        cards.append(card)
        card.column.addWidget(widget)
        widget.setFixedSize(width, height)
        qtbot.addWidget(card)
        with qtbot.waitExposed(card):
            card.show()
        return widget

    yield shown


def seen(widget: QWidget, place: QRect | None = None) -> float:
    """The contrast of what stands in a place of a widget, with whatever is behind it."""
    window = widget.window()
    part = widget.rect() if place is None else place.intersected(widget.rect())
    return contrast_within(window.grab(QRect(widget.mapTo(window, part.topLeft()), part.size())).toImage())


def seen_in_cell(view: QAbstractItemView, row: int, column: int = 0) -> float:
    return seen(view.viewport(), view.visualRect(view.model().index(row, column)).adjusted(4, 4, -4, -4))


@pytest.fixture
def thumbnails(qapp):
    return FakeThumbnails()


def test_counts_and_names_of_the_matrix(on_card):
    """Among them a class without pictures, one that is always right, and one that never is."""
    matrix = on_card(ConfusionMatrix("matrix"), 420, 360)
    matrix.show_matrix(["glass", "metal", "paper"], ((40, 0, 1), (0, 0, 0), (9, 1, 0)), (0, 0))
    for row, column in ((0, 0), (0, 2), (2, 0), (2, 1)):
        assert seen_in_cell(matrix, row, column) >= OF_TEXT, (row, column)
    for header, size in ((matrix.horizontalHeader(), QSize(80, 20)), (matrix.verticalHeader(), QSize(50, 60))):
        for section in (0, 2):  # chosen, and not
            at = header.sectionViewportPosition(section)
            left, top = (at, header.height() - 20) if header is matrix.horizontalHeader() else (0, at)
            assert seen(header.viewport(), QRect(QPoint(left, top), size)) >= OF_TEXT, section


def test_a_cell_that_is_chosen_or_pointed_at_has_an_edge_that_is_seen(on_card, appearance):
    matrix = on_card(ConfusionMatrix("matrix"), 420, 360)
    matrix.show_matrix(["glass", "metal"], ((40, 0), (0, 1)), (0, 1))
    assert seen(matrix.viewport(), matrix.visualRect(matrix.model().index(0, 1))) >= OF_GRAPHICS  # which is empty


def test_figures_and_heads_of_the_table_of_classes(on_card):
    table = on_card(ClassTable("table"), 420, 240)
    table.show_classes({"glass": ClassMetrics(0.9, 0.8, 0.7, 100), "metal": ClassMetrics(0.0, 0.0, 0.0, 0)})
    for row in (0, 1):  # chosen, and not
        for column in (NAME, RECALL, PICTURES):
            assert seen_in_cell(table, row, column) >= OF_TEXT, (row, column)
    header = table.horizontalHeader()
    for column in (NAME, RECALL):  # the latter is sorted by
        words = QRect(header.sectionViewportPosition(column) + 5, 14, header.sectionSize(column) - 10, 12)
        assert seen(header.viewport(), words) >= OF_TEXT, column


def test_classes_of_a_data_set(on_card, thumbnails):
    classes = on_card(ClassList(thumbnails, "classes"), 700, 140)
    classes.show_classes([ClassRow("glass", 60, ()), ClassRow("metal", 40, ())])
    classes.show_shares({"glass": Share(0.9, 40), "metal": Share(0.7, 40)})
    row = columns_of(classes.visualRect(classes.model().index(1, 0)), 8, with_share=True)
    for place in (row.name, row.count, row.share):
        assert seen(classes.viewport(), place.adjusted(0, 4, 0, -4)) >= OF_TEXT
    assert seen(classes.viewport(), row.bar) >= OF_GRAPHICS


def test_results_on_their_cards(on_card, thumbnails):
    made = on_card(PredictionList(thumbnails), 700, 300)
    made.results.add([said("/p/1.jpg", "glass", 0.6), unreadable("/p/2.jpg")])
    made.executeDelayedItemsLayout()
    line, small = made._card._type.line, made._card._type.small_line
    for chosen in (False, True):
        made.setCurrentIndex(made.results.index(0) if chosen else made.results.index(-1))
        cell = made.visualRect(made.results.index(0))
        left, top = cell.left() + 2 * PADDING + PICTURE, cell.top() + PADDING
        for number in range(3):  # the best class and the others, with their percentages
            assert seen(made.viewport(), QRect(left, top + number * line, 60, line)) >= OF_TEXT
            figure = QRect(left + made._card.grid.card - PICTURE - 3 * PADDING - 30, top + number * line, 30, line)
            assert seen(made.viewport(), figure) >= OF_TEXT
        name = QRect(left, cell.top() + cell.height() - theme.BETWEEN_CARDS - PADDING - small, 60, small)
        assert seen(made.viewport(), name) >= OF_TEXT
    failed = made.visualRect(made.results.index(1))
    left = failed.left() + made._card.grid.offset(1) + 2 * PADDING + PICTURE
    for top in (0, line):  # the name, and why it can't be read
        assert seen(made.viewport(), QRect(left, failed.top() + PADDING + top, 120, line)) >= OF_TEXT
    assert seen(made.viewport(), made._card.picture_in(failed).adjusted(8, 8, -8, -8)) >= OF_TEXT


@pytest.mark.parametrize("token", ["accent", "muted"])
def test_bars_in_their_grooves(appearance, token):
    assert contrast(getattr(appearance, token), appearance.line) >= OF_GRAPHICS


def test_words_below_pictures_and_the_ring_around_the_chosen_one(on_card, thumbnails, appearance):
    grid = on_card(PictureGrid(thumbnails, "pictures", "Pictures"), 420, 300)
    grid.show_items([PictureItem(f"/p/{n}.jpg", "glass 88 %\nplastic 5 %", "tip") for n in range(2)])
    thumbnails.square.fill(theme.color("accent"))  # the worst that there can be: a light line parts them
    side, cell = grid.gridSize().width() - GAP, grid.visualRect(grid.model().index(0, 0))
    high = grid.fontMetrics().height()
    for number in range(2):
        words = QRect(cell.left(), cell.top() + side + 4 + number * high, side, high)
        assert seen(grid.viewport(), words) >= OF_TEXT, number
    assert seen(grid.viewport(), QRect(cell.topLeft(), QSize(side, side))) >= OF_GRAPHICS


def test_axes_and_values_of_a_plot(on_card):
    plot = on_card(CurvePlot(Quantity.LOSS, "plot"), 400, 260)
    state = start_of(TUTORIAL, 0.0)
    for event in recording("tutorial"):
        state = reduce(state, event, 1.0)
    plot.show_curves(curves_of(state, Quantity.LOSS), by_batch=True, logarithmic=False)
    plot.grab()
    assert seen(plot, QRect(0, 20, 48, 200)) >= OF_TEXT  # at the left
    assert seen(plot, QRect(60, 238, 330, 20)) >= OF_TEXT  # below
    box = plot._plot.getPlotItem().vb
    plot._on_mouse_moved(box.mapViewToScene(box.viewRect().center()))
    words = next(label for label in plot.findChildren(QLabel) if label.isVisible())
    assert "epoch" in words.text() and seen(words) >= OF_TEXT


@pytest.mark.parametrize("token", ["accent", "second", "good", "muted"])
def test_lines_of_a_plot(appearance, token):
    assert contrast(getattr(appearance, token), appearance.card) >= OF_GRAPHICS


def test_a_legend(on_card):
    legend = Legend("training", "validation")
    size = legend.sizeHint()
    on_card(legend, size.width(), size.height())
    words = legend.fontMetrics().horizontalAdvance("training")
    assert seen(legend, QRect(0, 0, LINE, size.height())) >= OF_GRAPHICS
    assert seen(legend, QRect(LINE + BESIDE_LINE, 0, words - 4, size.height())) >= OF_TEXT
    assert seen(legend, QRect(size.width() - 40, 0, 40, size.height())) >= OF_TEXT


def test_words_in_the_place_of_a_picture(qtbot, appearance):
    window = QWidget()
    window.resize(600, 500)
    qtbot.addWidget(window)
    window.show()
    viewer = PictureViewer(WholePicture(FakeEngine().client, window), window)
    viewer.show_pictures(["/p/1.jpg"], ["glass"], 0)
    assert seen(viewer.findChild(QWidget, "viewer_picture")) >= OF_TEXT
    viewer.close()
