"""A plot as it is seen, pointed at and saved."""

import csv
import xml.etree.ElementTree as ET

import pyqtgraph
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.ui.test_plot_data import epoch, replace_recipe, state_of
from xception_gui.domain.messages.training import EpochFinished, Notice, NoticeCode
from xception_gui.domain.recipe import Preset
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.ui.kit import theme
from xception_gui.ui.kit.theme import choose_appearance
from xception_gui.ui.plots.curve_plot import CurvePlot
from xception_gui.ui.plots.plot_data import Quantity, curves_of


@pytest.fixture
def make(qtbot, monkeypatch):
    """Show a plot. No move of the pointer is passed over, as otherwise those are that come too fast."""
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", -1)

    def shown(quantity=Quantity.LOSS, name="tutorial", state=None, *, by_batch=True, logarithmic=False):
        plot = CurvePlot(quantity, "plot")
        qtbot.addWidget(plot)
        plot.resize(500, 300)
        with qtbot.waitExposed(plot):
            plot.show()
        plot.show_curves(curves_of(state or state_of(name), quantity), by_batch=by_batch, logarithmic=logarithmic)
        return plot

    return shown


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def point_at(plot: CurvePlot, x: float, y: float) -> str:
    """Move the pointer over a place of the plot, and read what is said there."""
    inner = plot.findChild(type(plot._plot))
    box = inner.getPlotItem().vb
    place = inner.mapFromScene(box.mapViewToScene(QPointF(x, y)))
    QTest.mouseMove(inner.viewport(), place)
    words = [label for label in plot.findChildren(QLabel) if label.isVisible()]
    return words[0].text() if words else ""


def test_training_validation_and_the_best_epoch_are_drawn_in_their_colours(make):
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    for number, loss in enumerate((0.5, 0.3, 0.4)):
        state = reduce(state, epoch(number, loss), 0.0)
    seen = colours(make(state=state).grab().toImage())
    assert {theme.color(token).name() for token in ("accent", "second")} <= seen
    greenish = [
        color for color in map(QColor, seen) if color.green() > color.red() + 40 and color.green() > color.blue()
    ]
    assert greenish  # a thin dotted line, which is smoothed
    empty = colours(make(state=start_of(replace_recipe(Preset.FINE_TUNE), 0.0)).grab().toImage())
    assert theme.color("accent").name() not in empty


def test_quicks_level_is_seen_where_the_grid_has_a_line_too(make):
    state = reduce(start_of(replace_recipe(Preset.FINE_TUNE), 0.0), epoch(0, 0.6), 0.0)
    plot = make(Quantity.ACCURACY, state=state)
    box = plot.findChild(type(plot._plot)).getPlotItem().vb
    level = round(box.mapViewToScene(QPointF(6, 0.7)).y())  # of the tick “70 %” as well
    image = plot.grab().toImage()
    dark = [
        x
        for x in range(image.width() // 3, image.width() * 2 // 3)
        if min(image.pixelColor(x, y).lightness() for y in range(level - 2, level + 3)) < 180
    ]
    assert len(dark) > image.width() / 3 / 4  # dashes


def test_it_is_described_with_what_it_is_compared_with(make):
    state = reduce(start_of(replace_recipe(Preset.FINE_TUNE), 0.0), epoch(0, 0.6), 0.0)
    state = reduce(state, Notice(NoticeCode.FORECAST, {"low": 2.0, "high": 5.0}), 0.0)
    described = make(Quantity.ACCURACY, state=state).accessibleName()
    assert described == "Accuracy plot: validation 70.0 %, Quick 70.0 %, forecast 72.0 % to 75.0 %"


def test_it_turns_dark_with_everything_else(make, qapp):
    plot = make()
    try:
        choose_appearance(qapp, Qt.ColorScheme.Dark)
        qapp.processEvents()
        seen = colours(plot.grab().toImage())
        assert theme.DARK.card in seen and theme.DARK.second in seen
        assert theme.LIGHT.card not in seen
    finally:
        choose_appearance(qapp, Qt.ColorScheme.Unknown)


def test_the_pointer_is_told_the_values_of_an_epoch(make):
    plot = make(by_batch=False)
    assert point_at(plot, 2.1, 0.4) == "epoch 2 · training 0.419 · validation 0.693"
    assert point_at(plot, -0.2, 0.4) == ""  # on the axis
    assert plot.accessibleName() == "Loss plot: validation 0.693"


def test_what_the_pointer_is_told_is_seen_over_the_curves(make):
    plot = make(by_batch=False)
    assert point_at(plot, 2.1, 0.4)
    words = next(label for label in plot.findChildren(QLabel) if label.isVisible())
    seen = plot.grab(words.geometry()).toImage()
    words.hide()
    assert seen != plot.grab(words.geometry()).toImage()


def test_the_axis_says_what_it_counts(make):
    def bottom(plot: CurvePlot) -> str:
        return plot._plot.getAxis("bottom").label.toPlainText().strip()

    assert bottom(make()) == "epoch"
    plot = make(name="quick")
    assert bottom(plot) == "pictures" and plot._plot.getAxis("bottom").label.isVisible()


def test_the_pointer_is_told_percentages_and_pictures(make):
    assert point_at(make(Quantity.ACCURACY, "quick"), 13, 0.9) == "14 pictures · training 100 % · validation 100 %"


def test_the_pointer_is_told_the_same_values_on_a_log_scale(make):
    plot = make(by_batch=False, logarithmic=True)
    assert point_at(plot, 2.1, -0.5) == "epoch 2 · training 0.419 · validation 0.693"


def test_the_epochs_that_are_planned_are_all_in_sight_from_the_beginning(make):
    state = reduce(start_of(replace_recipe(Preset.FINE_TUNE), 0.0), epoch(1, 0.5), 0.0)
    (least, most), _ = make(state=state)._plot.viewRange()
    assert least <= 0 and most >= 5


def test_a_log_scale_shows_small_differences_and_goes_back(make):
    plot = make(by_batch=False)
    linear = plot._plot.viewRange()[1]
    plot.show_curves(curves_of(state_of("tutorial"), Quantity.LOSS), by_batch=False, logarithmic=True)
    plot.grab()
    logarithmic = plot._plot.viewRange()[1]
    assert logarithmic[0] < -0.5 < logarithmic[1] < 0.2  # from 0.22 to 0.69, in tens
    plot.show_curves(curves_of(state_of("tutorial"), Quantity.LOSS), by_batch=False, logarithmic=False)
    assert plot._plot.viewRange()[1] == linear


def test_a_loss_of_zero_on_a_log_scale_draws_the_others(make):
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    for number, loss in enumerate((0.5, 0.0, 0.4)):
        state = reduce(state, epoch(number, loss, loss=loss), 0.0)
    assert theme.color("second").name() in colours(make(state=state, logarithmic=True).grab().toImage())


def test_saved_as_png_it_is_the_plot_twice_as_dense(make, tmp_path):
    plot = make()
    plot.save(tmp_path / "loss.png")
    image = QImage(str(tmp_path / "loss.png"))
    assert (image.width(), image.height()) == (plot._plot.width() * 2, plot._plot.height() * 2)
    assert {theme.color(token).name() for token in ("second", "accent", "card")} <= colours(image)


def test_saved_as_svg_it_has_lines_and_a_title(make, tmp_path):
    plot = make()
    plot.save(tmp_path / "loss.SVG")
    root = ET.parse(tmp_path / "loss.SVG").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == plot.accessibleName()
    strokes = {element.get("stroke", "").lower() for element in root.iter()}
    assert QColor(theme.color("second")).name() in strokes
    assert list(root.iter(f"{space}polyline")) or list(root.iter(f"{space}path"))


def test_saved_as_csv_it_has_the_values(make, tmp_path):
    make(Quantity.ACCURACY, "quick").save(tmp_path / "accuracy.csv")
    with (tmp_path / "accuracy.csv").open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    assert head[0] == "images" and [row[0] for row in rows] == ["4.0", "6.0", "9.0", "14.0", "20.0"]


@pytest.mark.parametrize("name", ["plot.png", "plot.svg", "plot.csv"])
def test_where_it_can_not_be_written_there_is_an_error(make, tmp_path, name):
    with pytest.raises(OSError):
        make().save(tmp_path / "no such folder" / name)


def test_what_is_preliminary_is_hollow(make):
    def amount_of_colour(*, preliminary):
        fits = [fit_on(images, preliminary=preliminary) for images in (20, 40, 60)]
        state = start_of(replace_recipe(Preset.QUICK), 0.0)
        for one in fits:
            state = reduce(state, one, 0.0)
        image = make(Quantity.ACCURACY, state=state).grab().toImage()
        second = theme.color("second").name()
        return sum(image.pixelColor(x, y).name() == second for x in range(image.width()) for y in range(image.height()))

    assert amount_of_colour(preliminary=True) < amount_of_colour(preliminary=False)


def fit_on(images, *, preliminary):
    return EpochFinished(1, images, None, None, 0.5, 0.8, None, 0.1, True, preliminary)


def test_drawn_again_and_again_it_keeps_no_more_pictures_of_symbols(make):
    """A training draws ten times a second, for hours."""
    plot = make(name="quick")
    curves = curves_of(state_of("quick"), Quantity.LOSS)
    symbols = plot._validation.scatter.fragmentAtlas
    before = len(symbols)
    for _ in range(20):
        plot.show_curves(curves, by_batch=True, logarithmic=False)
        plot.grab()
    assert 0 < len(symbols) <= before
