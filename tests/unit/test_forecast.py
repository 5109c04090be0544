"""A forecast of fine-tuning: it promises only what the pictures that were held out show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.estimates import fine_tuning_seconds
from xception_gui.domain.forecast import FURTHER, forecast_gain
from xception_gui.domain.messages.training import ForecastResult, Notice, NoticeCode
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.words.forecasts import forecast_text
from xception_gui.words.notices import notice_text

N = 100


def right_but(errors: int) -> np.ndarray:
    return np.arange(N) >= errors


def losses(mean: float) -> np.ndarray:
    return np.random.default_rng(0).exponential(mean, N)


def result(low: float, high: float, pictures: int = N) -> ForecastResult:
    return ForecastResult(low, high, pictures, 540.0)


def test_what_the_trial_and_the_rest_of_the_training_lower_the_loss_by_is_what_errors_fall_by():
    gain = forecast_gain(right_but(20), losses(0.6), losses(0.3))
    assert gain.low < 20 * (1 - 0.5 * FURTHER) < gain.high and gain.high - gain.low < 10


def test_more_pictures_narrow_the_range_down_to_what_trainings_differ_by():
    few, many = (
        forecast_gain(np.tile(right_but(20), times), np.tile(losses(0.6), times), np.tile(losses(0.3)[::-1], times))
        for times in (1, 100)
    )
    assert 0.5 < many.high - many.low < (few.high - few.low) / 2


@given(st.floats(0.01, 3))
def test_a_trial_that_makes_it_much_worse_promises_nothing(loss):
    gain = forecast_gain(right_but(20), losses(loss), losses(2 * loss))
    assert gain.high < 0 and not result(*gain).pays


def test_what_makes_no_mistakes_cannot_get_better():
    for after in (0.01, 1.0):
        gain = forecast_gain(right_but(0), losses(0.1), losses(after))
        assert gain == (0, 0) and not result(*gain).pays and "-" not in str(gain)


def test_hardly_any_mistakes_are_not_worth_a_training():
    assert not result(*forecast_gain(right_but(2), losses(0.1), losses(0.09))).pays


@pytest.mark.parametrize(
    ("forecast", "pays", "words"),
    [
        (result(5.6, 10.2), True, "6 to 10 more of 100"),
        (result(0.2, 5.4), True, "up to 5 more of 100"),
        (result(-1.2, 8.3), False, "may or may not pay: −1 to +8 correct"),
        (result(-1.5, 2.7), False, "little or nothing: −2 to +3 correct"),
        (result(-0.4, 1.6), False, "little or nothing: +0 to +2 correct"),
        (result(0.1, 0.4), False, "bring nothing"),
        (result(0.0, 0.0, pictures=0), True, "few pictures"),
    ],
)
def test_the_sentence_says_what_is_done(forecast, pays, words):
    assert forecast.pays is pays
    assert words in forecast_text(forecast)


def test_the_time_of_a_training_is_mostly_that_of_its_steps():
    recipe = make_recipe(Preset.FINE_TUNE, epochs=10)
    steps = fine_tuning_seconds(recipe, 1000, 0, 0.02) - fine_tuning_seconds(recipe, 0, 0, 0.02)
    assert 10 * 1000 * 0.02 <= steps <= 1.2 * 10 * 1000 * 0.02


def test_nothing_is_no_negative_number():
    """−0.3 of 100 pictures is rounded to 0, not to −0."""
    told = notice_text(Notice(NoticeCode.FORECAST, {"low": -0.3, "high": 4.4}))
    assert "+0 to +4" in told and "−" not in told
    told = notice_text(Notice(NoticeCode.COMPARED_WITH_QUICK, {"change": -0.2, "low": -2.4, "high": 1.6}))
    assert "by +0 percentage points" in told and "−2 to +2" in told
