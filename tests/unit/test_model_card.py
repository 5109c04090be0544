"""The card in a model's folder says what it is, whatever is known of it, and nothing that isn't so."""

import pytest

from tests.unit.test_run_folder import make_record
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.runs.model_card import model_card
from xception_gui.runs.schema import Figures, SplitRecord, Status

SPLIT = make_record().split

WHOLE = """# cats & dogs

An image classifier made with Xception GUI on 2025-01-31.

- Tells apart: cat, dog
- Recipe: Fine-tune: all of Xception trained on, from Quick's head
- Pictures: 2 learned from, 1 kept for validation, 1 for the test
- Input: RGB pictures, stretched to 299 × 299 pixels
- Status: stopped
- It rests on 7 of the pictures to learn from: the others were not read
- On the validation pictures: accuracy 0.900 (1 of 1 right: too few to tell), log loss 0.300
- On the test pictures: accuracy 0.800 (1 of 1 right: too few to tell), log loss 0.400

It says which of these classes fits best, also for pictures that show none of them. It was measured on
pictures like those that it learned from; on others it may be worse.

`run.json` holds the details, `metrics.csv` the course of the training, `labels.txt` the classes in order.
"""


def test_a_card_is_read_as_a_whole():
    figures = Figures(0.9, 0.3, 2, 5, test_accuracy=0.8, test_log_loss=0.4, rests_on=7)
    split = SplitRecord(SPLIT.train, SPLIT.val, SPLIT.val)
    record = make_record(status=Status.STOPPED, figures=figures, split=split)
    assert model_card("cats & dogs", record) == WHOLE


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"figures": None}, ["It rests on", "validation pictures", "test pictures"]),
        ({"figures": Figures(0.9, 0.3)}, ["It rests on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, test_accuracy=0.8)}, ["It rests on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, test_log_loss=0.8)}, ["It rests on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, rests_on=7, test_accuracy=0.8, test_log_loss=0.4)}, []),
    ],
)
def test_what_is_not_known_is_not_told(fields, missing):
    lines = {"It rests on": "- It rests", "validation pictures": "- On the val", "test pictures": "- On the test"}
    card = model_card("a", make_record(**fields))
    assert {name for name, begin in lines.items() if begin not in card} == set(missing)
    assert "kept for validation\n" in card  # there is no test part


@pytest.mark.parametrize(
    ("preset", "words"),
    [(Preset.QUICK, "Quick: softmax"), (Preset.FINE_TUNE, "Fine-tune: all"), (Preset.TUTORIAL, "Tutorial: all")],
)
def test_every_recipe_has_a_line(preset, words):
    assert f"- Recipe: {words}" in model_card("a", make_record(recipe=make_recipe(preset)))


def test_a_name_is_neither_markup_nor_several_lines_nor_hidden():
    written = "# X \\\\\\`\\*\\_\\{\\}\\[\\]\\<\\>\\#\\| a b ‹U+202E›c\n"
    assert model_card("X \\`*_{}[]<>#| a\n\t b \u202ec", make_record()).startswith(written)


def test_a_name_is_no_address_no_mention_no_formula_and_no_entity():
    card = model_card("www.x.y http://x.y @me :tada: $a$ ~~b~~ &lt; a & b", make_record())
    written = "# www\\.x.y http\\://x.y \\@me \\:tada\\: \\$a\\$ \\~\\~b\\~\\~ \\&lt; a & b\n"
    assert card.startswith(written)
