"""The baseline: the tutorial's recipe as one would write it with Keras today, without any code of this program.

    .venv/bin/python -m benchmarks.tutorial WEIGHTS SPLIT [--epochs 5] [--image-size 299]

All pictures in memory, Xception with a fresh softmax layer, `fit` in float32: SGD 1e-3 with decay 1e-6 and Nesterov
momentum 0.9, batches of 16, shuffled, randomly flipped left to right. Measured on the split's validation pictures
after every epoch. SPLIT is a file from `splits.py`.
"""

import argparse
import time
from pathlib import Path

import keras
import numpy as np

from benchmarks.evaluations import Evaluation, seconds_since_start
from benchmarks.printing import print_document, say
from benchmarks.splits import read_split


def load_pictures(files: list[tuple[str, str]], size: int) -> np.ndarray:
    """Load pictures in Xception's input format: float32 (N, size, size, 3), −1..1."""
    # Not Keras' default, which is nearest neighbour: all contestants have to use the same pictures.
    images = (keras.utils.load_img(file, target_size=(size, size), interpolation="bilinear") for file, _ in files)
    return keras.applications.xception.preprocess_input(np.stack([keras.utils.img_to_array(image) for image in images]))


def build(weights: str, size: int, class_count: int) -> keras.Model:
    """Build Xception with a softmax layer."""
    xception = keras.applications.Xception(
        weights=weights, include_top=False, pooling="avg", input_shape=(size, size, 3)
    )
    inputs = keras.Input((size, size, 3))
    flipped = keras.layers.RandomFlip("horizontal")(inputs)
    outputs = keras.layers.Dense(class_count, activation="softmax")(xception(flipped))
    model = keras.Model(inputs, outputs)
    rate = keras.optimizers.schedules.InverseTimeDecay(1e-3, decay_steps=1, decay_rate=1e-6)
    model.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


class Log(keras.callbacks.Callback):
    """Records the figures of each epoch, including its validation."""

    def __init__(self, pictures: int) -> None:
        super().__init__()
        self.evaluations: list[Evaluation] = []
        self.epochs: list[dict[str, float]] = []
        self._pictures = pictures

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the clock."""
        self._began = self._trained = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Record the time of the training part."""
        self._trained = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record the epoch's figures."""
        assert logs is not None
        one = Evaluation(seconds=seconds_since_start(), val_accuracy=logs["val_accuracy"], val_loss=logs["val_loss"])
        self.evaluations.append(one)
        self.epochs.append(
            {
                "seconds": time.monotonic() - self._began,
                "images_per_second": self._pictures / (self._trained - self._began),
                "loss": logs["loss"],
                "accuracy": logs["accuracy"],
            }
        )
        say(f"epoch {epoch + 1}: {one['seconds']:.0f} s, validation accuracy {one['val_accuracy']:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Train as the tutorial does, in plain Keras.")
    parser.add_argument("weights", help="weights of Xception without its top, .weights.h5 or .h5 as published by Keras")
    parser.add_argument("split", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--image-size", type=int, default=299)
    arguments = parser.parse_args()
    split = read_split(arguments.split)
    keras.utils.set_random_seed(0)
    train, val = (load_pictures(part, arguments.image_size) for part in (split.train, split.val))
    of_train, of_val = (
        keras.utils.to_categorical(split.labels(part), len(split.classes)) for part in (split.train, split.val)
    )
    log = Log(len(train))
    build(arguments.weights, arguments.image_size, len(split.classes)).fit(
        train,
        of_train,
        batch_size=16,
        epochs=arguments.epochs,
        validation_data=(val, of_val),
        callbacks=[log],
        verbose=0,
    )
    print_document(
        {
            "dataset": split.name,
            "train_images": len(train),
            "val_images": len(val),
            "evaluations": log.evaluations,
            "epochs": log.epochs,
        }
    )


if __name__ == "__main__":
    main()
