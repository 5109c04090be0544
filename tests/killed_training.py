"""A training in its own process that dies at a chosen moment, as in a power cut.

    python -m tests.killed_training DATASET RUN PRESET MOMENT

Trains the short network for two epochs, or resumes RUN if it exists. It is saved after every step. MOMENT is `never`,
`converting`, or an epoch and a step as in `2:3`: the process dies while saving after this step. Operations are
deterministic. Prints its events.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xception_gui.domain.lines import decode_event, encode
from xception_gui.domain.messages.base import Event, Message
from xception_gui.domain.messages.training import BatchFinished, ResumeRequest, TrainRequest
from xception_gui.domain.recipe import Precision, Preset, make_recipe


def train_until(moment: str, dataset: Path, run: Path, preset: str) -> list[Event]:
    """Train, or resume, until the training ends or is killed. Returns its events."""
    words = [sys.executable, "-m", "tests.killed_training", dataset, run, preset, moment]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == (0 if moment == "never" else -signal.SIGKILL), ended.stderr[-3000:]
    return [decode_event(line)[1] for line in ended.stdout.splitlines()]


def main() -> None:
    """Run the command line."""
    dataset, run, preset, moment = sys.argv[1:]
    import numpy as np
    import tensorflow as tf

    from tests.short_network import shorten
    from xception_gui.finetune import convert, saving
    from xception_gui.jobs import run_job
    from xception_gui.jobs.reporting import never

    tf.config.experimental.enable_op_determinism()
    saving.SECONDS_BETWEEN = 0.0
    shorten()
    if moment == "converting":
        convert.write_backbone = _die
    recipe = make_recipe(
        Preset(preset),
        image_size=71,
        epochs=2,
        batch_size=4,
        learning_rate=1e-3,
        precision=Precision.FLOAT32,
        weights="none" if preset == "tutorial" else None,
    )
    request = ResumeRequest(run) if Path(run).exists() else TrainRequest(dataset, run, recipe)

    def report(event: Message) -> None:
        print(encode(event), flush=True)
        if isinstance(event, BatchFinished) and f"{event.epoch}:{event.step}" == moment:
            np.savez = _half_of(np.savez)

    run_job(request, report, never)


def _half_of(savez: Callable[..., None]) -> Callable[..., None]:
    """Write a file as numpy does, cut it in half, and kill the process."""

    def write(file: Any, **arrays: Any) -> None:
        savez(file, **arrays)
        file.truncate(file.tell() // 2)
        _die()

    return write


def _die(*arguments: object, **options: object) -> None:
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
