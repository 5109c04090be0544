"""Multiply-adds of a network, counted from its layers."""

import math

import keras

from benchmarks.printing import print_document


def multiply_adds(network: keras.Model) -> int:
    """Return the multiply-adds of one picture's forward pass in convolutions and dense layers, which are nearly all."""
    return sum(multiply_adds(layer) if isinstance(layer, keras.Model) else _of_layer(layer) for layer in network.layers)


def _of_layer(layer: keras.Layer) -> int:
    # Each weight of a kernel is used once per position of the output; a dense layer has one position.
    if isinstance(layer, keras.layers.SeparableConv2D):
        kernels = [layer.depthwise_kernel, layer.pointwise_kernel]
    elif isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D | keras.layers.Dense):
        kernels = [layer.kernel]
    else:
        return 0
    return math.prod(layer.output.shape[1:-1]) * sum(math.prod(kernel.shape) for kernel in kernels)


def main() -> None:
    """Print the multiply-adds of the two networks that the paper compares."""
    networks = {"xception": keras.applications.Xception, "inception_v3": keras.applications.InceptionV3}
    print_document({name: multiply_adds(build(weights=None)) for name, build in networks.items()})


if __name__ == "__main__":
    main()
