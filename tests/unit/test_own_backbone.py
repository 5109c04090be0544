"""A run's own backbone: nothing but its numbers is taken, and only from a network that is Xception."""

import os
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from tests.strange_networks import Change, changed, endless_network, learned, scaled, write
from xception_gui import paths
from xception_gui.data.pictures.open_picture import Pixels, resize
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT
from xception_gui.inference import own_backbone
from xception_gui.inference.backbone import MAX_BYTES, Embedding, LiteRTBackbone
from xception_gui.inference.own_backbone import in_shipped_network
from xception_gui.inference.runtimes import open_backbone
from xception_gui.samples.sample_set import draw_scene

SIZE = 71


@pytest.fixture(scope="module")
def picture() -> Pixels:
    return resize(draw_scene("busy", np.random.default_rng(3)), SIZE)


@pytest.fixture(scope="module")
def shipped() -> bytes:
    return paths.shipped_backbone().read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Where all of them lie in turn: each takes 42 MB."""
    return tmp_path_factory.mktemp("run") / "backbone.tflite"


def embed(path: Path, picture: Pixels) -> Embedding:
    return open_backbone(XCEPTION, path, SIZE, sha256="of a stranger", runtime=LITERT).embed(picture)


def refusal_of(path: Path) -> str:
    """Open a file, which must be refused; gives the words."""
    with pytest.raises(ProgramError) as caught:
        open_backbone(XCEPTION, path, SIZE, sha256="of a stranger", runtime=LITERT)
    assert caught.value.code is ErrorCode.BACKBONE_UNUSABLE
    assert caught.value.details["path"] == str(path.parent)
    return str(caught.value.details["found"])


# What is taken


def test_a_network_with_other_numbers_says_what_litert_makes_of_the_file_itself(place, picture):
    found = embed(changed(place, lambda model: scaled(model, 0.99)), picture)
    np.testing.assert_array_equal(found, LiteRTBackbone(XCEPTION, place, SIZE, sha256="of the file").embed(picture))
    assert not np.array_equal(found, embed(paths.shipped_backbone(), picture))


def test_where_things_lie_in_a_file_and_what_they_are_called_makes_no_difference(place, shipped):
    def rename(model: Any) -> None:
        model.description = "By a stranger"
        model.metadata = None
        for tensor in model.subgraphs[0].tensors:
            tensor.name = "something"

    path = changed(place, rename)
    assert path.read_bytes() != shipped
    assert in_shipped_network(XCEPTION, path) == shipped


@pytest.mark.parametrize("size", [71, 150, 512])
def test_it_may_have_been_made_for_pictures_of_any_size(size, place, shipped):
    assert in_shipped_network(XCEPTION, changed(place, lambda model: made_for(model, size))) == shipped


def made_for(model: Any, size: int) -> None:
    """Write the sides of all maps as the converter does for pictures of a size."""
    half = (size - 1) // 2
    sides = {299: size, 149: half, 147: half - 2}
    for before, side in ((147, 74), (74, 37), (37, 19), (19, 10)):
        sides[side] = (sides[before] + 1) // 2
    for tensor in model.subgraphs[0].tensors:
        if tensor.shapeSignature is not None and len(tensor.shape) == 4:  # no constant
            side = sides[tensor.shape[1]]
            tensor.shape = [1, side, side, tensor.shape[3]]
            tensor.shapeSignature = [-1, side, side, tensor.shape[3]]


def test_constants_that_are_equal_may_be_there_once(place):
    """As the converter writes them where a network hasn't learned much yet."""

    def equal(model: Any) -> None:
        tensors = model.subgraphs[0].tensors
        biases = [one for one in tensors if one.type == schema.TensorType.FLOAT16 and list(one.shape) == [728]]
        for bias in biases:
            model.buffers[bias.buffer].data = np.zeros(728 * 2, np.uint8)

    def shared(model: Any) -> None:
        equal(model)
        code = kind_of(model, schema.BuiltinOperator.CONV_2D)
        tensors, operators = model.subgraphs[0].tensors, model.subgraphs[0].operators
        alike = [one for one in operators if one.opcodeIndex == code and list(tensors[one.inputs[2]].shape) == [728]]
        for one in alike:
            one.inputs = [*one.inputs[:2], alike[0].inputs[2]]
        remove_unused(model)

    often = in_shipped_network(XCEPTION, changed(place, equal))
    size = place.stat().st_size
    assert in_shipped_network(XCEPTION, changed(place, shared)) == often
    assert place.stat().st_size < size - 10_000


def kind_of(model: Any, code: int) -> int:
    """Give the number of a kind of operator in a file."""
    (index,) = [index for index, kind in enumerate(model.operatorCodes) if kind.builtinCode == code]
    return index


def remove_unused(model: Any) -> None:
    """Remove operators and tensors whose results nothing asks for, and number the others anew."""
    graph = model.subgraphs[0]
    asked = {index for one in graph.operators for index in one.inputs} | set(graph.outputs)
    graph.operators = [one for one in graph.operators if asked & set(one.outputs)]
    kept = sorted({index for one in graph.operators for index in (*one.inputs, *one.outputs)})
    new = {index: number for number, index in enumerate(kept)}
    graph.tensors = [graph.tensors[index] for index in kept]
    for one in (graph, *graph.operators):
        one.inputs, one.outputs = [new[index] for index in one.inputs], [new[index] for index in one.outputs]
    for name in (*model.signatureDefs[0].inputs, *model.signatureDefs[0].outputs):
        name.tensorIndex = new[name.tensorIndex]


# What is refused


def test_a_network_that_computes_for_ever_is_refused(place):
    assert "3 networks instead of one" in refusal_of(write(place, endless_network()))


def loop_instead(model: Any) -> None:
    """An endless loop in the place of Xception's last operator, all else as it is."""
    endless = endless_network()
    model.subgraphs += endless.subgraphs[1:]
    model.operatorCodes += endless.operatorCodes
    model.subgraphs[0].operators[-1] = endless.subgraphs[0].operators[0]


def first(model: Any, code: int) -> Any:
    """Give the first operator of a kind."""
    return next(one for one in model.subgraphs[0].operators if one.opcodeIndex == kind_of(model, code))


def convolution(model: Any) -> Any:
    return first(model, schema.BuiltinOperator.CONV_2D)


def kernel(model: Any) -> Any:
    """Give the tensor of the first kernel, in float16."""
    return next(one for one in model.subgraphs[0].tensors if one.type == schema.TensorType.FLOAT16)


def axes(model: Any) -> Any:
    """Give the buffer of the axes of the averages."""
    (tensor,) = [one for one in model.subgraphs[0].tensors if one.type == schema.TensorType.INT32]
    return model.buffers[tensor.buffer]


def set_in(thing: Any, **fields: Any) -> None:
    for name, value in fields.items():
        assert hasattr(thing, name)
        setattr(thing, name, value)


def swap_outputs(model: Any) -> None:
    one, other, *_ = model.signatureDefs[0].outputs
    one.tensorIndex, other.tensorIndex = other.tensorIndex, one.tensorIndex


def swap_operators(model: Any) -> None:
    operators = model.subgraphs[0].operators
    operators[-1], operators[-2] = operators[-2], operators[-1]


def differ_where_xception_has_one(model: Any) -> None:
    """Give two depthwise convolutions biases of their own, of which they have none."""
    graph = model.subgraphs[0]
    code = kind_of(model, schema.BuiltinOperator.DEPTHWISE_CONV_2D)
    operator = [one for one in graph.operators if one.opcodeIndex == code][6]
    bias = schema.TensorT(shape=[728], type=schema.TensorType.FLOAT32, buffer=len(model.buffers))
    half = schema.TensorT(shape=[728], type=schema.TensorType.FLOAT16, buffer=len(model.buffers) + 1)
    model.buffers += [schema.BufferT(), schema.BufferT(data=np.ones(1456, np.uint8))]
    graph.tensors += [half, bias]
    enlarge = kind_of(model, schema.BuiltinOperator.DEQUANTIZE)
    count = len(graph.tensors)
    graph.operators.insert(0, schema.OperatorT(opcodeIndex=enlarge, inputs=[count - 2], outputs=[count - 1]))
    operator.inputs = [*operator.inputs[:2], count - 1]


STRANGE: dict[str, Change] = {
    "an endless loop": loop_instead,
    "a second network": lambda model: model.subgraphs.append(endless_network().subgraphs[2]),
    "no network": lambda model: set_in(model, subgraphs=[]),
    "an operator of another kind": lambda model: set_in(
        model.operatorCodes[kind_of(model, schema.BuiltinOperator.RELU)],
        builtinCode=schema.BuiltinOperator.TANH,
        deprecatedBuiltinCode=schema.BuiltinOperator.TANH,
    ),
    "an operator of another kind, by the older field": lambda model: set_in(
        model.operatorCodes[kind_of(model, schema.BuiltinOperator.RELU)],
        deprecatedBuiltinCode=schema.BuiltinOperator.TANH,
    ),
    "an operator of a stranger's": lambda model: set_in(
        model.operatorCodes[-1], builtinCode=schema.BuiltinOperator.CUSTOM, customCode="stranger"
    ),
    "an operator in another version": lambda model: set_in(model.operatorCodes[1], version=9),
    "an operator of no kind": lambda model: set_in(convolution(model), opcodeIndex=1000),
    "other steps": lambda model: set_in(convolution(model).builtinOptions, strideW=1),
    "another border": lambda model: set_in(convolution(model).builtinOptions, padding=0),
    "another activation": lambda model: set_in(convolution(model).builtinOptions, fusedActivationFunction=3),
    "options of another operator": lambda model: set_in(
        convolution(model),
        builtinOptionsType=schema.BuiltinOptions.ReshapeOptions,
        builtinOptions=schema.ReshapeOptionsT(newShape=[1]),
    ),
    "no options": lambda model: set_in(convolution(model), builtinOptionsType=0, builtinOptions=None),
    "operators in another order": swap_operators,
    "an operator twice": lambda model: model.subgraphs[0].operators.append(convolution(model)),
    "an operator less": lambda model: model.subgraphs[0].operators.pop(),
    "no operators": lambda model: set_in(model.subgraphs[0], operators=[]),
    "thousands of operators": lambda model: set_in(model.subgraphs[0], operators=[schema.OperatorT()] * 10_000),
    "an operator that is given what it gives": lambda model: set_in(
        convolution(model), inputs=[convolution(model).outputs[0], *convolution(model).inputs[1:]]
    ),
    "an operator that is given more": lambda model: set_in(
        convolution(model), inputs=[*convolution(model).inputs, convolution(model).inputs[2]]
    ),
    "an operator that is given a hundred thousand": lambda model: set_in(convolution(model), inputs=[0] * 100_000),
    "an operator that is given nothing": lambda model: set_in(convolution(model), inputs=[]),
    "a tensor that isn't there": lambda model: set_in(convolution(model), inputs=[0, 1, 100_000]),
    "a tensor from the end": lambda model: set_in(convolution(model), inputs=[0, 1, -1]),
    "a tensor more": lambda model: model.subgraphs[0].tensors.append(schema.TensorT(shape=[1], buffer=0)),
    "thousands of tensors": lambda model: set_in(model.subgraphs[0], tensors=[schema.TensorT()] * 10_000),
    "a constant of another shape": lambda model: set_in(kernel(model), shape=[32, 9, 1, 3]),
    "a constant of many axes": lambda model: set_in(kernel(model), shape=[1] * 100_000),
    "a constant of another type": lambda model: set_in(kernel(model), type=schema.TensorType.INT16),
    "a constant that is too long": lambda model: set_in(
        learned(model)[0], data=np.append(learned(model)[0].data, np.uint8(0))
    ),
    "a constant without numbers": lambda model: set_in(learned(model)[0], data=None),
    "a constant in another file": lambda model: set_in(learned(model)[0], offset=10**12, size=1728),
    "a constant that isn't there": lambda model: set_in(kernel(model), buffer=100_000),
    "averages over other axes": lambda model: set_in(axes(model), data=np.array([0, 3], "<i4").view(np.uint8)),
    "constants that differ": differ_where_xception_has_one,
    "a map that is a constant": lambda model: set_in(
        model.subgraphs[0].tensors[convolution(model).outputs[0]], buffer=kernel(model).buffer
    ),
    "a huge map": lambda model: set_in(
        model.subgraphs[0].tensors[convolution(model).outputs[0]], shape=[1, 2**30, 2**30, 32]
    ),
    "other pixels": lambda model: set_in(model.subgraphs[0].tensors[0], shape=[1, 299, 299, 4]),
    "no inputs": lambda model: set_in(model.subgraphs[0], inputs=[]),
    "outputs in another order": lambda model: set_in(model.subgraphs[0], outputs=model.subgraphs[0].outputs[::-1]),
    "outputs of other names": swap_outputs,
    "no names": lambda model: set_in(model, signatureDefs=None),
    "names for two": lambda model: set_in(model, signatureDefs=model.signatureDefs * 2),
    "a long name": lambda model: set_in(model.signatureDefs[0].outputs[0], name="n" * 1_000_000),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_isnt_xception_is_refused(what, place):
    assert refusal_of(changed(place, STRANGE[what]))


def test_a_constant_that_is_cut_short_is_told_as_that(place):
    found = refusal_of(changed(place, lambda model: set_in(learned(model)[0], data=learned(model)[0].data[:-2])))
    assert found == "a constant of 1726 bytes instead of 1728"


def test_damaged_files_are_refused_or_are_xception_all_the_same(place, shipped):
    """Bytes around the numbers, where lengths and places are written."""
    chance = random.Random(1)
    start = shipped.index(b"MLIR Converted.") - 5000
    accepted = 0
    for _ in range(20):
        damaged = bytearray(shipped)
        for _ in range(chance.randint(1, 3)):
            first = chance.choice([chance.randrange(100), chance.randrange(start, start + 80_000)])
            damaged[first : first + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", chance.randbytes(4)])
        place.write_bytes(damaged)
        try:
            assert len(in_shipped_network(XCEPTION, place)) == len(shipped)
            accepted += 1
        except ProgramError as error:
            assert error.code is ErrorCode.BACKBONE_UNUSABLE and error.details["found"]
    assert accepted < 20


@pytest.mark.parametrize("length", [0, 8, 20_000_000, 41_640_851])
def test_files_that_are_cut_short_are_refused(length, place, shipped):
    place.write_bytes(shipped[:length])
    assert refusal_of(place)


def test_a_huge_file_is_refused_before_it_is_read(place, shipped):
    place.write_bytes(shipped)
    os.truncate(place, MAX_BYTES + 1)
    assert "larger than 50 MB" in refusal_of(place)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    assert refusal_of(tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    assert refusal_of(tmp_path / "folder")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "link").symlink_to(tmp_path / "pipe")
        (tmp_path / "zero").symlink_to("/dev/zero")
        assert all("not a regular file" in refusal_of(tmp_path / name) for name in ("pipe", "link", "zero"))


# Numbers that nothing can be computed with


def with_number(number: float) -> Change:
    """Put a number into the kernel of the first convolution."""

    def spoil(model: Any) -> None:
        numbers = learned(model)[0].data.view(np.float16).copy()
        numbers[0] = number
        learned(model)[0].data = numbers.view(np.uint8)

    return spoil


@pytest.mark.parametrize("change", [with_number(np.nan), with_number(np.inf), lambda model: scaled(model, 8)])
def test_a_network_that_gives_no_finite_numbers_is_damaged(change, place, picture):
    with pytest.raises(ProgramError) as caught:
        embed(changed(place, change), picture)
    assert caught.value.code is ErrorCode.BACKBONE_UNUSABLE
    assert "not finite" in str(caught.value)


# Numbers and bounds, one by one


def test_lists_and_counts_are_bounded():
    assert (own_backbone.MAX_PARTS, own_backbone.MAX_LIST_LENGTH, own_backbone.MAX_SHORT_BYTES) == (1000, 16, 100)
    assert (own_backbone._count(1000), own_backbone._count(16, 16)) == (1000, 16)
    for parts, most in ((1001, 1000), (17, 16)):
        with pytest.raises(own_backbone.StrangeNetworkError, match=rf"too many parts \({parts}\)"):
            own_backbone._count(parts, most)
    assert own_backbone._integers(np.arange(16)) == tuple(range(16))
    assert own_backbone._integers(0) == own_backbone._indices(0) == ()
    for numbers in (np.arange(17), np.array([3, -1])):
        with pytest.raises(own_backbone.StrangeNetworkError):
            own_backbone._indices(numbers)
    assert own_backbone._indices(np.array([0, 5])) == (0, 5)


@pytest.mark.parametrize(
    ("side", "sides"),
    [
        (71, [71, 35, 33, 17, 9, 5, 3]),
        (72, [72, 35, 33, 17, 9, 5, 3]),
        (160, [160, 79, 77, 39, 20, 10, 5]),
        (299, [299, 149, 147, 74, 37, 19, 10]),
    ],
)
def test_maps_have_the_sides_of_xception(side, sides):
    assert own_backbone._depths(side) == {side: depth for depth, side in enumerate(sides)}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (own_backbone.StrangeNetworkError("odd"), "odd"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("no number"), "damaged (OSError: no number)"),
        (ValueError("long" * 99), f"damaged (ValueError: {'long' * 25})"),
    ],
)
def test_what_is_wrong_is_told_in_words(error, words):
    assert own_backbone._in_words(error) == words


def test_memory_that_runs_out_is_no_fault_of_the_file(place, shipped, monkeypatch):
    place.write_bytes(shipped)

    def fail(*words: object) -> None:
        raise MemoryError

    monkeypatch.setattr(own_backbone, "_filled", fail)
    with pytest.raises(MemoryError):
        in_shipped_network(XCEPTION, place)


def test_the_shipped_file_goes_through_as_it_is(place, shipped):
    place.write_bytes(shipped)
    assert in_shipped_network(XCEPTION, place) == shipped
    frame = own_backbone._shipped_frame(XCEPTION)
    numbers = own_backbone.read_network(shipped).numbers
    assert len(frame.pieces) == len(frame.gaps) + 1
    assert sorted(number for gap in frame.gaps for number in gap) == list(range(len(numbers)))
    assert sum(map(len, frame.pieces)) + sum(len(numbers[gap[0]]) for gap in frame.gaps) == len(shipped)


@pytest.mark.parametrize(("size", "is_refused"), [(50_000_000, False), (50_000_001, True)])
def test_a_file_may_have_fifty_megabytes(size, is_refused, place, shipped):
    place.write_bytes(shipped)
    os.truncate(place, size)
    if is_refused:
        assert refusal_of(place) == "larger than 50 MB"
    else:
        assert in_shipped_network(XCEPTION, place) == shipped


WORDS = {
    "a second network": "2 networks instead of one",
    "no network": "0 networks instead of one",
    "names for two": "2 signatures instead of one",
    "no names": "0 signatures instead of one",
    "thousands of operators": "too many parts (10000)",
    "thousands of tensors": "too many parts (10000)",
    "options of another operator": "an operator with options of the unknown kind 17",
    "an operator that is given a hundred thousand": "too many parts (100000)",
    "a tensor from the end": "missing tensors",
    "a tensor more": "unused tensors",
    "a constant that is too long": "a constant of 1729 bytes instead of 1728",
    "a constant without numbers": "a constant of 0 bytes instead of 1728",
    "a constant in another file": "constants outside of its description",
    "a constant that isn't there": "missing constants",
    "a map that is a constant": "constants in place of maps",
    "constants that differ": "different constants where Xception has equal ones",
    "an operator twice": "a tensor that is computed twice",
    "other steps": "differs from Xception at part 1 of 111",
}


@pytest.mark.parametrize("what", WORDS)
def test_what_isnt_xception_is_told_by_what_is_strange_in_it(what, place):
    assert refusal_of(changed(place, STRANGE[what])) == WORDS[what]


def test_numbers_of_float32_are_read_as_such(place):
    """Xception has none; they are told by the part in which they differ, not by their length."""

    def widen(model: Any) -> None:
        tensor = kernel(model)
        buffer = model.buffers[tensor.buffer]
        buffer.data = buffer.data.view(np.float16).astype(np.float32).view(np.uint8)
        tensor.type = schema.TensorType.FLOAT32
        enlarge = next(
            one
            for one in model.subgraphs[0].operators
            if one.opcodeIndex == kind_of(model, schema.BuiltinOperator.DEQUANTIZE)
            and model.subgraphs[0].tensors[one.inputs[0]] is tensor
        )
        for one in model.subgraphs[0].operators:
            one.inputs = [enlarge.inputs[0] if index == enlarge.outputs[0] else index for index in one.inputs]
        remove_unused(model)

    assert "differs from Xception at part" in refusal_of(changed(place, widen))
