"""The list of results: what is shown and in which order, how it is painted, and what a person can do with it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.ui.predicted import CANNOT, FakeThumbnails, said, unreadable
from xception_gui.domain.predictions import PicturePrediction
from xception_gui.ui.kit import theme
from xception_gui.ui.predict.prediction_card import LEAST_WIDTH, PADDING, PICTURE, grid_for
from xception_gui.ui.predict.prediction_list import PredictionList
from xception_gui.ui.predict.prediction_list_model import Order, PredictionModel, Wanted, arrange, row_of

RESULTS = [
    said("/p/img10.jpg", "paper", 0.8),
    said("/p/img2.jpg", "glass", 0.6),
    unreadable("/p/img1.jpg"),
    said("/q/Bottle.jpg", "glass", 0.95),
    said("/q/tin.jpg", "metal", 0.5),
]


def names(order, wanted=Wanted(), results=RESULTS):  # noqa: B008 - frozen
    rows = [row_of(result) for result in results]
    return [rows[number].name for number in arrange(rows, wanted, order)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.AS_GIVEN, ["img10.jpg", "img2.jpg", "img1.jpg", "Bottle.jpg", "tin.jpg"]),
        (Order.NAME, ["Bottle.jpg", "img1.jpg", "img2.jpg", "img10.jpg", "tin.jpg"]),
        (Order.CLASS, ["Bottle.jpg", "img2.jpg", "tin.jpg", "img10.jpg", "img1.jpg"]),
        (Order.MAX_CERTAIN, ["Bottle.jpg", "img10.jpg", "img2.jpg", "tin.jpg", "img1.jpg"]),
        (Order.LEAST_CERTAIN, ["tin.jpg", "img2.jpg", "img10.jpg", "Bottle.jpg", "img1.jpg"]),
    ],
)
def test_orders(order, expected):
    assert names(order) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(class_name="glass"), ["img2.jpg", "Bottle.jpg"]),
        (Wanted(unreadable=True), ["img1.jpg"]),
        (Wanted(words="BOTT"), ["Bottle.jpg"]),
        (Wanted(words="q"), []),  # the folder's name is none of the file's
        (Wanted(class_name="glass", words="img"), ["img2.jpg"]),
    ],
)
def test_filters(wanted, expected):
    assert names(Order.AS_GIVEN, wanted) == expected


RESULT = st.builds(
    lambda number, best, share: said(f"/{number}.jpg", best, share) if best else unreadable(f"/{number}.jpg"),
    st.integers(0, 30),
    st.sampled_from(["glass", "metal", "paper", None]),
    st.floats(0.4, 1),
)
WANTED = st.builds(Wanted, st.sampled_from([None, "glass"]), st.booleans(), st.sampled_from(["", "1"]))


@given(
    st.lists(st.lists(RESULT, min_size=1, max_size=6), max_size=6), WANTED, st.sampled_from(Order), st.integers(0, 6)
)
def test_however_results_come_the_list_shows_what_it_would_show_of_all_of_them(qapp, batches, wanted, order, when):
    """In batches, with replaced results among them, and with the filter and the order chosen at any time."""
    model = PredictionModel()
    _ = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for number, batch in enumerate(batches):
        if number == when:
            model.show_wanted(wanted)
            model.show_order(order)
        model.add(batch)
    model.show_wanted(wanted)
    model.show_order(order)
    last: dict[str, object] = {}
    for result in (result for batch in batches for result in batch):
        last[result.path] = result
    rows = [row_of(result) for result in last.values()]
    assert model.rowCount() == len(model.shown())
    assert [row.prediction for row in model.shown()] == [
        rows[number].prediction for number in arrange(rows, wanted, order)
    ]
    assert sum(model.counts.values()) + model.unreadable == len(last) == model.total


def test_whoever_points_at_a_result_goes_on_pointing_at_it_in_another_order(made):
    made.setCurrentIndex(made.results.index(3))
    made.results.show_order(Order.LEAST_CERTAIN)
    assert made.currentIndex().data() == "Bottle.jpg"
    made.results.show_wanted(Wanted(class_name="glass"))
    assert made.currentIndex().data() == "Bottle.jpg"
    made.results.show_wanted(Wanted(class_name="paper"))
    assert not made.currentIndex().isValid()


def test_whoever_points_at_a_result_points_at_nothing_once_all_are_forgotten(made):
    made.setCurrentIndex(made.results.index(2))
    made.results.clear()
    assert not made.currentIndex().isValid()
    made.results.add(RESULTS)
    assert made.results.rowCount() == len(RESULTS)


def test_screen_readers_hear_name_and_result(made):
    spoken = [made.results.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
    assert spoken[1] == "img2.jpg: glass 60 %"
    assert spoken[2] == f"img1.jpg: {CANNOT}"


def test_the_tool_tip_has_the_whole_path_and_reads_nothing_as_html(qapp):
    model = PredictionModel()
    model.add([said("/<b>bold</b>/a & b.jpg", "glass"), unreadable("/c.jpg")])
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "/&lt;b&gt;bold&lt;/b&gt;/a &amp; b.jpg" in tip
    assert "glass  90 %" in tip
    assert CANNOT in model.index(1).data(Qt.ItemDataRole.ToolTipRole)


# --- On screen --------------------------------------------------------------------------------------------------------


@pytest.fixture
def thumbnails(qapp):
    return FakeThumbnails()


@pytest.fixture
def made(qtbot, thumbnails):
    view = PredictionList(thumbnails)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.results.add(RESULTS)
    view.show()
    qtbot.waitExposed(view)
    view.executeDelayedItemsLayout()
    return view


def cell(view, row):
    return view.visualRect(view.results.index(row))


def painted(view) -> QImage:
    return view.viewport().grab().toImage()


def colours(image: QImage, x0: int, x1: int, y: int) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(x0, x1)}


@pytest.mark.parametrize("width", [300, 631, 632, 696, 1000, 1336, 2500])
def test_cards_are_equally_wide_and_reach_from_edge_to_edge(width):
    grid = grid_for(width)
    lefts = [column * grid.cell + grid.offset(column) for column in range(grid.columns)]
    gaps = [right - left - grid.card for left, right in pairwise(lefts)]
    assert lefts[0] == 0
    assert all(abs(gap - theme.BETWEEN_CARDS) <= grid.columns for gap in gaps)
    assert abs(lefts[-1] + grid.card - width) <= grid.columns
    assert grid.card >= min(LEAST_WIDTH, width) - 1
    assert grid_for(width + LEAST_WIDTH + theme.BETWEEN_CARDS).columns > grid.columns


def test_columns_wrap_with_the_width(made):
    assert cell(made, 1).top() == cell(made, 0).top()
    assert cell(made, 2).top() > cell(made, 0).top()
    made.resize(400, 500)
    made.executeDelayedItemsLayout()
    assert cell(made, 1).top() > cell(made, 0).top()
    made.resize(1100, 500)
    made.executeDelayedItemsLayout()
    assert cell(made, 2).top() == cell(made, 0).top()


def test_what_is_painted_on_cards_hides_nothing(made):
    """A name that hides something is painted as the same name with that written out is."""

    def cards(hidden: str) -> QImage:
        made.results.clear()
        error = f"It is a link to {hidden}."
        made.results.add([said(f"/p/{hidden}.jpg", hidden), PicturePrediction(f"/q/{hidden}.jpg", (), error)])
        return painted(made)

    plain, hiding = cards("cat‹U+202E›gpj"), cards("cat\u202egpj")
    assert plain == hiding != cards("catgpj")


def test_bars_are_as_long_as_the_classes_are_probable(made):
    """The best one's is in the accent colour, the others' in grey."""

    def lengths(row: int) -> list[int]:
        image, place = painted(made), cell(made, row)
        left, right = place.left() + 2 * PADDING + PICTURE + 60, place.right() - 60
        line = made._card._type.line
        middles = [place.top() + PADDING + number * line + line // 2 for number in range(3)]
        tokens = [theme.color("accent").name(), theme.color("muted").name(), theme.color("muted").name()]
        return [
            sum(image.pixelColor(x, y).name() == token for x in range(left, right))
            for y, token in zip(middles, tokens, strict=True)
        ]

    certain, doubtful = lengths(3), lengths(4)
    assert certain[0] > doubtful[0] > doubtful[1] > certain[1] >= 0
    assert abs(doubtful[1] - doubtful[2]) <= 1


def test_pictures_are_shown_and_a_file_that_cannot_be_read_gets_an_icon(made, thumbnails):
    def middle_line(row: int) -> set[str]:
        place = cell(made, row)
        left = place.left() + made._card.grid.offset(row % 2) + PADDING
        return colours(painted(made), left + 8, left + PICTURE - 8, place.top() + PADDING + PICTURE // 2)

    assert middle_line(0) == {"#00ff00"}
    assert theme.color("muted").name() in middle_line(2)
    assert "/p/img1.jpg" not in thumbnails.asked
    thumbnails.failed.add("/p/img10.jpg")
    thumbnails.thumbnail_ready.emit("/p/img10.jpg")
    assert "#00ff00" not in middle_line(0)


def test_a_thumbnail_is_painted_when_it_is_there(made, thumbnails, qtbot):
    painted(made)
    thumbnails.asked.clear()
    thumbnails.thumbnail_ready.emit("/p/img10.jpg")
    qtbot.waitUntil(lambda: "/p/img10.jpg" in thumbnails.asked)


def test_what_has_the_keyboard_has_a_ring(made, qtbot):
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert made.currentIndex().row() == 0  # whoever comes by the keyboard sees where they are
    accent = theme.color("accent").name()
    place = cell(made, 0)
    assert painted(made).pixelColor(place.center().x(), place.top() + 1).name() == accent
    QTest.keyClick(made, Qt.Key.Key_Right)
    assert painted(made).pixelColor(place.center().x(), place.top() + 1).name() != accent


def test_the_keyboard_goes_everywhere(made):
    made.setCurrentIndex(made.results.index(0))
    for key, row in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),  # on to the next line
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Down, 3),
        (Qt.Key.Key_Up, 1),
        (Qt.Key.Key_End, 4),
        (Qt.Key.Key_Right, 4),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
    ):
        QTest.keyClick(made, key)
        assert made.currentIndex().row() == row


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_the_space_bar_open_the_picture(made, qtbot, key):
    made.setCurrentIndex(made.results.index(3))
    with qtbot.waitSignal(made.picture_opened) as opened:
        QTest.keyClick(made, key)
    assert opened.args == [3]


def test_a_click_on_a_picture_opens_it_and_one_beside_it_only_points_at_it(made):
    opened = []
    made.picture_opened.connect(opened.append)
    place = cell(made, 1)
    picture = made._card.picture_in(place).center()
    beside = QPoint(place.right() - 40, place.bottom() - 40)
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert (made.currentIndex().row(), opened) == (1, [])
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=picture)
    assert opened == [1]
    QTest.mouseDClick(made.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert opened == [1, 1]


def test_the_menu_opens_shows_in_the_folder_and_copies(made):
    opened, folders = [], []
    made.picture_opened.connect(opened.append)
    made.shown_in_folder.connect(folders.append)
    menu = made.make_menu(3)
    actions = {action.objectName(): action for action in menu.actions()}
    for name in ("predict_open", "predict_show_in_folder", "predict_copy"):
        actions[name].trigger()
    assert opened == [3]
    assert folders == ["/q/Bottle.jpg"]
    assert QGuiApplication.clipboard().text() == "Bottle.jpg: glass 95 %"


def test_copying_by_the_keyboard(made):
    made.setCurrentIndex(made.results.index(1))
    QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "img2.jpg: glass 60 %"


def test_of_20000_results_only_those_in_sight_are_painted_and_loaded(made, thumbnails):
    made.results.add([said(f"/many/{number}.jpg", ("glass", "metal")[number % 2], 0.7) for number in range(20_000)])
    made.executeDelayedItemsLayout()
    painted(made)
    assert len(set(thumbnails.asked)) < 20
    thumbnails.asked.clear()
    made.setCurrentIndex(made.results.index(0))
    QTest.keyClick(made, Qt.Key.Key_End)
    painted(made)
    assert made.currentIndex().row() == 20_004
    assert "/many/19999.jpg" in thumbnails.asked
    assert len(set(thumbnails.asked)) < 20
    made.results.show_wanted(Wanted(class_name="metal"))
    assert made.results.rowCount() == 10_001
