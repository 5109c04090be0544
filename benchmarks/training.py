"""Compares the training part of an epoch with the bare training step, which shows the cost of the input.

    .venv/bin/python -m benchmarks.training DATASET [--recipe fine-tune|tutorial] [--image-size 299] [--batch-size 16]
        [--pictures 96] [--pairs 5] [--augment flips] [--precision float32]

*Epoch*: the program's own loop over pictures of DATASET, with reading, decoding, augmentation and training, from the
start of reading to the end of the last step. *Bare*: the same number of steps of the same network, compiled in the same
way, on one batch of constant pixels. Both take turns in one process; the share is that of the medians. Prints JSON.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from benchmarks.printing import print_document
from xception_gui.data.dataset.checks import check_dataset
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import Augmentation, Hyperparameters, Precision, Preset, make_recipe
from xception_gui.domain.training_progress import EpochProgress, TrainingProgress
from xception_gui.finetune.batches import LabelledFiles
from xception_gui.finetune.learning import Learner
from xception_gui.finetune.network import starting_network
from xception_gui.finetune.steps import training_step
from xception_gui.finetune.training import compile_network, freeze


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    training = make_recipe(
        Preset(arguments.recipe),
        batch_size=arguments.batch_size,
        epochs=1 + arguments.pairs,
        augment=Augmentation(arguments.augment),
        precision=Precision(arguments.precision),
    ).hyperparameters
    data = read_pictures(Path(arguments.dataset), arguments.pictures, arguments.batch_size, arguments.image_size)
    network = starting_network(
        XCEPTION,
        arguments.image_size,
        training.head_blocks,
        data.class_count,
        weights=None,
        precision=training.precision,
    )
    freeze(network, training)
    compile_network(network, training)
    epoch = _epoch(network, training, data, arguments.image_size)
    bare = _bare_steps(network, training, data, arguments.image_size)
    bare(), epoch()  # compiles both
    pairs = [(bare(), epoch()) for _ in range(arguments.pairs)]
    bare_rate, epoch_rate = (len(data) / statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    document = {
        **vars(arguments),
        "dataset": Path(arguments.dataset).name,
        "pictures": len(data),
        "bare_images_per_second": bare_rate,
        "images_per_second": epoch_rate,
        "shares": [bare_seconds / epoch_seconds for bare_seconds, epoch_seconds in pairs],
    }
    document["share_of_bare"] = statistics.median(document["shares"])
    print_document(document)


def read_pictures(dataset: Path, count: int, batch_size: int, image_size: int) -> LabelledFiles:
    """List pictures of a data set, of all classes, whole batches of them: those that are there, again and again."""
    checked = check_dataset(dataset)
    classes = sorted(checked.class_counts)
    order = np.random.default_rng(0).permutation(len(checked.pictures))
    wanted = max(count // batch_size, 1) * batch_size
    chosen = [checked.pictures[order[number % len(order)]] for number in range(wanted)]
    labels = np.array([classes.index(picture.class_name) for picture in chosen])
    return LabelledFiles([picture.path for picture in chosen], labels, len(classes))


def _epoch(
    network: keras.Model, training: Hyperparameters, data: LabelledFiles, image_size: int
) -> Callable[[], float]:
    progress = TrainingProgress(EpochProgress(0), training.batch_size, training.precision)
    learner = Learner(
        network, training, data, progress, image_size=image_size, seed=0, report=lambda event: None, stop=lambda: False
    )

    def learn() -> None:
        learner.progress = replace(learner.progress, epoch=EpochProgress(learner.progress.epoch.epoch + 1))
        learner.learn()

    return lambda: _seconds(learn)


def _bare_steps(
    network: keras.Model, training: Hyperparameters, data: LabelledFiles, image_size: int
) -> Callable[[], float]:
    step = training_step(network)
    pixels = np.full((training.batch_size, image_size, image_size, 3), 127, np.uint8)
    truth = np.eye(data.class_count, dtype=np.float32)[np.arange(training.batch_size) % data.class_count]
    weights = np.ones(training.batch_size, np.float32)

    def steps() -> None:
        for _ in range(len(data) // training.batch_size):
            step(pixels, truth, weights)

    return lambda: _seconds(steps)


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset")
    parser.add_argument("--recipe", choices=["fine-tune", "tutorial"], default="fine-tune")
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--pictures", type=int, default=96)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--augment", choices=[one.value for one in Augmentation], default="flips")
    parser.add_argument("--precision", choices=["float32", "bfloat16", "float16"], default="float32")
    return parser.parse_args()


if __name__ == "__main__":
    main()
