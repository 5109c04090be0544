"""Compares training in bfloat16 with training in float32: the loss and the speed.

    .venv/bin/python -m benchmarks.precision DATASET [--other bfloat16] [--steps 60] [--image-size 160]
        [--batch-size 16] [--random-weights]

Two networks with the same weights take turns with steps of the recipe Tutorial, on the same batches of real pictures in
the same order. The losses are smoothed as in the window (exponential moving average of weight 0.9 with bias
correction), and the largest relative difference of the two curves is reported; the goal is 5 %. Seconds are the median
of all steps but the first, which compiles. Prints JSON.
"""

import argparse
import statistics
import time
from itertools import count, islice
from pathlib import Path

import numpy as np

from benchmarks.printing import print_document
from benchmarks.training import read_pictures
from xception_gui import paths
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import Augmentation, Precision, Preset, make_recipe
from xception_gui.domain.run_state import smoothed
from xception_gui.finetune.batches import training_batches
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.steps import TrainingStep, training_step
from xception_gui.finetune.training import compile_network, freeze

AIM = 0.05


def main() -> None:
    """Train and print."""
    arguments = _arguments()
    precisions = (Precision.FLOAT32, Precision(arguments.other))
    size, batch_size = arguments.image_size, arguments.batch_size
    data = read_pictures(Path(arguments.dataset), arguments.steps * batch_size, batch_size, size)
    weights = None if arguments.random_weights else paths.shipped_weights()
    steps = {precision: _step(precision, size, data.class_count, weights) for precision in precisions}
    losses: dict[Precision, list[float]] = {precision: [] for precision in precisions}
    seconds: dict[Precision, list[float]] = {precision: [] for precision in precisions}
    batches = (
        batch
        for epoch in count(1)
        for batch in training_batches(
            data, batch_size=batch_size, image_size=size, augment=Augmentation.FLIPS, seed=0, epoch=epoch
        )
    )
    for batch in islice(batches, arguments.steps):
        for precision, step in steps.items():
            began = time.monotonic()
            loss, _ = step(batch.pixels, batch.truth, np.ones(len(batch.labels), np.float32))
            seconds[precision].append(time.monotonic() - began)
            losses[precision].append(loss)
    step_seconds = {precision: statistics.median(found[1:]) for precision, found in seconds.items()}
    differences = relative_differences(*losses.values())
    document = {
        **vars(arguments),
        "dataset": Path(arguments.dataset).name,
        "largest_relative_difference": max(differences),
        "at_step": 1 + differences.index(max(differences)),
        "within_aim": max(differences) <= AIM,
        "steps_per_second": {precision: 1 / found for precision, found in step_seconds.items()},
        "gain": step_seconds[precisions[0]] / step_seconds[precisions[1]],
        "losses": losses,
    }
    print_document(document)


def relative_differences(losses: list[float], others: list[float]) -> list[float]:
    """Return the relative differences of two smoothed loss curves, step by step: |b − a| / a."""
    curves = (smoothed(tuple(losses)), smoothed(tuple(others)))
    return [abs(other - loss) / loss for loss, other in zip(*curves, strict=True)]


def _step(precision: Precision, image_size: int, class_count: int, weights: Path | None) -> TrainingStep:
    training = make_recipe(Preset.TUTORIAL, precision=precision).hyperparameters
    network = starting_network(
        XCEPTION, image_size, training.head_blocks, class_count, weights=weights, seed=0, precision=precision
    )
    freeze(network, training)
    compile_network(network, training)
    return training_step(network)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset")
    parser.add_argument("--other", choices=["bfloat16", "float16"], default="bfloat16")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument(
        "--random-weights", action="store_true", help="start from random weights instead of the pretrained ones"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
