"""How long a training will take, before it has begun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.estimates import seconds_for
from xception_gui.domain.messages.machine import SpeedResult
from xception_gui.domain.recipe import Precision, Preset, make_recipe

SPEED = SpeedResult("CPU", embedding_seconds=0.1, training_seconds=1.0, starting_seconds=8.0)
QUICK = make_recipe(Preset.QUICK)

pictures = st.integers(4, 50_000)
shares = st.floats(0, 1)
presets = st.sampled_from(list(Preset))


def test_a_training_that_was_measured_takes_about_as_long_as_was_said():
    # 900 pictures embedded in 80 s, the head fitted in 2 s, on the machine that the shares were measured on.
    speed = SpeedResult("CPU", embedding_seconds=80 / 900)
    said = seconds_for(QUICK, pictures=900, embedded=0, speed=speed)
    assert said is not None
    assert said == pytest.approx(80 + 2 + 1.5, abs=1)
    assert said == pytest.approx(80 + 0.015 * 80 + 1.5)


@pytest.mark.parametrize(
    ("fields", "embedded", "seconds"),
    [
        # 1000 pictures, 200 of them for validation; a picture takes 0.1 s, a step 1 s of it, and starting 8 s.
        ({"preset": Preset.QUICK}, 0, 1.5 + 100 + 1.5),
        ({"preset": Preset.QUICK}, 400, 1.5 + 60 + 1.5),
        ({"preset": Preset.QUICK}, 2000, 1.5 + 1.5),  # more than there are: some are gone
        ({"preset": Preset.QUICK, "image_size": 598}, 400, 1.5 + 400 + 1.5),
        ({"preset": Preset.TUTORIAL, "epochs": 3}, 400, 1.5 + 8 + 24 + 3 * (800 + 20) + 20),
        # Quick first; at the end, the head is fitted again to the training pictures; so it is at first at a size of its
        # own, where everything else takes the square of the share of 299 pixels.
        (
            {"preset": Preset.FINE_TUNE, "epochs": 3, "train_size": None},
            400,
            1.5 + 60 + 1.5 + 8 + 24 + 3 * (800 + 20) + 80 + 20,
        ),
        (
            {"preset": Preset.FINE_TUNE, "epochs": 3, "train_size": 160},
            400,
            1.5 + 60 + 1.5 + 8 + 24 + (3 * (800 + 20) + 2 * 80 + 20) * (160 / 299) ** 2,
        ),
        ({"preset": Preset.TUTORIAL, "epochs": 1, "image_size": 598}, 0, 1.5 + 8 + 24 + 4 * (800 + 20) + 80),
        ({"preset": Preset.TUTORIAL, "epochs": 1, "val_fraction": 0.5}, 0, 1.5 + 8 + 24 + 500 + 50 + 50),
    ],
    ids=str,
)
def test_a_training_takes_what_its_parts_take(fields, embedded, seconds):
    assert seconds_for(make_recipe(**fields), pictures=1000, embedded=embedded, speed=SPEED) == pytest.approx(seconds)


@given(preset=presets, count=pictures, share=shares)
def test_pictures_that_are_embedded_already_save_time(preset, count, share):
    recipe = make_recipe(preset)
    fresh = seconds_for(recipe, pictures=count, embedded=0, speed=SPEED)
    some = seconds_for(recipe, pictures=count, embedded=int(count * share), speed=SPEED)
    assert 0 < some <= fresh
    if preset is Preset.TUTORIAL:  # it embeds nothing
        assert some == fresh


@given(count=pictures)
def test_embedded_pictures_save_nothing_at_another_size_or_with_other_weights(count):
    for recipe in (make_recipe(Preset.QUICK, image_size=224), make_recipe(Preset.QUICK, weights="own.h5")):
        known = seconds_for(recipe, pictures=count, embedded=count, speed=SPEED)
        assert known == seconds_for(recipe, pictures=count, embedded=0, speed=SPEED)


@given(count=pictures, more=st.integers(1, 1000), preset=presets)
def test_more_pictures_and_more_epochs_take_longer(count, more, preset):
    recipe = make_recipe(preset)
    said = seconds_for(recipe, pictures=count, embedded=0, speed=SPEED)
    assert said < seconds_for(recipe, pictures=count + more, embedded=0, speed=SPEED)
    if preset is not Preset.QUICK:
        longer = make_recipe(preset, epochs=13)
        assert said < seconds_for(longer, pictures=count, embedded=0, speed=SPEED)


@given(preset=presets, count=pictures)
def test_half_the_size_is_faster_and_twice_the_size_slower(preset, count):
    small, usual, large = (
        seconds_for(make_recipe(preset, image_size=size), pictures=count, embedded=0, speed=SPEED)
        for size in (150, 299, 598)
    )
    assert small < usual < large < usual * 4 + 1


@given(count=pictures)
def test_a_network_takes_longer_than_quick(count):
    quick, fine_tune, tutorial = (
        seconds_for(make_recipe(preset), pictures=count, embedded=0, speed=SPEED) for preset in Preset
    )
    assert quick < tutorial and quick < fine_tune


def test_nothing_is_said_of_a_training_of_the_network_before_a_step_was_timed():
    speed = SpeedResult("CPU", embedding_seconds=0.1)
    assert seconds_for(QUICK, pictures=100, embedded=0, speed=speed) is not None
    for preset in (Preset.FINE_TUNE, Preset.TUTORIAL):
        for known in ({}, {"training_seconds": 1.0}, {"starting_seconds": 8.0}):
            speed = SpeedResult("CPU", embedding_seconds=0.1, **known)
            assert seconds_for(make_recipe(preset), pictures=100, embedded=0, speed=speed) is None


def test_another_precision_than_the_measured_one_takes_as_much_longer_as_its_steps():
    speed = SpeedResult("CPU", 0.1, 1.0, 8.0, "bfloat16", {"float32": 0.6, "bfloat16": 0.3})

    def said(precision: Precision) -> float:
        recipe = make_recipe(Preset.TUTORIAL, precision=precision)
        return seconds_for(recipe, pictures=1000, embedded=0, speed=speed)

    assert said(Precision.BFLOAT16) == said(Precision.AUTO)
    assert said(Precision.FLOAT32) - said(Precision.AUTO) == pytest.approx(5 * 800 * 1.0)
    assert said(Precision.FLOAT16) == said(Precision.AUTO)  # nobody knows
    speed = SpeedResult("CPU", 0.1, 1.0, 8.0, "bfloat16", {"float32": 0.6})
    assert said(Precision.FLOAT32) == said(Precision.AUTO)  # likewise
