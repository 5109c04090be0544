"""Recipes: presets that are valid, fields that are checked, and refusals that say what was received."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import (
    Augmentation,
    BatchNorm,
    HeadInit,
    Optimizer,
    Preset,
    Range,
    Recipe,
    RecipeError,
    fields_of,
    make_recipe,
)
from xception_gui.inference.head import columns_of


def test_quick_trains_the_head_alone_on_the_tutorials_size():
    recipe = make_recipe(Preset.QUICK)
    assert recipe == Recipe(Preset.QUICK, None, 299, 0.2, None, 0, None)


def test_fine_tune_starts_from_quicks_head_and_keeps_the_statistics():
    training = make_recipe(Preset.FINE_TUNE).training
    assert (training.head, training.head_blocks) == (HeadInit.QUICK, XCEPTION.embedding_blocks)
    assert (training.optimizer, training.batch_norm) == (Optimizer.ADAMW, BatchNorm.INFERENCE)
    assert training.epochs == 12


def test_a_network_is_trained_at_the_recipes_size_or_a_smaller_one():
    assert make_recipe(Preset.FINE_TUNE).network_size == 224
    assert make_recipe(Preset.FINE_TUNE, image_size=71).network_size == 71
    assert make_recipe(Preset.FINE_TUNE, train_size=None).network_size == 299
    assert make_recipe(Preset.FINE_TUNE, train_size=400).network_size == 299
    assert make_recipe(Preset.QUICK, image_size=200).network_size == 200
    assert make_recipe(Preset.TUTORIAL).network_size == 299


def test_tutorial_is_the_tutorials():
    training = make_recipe(Preset.TUTORIAL).training
    assert (training.head, training.head_blocks) == (HeadInit.FRESH, (14,))
    assert (training.optimizer, training.learning_rate, training.momentum) == (Optimizer.SGD, 1e-3, 0.9)
    assert (training.decay, training.batch_size) == (1e-6, 16)
    assert training.batch_norm is BatchNorm.TRAINING


def test_any_field_can_differ_from_the_preset():
    recipe = make_recipe(
        Preset.FINE_TUNE, epochs=9, augment=Augmentation.NONE, image_size=160, seed=3, max_per_class=50
    )
    assert (recipe.training.epochs, recipe.training.augment) == (9, Augmentation.NONE)
    assert (recipe.image_size, recipe.seed, recipe.max_per_class) == (160, 3, 50)
    assert recipe.training.batch_size == make_recipe(Preset.FINE_TUNE).training.batch_size
    assert make_recipe(Preset.FINE_TUNE).training.epochs == 12  # the preset stays as it was


@pytest.mark.parametrize(
    "fields",
    [{"epochs": 3}, {"batch_size": 4}, {"learning_rate": 0.1}, {"augment": Augmentation.FLIPS}, {"epochs": None}],
)
def test_quick_refuses_fields_that_it_doesnt_have(fields):
    (name,) = fields
    with pytest.raises(RecipeError, match=f"no {name.replace('_', ' ')}.*Fine-tune and Tutorial"):
        make_recipe(Preset.QUICK, **fields)


NAN, INFINITY = float("nan"), float("inf")
WRONG = {
    "image_size": [0, -1, 70, 1025, 10**9],
    "val_fraction": [0, 1, -0.1, 1.5, NAN, INFINITY],
    "max_per_class": [1, 0, -5],
    "seed": [-1, 2**32],
    "epochs": [0, -1, 10_001, 10**20],
    "batch_size": [0, -8],
    "learning_rate": [0, -1e-3, 10.1, NAN, INFINITY],
    "label_smoothing": [-0.1, 1, NAN],
    "weight_decay": [-1e-4, NAN, INFINITY],
    "momentum": [-0.1, 1, NAN],
    "decay": [-1e-6, NAN, INFINITY],
    "first_trainable_block": [0, 15],
    "head_blocks": [(), (5,), (14, 15), (13, 14, 13)],
    "weights": ["none"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_values_out_of_range_are_refused_and_told(name, value):
    preset = Preset.QUICK if name == "weights" else Preset.TUTORIAL
    with pytest.raises(RecipeError) as caught:
        make_recipe(preset, **{name: value})
    received = ", ".join(map(str, value)) or "–" if isinstance(value, tuple) else value
    assert str(caught.value).endswith(f"Received: {received}")
    assert caught.value.field == name


ALLOWED = {
    "image_size": [71, 299, 1024],
    "val_fraction": [1e-6, 0.5, 0.999],
    "max_per_class": [None, 2, 10**6],
    "seed": [0, 2**32 - 1],
    "epochs": [1, 10_000],
    "batch_size": [1, 512],
    "learning_rate": [1e-9, 10],
    "label_smoothing": [0, 0.99],
    "weight_decay": [0, 1],
    "momentum": [0, 0.999],
    "decay": [0, 1],
    "first_trainable_block": [1, 14],
    "weights": [None, "none", "xception.h5"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ALLOWED.items() for value in values])
def test_the_limits_themselves_are_allowed(name, value):
    recipe = make_recipe(Preset.TUTORIAL, **{name: value})
    assert getattr(recipe if name in Recipe.__struct_fields__ else recipe.training, name) == value


def test_what_an_earlier_release_took_is_still_read():
    made = msgspec.to_builtins(make_recipe(Preset.TUTORIAL))
    made["training"]["epochs"] = 10**9
    read = msgspec.convert(made, Recipe)
    assert read.hyperparameters.epochs == 10**9 and msgspec.structs.replace(read, seed=1).seed == 1
    made["training"]["epochs"] = 0
    with pytest.raises(msgspec.ValidationError, match="Epochs must be"):
        msgspec.convert(made, Recipe)


def test_quicks_head_looks_at_all_blocks():
    with pytest.raises(RecipeError, match="all blocks"):
        make_recipe(Preset.FINE_TUNE, head_blocks=(14,))
    assert make_recipe(Preset.FINE_TUNE, head=HeadInit.FRESH, head_blocks=(13, 14)).training.head_blocks == (13, 14)


@pytest.mark.parametrize("typed", ["14, 4", "14,4", "14 4 14", " 14, 14, 4, "])
def test_blocks_are_meant_once_each_however_they_are_typed(typed):
    field = next(field for field in fields_of(Preset.TUTORIAL) if field.name == "head_blocks")
    assert field.value_of(typed) == (4, 14)


@pytest.mark.parametrize("preset", [Preset.QUICK, Preset.FINE_TUNE])
def test_only_tutorial_can_start_from_random_weights(preset):
    with pytest.raises(RecipeError, match="Only Tutorial"):
        make_recipe(preset, weights="none")


def test_a_recipe_and_its_training_belong_together():
    training = make_recipe(Preset.TUTORIAL).training
    with pytest.raises(RecipeError):
        Recipe(Preset.QUICK, training)
    with pytest.raises(RecipeError):
        Recipe(Preset.TUTORIAL, None)


def test_all_fields_that_dont_fit_are_named():
    with pytest.raises(RecipeError, match=r"has no batch size, learning rate\. Only Fine-tune"):
        make_recipe(Preset.QUICK, batch_size=4, learning_rate=0.1)
    with pytest.raises(RecipeError, match=r"Received: colour, taste$"):
        make_recipe(Preset.TUTORIAL, colour="red", epochs=3, taste="sweet")


@pytest.mark.parametrize("preset", Preset)
def test_the_table_has_every_field_once(preset):
    recipe = make_recipe(preset)
    of_recipe = set(Recipe.__struct_fields__) - {"preset", "training"}
    of_training = set(recipe.training.__struct_fields__) if recipe.trains_network else set()
    assert sorted(field.name for field in fields_of(preset)) == sorted(of_recipe | of_training)
    for field in fields_of(preset):
        assert field.value_of(field.text_of(recipe.value_of(field))) == recipe.value_of(field)


@pytest.mark.parametrize(
    ("preset", "fields", "trains_network", "starts_from_quick", "fits_quick"),
    [
        (Preset.QUICK, {}, False, False, True),
        (Preset.FINE_TUNE, {}, True, True, True),
        (Preset.FINE_TUNE, {"head": HeadInit.FRESH}, True, False, False),
        (Preset.TUTORIAL, {}, True, False, False),
        (Preset.TUTORIAL, {"head": HeadInit.QUICK, "head_blocks": XCEPTION.embedding_blocks}, True, True, True),
    ],
)
def test_a_recipe_says_what_it_does(preset, fields, trains_network, starts_from_quick, fits_quick):
    recipe = make_recipe(preset, **fields)
    assert (recipe.trains_network, recipe.starts_from_quick, recipe.fits_quick) == (
        trains_network,
        starts_from_quick,
        fits_quick,
    )


@pytest.mark.parametrize(
    ("takes", "words"),
    [
        (Range(2), "2 or more"),
        (Range(0, without_low=True), "above 0"),
        (Range(0, 2**32 - 1), "from 0 to 4294967295"),
        (Range(0, 1, without_high=True), "at least 0 and below 1"),
        (Range(0, 10, without_low=True), "above 0 and at most 10"),
        (Range(0, 1, without_low=True, without_high=True), "between 0 and 1"),
    ],
)
def test_a_range_is_told_as_it_is(takes, words):
    assert takes.words.said() == words
    assert (takes.low in takes) != words.startswith(("above", "between"))
    assert (takes.high in takes) == ("to" in words or "at most" in words)
    assert NAN not in takes and INFINITY not in takes and 10**400 in Range(0)


def test_a_field_that_no_recipe_has_is_refused():
    with pytest.raises(RecipeError, match="colour"):
        make_recipe(Preset.QUICK, colour="red")


@given(preset=st.sampled_from(Preset), seed=st.integers(0, 2**32 - 1), size=st.integers(71, 1024))
def test_a_recipe_survives_json(preset, seed, size):
    recipe = make_recipe(preset, seed=seed, image_size=size)
    assert msgspec.json.decode(msgspec.json.encode(recipe), type=Recipe) == recipe


def test_a_recipe_cant_be_changed():
    with pytest.raises(AttributeError):
        make_recipe(Preset.QUICK).seed = 1


# --- What an embedding is -----------------------------------------------------------------------------------------


def test_the_columns_of_all_blocks_are_the_whole_embedding():
    assert columns_of(XCEPTION, XCEPTION.embedding_blocks).tolist() == list(range(XCEPTION.embedding_size))
    assert XCEPTION.embedding_size == 5 * 728 + 1024 + 2048


def test_blocks_lie_one_after_the_other():
    assert columns_of(XCEPTION, (14,)).tolist() == list(range(XCEPTION.embedding_size - 2048, XCEPTION.embedding_size))
    assert columns_of(XCEPTION, (13, 4)).tolist() == [*range(3640, 4664), *range(728)]


def test_a_block_that_is_no_part_of_an_embedding_has_no_columns():
    with pytest.raises(ValueError, match="block 5 is not part of an embedding of Xception"):
        columns_of(XCEPTION, (5,))
