"""Compares Xception's training step with Inception-v3's, with each network's multiply-adds.

    .venv/bin/python -m benchmarks.inception [--batch-size 16] [--steps 3] [--repeats 5]

The paper (Chollet 2016, table 3) reports 28 steps a second against 31, on 60 GPUs. Here both take turns with
`train_on_batch` steps on constant data in float32, with all layers trained and the optimizer of the tutorial.
"""

import argparse
import statistics
import time

import keras
import numpy as np

from benchmarks.multiply_adds import multiply_adds
from benchmarks.printing import print_document, say
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.training import compile_network

PAPER_STEPS_PER_SECOND = {"xception": 28, "inception_v3": 31}
CLASSES = 6


def build_networks(size: int) -> dict[str, keras.Model]:
    """Build both networks with random weights, ready to train."""
    training = make_recipe(Preset.TUTORIAL).hyperparameters
    inception = keras.applications.InceptionV3(
        weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3)
    )
    pixels = keras.Input((size, size, 3))
    averages = inception(keras.layers.Rescaling(1 / 127.5, offset=-1)(pixels))
    networks = {
        "xception": build_classifier(XCEPTION, size, training.head_blocks, CLASSES),
        "inception_v3": keras.Model(pixels, keras.layers.Dense(CLASSES, activation="softmax")(averages)),
    }
    for network in networks.values():
        compile_network(network, training)
    return networks


def seconds_a_step(network: keras.Model, pixels: np.ndarray, truth: np.ndarray, steps: int) -> float:
    """Return the seconds per step; reading each loss waits for the end of its step."""
    began = time.monotonic()
    for _ in range(steps):
        float(network.train_on_batch(pixels, truth)[0])
    return (time.monotonic() - began) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the training steps of Xception and Inception-v3.")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--steps", type=int, default=3, help="steps per turn")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    random = np.random.default_rng(0)
    size = arguments.image_size
    pixels = random.uniform(0, 255, (arguments.batch_size, size, size, 3)).astype(np.float32)
    truth = np.eye(CLASSES, dtype=np.float32)[random.integers(0, CLASSES, arguments.batch_size)]
    networks = build_networks(size)
    for network in networks.values():
        seconds_a_step(network, pixels, truth, 2)  # compiles
    turns = []
    for turn in range(arguments.repeats):
        turns.append(
            {name: seconds_a_step(network, pixels, truth, arguments.steps) for name, network in networks.items()}
        )
        say(f"turn {turn + 1}: " + ", ".join(f"{name} {seconds:.3f} s" for name, seconds in turns[-1].items()))
    print_document(
        {
            "image_size": size,
            "batch_size": arguments.batch_size,
            "networks": {
                name: {
                    "multiply_adds": multiply_adds(network),
                    "parameters": network.count_params(),
                    "steps_per_second": 1 / statistics.median(turn[name] for turn in turns),
                    "paper_steps_per_second": PAPER_STEPS_PER_SECOND[name],
                }
                for name, network in networks.items()
            },
            "turns": turns,
        }
    )


if __name__ == "__main__":
    main()
