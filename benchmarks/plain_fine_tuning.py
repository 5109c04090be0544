"""Fine-tunes Xception as fastai or the Keras guide does, in plain Keras, without any code of this program.

    .venv/bin/python -m benchmarks.plain_fine_tuning fastai WEIGHTS PARTS --seconds 300 --to said.npz [--no-flips]

PARTS is a folder of `parts.py`; what the trained network says about its test pictures goes into `--to`. Schedules are
stretched to the given time, so that all contestants have the same. Both train in float32 at 224 pixels, in batches of
16, and keep the last weights, as their originals do:

- `keras-guide` (keras.io/guides/transfer_learning): a new top with Adam at 1e-3 on a frozen network, for 20 of 30
  epochs, which take about 40 % of the time; then everything with Adam at 1e-5, BatchNorm in inference mode.
- `fastai` (`Learner.fine_tune` with its defaults): its head for an epoch at 2e-3 on a network frozen but for
  BatchNorm; then everything in one cycle up to 1e-3, the middle third of the network with a tenth and the deepest with
  a hundredth of it. Without its cycle of momentum.
"""

import argparse
import math
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
from keras import layers

from benchmarks.printing import print_document

SIZE = 224
BATCH = 16
FOREVER = 10_000
"""Epochs; the time ends the training."""

MIDDLE, LAST = "block5_sepconv1_act", "block10_sepconv1_act"
"""The layers at which the second and the last third of Xception begin."""


class Clock(keras.callbacks.Callback):
    """Sets the learning rate by the time that has passed, and stops at its end.

    Args:
        began: when the stage began, by `time.monotonic`.
        ends: when it ends.
        rate: from the share of the time that has passed, 0..1, to the learning rate.
    """

    def __init__(self, began: float, ends: float, rate: Callable[[float], float]) -> None:
        super().__init__()
        self._began = began
        self._ends = ends
        self._rate = rate

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Set the rate of a step."""
        share = (time.monotonic() - self._began) / (self._ends - self._began)
        self.model.optimizer.learning_rate = self._rate(min(1.0, share))

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Stop once the time is over."""
        self.model.stop_training = time.monotonic() >= self._ends


def one_cycle(share: float, peak: float = 1e-3, warm_up: float = 0.3) -> float:
    """Return fastai's rate at a share of the time: a cosine up from a fifth of the peak, then one down to nothing."""
    if share < warm_up:
        return _cosine(peak / 5, peak, share / warm_up)
    return _cosine(peak, peak / 1e5, (share - warm_up) / (1 - warm_up))


def _cosine(start: float, end: float, share: float) -> float:
    return start + (end - start) * (1 - math.cos(math.pi * share)) / 2


class ByThirds(keras.optimizers.AdamW):
    """AdamW with a tenth of the rate in the middle third of the network, and a hundredth in the deepest."""

    def __init__(self, rate: Any, factors: Mapping[str, float]) -> None:
        super().__init__(rate, beta_2=0.99, epsilon=1e-5, weight_decay=0.01)
        self._factors = factors  # by the path of the variable
        self._paths: list[str] = []

    def build(self, variables: list[Any]) -> None:
        """Note the variables in the order in which they are updated."""
        self._paths = [variable.path for variable in variables]
        super().build(variables)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update a variable with its rate."""
        path = self._paths[self._get_variable_index(variable)]
        super().update_step(gradient, variable, learning_rate * self._factors[path])


def fastai(base: keras.Model, class_count: int, flips: bool, train: Any, seconds: float) -> keras.Model:
    """Train as fastai's `fine_tune` does."""
    ends = time.monotonic() + seconds
    inputs = keras.Input((SIZE, SIZE, 3))
    looks = [layers.RandomFlip("horizontal")] if flips else []
    looks += [
        layers.RandomRotation(10 / 360),
        layers.RandomZoom((-0.1, 0)),
        layers.RandomPerspective(0.75, 0.2),
        layers.RandomBrightness(0.1),
        layers.RandomContrast(0.2),
    ]
    x = _scaled(inputs, looks)
    x = base(x)
    x = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    x = layers.Dropout(0.25)(layers.BatchNormalization()(x))
    x = layers.Dense(512, use_bias=False, activation="relu")(x)
    x = layers.Dropout(0.5)(layers.BatchNormalization()(x))
    model = keras.Model(inputs, layers.Dense(class_count)(x))
    for layer in base.layers:
        layer.trainable = isinstance(layer, layers.BatchNormalization)
    rising = keras.optimizers.schedules.CosineDecay(2e-3 / 25, 1, warmup_target=2e-3, warmup_steps=len(train))
    _compile(model, ByThirds(rising, _factors(model, base)))
    model.fit(train, epochs=1, verbose=0)
    base.trainable = True
    _compile(model, ByThirds(1e-3, _factors(model, base)))
    clock = Clock(time.monotonic(), ends, one_cycle)
    model.fit(train, epochs=FOREVER, callbacks=[clock], verbose=0)
    return model


def keras_guide(base: keras.Model, class_count: int, flips: bool, train: Any, seconds: float) -> keras.Model:
    """Train as the Keras guide to transfer learning does."""
    began = time.monotonic()
    inputs = keras.Input((SIZE, SIZE, 3))
    x = _scaled(inputs, [*([layers.RandomFlip("horizontal")] if flips else []), layers.RandomRotation(0.1)])
    x = base(x, training=False)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, layers.Dense(class_count)(x))
    base.trainable = False
    for share, rate in ((0.4, 1e-3), (1.0, 1e-5)):
        _compile(model, keras.optimizers.Adam(rate))
        clock = Clock(began, began + share * seconds, lambda _, rate=rate: rate)
        model.fit(train, epochs=FOREVER, callbacks=[clock], verbose=0)
        base.trainable = True
    return model


def _scaled(inputs: Any, looks: list[keras.Layer]) -> Any:
    x = inputs
    for look in looks:
        x = look(x)
    return layers.Rescaling(1 / 127.5, offset=-1)(x)


def _compile(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))


def _factors(model: keras.Model, base: keras.Model) -> dict[str, float]:
    """Return the factor of the learning rate of each variable."""
    names = [layer.name for layer in base.layers]
    middle, last = names.index(MIDDLE), names.index(LAST)
    factors = {variable.path: 1.0 for variable in model.trainable_variables}
    for number, layer in enumerate(base.layers):
        factor = 0.01 if number < middle else 0.1 if number < last else 1.0
        factors |= {variable.path: factor for variable in layer.trainable_variables}
    return factors


SCHEDULES = {"fastai": fastai, "keras-guide": keras_guide}


def read_part(parts: Path, name: str) -> Any:
    """Read a part: batches of pixels, float32 (N, SIZE, SIZE, 3), 0..255, and the numbers of their classes."""
    return keras.utils.image_dataset_from_directory(
        parts / name, image_size=(SIZE, SIZE), batch_size=BATCH, shuffle=name == "train", seed=0, verbose=False
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Fine-tune Xception in plain Keras.")
    parser.add_argument("schedule", choices=SCHEDULES)
    parser.add_argument("weights", help="weights of Xception without its top, as published by Keras")
    parser.add_argument("parts", type=Path)
    parser.add_argument("--seconds", type=float, required=True, help="of training")
    parser.add_argument("--to", type=Path, required=True, help="file for the probabilities of the test pictures")
    parser.add_argument("--no-flips", action="store_true", help="for pictures that mean something else when mirrored")
    arguments = parser.parse_args()
    keras.utils.set_random_seed(0)
    train, test = read_part(arguments.parts, "train"), read_part(arguments.parts, "test")
    base = keras.applications.Xception(weights=arguments.weights, include_top=False, input_shape=(SIZE, SIZE, 3))
    train_network = SCHEDULES[arguments.schedule]
    model = train_network(base, len(train.class_names), not arguments.no_flips, train, arguments.seconds)
    labels = np.concatenate([batch.numpy() for _, batch in test])
    probabilities = keras.ops.softmax(model.predict(test, verbose=0)).numpy()
    np.savez(arguments.to, probabilities=probabilities, labels=labels)
    print_document({"accuracy": float((probabilities.argmax(axis=1) == labels).mean())})


if __name__ == "__main__":
    main()
