"""What the network will see of the person's own pictures, in the wizard."""

import pytest
from PySide6.QtWidgets import QComboBox

from tests.conftest import draw_picture
from tests.programs import PATIENCE
from tests.ui.wizard import RECIPE, Wizard, checked
from xception_gui.domain.messages.dataset import PreviewAugmentationRequest, PreviewReady, PreviewResult
from xception_gui.domain.recipe import Augmentation
from xception_gui.ui.dataset.augmentation_preview import LOOKS, AugmentationPreview
from xception_gui.ui.dataset.looks_strip import SIDE, LooksStrip

SIX = dict.fromkeys(("cats", "dogs", "fish", "mice", "owls", "pigs"), 50)


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    made = Wizard(qtbot, qapp, tmp_path)
    made.go_to(RECIPE, checked(SIX))
    return made


@pytest.fixture
def drawn(tmp_path):
    """A file that looks can be loaded from."""
    return str(draw_picture(tmp_path / "look.png", (200, 30, 30), seed=1))


def choose(wizard, augment):
    combo = wizard.part(QComboBox, "recipe_augment")
    combo.setCurrentIndex(combo.findData(augment.value))


def asked(wizard):
    return wizard.viewer.requests(PreviewAugmentationRequest)


def test_a_recipe_that_changes_nothing_shows_nothing(wizard):
    assert not wizard.is_shown("recipe_seen") and not asked(wizard)
    wizard.click("recipe_fine_tune")
    assert wizard.is_shown("recipe_seen")
    wizard.click("recipe_advanced")
    choose(wizard, Augmentation.NONE)
    assert not wizard.is_shown("recipe_seen")
    choose(wizard, Augmentation.GENTLE)
    assert wizard.is_shown("recipe_seen")
    wizard.click("recipe_quick")
    assert not wizard.is_shown("recipe_seen")


def test_pictures_of_four_classes_are_asked_for_once_for_each_choice(wizard):
    wizard.click("recipe_tutorial")
    wizard.click("recipe_advanced")
    wizard.type("recipe_epochs", "7")
    (flips,) = asked(wizard)
    assert [path.split("/")[-2] for path in flips.paths] == ["cats", "dogs", "fish", "mice"]
    choose(wizard, Augmentation.GENTLE)
    wizard.type("recipe_seed", "3")
    last = asked(wizard)[-1]
    assert (flips.augment, last.augment, last.seed) == (Augmentation.FLIPS, Augmentation.GENTLE, 3)


def test_looks_come_into_sight_as_they_are_made_and_old_ones_no_more(wizard, drawn):
    wizard.click("recipe_fine_tune")
    wizard.click("recipe_advanced")
    old = wizard.viewer.job
    strip = wizard.part(LooksStrip, "recipe_looks")
    path = old.request.paths[0]
    before = strip.grab().toImage()
    old.say(PreviewReady(path, drawn, look=1))
    shown = strip.grab().toImage()
    assert shown.pixelColor(SIDE // 2, SIDE // 2) == before.pixelColor(SIDE // 2, SIDE // 2)
    second = (SIDE + 4 + SIDE // 2, SIDE // 2)
    assert shown.pixelColor(*second) != before.pixelColor(*second)
    choose(wizard, Augmentation.GENTLE)
    assert old.stop_asked
    old.say(PreviewReady(path, drawn, look=2))
    old.finish(PreviewResult())
    assert strip.grab().toImage() == before


def test_a_real_engine_makes_them(qtbot, engine, tiny_dataset):
    preview = AugmentationPreview(engine)
    paths = tuple(str(path) for path in sorted(tiny_dataset.rglob("*.png"))[:3])
    preview.choose(paths, Augmentation.GENTLE, 0)
    qtbot.waitUntil(lambda: all(look for row in preview.looks for look in row), timeout=1000 * PATIENCE)
    assert [len(row) for row in preview.looks] == [1 + LOOKS] * 3
    preview.choose(paths, Augmentation.NONE, 0)
    assert preview.looks == []
