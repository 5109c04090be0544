"""The program with a network that trains in a third of the time: `python -m tests.short_network WORDS…`

This Xception has no middle flow, and conversion after a training copies the shipped network. For tests of what happens
around a training (it is stopped, killed, saved, resumed), not of what it learns.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xception_gui import paths
from xception_gui.__main__ import main
from xception_gui.finetune import convert, weights
from xception_gui.finetune.architectures import xception

MIDDLE_FLOW = range(5, 13)


def shorten(replace: Callable[[object, str, object], None] = setattr) -> None:
    """Make this process build, train and convert that network, from now on or as long as `replace` lasts."""
    replace(xception, "_middle_flow", lambda blocks: blocks | dict.fromkeys(MIDDLE_FLOW, blocks[4]))
    replace(weights, "set_weights", _set_weights)
    replace(convert, "write_backbone", _write_shipped_backbone)


def _is_left(layer: str) -> bool:
    return layer.split("_")[0] not in {f"block{number}" for number in MIDDLE_FLOW}


def _set_weights(model: Any, found: weights.Weights) -> None:
    for name in filter(_is_left, found):
        model.get_layer(name).set_weights(found[name])


def _write_shipped_backbone(backbone: object, path: Path) -> None:
    shutil.copyfile(paths.shipped_backbone(), path)


if __name__ == "__main__":
    shorten()
    sys.exit(main())
