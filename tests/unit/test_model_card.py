"""The card in a model's folder says what it is, whatever is known of it, and nothing that isn't so."""

import pytest

from tests.unit.test_run_folder import make_record
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16
from xception_gui.runs.model_card import model_card
from xception_gui.runs.schema import Figures, SplitRecord, Status

SPLIT = make_record().split

WHOLE = """# cats & dogs

An image classifier made with Xception GUI on 2025-01-31.

- Classes: cat, dog
- Recipe: Fine-tune (Xception fine-tuned, from Quick's model)
- Pictures: 2 for training, 1 for validation, 1 for testing
- Input: RGB pictures, resized to 299 × 299 pixels
- Status: stopped
- Runtime: OpenVINO (bfloat16); time per picture: LiteRT (float32) 44 ms, OpenVINO (bfloat16) 27 ms
- Trained on 7 of the training pictures; the others were not read
- On validation pictures: accuracy 0.900 (1 of 1 correct, but too few pictures to tell), log loss 0.300
- On test pictures: accuracy 0.800 (1 of 1 correct, but too few pictures to tell), log loss 0.400

The model always picks one of these classes, even for a picture that shows none of them. Its accuracy was
measured on pictures like its training pictures; on other pictures it may be lower.

`run.json` has the details, `metrics.csv` the progress of the training, `labels.txt` the classes in order.
"""


def test_a_card_is_read_as_a_whole():
    figures = Figures(0.9, 0.3, 2, 5, test_accuracy=0.8, test_log_loss=0.4, rests_on=7)
    split = SplitRecord(SPLIT.train, SPLIT.val, SPLIT.val)
    seconds = {LITERT: 0.044, OPENVINO_BFLOAT16: 0.027}
    record = make_record(
        status=Status.STOPPED, figures=figures, split=split, runtime=OPENVINO_BFLOAT16, runtime_seconds=seconds
    )
    assert model_card("cats & dogs", record) == WHOLE


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"figures": None}, ["trained on", "validation pictures", "test pictures"]),
        ({"figures": Figures(0.9, 0.3)}, ["trained on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, test_accuracy=0.8)}, ["trained on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, test_log_loss=0.8)}, ["trained on", "test pictures"]),
        ({"figures": Figures(0.9, 0.3, rests_on=7, test_accuracy=0.8, test_log_loss=0.4)}, []),
    ],
)
def test_what_is_not_known_is_not_told(fields, missing):
    lines = {"trained on": "- Trained on", "validation pictures": "- On val", "test pictures": "- On test"}
    card = model_card("a", make_record(**fields))
    assert {name for name, begin in lines.items() if begin not in card} == set(missing)
    assert "for validation\n" in card  # there is no test part


@pytest.mark.parametrize("runtime", [LITERT, "of-a-later-release"])
def test_the_runtime_is_named_where_nothing_was_compared(runtime):
    card = model_card("a", make_record(runtime=runtime))
    assert f"- Runtime: {'LiteRT (float32)' if runtime == LITERT else runtime}\n" in card


@pytest.mark.parametrize(
    ("preset", "words"),
    [(Preset.QUICK, "Quick (softmax"), (Preset.FINE_TUNE, "Fine-tune (Xception"), (Preset.TUTORIAL, "Tutorial (all")],
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
