"""`run.json`: its exact text, its limits, and what it may name."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.unit.test_run_folder import make_record
from xception_gui.domain.recipe import Precision, Preset, make_recipe
from xception_gui.runs import record_json, schema
from xception_gui.runs.record_json import from_json, head_from_json, to_json
from xception_gui.runs.schema import (
    Figures,
    RecordedPicture,
    RunHead,
    RunRecord,
    SplitOutline,
    SplitRecord,
    Status,
    is_on_this_computer,
)

AA, BB, CC = ("aa" * 32, "bb" * 32, "cc" * 32)
NOTHING = SplitRecord((), ())


def read(text: str) -> RunRecord:
    return from_json(text.encode())


def written(**fields: object) -> dict[str, object]:
    return {**json.loads(to_json(make_record())), **fields}


def outline_of(text: str) -> SplitOutline | None:
    """What a list reads, without the pictures."""
    found = head_from_json(io.BufferedReader(io.BytesIO(text.encode())))
    return None if found is None else found[1]


def is_believed(**fields: object) -> bool:
    """Whether a record with such fields can be read."""
    try:
        read(json.dumps(written(**fields)))
    except ValueError:
        return False
    return True


# --- As text ------------------------------------------------------------------------------------------------------


def test_a_record_has_a_line_for_each_picture_after_all_else():
    split = SplitRecord(
        (RecordedPicture("cat/1.jpg", AA, 0), RecordedPicture("dog/猫.jpg", BB, 1)),
        (RecordedPicture("cat/3.jpg", CC, 0),),
    )
    text = to_json(make_record(split=split, recipe=make_recipe(Preset.QUICK), classes=("cat", "dog")))
    head, _, pictures = text.partition(' "split": ')
    assert pictures == (
        f'{{\n  "train": [\n   ["cat/1.jpg", "{AA}", 0],\n   ["dog/猫.jpg", "{BB}", 1]],\n'
        f'  "val": [\n   ["cat/3.jpg", "{CC}", 0]],\n  "test": []\n }}\n}}\n'
    )
    assert head.startswith('{\n "format": 2,\n "status": "training",\n "recipe": {\n  "preset": "quick",')
    assert json.loads(text)["outline"] == {
        "train": 2,
        "val": 1,
        "test": 0,
        "samples": ["cat/3.jpg"],
        "looked_for": ["cat/3.jpg"],
    }
    assert read(text) == make_record(split=split, recipe=make_recipe(Preset.QUICK))
    assert '"猫"' in to_json(make_record(classes=("猫", "dog"), split=NOTHING))


@pytest.mark.parametrize(
    ("name", "as_written"),
    [
        ("cat/12:30.jpg", "cat/12%3A30.jpg"),
        ("cat/a\\b.jpg", "cat/a%5Cb.jpg"),
        ("cat/100%.jpg", "cat/100%25.jpg"),
        ("cat/%3A%5C%25%zz", "cat/%253A%255C%2525%25zz"),
    ],
)
def test_what_other_systems_read_otherwise_is_written_out(name, as_written):
    pictures = (RecordedPicture(name, AA, 0),)
    text = to_json(make_record(split=SplitRecord((), pictures)))
    assert json.loads(text)["split"]["val"] == [[as_written, AA, 0]]
    assert json.loads(text)["outline"]["samples"] == json.loads(text)["outline"]["looked_for"] == [as_written]
    assert read(text).split.val == pictures
    assert outline_of(text).samples == outline_of(text).looked_for == (name,)


@pytest.mark.parametrize(
    ("name", "now", "first_release"),
    [
        ("cat/1.jpg", True, True),
        ("cat/12:30.jpg", False, True),
        ("cat/ab:30.jpg", False, True),
        ("cat/C:1.jpg", False, False),
        ("C:/1.jpg", False, False),
        ("cat/z:", False, False),
        ("cat/a\\b.jpg", False, False),
        ("cat/a%5Cb.jpg", True, True),
        ("cat/a%5cb.jpg", True, True),
    ],
)
def test_what_could_lead_elsewhere_is_refused(name, now, first_release):
    split = {"train": [[name, AA]], "val": []}
    assert is_believed(split={"train": [[name, AA, 0]], "val": []}) == now
    assert is_believed(format=1, split=split, escaped=True) == now
    assert is_believed(format=1, split=split, escaped=False) == first_release


def test_the_first_release_wrote_names_as_they_are():
    fields = written(format=1, split={"train": [["cat/%5C%3A%25", AA]], "val": []})
    for text in (json.dumps(fields), json.dumps({**fields, "escaped": False})):
        assert read(text).split.train == (RecordedPicture("cat/%5C%3A%25", AA, 0),)
    assert read(json.dumps({**fields, "escaped": True})).split.train == (RecordedPicture("cat/\\:%", AA, 0),)


def test_what_a_record_needn_t_say():
    fields = written()
    fields["split"] = {part: [entry[:2] for entry in entries] for part, entries in fields["split"].items()}
    for name in ("seconds", "figures", "runtime", "precision", "architecture", "format", "question", "outline"):
        del fields[name]
    record = read(json.dumps(fields))
    assert (record.seconds, record.figures, record.runtime, record.precision) == (0.0, None, "litert-float32", None)
    assert (record.question, record.architecture, record.split.test) == ("class", "xception", ())
    assert Figures(0.5, 1.0) == Figures(0.5, 1.0, None, None, None, None, None, None)


def test_a_record_with_other_fields_is_another_record():
    record = make_record()
    other = record.replaced(status=Status.FINISHED, precision=Precision.FLOAT16, seconds=2.5)
    assert (other.status, other.precision, other.seconds) == ("finished", "float16", 2.5)
    assert other.replaced(status=record.status, precision=None, seconds=0.0) == record


@pytest.mark.parametrize("place", ["dataset", "split", "classes"])
def test_bytes_that_arent_utf8_are_kept_and_halves_of_letters_refused(place):
    for name, can_be in (("caf\udce9", True), ("caf\ud800", False)):
        fields = {
            "dataset": {"dataset": f"/{name}"},
            "split": {"split": {"train": [], "val": [[f"cat/{name}", AA, 0]]}},
            "classes": {"classes": ["cat", name], "split": {"train": [], "val": []}},
        }[place]
        assert is_believed(**fields) == can_be
        if can_be:
            record = read(json.dumps(written(**fields)))
            assert read(to_json(record).encode("utf-8", "backslashreplace").decode()) == record


def test_of_a_record_that_isnt_utf8_thirty_megabytes_are_read(monkeypatch):
    assert (record_json.MAX_BYTES_READ_SLOWLY, schema.MAX_BYTES) == (30_000_000, 100_000_000)
    data = json.dumps(written(dataset="/caf\udce9")).encode()
    monkeypatch.setattr(record_json, "MAX_BYTES_READ_SLOWLY", len(data))
    assert from_json(data).dataset == "/caf\udce9"
    monkeypatch.setattr(record_json, "MAX_BYTES_READ_SLOWLY", len(data) - 1)
    with pytest.raises(ValueError, match="invalid"):
        from_json(data)


# --- Without the pictures ---------------------------------------------------------------------------------------------


def many(count: int, label_count: int = 2) -> tuple[RecordedPicture, ...]:
    return tuple(RecordedPicture(f"all/{number}.jpg", AA, number % label_count) for number in range(count))


def test_what_a_list_shows_is_read_without_the_pictures_and_is_the_same():
    record = make_record(split=SplitRecord(many(3000), many(1000), many(7)), figures=Figures(0.5, 1.0))
    text = to_json(record)
    found = head_from_json(io.BufferedReader(io.BytesIO(text.replace(AA, "no hash").encode())))
    assert found is not None
    head, outline = found
    assert {name: getattr(head, name) for name in RunHead.__struct_fields__} == {
        name: getattr(record, name) for name in RunHead.__struct_fields__
    }
    assert outline == record.split.outline
    assert (outline.train, outline.val, outline.test) == (3000, 1000, 7)
    assert outline.samples == ("all/0.jpg", "all/1.jpg")
    assert outline.looked_for == tuple(f"all/{number}.jpg" for number in (0, 200, 400, 600, 800))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],  # its end is missing
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: json.dumps(json.loads(text)),  # somebody has laid it out anew
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace('"format": 2', '"format": 1'),
        lambda text: text.replace('"format": 2', '"format": 3'),
        lambda text: text.replace('"train": 2,', '"train": -1,'),
        lambda text: text.replace('"looked_for": [', '"looked_for": ["../../1.jpg",'),
        lambda text: text.replace('"looked_for": [', '"looked_for": ["a:b",'),
        lambda text: text.replace('"looked_for": [', '"looked_for": ["1","2","3","4","5",'),
        lambda text: text.replace('"image_size": 299,', '"image_size": 98,', 1),
        lambda text: text.replace('"cat",', '"' + "cat" * 50_000 + '",', 1),
    ],
)
def test_what_isnt_as_this_release_writes_it_is_read_as_a_whole(change):
    text = to_json(make_record())
    assert outline_of(text) is not None and outline_of(change(text)) is None


def test_a_class_may_be_called_as_what_stands_before_the_pictures():
    record = make_record(classes=("cat", ',\n "split": {\n'))
    assert outline_of(to_json(record)) == record.split.outline


# --- Limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["val_accuracy", "test_accuracy"])
def test_an_accuracy_is_a_share(name):
    for value, can_be in ((0.0, True), (1.0, True), (-0.001, False), (1.001, False), (float("nan"), False)):
        assert can_be_figures(name, value) == can_be


@pytest.mark.parametrize("name", ["val_log_loss", "test_log_loss", "strength"])
def test_a_loss_and_a_strength_are_from_0_up(name):
    for value, can_be in ((0.0, True), (1e300, True), (-0.001, False), (float("inf"), False), (float("nan"), False)):
        assert can_be_figures(name, value) == can_be


@pytest.mark.parametrize("name", ["best_epoch", "epochs", "rests_on"])
def test_epochs_and_pictures_can_be_counted(name):
    for value, can_be in ((0, True), (2**31 - 1, True), (-1, False), (2**31, False)):
        assert can_be_figures(name, value) == can_be


def can_be_figures(name: str, value: float) -> bool:
    try:
        Figures(**{"val_accuracy": 0.5, "val_log_loss": 0.5, name: value})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("fields", "can_be"),
    [
        ({"classes": []}, False),
        ({"classes": ["cat"]}, False),
        ({"classes": ["cat", "dog"]}, True),
        ({"classes": ["cat", "dog", "cat"]}, False),
        ({"classes": [str(number) for number in range(10_000)]}, True),
        ({"classes": [str(number) for number in range(10_001)]}, False),
        ({"image_size": 298}, False),
        ({"architecture": "xception"}, True),
        ({"architecture": "resnet"}, False),
        ({"architecture": ""}, False),
        ({"format": 0}, False),
        ({"format": 3}, False),
        ({"question": "class"}, True),
        ({"question": "colour"}, False),
        ({"runtime_seconds": {"litert-float32": 0.04}}, True),
        ({"runtime_seconds": {"litert-float32": -0.04}}, False),
        ({"runtime_seconds": {"x" * 100_000: 0.04}}, False),
        ({"runtime_seconds": {str(n): 0.04 for n in range(1000)}}, False),
        ({"seconds": 0}, True),
        ({"seconds": -0.1}, False),
        ({"seconds": 1e300}, True),
        ({"versions": {}}, True),
        ({"versions": {str(number): "1" for number in range(100)}}, True),
        ({"versions": {str(number): "1" for number in range(101)}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "AA" * 32, 0]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "gg" * 32, 0]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "0a" * 31 + "f", 0]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "0a" * 32 + "f", 0]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "09af" * 16, 0]]}}, True),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, 1], ["cat/2.jpg", AA, 0]]}}, True),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, 0], ["cat/2.jpg", AA, 2]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, -1]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, "cat"]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, None]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", AA, 0, "of a later release"]]}}, True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_record_says_is_such_as_can_be(fields, can_be):
    assert is_believed(**{"split": {"train": [], "val": []}, **fields}) == can_be


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_a_training_took_a_number_of_seconds(seconds):
    with pytest.raises(ValueError, match="a training of"):
        make_record(seconds=seconds)


@pytest.mark.parametrize(
    "fields",
    [
        lambda text: {"classes": ("cat", text), "split": NOTHING},
        lambda text: {"device": text},
        lambda text: {"created": text},
        lambda text: {"runtime": text},
        lambda text: {"versions": {text: "1"}},
        lambda text: {"versions": {"a": text}},
    ],
    ids=["class", "device", "created", "runtime", "part", "version"],
)
def test_a_text_has_a_thousand_letters_at_most(fields):
    make_record(**fields("x" * 1000))
    with pytest.raises(ValueError, match="too long"):
        make_record(**fields("x" * 1001))


# --- Where pictures are -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["train", "val", "test"])
@pytest.mark.parametrize(
    ("label", "is_one"), [(0, True), (1, True), (2, False), (-1, False), (True, False), (10**30, False)]
)
def test_a_label_is_the_number_of_one_of_the_classes(part, label, is_one):
    split = {"train": [], "val": [], part: [["cat/1.jpg", AA, label]]}
    assert is_believed(classes=["cat", "dog"], split=split) == is_one


@pytest.mark.parametrize(
    ("relative", "is_below", "plain", "in_parts"),
    [
        ("cat/1.jpg", True, 0, None),
        ("cat/dog/1.jpg", True, 0, 1),
        ("dog/cat/x/1.jpg", True, 1, 0),
        ("train/cat/1.jpg", True, None, 0),
        ("train/cat", True, None, None),
        ("cat/cat", True, 0, None),
        ("cat", True, None, None),
        ("1.jpg", True, None, None),
        ("cat/...", True, 0, None),
        ("cat/..a/.b", True, 0, None),
        ("Cat/1.jpg", True, None, None),
        ("cat/", False, None, None),
        ("cat//1.jpg", False, None, None),
        ("cat/./1.jpg", False, None, None),
        ("cat/../1.jpg", False, None, None),
        ("cat/..", False, None, None),
        ("./cat/1.jpg", False, None, None),
        ("/cat/1.jpg", False, None, None),
        ("", False, None, None),
    ],
)
def test_a_picture_lies_anywhere_below_its_data_set_and_in_format_1_in_the_folder_of_its_class(
    relative, is_below, plain, in_parts
):
    assert is_believed(split={"train": [["1.jpg", AA, 1], [relative, AA, 1]], "val": []}) == is_below
    for has_parts, label in ((False, plain), (True, in_parts)):
        fields = written(format=1, escaped=True, has_parts=has_parts, split={"train": [[relative, AA]], "val": []})
        if label is None:
            with pytest.raises(ValueError, match=r"is not (a picture of the data set|in a folder)"):
                read(json.dumps(fields))
        else:
            assert read(json.dumps(fields)).split.train == (RecordedPicture(relative, AA, label),)


@pytest.mark.parametrize(
    ("path", "is_here"),
    [
        ("/pictures", True),
        ("pictures", False),
        ("./pictures", False),
        ("", False),
        ("//server/share", False),
        ("\\\\server\\share", False),
        ("/\\server\\share", False),
    ],
)
@pytest.mark.skipif(not Path("/").is_absolute(), reason="Windows has drives")
def test_a_place_of_this_computer_is_an_absolute_one_and_no_other_computers(path, is_here):
    assert is_on_this_computer(path) == is_here
    assert make_record(dataset=path).place_of("cat/1.jpg") == (Path(path, "cat/1.jpg") if is_here else None)


def test_where_a_colon_or_a_backslash_leads_elsewhere_no_such_picture_is_looked_for(monkeypatch):
    record = make_record(dataset="/pictures")
    names = ("cat/12:30.jpg", "cat/a\\b.jpg", "cat/1.jpg")
    for system, found in (("posix", names), ("nt", names[2:])):
        monkeypatch.setattr(schema, "is_on_this_computer", lambda path: True)
        monkeypatch.setattr(schema, "os", SimpleNamespace(name=system))
        places = [record.place_of(name) for name in names]
        assert [place for place in places if place is not None] == [Path("/pictures", name) for name in found]


def test_a_record_is_looked_at_as_a_whole():
    """Also where only the last of its pictures is none of its classes."""
    for part in ("train", "val", "test"):
        split = {"train": [], "val": [], part: [["cat/1.jpg", AA, 0], ["cat/2.jpg", AA, 2]]}
        assert not is_believed(split=split)
        split = {"train": [], "val": [], part: [["cat/1.jpg", AA], ["bird/2.jpg", AA]]}
        assert not is_believed(format=1, split=split)
    with pytest.raises(msgspec.ValidationError):
        read(json.dumps(written(status="asleep")))
