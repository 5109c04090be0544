"""The optimizers of a training: Keras' own, with a learning rate of its own for each block."""

from typing import Any

import keras

from xception_gui.domain.recipe import Hyperparameters, Optimizer, Precision

HEAD = 15
"""Number that the head counts as: it comes after the last block."""


def make_optimizer(training: Hyperparameters) -> keras.optimizers.Optimizer:
    """Return the optimizer of a recipe; its learning rate is set before each step."""
    rate = training.learning_rate
    if training.optimizer is Optimizer.SGD:
        optimizer = LayerwiseSGD(rate, momentum=training.momentum, nesterov=training.momentum > 0)
    else:
        optimizer = LayerwiseAdamW(rate, weight_decay=training.weight_decay)
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.layer_decay = training.layer_decay
    # Gradients below the range of float16 would become zero; bfloat16 has the range of float32.
    return keras.optimizers.LossScaleOptimizer(optimizer) if training.precision is Precision.FLOAT16 else optimizer


def block_of(path: str) -> int:
    """Return the block of a layer or variable, by its path: “block7_sepconv2/kernel” → 7; the head is 15."""
    name = path.split("/")[0]
    return int(name.removeprefix("block").split("_")[0]) if name.startswith("block") else HEAD


class _Layerwise:
    """Shrinks the learning rate of each block towards the input (Howard & Ruder 2018, arXiv 1801.06146, section 3.2:
    discriminative fine-tuning): early blocks see what all pictures have in common."""

    layer_decay = 1.0

    def build(self, variables: list[Any]) -> None:
        """Make the optimizer's state for the variables to train."""
        self._shares = [self.layer_decay ** (HEAD - block_of(variable.path)) for variable in variables]
        super().build(variables)  # type: ignore[misc]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update a variable; a backend passes its own, which doesn't know its layer."""
        share = self._shares[self._get_variable_index(variable)]  # type: ignore[attr-defined]
        super().update_step(gradient, variable, learning_rate * share)  # type: ignore[misc]


class LayerwiseAdamW(_Layerwise, keras.optimizers.AdamW):  # type: ignore[misc]  # Keras has no types
    pass


class LayerwiseSGD(_Layerwise, keras.optimizers.SGD):  # type: ignore[misc]
    pass
