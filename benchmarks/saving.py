"""Measures the cost of saving a training: Xception with its optimizer's state, without and with the best weights.

    .venv/bin/python -m benchmarks.saving [--recipe fine-tune|tutorial] [--image-size 299] [--classes 3] [--repeats 5]
        [--folder FOLDER]

Saves as a training does, between training steps on constant pixels, into FOLDER (by default the system's folder for
temporary files), which should be on the disk of interest. Prints JSON: seconds, and their share of the minute between
two savings.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from benchmarks.printing import print_document
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import Precision, Preset, make_recipe
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.saving import SECONDS_BETWEEN, Saver
from xception_gui.finetune.steps import training_step
from xception_gui.finetune.training import compile_network, freeze
from xception_gui.runs.checkpoint import Checkpoint


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    network, take_step = _training(arguments.recipe, arguments.image_size, arguments.classes)
    progress = TrainingProgress(EpochProgress(1), 1, Precision.FLOAT32, best_epoch=1)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        checkpoint = Checkpoint(Path(name) / "checkpoint")
        saver = Saver(network, checkpoint, lambda event: None)
        alone, with_best = [], []
        for _ in range(arguments.repeats + 1):
            take_step()
            began = time.monotonic()
            saver.save(progress)
            alone.append(time.monotonic() - began)
            take_step()
            began = time.monotonic()
            saver.save(progress, network.get_weights())
            with_best.append(time.monotonic() - began)
        size = sum(path.stat().st_size for path in (Path(name) / "checkpoint").iterdir())
    seconds = statistics.median(alone[1:])  # the first one creates the files
    print_document(
        {
            **vars(arguments),
            "seconds": seconds,
            "seconds_with_best": statistics.median(with_best[1:]),
            "bytes": size,
            "share_of_time": seconds / SECONDS_BETWEEN,
        }
    )


def _training(recipe: str, image_size: int, classes: int) -> tuple[keras.Model, Callable[[], object]]:
    training = make_recipe(Preset(recipe)).hyperparameters
    network = starting_network(XCEPTION, image_size, training.head_blocks, classes, weights=None)
    freeze(network, training)
    compile_network(network, training)
    step = training_step(network)
    pixels = np.full((1, image_size, image_size, 3), 127, np.uint8)
    truth, weights = np.eye(classes, dtype=np.float32)[:1], np.ones(1, np.float32)
    return network, lambda: step(pixels, truth, weights)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", choices=["fine-tune", "tutorial"], default="fine-tune")
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--classes", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
