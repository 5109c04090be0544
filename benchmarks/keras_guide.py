"""Transfer learning as in the Keras guide, without any code of this program.

    .venv/bin/python -m benchmarks.keras_guide WEIGHTS SPLIT [--target 0.72] [--epochs 20] [--image-size 299]

`image_dataset_from_directory`, mild augmentation, Xception frozen, average pooling, dropout, a dense layer, Adam.
Measured on the split's validation pictures after every epoch, until the target accuracy is reached twice in a row or
the epochs are over. The guide itself uses pictures of 150 pixels; the weights were trained with 299.
"""

import argparse
import tempfile
from pathlib import Path

import keras

from benchmarks.evaluations import Evaluation, seconds_since_start, time_to_accuracy
from benchmarks.printing import print_document, say
from benchmarks.splits import WrittenSplit, read_split


def link_pictures(split: WrittenSplit, folder: Path) -> None:
    """Link the pictures of a split into class folders inside `train` and `val`."""
    for part, files in (("train", split.train), ("val", split.val)):
        for number, (file, name) in enumerate(files):
            link = folder / part / name / f"{number}{Path(file).suffix}"
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)


def build(weights: str, size: int, class_count: int) -> keras.Model:
    """Build a model with a new top on a frozen Xception."""
    base = keras.applications.Xception(weights=weights, include_top=False, input_shape=(size, size, 3))
    base.trainable = False
    inputs = keras.Input((size, size, 3))
    x = keras.layers.RandomFlip("horizontal")(inputs)
    x = keras.layers.RandomRotation(0.1)(x)
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = base(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.2)(x)
    model = keras.Model(inputs, keras.layers.Dense(class_count)(x))
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


class UntilHeld(keras.callbacks.Callback):
    """Records the figures of each epoch, and stops once the target is reached twice in a row."""

    def __init__(self, target: float | None) -> None:
        super().__init__()
        self.evaluations: list[Evaluation] = []
        self._target = target

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record the epoch's figures."""
        assert logs is not None
        one = Evaluation(seconds=seconds_since_start(), val_accuracy=logs["val_accuracy"], val_loss=logs["val_loss"])
        self.evaluations.append(one)
        say(f"epoch {epoch + 1}: {one['seconds']:.0f} s, validation accuracy {one['val_accuracy']:.3f}")
        if self._target is not None and time_to_accuracy(self.evaluations, self._target) is not None:
            self.model.stop_training = True


def main() -> None:
    parser = argparse.ArgumentParser(description="Train as the Keras guide to transfer learning does.")
    parser.add_argument("weights", help="weights of Xception without its top, .weights.h5 or .h5 as published by Keras")
    parser.add_argument("split", type=Path)
    parser.add_argument("--target", type=float, help="validation accuracy to reach, 0..1")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--image-size", type=int, default=299)
    arguments = parser.parse_args()
    split = read_split(arguments.split)
    keras.utils.set_random_seed(0)
    until = UntilHeld(arguments.target)
    with tempfile.TemporaryDirectory() as folder:
        link_pictures(split, Path(folder))
        train, val = (
            keras.utils.image_dataset_from_directory(
                Path(folder) / part,
                class_names=split.classes,
                image_size=(arguments.image_size, arguments.image_size),
                batch_size=32,
                shuffle=part == "train",
                seed=0,
                verbose=False,
            )
            for part in ("train", "val")
        )
        model = build(arguments.weights, arguments.image_size, len(split.classes))
        model.fit(train, validation_data=val, epochs=arguments.epochs, callbacks=[until], verbose=0)
    print_document(
        {
            "dataset": split.name,
            "image_size": arguments.image_size,
            "train_images": len(split.train),
            "val_images": len(split.val),
            "evaluations": until.evaluations,
        }
    )


if __name__ == "__main__":
    main()
