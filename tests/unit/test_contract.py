"""Names that others rely on: what engines and windows say to each other, and codes in files of earlier releases.

`tests/recordings/contract.json` has them all, with types and defaults. Names may be added, by
`python -m tests.unit.test_contract`; none is ever renamed or taken away.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, Finding
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Finished, Phase, Stopped
from xception_gui.domain.messages.dataset import PreviewShape, ProblemCode
from xception_gui.domain.messages.engine import PROTOCOL_VERSION
from xception_gui.domain.messages.registry import ANY_EVENT, ANY_REQUEST
from xception_gui.domain.messages.training import NoticeCode
from xception_gui.domain.reasons import Reason
from xception_gui.domain.recipe import (
    RANDOM_WEIGHTS,
    Augmentation,
    BatchNorm,
    HeadInit,
    Optimizer,
    Precision,
    Preset,
    make_recipe,
)
from xception_gui.domain.runtime import LITERT
from xception_gui.runs.record_json import FORMAT
from xception_gui.runs.schema import Status

CONTRACT = Path(__file__).resolve().parents[1] / "recordings" / "contract.json"

CODES: tuple[type[StrEnum], ...] = (
    *(Augmentation, BatchNorm, ErrorCode, ExportFormat, Finding, HeadInit, NoticeCode, Optimizer, Phase, Precision),
    *(Preset, PreviewShape, ProblemCode, Reason, Status),
)

FIRST_NAMES = {"HeadInit": "Head", "Hyperparameters": "Training"}
"""What classes were called when the contract was written: their names are neither sent nor stored."""


def contract() -> dict[str, Any]:
    """Give all names, as they are now."""
    _, components = msgspec.json.schema_components([ANY_REQUEST, ANY_EVENT], ref_template="{name}")
    for end in (Finished, Stopped):  # called after all that they can hold
        name = next(name for name in components if name.startswith(end.__name__))
        components[end.__name__] = components.pop(name)
    in_order = sorted(components.items(), key=lambda item: FIRST_NAMES.get(item[0], item[0]))
    written = {
        "protocol": PROTOCOL_VERSION,
        "messages": {name: _without_texts(component) for name, component in in_order},
        "codes": {codes.__name__: {code.name: code.value for code in codes} for codes in CODES},
        "format of run.json": FORMAT,
        "recipes": {preset: msgspec.to_builtins(make_recipe(preset)) for preset in Preset},
        "random weights": RANDOM_WEIGHTS,
        "embedding": {"runtime": LITERT, "channels": {str(b): n for b, n in XCEPTION.embedding_channels}},
    }
    text = json.dumps(written)
    for name, first in FIRST_NAMES.items():
        text = text.replace(f'"{name}"', f'"{first}"')
    return dict(json.loads(text))


def _without_texts(component: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in component.items() if name not in ("title", "description")}


def test_no_name_that_others_rely_on_has_changed():
    wanted = json.loads(CONTRACT.read_text(encoding="utf-8"))
    found = contract()
    assert found.keys() == wanted.keys()
    for part in found:
        assert found[part] == wanted[part], part


if __name__ == "__main__":
    CONTRACT.write_text(json.dumps(contract(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
