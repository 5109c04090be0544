"""A run's own `backbone.tflite`: only its weights are used, in the network that comes with the program.

A LiteRT file is a program, and a stranger's may do anything. A run's own must describe the network of the shipped file:
the same operators with the same options, on maps and constants of the same types and shapes. Its weights then replace
those of the shipped file, and the result is what runs.

The converter stores equal constants once. So files are compared by the inputs of each operator, not by how often these
are stored. The picture size that a file was made for, names and metadata make no difference.
"""

import math
import mmap
import os
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from xception_gui import paths
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.errors import ErrorCode, ProgramError, system_finding
from xception_gui.files.regular_files import open_regular
from xception_gui.inference.backbone import MAX_BYTES, unusable

MAX_PARTS = 1000
"""Limit of tensors and of operators: Xception has 351 and 229. Like the next two, it bounds the cost of reading."""

MAX_LIST_LENGTH = 16
"""Limit of an operator's inputs, the axes of a shape, the outputs: Xception has up to 8."""

MAX_SHORT_BYTES = 100
"""Bytes of a name, and of a constant that isn't learned, that are compared; Xception's have up to 15 and 8."""

_FLOAT32, _FLOAT16 = schema.TensorType.FLOAT32, schema.TensorType.FLOAT16
_BYTES = {_FLOAT32: 4, _FLOAT16: 2, schema.TensorType.INT32: 4}
"""Bytes of a number of each type."""

_OPTIONS = {
    schema.BuiltinOptions.AddOptions: schema.AddOptionsT,
    schema.BuiltinOptions.ConcatenationOptions: schema.ConcatenationOptionsT,
    schema.BuiltinOptions.Conv2DOptions: schema.Conv2DOptionsT,
    schema.BuiltinOptions.DepthwiseConv2DOptions: schema.DepthwiseConv2DOptionsT,
    schema.BuiltinOptions.Pool2DOptions: schema.Pool2DOptionsT,
    schema.BuiltinOptions.ReducerOptions: schema.ReducerOptionsT,
}
"""The options of Xception's operators, which are all plain numbers."""

Numbers = NDArray[np.uint8]
"""The bytes of a constant: a view of the file."""


class StrangeNetworkError(ValueError):
    """A network other than the one that this program writes."""


class Network(NamedTuple):
    """The contents of a LiteRT file."""

    parts: tuple[object, ...]  # input, operators in order, outputs: everything but the weights
    numbers: tuple[Numbers, ...]  # of each constant, in the order in which operators use them


class Frame(NamedTuple):
    """The shipped file without its weights."""

    parts: tuple[object, ...]  # as in a Network
    pieces: tuple[bytes, ...]  # one before each gap, and one after the last
    gaps: tuple[tuple[int, ...], ...]  # indices of a Network's numbers: one a gap, or several equal ones


def in_shipped_network(architecture: Architecture, path: Path) -> bytes:
    """Return the shipped network of an architecture with the weights of the file `path`, as a LiteRT file.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, `path` is no such network; INSTALLATION_DAMAGED.
    """
    frame = _shipped_frame(architecture)
    try:
        own = read_network(_mapped(path))
        for number, (found, wanted) in enumerate(zip_longest(own.parts, frame.parts)):
            _require(found == wanted, f"differs from {architecture.title} at part {number} of {len(frame.parts)}")
        return _filled(frame, own.numbers)
    except MemoryError:
        raise
    except Exception as error:  # a damaged FlatBuffer raises almost any exception
        raise unusable(path, _in_words(error)) from error


def _in_words(error: Exception) -> str:
    match error:
        case StrangeNetworkError():
            return str(error)
        case OSError(strerror=str()):
            return system_finding(error)
    return f"damaged ({type(error).__name__}: {str(error)[:100]})"


def _mapped(path: Path) -> mmap.mmap:
    """Map a file into memory, which saves copying 42 MB."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        _require(size <= MAX_BYTES, f"larger than {MAX_BYTES // 1_000_000} MB")
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def read_network(data: bytes | mmap.mmap) -> Network:
    """Read a LiteRT file.

    Raises:
        StrangeNetworkError: it has parts that Xception doesn't have.
        Exception: any, for a damaged FlatBuffer.
    """
    _require(schema.Model.ModelBufferHasIdentifier(data, 0), "not a LiteRT file")
    model = schema.Model.GetRootAs(data, 0)
    _require(model.SubgraphsLength() == 1, f"{model.SubgraphsLength()} networks instead of one")
    return _Reader(model).read()


@cache
def _shipped_frame(architecture: Architecture) -> Frame:
    path = paths.shipped_backbone(architecture.name)
    try:
        data = _mapped(path)
        network = read_network(data)
    except Exception as error:
        raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path=path, found=error) from error
    start = _address(np.frombuffer(data, np.uint8))
    places: dict[tuple[int, int], list[int]] = {}  # first byte and the one after the last → indices of numbers
    for number, constant in enumerate(network.numbers):
        first = _address(constant) - start
        places.setdefault((first, first + len(constant)), []).append(number)
    in_order = sorted(places)
    edges = [0, *chain.from_iterable(in_order), len(data)]
    return Frame(
        parts=network.parts,
        pieces=tuple(data[first:end] for first, end in zip(edges[::2], edges[1::2], strict=True)),
        gaps=tuple(tuple(places[place]) for place in in_order),
    )


def _address(numbers: Numbers) -> int:
    address: int = numbers.__array_interface__["data"][0]
    return address


def _filled(frame: Frame, numbers: tuple[Numbers, ...]) -> bytes:
    """Fill the gaps of the shipped file with numbers."""
    parts: list[bytes | memoryview] = [frame.pieces[0]]
    for gap, piece in zip(frame.gaps, frame.pieces[1:], strict=True):
        first, *others = (numbers[number] for number in gap)
        _require(
            all(np.array_equal(first, other) for other in others), "different constants where Xception has equal ones"
        )
        parts += [first.data, piece]
    return b"".join(parts)


class _Reader:
    """Describes a network, operator by operator. Anything else in the file is ignored."""

    def __init__(self, model: Any) -> None:
        self._graph = model.Subgraphs(0)
        self._model = model
        self._buffers = model.BuffersLength()
        self._tensors = [self._graph.Tensors(index) for index in range(_count(self._graph.TensorsLength()))]
        self._kinds = [_kind(model.OperatorCodes(index)) for index in range(_count(model.OperatorCodesLength()))]
        self._unused = set(range(len(self._tensors)))
        self._maps: dict[int, int] = {}  # tensor → number of maps before it
        self._enlarged: dict[int, int] = {}  # float32 tensor → the float16 constant that it is converted from
        self._depths: dict[int, int] = {}
        self._numbers: list[Numbers] = []

    def read(self) -> Network:
        (pixels,) = _indices(self._graph.InputsAsNumpy())
        self._depths = _depths(_integers(self._tensors[pixels].ShapeAsNumpy())[1])
        parts = [self._new_map(pixels)]
        operators = [self._graph.Operators(index) for index in range(_count(self._graph.OperatorsLength()))]
        parts += [self._part(operator) for operator in operators if not self._only_enlarges(operator)]
        parts += [self._outputs()]
        _require(not self._unused, "unused tensors")
        return Network(tuple(parts), tuple(self._numbers))

    def _part(self, operator: Any) -> object:
        """Describe an operator: kind, options, inputs and outputs."""
        given = tuple(self._given(index) for index in _indices(operator.InputsAsNumpy()))
        gives = tuple(self._new_map(index) for index in _indices(operator.OutputsAsNumpy()))
        return self._kinds[operator.OpcodeIndex()], _options(operator), given, gives

    def _only_enlarges(self, operator: Any) -> bool:
        """Return whether an operator only converts a float16 constant to float32; the constant then stands for it."""
        code, _ = self._kinds[operator.OpcodeIndex()]
        if code != schema.BuiltinOperator.DEQUANTIZE:
            return False
        (constant,), (enlarged,) = _indices(operator.InputsAsNumpy()), _indices(operator.OutputsAsNumpy())
        _require(self._tensors[constant].Type() == _FLOAT16, "constants that aren't float16")
        _require(enlarged not in self._maps and enlarged not in self._enlarged, "a tensor that is computed twice")
        self._enlarged[enlarged] = constant
        return True

    def _given(self, index: int) -> object:
        """Describe an input of an operator: a map by its number, or a constant, whose numbers are collected."""
        constant = self._enlarged.get(index, index)
        self._unused -= {index, constant}
        return self._maps[index] if index in self._maps else (constant != index, self._constant(constant))

    def _constant(self, index: int) -> object:
        tensor = self._tensors[index]
        kind, shape = tensor.Type(), _integers(tensor.ShapeAsNumpy())
        buffer = self._buffer(tensor)
        _require(buffer.Offset() == buffer.Size() == 0, "constants outside of its description")
        size = math.prod(shape) * _BYTES[kind]
        _require(buffer.DataLength() == size, f"a constant of {buffer.DataLength()} bytes instead of {size}")
        data = buffer.DataAsNumpy()
        if kind not in (_FLOAT32, _FLOAT16):  # axes and the like belong to the network itself
            return kind, shape, data[:MAX_SHORT_BYTES].tobytes()
        self._numbers.append(data)
        return kind, shape

    def _new_map(self, index: int) -> object:
        """Describe the pixels or an operator's output, with its sides as depths in the network, not in pixels."""
        tensor = self._tensors[index]
        _require(index not in self._maps and index not in self._enlarged, "a tensor that is computed twice")
        _require(not self._buffer(tensor).DataLength(), "constants in place of maps")
        self._unused.discard(index)
        self._maps[index] = len(self._maps)
        shapes = [_integers(numbers) for numbers in (tensor.ShapeAsNumpy(), tensor.ShapeSignatureAsNumpy())]
        at_depths = [(first, *(self._depths[side] for side in sides), last) for first, *sides, last in shapes]
        return tensor.Type(), tuple(at_depths)

    def _buffer(self, tensor: Any) -> Any:
        index = tensor.Buffer()
        _require(index < self._buffers, "missing constants")
        return self._model.Buffers(index)

    def _outputs(self) -> object:
        """Describe which maps are outputs, and their names in the signature."""
        count = self._model.SignatureDefsLength()
        _require(count == 1, f"{count} signatures instead of one")
        signature = self._model.SignatureDefs(0)
        names = [signature.Inputs(index) for index in range(_count(signature.InputsLength(), MAX_LIST_LENGTH))]
        names += [signature.Outputs(index) for index in range(_count(signature.OutputsLength(), MAX_LIST_LENGTH))]
        outputs = tuple(self._maps[index] for index in _indices(self._graph.OutputsAsNumpy()))
        return outputs, tuple((name.Name()[:MAX_SHORT_BYTES], self._maps[name.TensorIndex()]) for name in names)


def _kind(code: Any) -> tuple[int, int]:
    """Return the code of an operator in the schema, and its version."""
    return max(code.BuiltinCode(), code.DeprecatedBuiltinCode()), code.Version()


def _options(operator: Any) -> tuple[object, ...]:
    """Describe an operator's options; empty if it has none."""
    kind, table = operator.BuiltinOptionsType(), operator.BuiltinOptions()
    if kind == schema.BuiltinOptions.NONE:
        return ()
    _require(kind in _OPTIONS, f"an operator with options of the unknown kind {kind}")
    return kind, *sorted(vars(_OPTIONS[kind].InitFromBuf(table.Bytes, table.Pos)).items())


def _depths(side: int) -> dict[int, int]:
    """Return a number for each side, in pixels, that maps have in Xception, in order from the input's `side`.

    Two 3×3 convolutions without padding, the first with stride 2; then each of four blocks halves the side. All sides
    differ from 71 pixels on.
    """
    half = (side - 3) // 2 + 1
    sides = [side, half, half - 2]
    for _ in range(4):
        sides.append(-(-sides[-1] // 2))
    return {side: depth for depth, side in enumerate(sides)}


def _indices(numbers: Any) -> tuple[int, ...]:
    """Read indices of tensors."""
    indices = _integers(numbers)
    _require(min(indices, default=0) >= 0, "missing tensors")
    return indices


def _integers(numbers: Any) -> tuple[int, ...]:
    """Read integers; the schema returns 0 if there are none."""
    return () if isinstance(numbers, int) else tuple(numbers[: _count(len(numbers), MAX_LIST_LENGTH)].tolist())


def _count(parts: int, most: int = MAX_PARTS) -> int:
    _require(parts <= most, f"too many parts ({parts})")
    return parts


def _require(condition: object, found: str) -> None:
    if not condition:
        raise StrangeNetworkError(found)
