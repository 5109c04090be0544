"""The curves of a training, and the table that they are saved as."""

import csv
import io
import math
from dataclasses import replace

import pytest

from tests.recordings import QUICK, TUTORIAL, recording
from xception_gui.domain.messages.dataset import DatasetSplit
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, Notice, NoticeCode
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.run_state import reduce, smoothed, start_of
from xception_gui.ui.plots.plot_data import Quantity, curves_of, table, values_near


def state_of(name):
    state = start_of({"quick": QUICK, "tutorial": TUTORIAL}[name], 0.0)
    for number, event in enumerate(recording(name)):
        state = reduce(state, event, float(number))
    return state


def epoch(number, val_loss, *, images=20, loss=0.5):
    return EpochFinished(number, images, loss, 0.8, val_loss, 0.7, 1e-3, 1.0, True)


def read(curves):
    return list(csv.reader(io.StringIO(table(curves))))


def test_quick_is_drawn_against_the_pictures_that_it_has_learned_from():
    curves = curves_of(state_of("quick"), Quantity.ACCURACY)
    assert curves.against_images
    assert [x for x, _ in curves.validation] == [4, 6, 9, 14, 20]
    assert {y for _, y in curves.validation} == {1.0}
    assert curves.end == 20  # all that there are to learn from
    assert curves.batches == () and curves.best is None


def test_how_far_quick_will_get_is_known_before_it_has_read_the_pictures():
    state = reduce(start_of(QUICK, 0.0), DatasetSplit(900, 225, 0), 0.0)
    assert curves_of(state, Quantity.LOSS).end == 900
    assert curves_of(state, Quantity.LOSS).is_empty


def test_a_training_of_the_network_is_drawn_against_epochs_each_batch_in_its_place():
    state = state_of("tutorial")
    curves = curves_of(state, Quantity.LOSS)
    assert not curves.against_images and curves.end == 3
    assert [round(x, 2) for x, _ in curves.batches[:6]] == [0.2, 0.4, 0.6, 0.8, 1.0, 1.2]
    assert [y for _, y in curves.batches] == [batch.loss for batch in state.batches]
    assert [y for _, y in curves.smooth] == smoothed(tuple(y for _, y in curves.batches))
    assert [x for x, _ in curves.training] == [x for x, _ in curves.validation] == [1, 2, 3]
    accuracy = curves_of(state, Quantity.ACCURACY)
    assert [y for _, y in accuracy.training] == [e.accuracy for e in state.epochs]
    assert [y for _, y in accuracy.validation] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 7.0, -1.0])
@pytest.mark.parametrize("quantity", Quantity)
def test_what_is_no_figure_is_not_drawn(odd, quantity):
    state = start_of(TUTORIAL, 0.0)
    for event in (
        BatchFinished(1, 1, 2, 3, odd, odd, 20.0),
        BatchFinished(1, 2, 2, 3, 0.5, 0.75, 20.0),
        EpochFinished(1, 20, odd, odd, odd, odd, 1e-3, 1.0, False),
        epoch(2, 0.4),
    ):
        state = reduce(state, event, 1.0)
    curves = curves_of(state, quantity)
    is_a_loss = quantity is Quantity.LOSS and odd == 7.0
    drawn = {y for _, y in (*curves.batches, *curves.training, *curves.validation)}
    assert (odd in drawn) == is_a_loss
    assert len(curves.validation) == len(curves.batches) == len(curves.smooth) == 1 + is_a_loss


def test_the_best_epoch_is_marked_on_both_plots_by_the_loss():
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    for number, loss in enumerate((0.5, 0.3, 0.4)):
        state = reduce(state, epoch(number, loss), 0.0)
    for quantity in Quantity:
        assert curves_of(state, quantity).best == 1
    assert curves_of(state, Quantity.LOSS).validation[0] == (0, 0.5)  # Quick's model, where it begins


def replace_recipe(preset):
    return type(QUICK)(QUICK.dataset, QUICK.out, make_recipe(preset))


def test_an_epoch_without_a_training_value_has_only_the_other():
    state = reduce(start_of(replace_recipe(Preset.FINE_TUNE), 0.0), epoch(0, 0.5, loss=None), 0.0)
    curves = curves_of(state, Quantity.LOSS)
    assert curves.training == () and curves.validation == ((0, 0.5),)


def test_the_table_of_a_training_has_every_value_in_its_row():
    state = state_of("tutorial")
    head, *rows = read(curves_of(state, Quantity.LOSS))
    assert head == ["epoch", "loss_batch", "loss", "val_loss"]
    assert [float(row[1]) for row in rows] == [batch.loss for batch in state.batches]
    ends = [row for row in rows if row[2]]
    assert [float(row[0]) for row in ends] == [1, 2, 3]
    assert [(float(row[2]), float(row[3])) for row in ends] == [(e.loss, e.val_loss) for e in state.epochs]


def test_the_table_of_quick_counts_pictures():
    head, *rows = read(curves_of(state_of("quick"), Quantity.ACCURACY))
    assert head == ["images", "accuracy_batch", "accuracy", "val_accuracy"]
    assert [float(row[0]) for row in rows] == [4, 6, 9, 14, 20]


@pytest.mark.parametrize(("x", "nearest"), [(-5, 1), (1.4, 1), (1.6, 2), (99, 3)])
def test_a_pointer_between_epochs_is_told_of_the_nearest(x, nearest):
    state = state_of("tutorial")
    found = values_near(curves_of(state, Quantity.LOSS), x, by_batch=False)
    assert found == (nearest, state.epochs[nearest - 1].loss, state.epochs[nearest - 1].val_loss)


def test_a_pointer_is_told_the_smooth_value_of_the_nearest_batch():
    curves = curves_of(state_of("tutorial"), Quantity.LOSS)
    place, training, validation = values_near(curves, 0.41, by_batch=True)
    assert (place, training) == curves.smooth[1]
    assert validation is None


def test_where_nothing_is_drawn_there_is_nothing_to_tell():
    curves = curves_of(start_of(TUTORIAL, 0.0), Quantity.LOSS)
    assert values_near(curves, 1.0, by_batch=True) is None
    assert read(curves) == [["epoch", "loss_batch", "loss", "val_loss"]]


def test_a_curve_that_was_thinned_out_keeps_its_end():
    state = start_of(TUTORIAL, 0.0)
    for step in range(1, 4002):
        state = reduce(state, BatchFinished(1, step, 5000, 3, 1.0, 0.5, 9.0), 0.0)
    assert curves_of(replace(state), Quantity.LOSS).batches[-1][0] == pytest.approx(4001 / 5000)


def test_quicks_level_is_a_line_where_the_network_is_trained_from_its_model():
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    state = reduce(reduce(state, epoch(0, 0.6), 0.0), epoch(1, 0.5), 1.0)
    assert curves_of(state, Quantity.LOSS).quick == 0.6
    assert curves_of(state, Quantity.ACCURACY).quick == 0.7
    for name in ("quick", "tutorial"):
        assert curves_of(state_of(name), Quantity.LOSS).quick is None


@pytest.mark.parametrize(
    ("low", "high", "band"), [(2.0, 6.0, (0.82, 0.86)), (-3.0, 30.0, (0.77, 1.0))], ids=["inside", "beyond all correct"]
)
def test_a_forecast_is_a_band_of_accuracy_above_quicks_level(low, high, band):
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    state = reduce(state, Notice(NoticeCode.FORECAST, {"low": low, "high": high}), 0.0)
    assert curves_of(state, Quantity.ACCURACY).forecast is None  # Quick's level isn't known yet
    state = reduce(state, EpochFinished(0, 20, None, None, 0.5, 0.8, None, 1.0, True), 0.0)
    assert curves_of(state, Quantity.ACCURACY).forecast == pytest.approx(band)
    assert curves_of(state, Quantity.LOSS).forecast is None


def test_a_strange_log_has_no_forecast():
    state = start_of(replace_recipe(Preset.FINE_TUNE), 0.0)
    state = reduce(state, Notice(NoticeCode.FORECAST, {"low": "much"}), 0.0)
    state = reduce(state, epoch(0, 0.5), 0.0)
    assert curves_of(state, Quantity.ACCURACY).forecast is None
