"""Trainings as engines told them: 24 pictures of two classes, one file that is none."""

from pathlib import Path

from xception_gui.domain.lines import decode_event
from xception_gui.domain.messages.base import Event
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe

RECORDINGS = Path(__file__).parent

DATASET = "/home/ada/pictures"
QUICK = TrainRequest(DATASET, "/home/ada/models/quick", make_recipe(Preset.QUICK))
TUTORIAL = TrainRequest(
    DATASET,
    "/home/ada/models/tutorial",
    make_recipe(Preset.TUTORIAL, image_size=71, weights="none", epochs=3, batch_size=4),
)


def recording(name: str) -> list[Event]:
    """Read the events of a training: “quick” or “tutorial”."""
    lines = (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [decode_event(line)[1] for line in lines]
