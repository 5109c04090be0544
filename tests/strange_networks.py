"""LiteRT files that a stranger might put in place of a run's own backbone."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from xception_gui import paths

Change = Callable[[Any], None]
"""Changes a `ModelT`, the shipped network."""


def changed(path: Path, change: Change) -> Path:
    """Write the shipped network, changed, to `path`; the positions in the file differ, too."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(_shipped(), 0))
    change(model)
    return write(path, model)


@cache
def _shipped() -> bytes:
    return paths.shipped_backbone().read_bytes()


def write(path: Path, model: Any) -> Path:
    """Write a network, a `ModelT`, to `path`, replacing what is there."""
    path.unlink(missing_ok=True)  # instead of changing a file that may be mapped
    builder = flatbuffers.Builder(42_000_000)
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(memoryview(builder.Bytes)[builder.Head() :])
    return path


def learned(model: Any) -> list[Any]:
    """Return the buffers of float16 numbers that differ between trained networks, in the order of the file."""
    tensors = [tensor for tensor in model.subgraphs[0].tensors if tensor.type == schema.TensorType.FLOAT16]
    return [buffer for buffer in (model.buffers[tensor.buffer] for tensor in tensors) if np.any(buffer.data)]


def scaled(model: Any, factor: float) -> None:
    """Multiply all trained weights by a factor."""
    for buffer in learned(model):
        buffer.data = (buffer.data.view(np.float16) * np.float16(factor)).view(np.uint8)


def endless_network() -> Any:
    """Return a network with the shipped one's input and outputs that computes for ever: `while True: pass`."""
    pixels = schema.TensorT(name="pixels", shape=[1, 71, 71, 3], buffer=0, shapeSignature=[-1, 71, 71, 3])
    embedding = schema.TensorT(name="embedding", shape=[1, 6712], buffer=1)
    yes = schema.TensorT(name="yes", shape=[1], type=schema.TensorType.BOOL, buffer=2)
    turn = schema.OperatorT(
        inputs=[1],
        outputs=[2],
        builtinOptionsType=schema.BuiltinOptions.WhileOptions,
        builtinOptions=schema.WhileOptionsT(condSubgraphIndex=1, bodySubgraphIndex=2),
    )
    given = schema.SignatureDefT(
        inputs=[schema.TensorMapT("pixels", 0)],
        outputs=[schema.TensorMapT("embedding", 2)],
        signatureKey="serving_default",
    )
    result = schema.TensorT(name="result", shape=[1, 6712], buffer=0)
    return schema.ModelT(
        version=3,
        operatorCodes=[schema.OperatorCodeT(builtinCode=schema.BuiltinOperator.WHILE, deprecatedBuiltinCode=119)],
        subgraphs=[
            schema.SubGraphT(tensors=[pixels, embedding, result], inputs=[0], outputs=[2], operators=[turn]),
            schema.SubGraphT(tensors=[result, yes], inputs=[0], outputs=[1], operators=[]),
            schema.SubGraphT(tensors=[result], inputs=[0], outputs=[0], operators=[]),
        ],
        buffers=[
            schema.BufferT(),
            schema.BufferT(data=np.zeros(6712 * 4, np.uint8)),
            schema.BufferT(data=np.ones(1, np.uint8)),
        ],
        signatureDefs=[given],
    )
