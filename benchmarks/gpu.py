"""Measures training and embedding on an accelerator with any Keras backend, against the bare step and the matrix rate.

    KERAS_BACKEND=jax python -m benchmarks.gpu            # or torch, tensorflow
    KERAS_BACKEND=jax python -m benchmarks.gpu --cpu --image-size 71 --batch-sizes 2      # a trial of the script

With JAX, XLA_PYTHON_CLIENT_MEM_FRACTION=0.95 allows more than the usual three quarters of the memory. Run it in a
checkout; neither the weights in `models/` nor TensorFlow are needed. It needs

    pip install keras numpy msgspec pillow platformdirs psutil "jax[cuda12]"              # or torch

For float32 and bfloat16, the batch is doubled until it no longer fits. *Program*: the training loop's step on batches
from numpy, as in a training, and the backbone's `predict_on_batch`. *Bare*: the same arithmetic compiled as in the
backend's own guide, on constant data that stay on the device. Both take turns. The matrix rate is that of one large
matrix product in the same precision with the backend's default settings (float32 may mean TensorFloat-32). A training
step counts as three forward passes.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from benchmarks.multiply_adds import multiply_adds
from benchmarks.printing import print_document, say
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import Hyperparameters, Preset, make_recipe
from xception_gui.finetune.architectures.build import build_backbone, build_classifier
from xception_gui.finetune.devices import accelerators
from xception_gui.finetune.learning import take_step
from xception_gui.finetune.steps import training_step
from xception_gui.finetune.training import compile_network

CLASSES = 10
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
PASSES = {"training": 3, "embedding": 1}
"""Forward passes that one step counts as; the backward pass counts as two."""

Step = Callable[[], Any]
"""Starts a step and returns a result to wait for."""


def wait_for(result: Any) -> None:
    """Wait until the device has computed a result."""
    for array in result if isinstance(result, tuple | list) else [result]:
        np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(array, "float32")))


def matrix_rate(size: int, precision: str, seconds: float) -> float:
    """Measure the rate of a product of two square matrices, in TFLOP/s."""
    a, b = (keras.random.normal((size, size), dtype="float32", seed=seed) for seed in (0, 1))
    a, b = keras.ops.cast(a, precision), keras.ops.cast(b, precision)
    product = bare_function(keras.ops.matmul)

    def step() -> Any:
        return product(a, b)[0, 0]

    return 2 * size**3 / _seconds_a_step({"matrix": step}, seconds)["matrix"] / 1e12


def bare_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function as its backend does."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=bool(accelerators()))
    import torch

    return torch.no_grad()(function)


def bare_training_step(network: keras.Model, pixels: np.ndarray, truth: np.ndarray) -> Step:
    """Build a training step of the backend's own, on data that stay on the device."""
    build = {"jax": _jax_training_step, "torch": _torch_training_step, "tensorflow": _tensorflow_training_step}
    x, y = keras.ops.convert_to_tensor(pixels), keras.ops.convert_to_tensor(truth)
    return build[keras.backend.backend()](network, x, y)


def _jax_training_step(network: keras.Model, x: Any, y: Any) -> Step:
    import jax

    def loss_of(trainable: Any, others: Any, x: Any, y: Any) -> tuple[Any, Any]:
        said, others = network.stateless_call(trainable, others, x, training=True)
        return keras.ops.mean(keras.losses.categorical_crossentropy(y, keras.ops.cast(said, "float32"))), others

    gradient = jax.value_and_grad(loss_of, has_aux=True)

    def step(state: Any, x: Any, y: Any) -> tuple[Any, Any]:
        trainable, others, optimizer = state
        (loss, others), gradients = gradient(trainable, others, x, y)
        trainable, optimizer = network.optimizer.stateless_apply(optimizer, gradients, trainable)
        return loss, (trainable, others, optimizer)  # same structure as before, so that it isn't compiled twice

    compiled = jax.jit(step, donate_argnums=0)
    state = tuple(
        map(_copies, (network.trainable_variables, network.non_trainable_variables, network.optimizer.variables))
    )

    def take() -> Any:
        nonlocal state
        loss, state = compiled(state, x, y)
        return loss

    return take


def _copies(variables: list[Any]) -> list[Any]:
    """Copy variables' arrays: JAX deletes arrays that are donated to a step, including those of Keras' variables."""
    return [keras.ops.copy(variable.value) for variable in variables]


def _torch_training_step(network: keras.Model, x: Any, y: Any) -> Step:
    import torch

    def take() -> Any:
        network.zero_grad()
        said = network(x, training=True)
        loss = keras.ops.mean(keras.losses.categorical_crossentropy(y, keras.ops.cast(said, "float32")))
        loss.backward()
        gradients = [variable.value.grad for variable in network.trainable_weights]
        with torch.no_grad():
            network.optimizer.apply(gradients, network.trainable_weights)
        return loss.detach()

    return take


def _tensorflow_training_step(network: keras.Model, x: Any, y: Any) -> Step:
    import tensorflow as tf

    @tf.function(jit_compile=bool(accelerators()))
    def take() -> Any:
        with tf.GradientTape() as tape:
            said = network(x, training=True)
            loss = keras.ops.mean(keras.losses.categorical_crossentropy(y, keras.ops.cast(said, "float32")))
        gradients = tape.gradient(loss, network.trainable_weights)
        network.optimizer.apply(gradients, network.trainable_weights)
        return loss

    return take


def bare_embedding(backbone: keras.Model, pixels: np.ndarray) -> Step:
    """Build a forward pass of the backend's own, on data that stay on the device."""
    x = keras.ops.convert_to_tensor(pixels)
    if keras.backend.backend() != "jax":
        passed = bare_function(lambda x: backbone(x, training=False)["embedding"])
        return lambda: passed(x)
    trainable, others = map(_copies, (backbone.trainable_variables, backbone.non_trainable_variables))
    stateless = bare_function(
        lambda trainable, others, x: backbone.stateless_call(trainable, others, x, training=False)[0]["embedding"]
    )
    return lambda: stateless(trainable, others, x)


def training_steps(size: int, batch_size: int, training: Hyperparameters) -> dict[str, Step]:
    """Build the program's training step and the bare one."""
    pixels, truth = _batch(size, batch_size)
    pictures, weights = pixels.astype(np.uint8), np.ones(batch_size, np.float32)
    networks = [build_classifier(XCEPTION, size, training.head_blocks, CLASSES) for _ in range(2)]
    for network in networks:
        compile_network(network, training)
        network.optimizer.build(network.trainable_variables)
    step = training_step(networks[0])
    return {
        "program": lambda: take_step(step, pictures, truth, weights),
        "bare": bare_training_step(networks[1], pixels, truth),
    }


def embedding_steps(size: int, batch_size: int, training: Hyperparameters) -> dict[str, Step]:
    """Build the program's pass through the backbone and the bare one."""
    pixels, _ = _batch(size, batch_size)
    whole = build_backbone(XCEPTION, size)
    backbone = keras.Model(whole.input, {"embedding": whole.output["embedding"]})
    return {
        "program": lambda: backbone.predict_on_batch(pixels)["embedding"],
        "bare": bare_embedding(backbone, pixels),
    }


def _batch(size: int, batch_size: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    pixels = random.uniform(0, 255, (batch_size, size, size, 3)).astype(np.float32)
    return pixels, np.eye(CLASSES, dtype=np.float32)[np.arange(batch_size) % CLASSES]


def _seconds_a_step(steps: dict[str, Step], seconds: float, turns: int = 3) -> dict[str, float]:
    """Time steps in turns, about `seconds` per step in all, and return the medians. The first steps compile."""
    counts = {}
    for name, step in steps.items():
        for _ in range(2):
            wait_for(step())
        began = time.monotonic()
        wait_for(step())
        counts[name] = max(round(seconds / turns / (time.monotonic() - began)), 1)
    found: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(turns):
        for name, step in steps.items():
            began = time.monotonic()
            for _ in range(counts[name]):
                result = step()
            wait_for(result)
            found[name].append((time.monotonic() - began) / counts[name])
    return {name: statistics.median(measured) for name, measured in found.items()}


def did_not_fit(error: Exception) -> bool:
    """Return whether a step failed for lack of memory, which each backend reports differently."""
    text = f"{type(error).__name__}: {error}".lower()
    return isinstance(error, MemoryError) or any(
        sign in text for sign in ("resource_exhausted", "resourceexhausted", "outofmemory", "out of memory")
    )


def measure(precision: str, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure training and embedding in one precision, with growing batches."""
    keras.config.set_dtype_policy(POLICIES[precision])
    training = make_recipe(Preset.TUTORIAL).hyperparameters
    work = multiply_adds(build_classifier(XCEPTION, arguments.image_size, training.head_blocks, CLASSES))
    rate = matrix_rate(arguments.matrix, precision, arguments.seconds)
    say(f"{precision}: matrix products {rate:.2f} TFLOP/s")
    rows = []
    for name, build in (("training", training_steps), ("embedding", embedding_steps)):
        for batch_size in arguments.batch_sizes:
            keras.backend.clear_session()
            try:
                seconds = _seconds_a_step(build(arguments.image_size, batch_size, training), arguments.seconds)
            except Exception as error:
                if not did_not_fit(error):
                    raise
                say(f"{precision}, {name}: a batch of {batch_size} doesn't fit in memory")
                break
            tflops = 2 * work * PASSES[name] * batch_size / seconds["program"] / 1e12
            rows.append(
                {
                    "what": name,
                    "precision": precision,
                    "batch_size": batch_size,
                    "images_per_second": batch_size / seconds["program"],
                    "bare_images_per_second": batch_size / seconds["bare"],
                    "share_of_bare": seconds["bare"] / seconds["program"],
                    "tflops": tflops,
                    "matrix_tflops": rate,
                    "share_of_matrix_rate": tflops / rate,
                }
            )
            say(f"{precision}, {name}, batch {batch_size}: {rows[-1]['images_per_second']:.1f} pictures/s")
    return rows


def device_name() -> str:
    """Return the name of the device."""
    if keras.backend.backend() == "jax":
        import jax

        return str(jax.devices()[0].device_kind)
    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    return str(tf.config.experimental.get_device_details(found[0]).get("device_name", "gpu")) if found else "cpu"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure training and embedding on an accelerator.")
    parser.add_argument("--cpu", action="store_true", help="measure the processor if there is no accelerator")
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[16, 32, 64, 128, 256, 512])
    parser.add_argument("--precisions", nargs="+", choices=list(POLICIES), default=list(POLICIES))
    parser.add_argument("--matrix", type=int, default=8192, help="rows and columns of the matrix product")
    parser.add_argument("--seconds", type=float, default=6, help="approximate time per figure")
    arguments = parser.parse_args()
    document = {
        "backend": keras.backend.backend(),
        "accelerators": accelerators(),
        "versions": {"keras": keras.__version__, keras.backend.backend(): _backend_version()},
    }
    if document["accelerators"] or arguments.cpu:
        document |= {
            "device": device_name(),
            "image_size": arguments.image_size,
            "rows": [row for precision in arguments.precisions for row in measure(precision, arguments)],
        }
    else:
        say("No accelerator was found, so nothing is measured; --cpu measures the processor.")
    print_document(document)


def _backend_version() -> str:
    return str(__import__(keras.backend.backend()).__version__)


if __name__ == "__main__":
    main()
