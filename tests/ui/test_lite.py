"""The window without Keras and TensorFlow: what needs them is there to be seen, and says which program has it."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.engines import FakeEngine
from xception_gui import edition
from xception_gui.domain.recipe import Preset
from xception_gui.ui.dataset import recipe_step
from xception_gui.ui.export import export_dialog
from xception_gui.ui.export.exports import Exports
from xception_gui.ui.models.training import Training
from xception_gui.ui.shell import about


@pytest.fixture(autouse=True)
def without_keras(monkeypatch):
    for module in (edition, recipe_step, export_dialog, about):
        monkeypatch.setattr(module, "has_keras", lambda: False)


def words_of(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_quick_can_be_chosen_and_the_others_name_the_full_program(qtbot):
    step = recipe_step.RecipeStep()
    qtbot.addWidget(step)
    for name in ("fine_tune", "tutorial"):
        card = step.findChild(QPushButton, f"recipe_{name}")
        assert not card.isEnabled()
        assert "full Xception GUI" in words_of(card) and "full Xception GUI" in card.accessibleName()
        card.click()
    assert step.preset is Preset.QUICK and step.findChild(QPushButton, "recipe_quick").isEnabled()


def test_an_export_names_the_full_program_before_it_is_begun(qtbot, qapp):
    engine = FakeEngine()
    dialog = export_dialog.ExportDialog(Exports(engine.client, qapp), Training(engine.client, qapp))
    qtbot.addWidget(dialog)
    dialog.open_for("/models/pets")
    assert "full Xception GUI" in words_of(dialog)
    assert not dialog.findChild(QPushButton, "export_start").isEnabled()


def test_about_says_that_it_is_the_lite_program(qtbot):
    dialog = about.AboutDialog()
    qtbot.addWidget(dialog)
    assert "lite" in dialog.findChild(QLabel, "about_lite").text()
