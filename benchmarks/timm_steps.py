"""Times training steps of Xception in PyTorch as `timm` has it (`legacy_xception`), without any code of this program.

    python benchmarks/timm_steps.py --image-size 299 --batch-size 16 --precision bfloat16 --steps 5

It runs in an environment of its own with `torch` and `timm`, for `xception_steps.py`. All weights are trained with
AdamW, the memory format is channels-last, which is the faster one, and bfloat16 is torch's autocast.
"""

import argparse
import json
import sys
import time
from types import ModuleType
from typing import Any

import torch


class _StandIn(ModuleType):
    """A module of which `timm` imports names that Xception doesn't use."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__(name)
        self._value = value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._value


# torchvision isn't needed for its models, but imported.
sys.modules["timm.data"] = _StandIn("timm.data", (0.5, 0.5, 0.5))
for name in ("torchvision", "torchvision.ops", "torchvision.ops.misc", "torchvision.models.feature_extraction"):
    sys.modules.setdefault(name, _StandIn(name, torch.nn.Identity))

import timm  # noqa: E402


def seconds_of_steps(size: int, batch: int, precision: str, steps: int) -> list[float]:
    """Take training steps on random pictures; the first, which isn't counted, warms up."""
    torch.manual_seed(0)
    network = timm.create_model("legacy_xception", pretrained=False, num_classes=6)
    network = network.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(network.parameters(), 1e-4)
    pictures = torch.rand(batch, 3, size, size).to(memory_format=torch.channels_last)
    labels = torch.arange(batch) % 6
    seconds = []
    for _ in range(1 + steps):
        began = time.monotonic()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            loss = torch.nn.functional.cross_entropy(network(pictures), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.monotonic() - began)
    return seconds[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time steps of timm's Xception.")
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--steps", type=int, default=5)
    given = parser.parse_args()
    seconds = seconds_of_steps(given.image_size, given.batch_size, given.precision, given.steps)
    print(json.dumps({"seconds": seconds, "torch": torch.__version__, "timm": timm.__version__}))


if __name__ == "__main__":
    main()
