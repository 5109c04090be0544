"""Advanced: every field of a recipe, in words, and the recipe that comes out of what was typed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QWidget

from tests.ui.wizard import RECIPE, START, Wizard, checked
from xception_gui.domain.recipe import (
    Augmentation,
    BatchNorm,
    HeadInit,
    Hyperparameters,
    Optimizer,
    Precision,
    Preset,
    Recipe,
    RecipeError,
    SizeChoice,
    fields_of,
    make_recipe,
)
from xception_gui.ui.dataset.recipe_fields import recipe_from, recipe_texts

PRESETS = pytest.mark.parametrize("preset", Preset)
NETWORKS = pytest.mark.parametrize("preset", [Preset.FINE_TUNE, Preset.TUTORIAL])


def fields_in_the_domain(preset):
    """What a recipe of this preset can differ in; the preset itself is the card."""
    names = [name for name in Recipe.__struct_fields__ if name not in ("preset", "training")]
    return names + ([] if preset is Preset.QUICK else list(Hyperparameters.__struct_fields__))


def typed_from(recipe):
    return {field.name: field.text_of(recipe.value_of(field)) for field in fields_of(recipe.preset)}


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    """The wizard at its third step, Advanced open."""
    made = Wizard(qtbot, qapp, tmp_path)
    made.go_to(RECIPE)
    made.click("recipe_advanced")
    return made


def editors(wizard):
    """The fields that can be seen, by name."""
    found = [
        widget
        for widget in wizard.page.recipe_step.findChildren(QWidget)
        if isinstance(widget, QLineEdit | QComboBox) and widget.isVisible()
    ]
    return Counter(widget.objectName().removeprefix("recipe_") for widget in found)


@PRESETS
def test_every_field_of_a_preset_has_a_term_and_a_sentence(preset):
    fields = fields_of(preset)
    assert sorted(field.name for field in fields) == sorted(fields_in_the_domain(preset))
    for field in fields:
        assert field.term and field.sentence.endswith(".")
    assert len({field.term for field in fields}) == len(fields)


@PRESETS
def test_every_field_stands_under_advanced_exactly_once(wizard, preset):
    wizard.click(f"recipe_{preset.value.replace('-', '_')}")
    assert editors(wizard) == Counter(fields_in_the_domain(preset))


@PRESETS
def test_what_is_shown_at_first_is_the_preset_itself(wizard, preset):
    wizard.click(f"recipe_{preset.value.replace('-', '_')}")
    assert wizard.page.recipe_step.recipe == make_recipe(preset)
    assert wizard.page.recipe_step.preset is preset
    assert wizard.can("data_next")


class Recorder(QTranslator):
    """Another language: every text of recipes in brackets, those that it was asked for noted."""

    def __init__(self, parent):
        super().__init__(parent)
        self.asked = set()

    def translate(self, context, text, disambiguation=None, n=-1):
        """Translate as Qt asks for it."""
        if context != "recipe_fields":
            return ""
        self.asked.add(text)
        return f"[{text}]"


def test_all_that_is_said_of_recipes_can_be_translated_and_is_listed(qtbot, qapp, tmp_path):
    language = Recorder(qapp)
    qapp.installTranslator(language)
    try:
        made = Wizard(qtbot, qapp, tmp_path)
        made.go_to(RECIPE)
        for preset in Preset:
            made.click(f"recipe_{preset.value.replace('-', '_')}")
            for field in fields_of(preset):
                editor = made.part(QWidget, f"recipe_{field.name}")
                assert editor.accessibleName() == f"[{field.term}]"
                assert editor.accessibleDescription().startswith(f"[{field.sentence}]")
                for text in ("x", "-1", "none", "15"):
                    recipe_from(preset, {field.name: text})
        _, wrong = recipe_from(Preset.FINE_TUNE, {"epochs": "0", "head_blocks": "5"})
        assert wrong["epochs"] == "[[Epochs] must be [from 1 to 10000]. Received: 0]"
        recipe_from(Preset.FINE_TUNE, {"head_blocks": "14"})
    finally:
        qapp.removeTranslator(language)
    assert language.asked <= set(recipe_texts())
    assert {field.term for field in fields_of(Preset.TUTORIAL)} <= language.asked


def test_the_range_of_a_number_is_said_where_it_is_typed(wizard):
    wizard.click("recipe_fine_tune")
    for name, words in {"epochs": "from 1 to 10000", "head_blocks": "one or more of 4, 6, 8, 10, 12, 13, 14"}.items():
        description = wizard.part(QLineEdit, f"recipe_{name}").accessibleDescription()
        assert description.endswith(f"Allowed: {words}.")


@PRESETS
def test_every_choice_of_a_field_has_words(preset):
    kinds = {"optimizer": Optimizer, "augment": Augmentation, "head": HeadInit, "batch_norm": BatchNorm}
    kinds |= {"size_choice": SizeChoice, "precision": Precision, "class_weights": ["False", "True"]}
    for field in fields_of(preset):
        assert sorted(str(value) for value, _ in field.choices) == sorted(kinds.get(field.name, ()))


@PRESETS
@given(data=st.data())
def test_whatever_a_recipe_is_typing_it_gives_it_back(preset, data):
    fields = {
        "val_fraction": data.draw(st.integers(1, 99)) / 100,
        "max_per_class": data.draw(st.none() | st.integers(2, 10_000)),
        "seed": data.draw(st.integers(0, 2**32 - 1)),
        "image_size": data.draw(st.integers(71, 1024)),
        "weights": data.draw(st.none() | st.just("/a b/ü.h5")),
    }
    if preset is not Preset.QUICK:
        fields |= {
            "epochs": data.draw(st.integers(1, 1000)),
            "learning_rate": data.draw(st.sampled_from([1e-5, 3e-4, 0.001, 0.5, 10.0])),
            "batch_norm": data.draw(st.sampled_from(BatchNorm)),
            "optimizer": data.draw(st.sampled_from(Optimizer)),
            "first_trainable_block": data.draw(st.integers(1, 14)),
            "augment": data.draw(st.sampled_from(Augmentation)),
            "precision": data.draw(st.sampled_from(Precision)),
            "early_stopping": data.draw(st.integers(0, 1000)),
            "class_weights": data.draw(st.booleans()),
        }
    recipe = make_recipe(preset, **fields)
    assert recipe_from(preset, typed_from(recipe)) == (recipe, {})


@PRESETS
@given(data=st.data(), text=st.text(max_size=12))
def test_whatever_is_typed_there_is_a_recipe_or_a_sentence(preset, data, text):
    name = data.draw(st.sampled_from(fields_in_the_domain(preset)))
    recipe, wrong = recipe_from(preset, typed_from(make_recipe(preset)) | {name: text})
    assert (recipe is None) == bool(wrong)
    assert all(sentence[0].isupper() for sentence in wrong.values())
    if recipe is not None:
        field = next(field for field in fields_of(preset) if field.name == name)
        assert recipe == make_recipe(preset, **{name: field.value_of(text)})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("val_fraction", "1", "between 0 and 1"),
        ("val_fraction", "a fifth", "must be a number"),
        ("val_fraction", "nan", "between 0 and 1"),
        ("max_per_class", "1", "2 or more"),
        ("max_per_class", "many", "or empty"),
        ("seed", "-1", "from 0"),
        ("seed", "", "whole number"),
        ("image_size", "70", "from 71"),
        ("image_size", "299.5", "whole number"),
        ("weights", "none", "Only Tutorial"),
        ("epochs", "0", "from 1 to 10000"),
        ("epochs", "99999999999999999999", "from 1 to 10000"),
        ("batch_size", "x", "whole number"),
        ("learning_rate", "0", "above 0"),
        ("head_blocks", "", "more of 4, 6"),
        ("head_blocks", "5", "more of 4, 6"),
        ("head_blocks", "last", "block numbers"),
        ("first_trainable_block", "15", "from 1 to 14"),
        ("label_smoothing", "1", "below 1"),
        ("weight_decay", "inf", "0 or more"),
        ("momentum", "1", "below 1"),
        ("decay", "-1", "0 or more"),
        ("early_stopping", "-1", "0 or more"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_as_it_is_typed_and_next_waits(wizard, name, text, words):
    wizard.click("recipe_fine_tune")
    wizard.type(f"recipe_{name}", text)
    editor = wizard.part(QLineEdit, f"recipe_{name}")
    said = [label.text() for label in editor.parent().findChildren(QWidget) if label.property("role") == "error"]
    assert len(said) == 1 and words in said[0]
    assert editor.property("role") == "wrong"
    assert not wizard.can("data_next") and wizard.can("data_back")
    assert "Correct the marked value" in wizard.words("data_hint")
    field = next(field for field in fields_of(Preset.FINE_TUNE) if field.name == name)
    wizard.type(f"recipe_{name}", field.text_of(make_recipe(Preset.FINE_TUNE).value_of(field)))
    assert editor.property("role") != "wrong"
    assert wizard.can("data_next")


def test_what_was_changed_in_a_recipe_is_there_again_when_one_comes_back_to_it(wizard):
    wizard.click("recipe_fine_tune")
    wizard.type("recipe_epochs", "7")
    optimizers = wizard.part(QComboBox, "recipe_optimizer")
    optimizers.setCurrentIndex(optimizers.findData(Optimizer.SGD))
    wizard.type("recipe_seed", "5")
    changed = wizard.page.recipe_step.recipe
    wizard.click("recipe_tutorial")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.TUTORIAL, seed=5)
    wizard.type("recipe_seed", "6")
    wizard.click("recipe_quick")
    wizard.click("recipe_fine_tune")
    assert wizard.page.recipe_step.recipe == replace(changed, seed=6)


def test_a_comma_is_a_decimal_point_where_people_write_it_so():
    recipe, _ = recipe_from(Preset.QUICK, {"val_fraction": "0,25"})
    assert recipe.val_fraction == 0.25


def test_two_fields_that_do_not_go_together_are_said_below_all(wizard):
    wizard.click("recipe_fine_tune")
    wizard.type("recipe_head_blocks", "14")  # fine for a fresh head, not for Quick's
    assert "all blocks" in wizard.words("recipe_wrong") and wizard.is_shown("recipe_wrong")
    assert not wizard.can("data_next")
    heads = wizard.part(QComboBox, "recipe_head")
    heads.setCurrentIndex(heads.findData(HeadInit.FRESH))
    assert not wizard.is_shown("recipe_wrong")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.FINE_TUNE, head=HeadInit.FRESH, head_blocks=(14,))


def test_what_is_chosen_with_the_keyboard_comes_into_the_recipe(qtbot, wizard):
    wizard.click("recipe_tutorial")
    optimizers = wizard.part(QComboBox, "recipe_optimizer")
    optimizers.setFocus()
    qtbot.keyClick(optimizers, Qt.Key.Key_End)
    assert wizard.page.recipe_step.recipe.training.optimizer is Optimizer.ADAMW


@NETWORKS
def test_the_request_is_what_the_command_line_would_make(wizard, preset):
    wizard.click(f"recipe_{preset.value.replace('-', '_')}")
    wizard.type("recipe_epochs", "7")
    wizard.type("recipe_learning_rate", "1e-4")
    wizard.type("recipe_max_per_class", "50")
    wizard.type("recipe_seed", "3")
    wizard.click("data_next")
    assert wizard.step == START
    wizard.click("data_next")
    (request,) = wizard.wanted
    assert request.recipe == make_recipe(preset, epochs=7, learning_rate=1e-4, max_per_class=50, seed=3)


def test_what_all_recipes_have_stays_when_another_is_chosen_and_the_rest_does_not(wizard):
    wizard.type("recipe_seed", "5")
    wizard.click("recipe_fine_tune")
    wizard.type("recipe_epochs", "9")
    wizard.click("recipe_tutorial")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.TUTORIAL, seed=5)
    wizard.click("recipe_quick")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.QUICK, seed=5)


def test_a_file_of_weights_is_chosen_and_comes_into_its_field(qtbot, wizard):
    with qtbot.waitSignal(wizard.page.weights_wanted):
        wizard.click("recipe_weights_choose")
    wizard.page.recipe_step.show_weights("/home/ada/own.h5")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.QUICK, weights="/home/ada/own.h5")


def test_the_fields_can_be_hidden_again_and_count_all_the_same(wizard):
    wizard.type("recipe_seed", "5")
    wizard.click("recipe_advanced")
    assert not wizard.is_shown("recipe_seed")
    assert wizard.page.recipe_step.recipe.seed == 5


def test_a_choice_of_another_release_is_refused():
    field = next(field for field in fields_of(Preset.TUTORIAL) if field.name == "optimizer")
    with pytest.raises(RecipeError, match="Choose one"):
        field.value_of("lion")


def test_what_was_set_for_the_last_folder_is_kept_and_said(wizard):
    wizard.go_to(RECIPE)
    assert not wizard.is_shown("recipe_kept")
    wizard.click("recipe_tutorial")
    wizard.click("recipe_advanced")
    wizard.type("recipe_epochs", "4")
    scrolls = wizard.part(QScrollArea, "recipe_scroll").verticalScrollBar()
    scrolls.setValue(scrolls.maximum())
    wizard.page.open_folder("/home/ada/plants")
    wizard.check_job.finish(checked())
    wizard.click("data_next")
    assert scrolls.value() == 0 and not wizard.is_shown("recipe_epochs")
    assert wizard.words("recipe_kept_why") == "Tutorial · Epochs: 4"
    assert wizard.part(QWidget, "recipe_kept").property("role") == "news"  # no warning
    assert wizard.page.recipe_step.recipe.training.epochs == 4
    wizard.click("recipe_use_defaults")
    assert not wizard.is_shown("recipe_kept") and wizard.page.recipe_step.recipe == make_recipe(Preset.QUICK)
    wizard.click("recipe_tutorial")
    assert wizard.page.recipe_step.recipe == make_recipe(Preset.TUTORIAL)
