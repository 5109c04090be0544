"""The bare runtime, without any code of the program: the reference for its rates."""

import time
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter


class BareBackbone:
    """A `backbone.tflite` in LiteRT, used as in LiteRT's documentation, on constant pixels.

    Args:
        path: the file.
        image_size: pixels.
        threads: number of LiteRT's threads.
    """

    def __init__(self, path: Path, image_size: int, threads: int) -> None:
        self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
        index = self._interpreter.get_input_details()[0]["index"]
        self._interpreter.resize_tensor_input(index, (1, image_size, image_size, 3))
        self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(index, np.full((1, image_size, image_size, 3), 127, np.float32))

    def seconds_per_picture(self, pictures: int) -> float:
        """Pass pictures through the backbone, and return the seconds per picture."""
        began = time.monotonic()
        for _ in range(pictures):
            self._interpreter.invoke()
        return (time.monotonic() - began) / pictures
