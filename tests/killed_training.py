"""A training in a process of its own that dies as if the plug had been pulled, at a moment of one's choice.

    python -m tests.killed_training DATASET RUN PRESET MOMENT

Goes on with RUN if it is there. It is saved after every step. MOMENT is `never`, `converting`, or an epoch and a step
as in `2:3`: it dies while it saves what this step has led to. Operations are deterministic. Prints its events.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from xception_gui.domain.lines import encode
from xception_gui.domain.messages import BatchFinished, Message, ResumeRequest, TrainRequest
from xception_gui.domain.recipe import Precision, Preset, make_recipe
from xception_gui.finetune import convert, saving
from xception_gui.jobs import run_job
from xception_gui.jobs.reporting import never


def main() -> None:
    dataset, run, preset, moment = sys.argv[1:]
    tf.config.experimental.enable_op_determinism()
    saving.SECONDS_BETWEEN = 0.0
    recipe = make_recipe(
        Preset(preset),
        image_size=71,
        epochs=3,
        batch_size=4,
        learning_rate=1e-3,
        precision=Precision.FLOAT32,
        weights="none" if preset == "tutorial" else None,
    )
    request = ResumeRequest(run) if Path(run).exists() else TrainRequest(dataset, run, recipe)
    if moment == "converting":
        convert.write_litert = _die

    def report(event: Message) -> None:
        print(encode(event), flush=True)
        if isinstance(event, BatchFinished) and f"{event.epoch}:{event.step}" == moment:
            np.savez = _half_of(np.savez)

    run_job(request, report, never)


def _half_of(savez: Callable[..., None]) -> Callable[..., None]:
    """Write a file as numpy does, cut it in half, and die."""

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
