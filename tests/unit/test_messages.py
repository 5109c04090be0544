"""Messages as lines: each kind comes back as it was, and whatever isn't one is refused with a sentence."""

import json
import random
import typing

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.recordings import RECORDINGS
from tests.torture.mutations import mutated
from xception_gui.domain import lines
from xception_gui.domain.lines import LineError, decode_event, decode_request, encode
from xception_gui.domain.messages import base
from xception_gui.domain.messages.base import AnyResult, Failed, Finished, Message, Stopped, plain
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, LeftOut, Problem
from xception_gui.domain.messages.engine import StopRequest
from xception_gui.domain.messages.registry import EVENTS, JOB_REQUESTS, RESULTS
from xception_gui.domain.messages.training import TrainRequest, TrainResult
from xception_gui.domain.messages.using import ClassMetrics, EvaluateResult, PicturePredicted, PredictRequest
from xception_gui.domain.recipe import Preset, Recipe, make_recipe

REQUESTS = (*JOB_REQUESTS, StopRequest)

# What names of files and classes can be: any text, and bytes that aren't UTF-8 as Python's lone surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 2**53)
RECIPES = st.sampled_from([make_recipe(preset) for preset in Preset]) | st.builds(
    lambda seed, fraction: make_recipe(Preset.FINE_TUNE, seed=seed, val_fraction=fraction, epochs=3, weights="w.h5"),
    st.integers(0, 2**32 - 1),
    st.floats(0.01, 0.99),
)


def values_of(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    """Values of a field, by its type."""
    if kind is str:
        return TEXT
    if kind is float:
        return NUMBER
    if kind is int:
        return COUNT
    if kind is AnyResult:
        return st.one_of([built(result) for result in RESULTS])
    if kind is Recipe:
        return RECIPES
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return built(kind)
    arguments = typing.get_args(kind)
    match typing.get_origin(kind):
        case origin if origin is tuple and Ellipsis not in arguments:
            return st.tuples(*map(values_of, arguments))
        case origin if origin is tuple:
            return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
        case origin if origin is dict:
            return st.dictionaries(values_of(arguments[0]), values_of(arguments[1]), max_size=3)
    if arguments:  # a union
        return st.one_of([values_of(argument) for argument in arguments])
    if kind is msgspec.UnsetType:
        return st.just(msgspec.UNSET)
    return st.from_type(kind)


def built(kind: type[msgspec.Struct]) -> st.SearchStrategy[typing.Any]:
    return st.builds(kind, **{name: values_of(hint) for name, hint in typing.get_type_hints(kind).items()})


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
@given(data=st.data(), request_id=TEXT.filter(bool))
def test_every_request_comes_back_as_it_was(kind, data, request_id):
    request = data.draw(built(kind))
    line = encode(request, request_id)
    assert decode_request(line) == (request_id, request)
    assert_is_a_line(line)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data(), request_id=st.none() | TEXT)
@settings(max_examples=30)
def test_every_event_comes_back_as_it_was(kind, data, request_id):
    event = data.draw(built(kind))
    line = encode(event, request_id)
    assert decode_event(line) == (request_id, event)
    assert_is_a_line(line)


def assert_is_a_line(line: str) -> None:
    assert line.isascii()
    assert line.isprintable()
    assert isinstance(json.loads(line)["type"], str)


def test_every_message_has_a_name_of_its_own():
    for kinds in (REQUESTS, EVENTS, RESULTS):
        names = [kind.__struct_config__.tag for kind in kinds]
        assert len(set(names)) == len(names)
        assert all(name.islower() and name.isidentifier() for name in names)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("TrainRequest", "train"),
        ("PreviewAugmentationRequest", "preview_augmentation"),
        ("EpochFinished", "epoch_finished"),
        ("Hello", "hello"),
    ],
)
def test_a_message_is_called_as_its_kind_without_the_request(kind, name):
    assert base._tag(kind) == name


# --- What others read ---------------------------------------------------------------------------------------------


def test_the_lines_are_as_documented():
    request = TrainRequest("pictures", "run", make_recipe(Preset.QUICK))
    assert json.loads(encode(request, "1")) == {
        "id": "1",
        "type": "train",
        "dataset": "pictures",
        "out": "run",
        "recipe": {
            "preset": "quick",
            "training": None,
            "image_size": 299,
            "val_fraction": 0.2,
            "max_per_class": None,
            "seed": 0,
            "weights": None,
        },
        "folders": "auto",
        "forecast": None,
    }
    assert json.loads(encode(PicturePredicted("a.jpg", (0.75, 0.25)), "1")) == {
        "id": "1",
        "type": "picture_predicted",
        "path": "a.jpg",
        "probabilities": [0.75, 0.25],
        "error": None,
        "detail": "",
        "given": 0,
    }
    assert json.loads(encode(StopRequest(), "1")) == {"id": "1", "type": "stop"}


def test_test_figures_are_only_there_where_there_is_a_test_part():
    fields = {
        "run": "run",
        "recipe": "quick",
        "classes": ("a", "b"),
        "train_images": 8,
        "val_images": 2,
        "val_accuracy": 1.0,
        "val_log_loss": 0.1,
        "epochs": None,
        "seconds": 1.5,
        "stopped": False,
    }
    tests = {"test_images": 3, "test_accuracy": 0.5, "test_log_loss": 0.7}
    assert set(plain(TrainResult(**fields))) == {"type", *fields}
    assert set(plain(TrainResult(**fields, **tests))) == {"type", *fields, *tests}


def test_results_are_plain_json():
    result = EvaluateResult(("a", "b"), 0.5, 0.7, 2, 0, (), {"a": ClassMetrics(1.0, 0.5, 0.6, 2)}, ((1, 1), (0, 0)))
    fields = json.loads(json.dumps(plain(result)))
    assert fields["per_class"] == {"a": {"precision": 1.0, "recall": 0.5, "f1": 0.6, "support": 2}}
    assert fields["confusion_matrix"] == [[1, 1], [0, 0]]


def test_a_data_set_with_an_error_cant_be_trained_on():
    warning, error = Problem("a", (), message="A."), Problem("b", (), "error", message="B.")
    assert CheckResult({}, 0, (), (warning,)).can_be_trained_on
    assert not CheckResult({}, 0, (), (warning, error)).can_be_trained_on


def test_messages_cant_be_changed():
    with pytest.raises(AttributeError):
        CheckRequest("a").dataset = "b"


def test_an_end_keeps_its_result():
    result = CheckResult({"猫": 2}, 2, (), ())
    for end in (
        Finished(result),
        Stopped(result),
        Stopped(),
        Failed("c", {"path": "a"}, what="W.", why="Y.", fix="F."),
    ):
        assert decode_event(encode(end, "7")) == ("7", end)


# --- Read fast ----------------------------------------------------------------------------------------------------


def outcome_of(decode: typing.Callable[[str], typing.Any], line: str) -> typing.Any:
    try:
        return decode(line)
    except LineError as error:
        return str(error)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data(), request_id=st.none() | TEXT)
@settings(max_examples=20)
def test_events_are_read_fast_and_slowly_alike(kind, data, request_id):
    line = encode(data.draw(built(kind)), request_id)
    assert outcome_of(decode_event, line) == outcome_of(lines._decode_event_slowly, line)


def test_names_that_are_unicode_need_no_slow_way(monkeypatch):
    monkeypatch.setattr(lines, "_decode_event_slowly", lambda line: pytest.fail("it was read slowly"))
    files = tuple(LeftOut(f"猫/{i}.jpg", "empty", reason="It is empty: 0 bytes.") for i in range(1000))
    result = Finished(CheckResult({"猫": 2}, 2, files, ()))
    assert decode_event(encode(result, "7")) == ("7", result)


# --- What is no message -------------------------------------------------------------------------------------------


def assert_refused(line: str) -> None:
    for decode in (decode_request, decode_event):
        with pytest.raises(LineError) as caught:
            decode(line)
        assert str(caught.value)
    assert outcome_of(decode_event, line) == outcome_of(lines._decode_event_slowly, line)


@given(line=st.text(st.characters()))
def test_rubbish_is_refused(line):
    assume(not line.strip().startswith("{"))
    assert_refused(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([kind.__struct_config__.tag for kind in (*REQUESTS, *EVENTS)])
FIELDS = st.sampled_from(
    ["dataset", "out", "recipe", "run", "paths", "format", "phase", "total", "result", "prediction"]
)


@given(
    fields=st.dictionaries(FIELDS | st.text(max_size=5), JSON, max_size=6),
    kind=NAMES | JSON,
    request_id=st.just("1") | JSON,
)
@settings(max_examples=300)
def test_any_json_object_is_read_or_refused_and_nothing_else(fields, kind, request_id):
    line = json.dumps({**fields, "type": kind, "id": request_id})
    for decode in (decode_request, decode_event):
        try:
            read_id, message = decode(line)
        except LineError as error:
            assert str(error)
        else:
            assert isinstance(message, Message)
            assert read_id == request_id
    assert outcome_of(decode_event, line) == outcome_of(lines._decode_event_slowly, line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[]",
        "7",
        '"check"',
        "{}",
        '{"id": "1"}',
        '{"id": "1", "type": "check"',
        "[" * 100_000,
        '{"id": "1", "type": "check", "dataset": ' + "[" * 100_000,
        "1" * 10_000,
        '{"id": "1", "type": "no such type"}',
        '{"id": "1", "type": null}',
        '{"id": 1, "type": "stop"}',
        '{"id": ["1"], "type": "stop"}',
        '{"id": "1", "type": "CheckRequest", "dataset": "a"}',
    ],
    ids=lambda line: line[:45] or "nothing",
)
def test_what_is_no_message_is_refused(line):
    assert_refused(line)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"type": "check"}, "dataset"),
        ({"type": "check", "dataset": 7}, "dataset"),
        ({"type": "check", "dataset": None}, "dataset"),
        ({"type": "predict", "run": "a", "paths": "a.jpg"}, "paths"),
        ({"type": "predict", "run": "a", "paths": [1]}, "paths"),
        ({"type": "export", "run": "a", "format": "word", "out": "b"}, "word"),
        ({"type": "train", "dataset": "a", "out": "b", "recipe": {}}, "preset"),
        ({"type": "train", "dataset": "a", "out": "b", "recipe": {"preset": "quick", "seed": -1}}, "Seed"),
        ({"type": "train", "dataset": "a", "out": "b", "recipe": {"preset": "quick", "seed": "1"}}, "seed"),
        ({"type": "train", "dataset": "a", "out": "b", "recipe": {"preset": "quick", "val_fraction": 10**400}}, "val"),
    ],
)
def test_a_missing_or_wrong_field_is_named(fields, named):
    with pytest.raises(LineError, match=named):
        decode_request(json.dumps({"id": "1", **fields}))


@pytest.mark.parametrize("request_id", [None, ""])
def test_a_request_needs_an_id(request_id):
    fields = {"type": "stop"} if request_id is None else {"type": "stop", "id": request_id}
    with pytest.raises(LineError, match="id"):
        decode_request(json.dumps(fields))


def test_unknown_fields_of_later_releases_dont_matter():
    assert decode_request('{"id": "1", "type": "check", "dataset": "a", "new": [1]}') == ("1", CheckRequest("a"))


def test_requests_and_events_arent_mixed_up():
    with pytest.raises(LineError):
        decode_event(encode(CheckRequest("a"), "1"))
    with pytest.raises(LineError):
        decode_request(encode(Stopped(), "1"))


def a_check_that_left_out(count, name="{}.jpg"):
    left = tuple(
        LeftOut(f"/p/{name.format(number)}", "damaged", reason="It is damaged. " * 8) for number in range(count)
    )
    return Finished(
        CheckResult({"cats": 3}, 3, left, (Problem("few", (), message="Few."),), {"cats": ("/p/1.jpg",)}, 2, True)
    )


def test_a_long_list_of_what_is_left_out_is_read_in_steps():
    end = a_check_that_left_out(15_001)
    line = encode(end, "reader-7").encode()
    assert len(line) > 1_000_000
    *breaks, read = lines.decode_event_in_steps(line)
    assert read == ("reader-7", end) and type(read[1].result) is CheckResult
    assert breaks == [None] * 5  # before it is looked at, and before each part


@pytest.mark.parametrize(("length", "breaks"), [(1_000_000, 0), (1_000_001, 2)])
def test_a_line_of_more_than_a_megabyte_is_read_in_steps(length, breaks):
    short = encode(a_check_that_left_out(1), "1")
    line = short.replace("/p/0.jpg", "/p/0.jpg".ljust(8 + length - len(short), "x"))
    assert len(line) == length
    *found, read = lines.decode_event_in_steps(line)
    assert found == [None] * breaks and read == ("1", decode_event(line)[1])


def test_another_long_event_and_one_with_odd_names_are_read_as_well():
    long = PicturePredicted("/p/" + "x" * lines.LONG)
    assert decode_event(encode(long, "1")) == ("1", long)
    odd = a_check_that_left_out(2 * lines.AT_ONCE, name="\udcff{}.jpg")
    assert decode_event(encode(odd, "1")) == ("1", odd)
    with pytest.raises(LineError):
        decode_event(encode(odd, "1")[:-9])


def test_damaged_lines_are_read_or_refused_and_nothing_else():
    lines = [
        encode(TrainRequest("/p", "/r", make_recipe(Preset.FINE_TUNE)), "1").encode(),
        encode(PredictRequest("/r", ("/p/1.jpg", "/p/2.jpg")), "2").encode(),
        *(path.read_bytes().splitlines()[number] for path in RECORDINGS.glob("*.jsonl") for number in (0, 5, -1)),
    ]
    refused = 0
    for case in range(3000):
        line = mutated(lines[case % len(lines)], random.Random(case)).decode(errors="replace")
        for decode in (decode_request, decode_event):
            try:
                decode(line)
            except LineError as error:
                assert str(error)
                refused += 1
    assert refused > 3000
