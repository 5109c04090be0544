"""`run.json`: its exact text, its limits, and what it may name."""

import json
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.unit.test_run_folder import make_record
from xception_gui.domain.recipe import Precision, Preset, make_recipe
from xception_gui.runs import schema
from xception_gui.runs.schema import Figures, RunRecord, SplitRecord, Status, is_on_this_computer

AA, BB, CC = ("aa" * 32, "bb" * 32, "cc" * 32)
NOTHING = SplitRecord((), ())


def read(text: str) -> RunRecord:
    return RunRecord.from_json(text.encode())


def written(**fields: object) -> dict[str, object]:
    return {**json.loads(make_record().as_json()), **fields}


def is_believed(**fields: object) -> bool:
    """Whether a record with such fields can be read."""
    try:
        read(json.dumps(written(**fields)))
    except ValueError:
        return False
    return True


# --- As text ------------------------------------------------------------------------------------------------------


def test_a_record_has_a_line_for_each_picture():
    split = SplitRecord((("cat/1.jpg", AA), ("dog/猫.jpg", BB)), (("cat/3.jpg", CC),))
    text = make_record(split=split, recipe=make_recipe(Preset.QUICK), classes=("cat", "dog")).as_json()
    head, _, pictures = text.partition(' "split": ')
    assert pictures == (
        f'{{\n  "train": [\n   ["cat/1.jpg", "{AA}"],\n   ["dog/猫.jpg", "{BB}"]],\n'
        f'  "val": [\n   ["cat/3.jpg", "{CC}"]],\n  "test": []\n }}\n}}\n'
    )
    assert head.startswith('{\n "status": "training",\n "recipe": {\n  "preset": "quick",')
    assert head.endswith(' "format": 1,\n "escaped": true,\n')
    assert read(text) == make_record(split=split, recipe=make_recipe(Preset.QUICK))
    assert '"猫"' in make_record(classes=("猫", "dog"), split=NOTHING).as_json()


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
    text = make_record(split=SplitRecord(((name, AA),), ())).as_json()
    assert json.loads(text)["split"]["train"] == [[as_written, AA]]
    assert read(text).split.train == ((name, AA),)


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
    assert (is_believed(split=split), is_believed(split=split, escaped=False)) == (now, first_release)


def test_the_first_release_wrote_names_as_they_are():
    text = json.dumps(written(split={"train": [["cat/%5C%3A%25", AA]], "val": []}, escaped=False))
    assert read(text).split.train == (("cat/%5C%3A%25", AA),)
    fields = json.loads(text)
    del fields["escaped"]
    assert read(json.dumps(fields)).split.train == (("cat/%5C%3A%25", AA),)


def test_what_a_record_needn_t_say():
    fields = written()
    for name in ("seconds", "figures", "runtime", "precision", "architecture", "format"):
        del fields[name]
    record = read(json.dumps(fields))
    assert (record.seconds, record.figures, record.runtime, record.precision) == (0.0, None, "litert-float32", None)
    assert (record.format, record.architecture, record.split.test) == (1, "xception", ())
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
            "split": {"split": {"train": [], "val": [[f"cat/{name}", AA]]}},
            "classes": {"classes": ["cat", name], "split": {"train": [], "val": []}},
        }[place]
        assert is_believed(**fields) == can_be
        if can_be:
            record = read(json.dumps(written(**fields)))
            assert read(record.as_json().encode("utf-8", "backslashreplace").decode()) == record


def test_of_a_record_that_isnt_utf8_thirty_megabytes_are_read(monkeypatch):
    assert (schema.MAX_BYTES_READ_SLOWLY, schema.MAX_BYTES) == (30_000_000, 100_000_000)
    data = json.dumps(written(dataset="/caf\udce9")).encode()
    monkeypatch.setattr(schema, "MAX_BYTES_READ_SLOWLY", len(data))
    assert RunRecord.from_json(data).dataset == "/caf\udce9"
    monkeypatch.setattr(schema, "MAX_BYTES_READ_SLOWLY", len(data) - 1)
    with pytest.raises(ValueError, match="invalid"):
        RunRecord.from_json(data)


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
        ({"format": 2}, False),
        ({"seconds": 0}, True),
        ({"seconds": -0.1}, False),
        ({"seconds": 1e300}, True),
        ({"versions": {}}, True),
        ({"versions": {str(number): "1" for number in range(100)}}, True),
        ({"versions": {str(number): "1" for number in range(101)}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "AA" * 32]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "gg" * 32]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "0a" * 31 + "f"]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "0a" * 32 + "f"]]}}, False),
        ({"split": {"train": [], "val": [["cat/1.jpg", "09af" * 16]]}}, True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_record_says_is_such_as_can_be(fields, can_be):
    assert is_believed(**{"split": {"train": [], "val": []}, **fields}) == can_be


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_a_training_took_a_number_of_seconds(seconds):
    with pytest.raises(ValueError, match="took"):
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
    with pytest.raises(ValueError, match="longer than any"):
        make_record(**fields("x" * 1001))


# --- Where pictures are -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relative", "plain", "in_parts"),
    [
        ("cat/1.jpg", "cat", None),
        ("cat/dog/1.jpg", "cat", "dog"),
        ("dog/cat/x/1.jpg", "dog", "cat"),
        ("train/cat/1.jpg", None, "cat"),
        ("train/cat", None, None),
        ("cat/cat", "cat", None),
        ("cat", None, None),
        ("cat/", None, None),
        ("cat//1.jpg", None, None),
        ("cat/./1.jpg", None, None),
        ("cat/../1.jpg", None, None),
        ("cat/...", "cat", None),
        ("Cat/1.jpg", None, None),
        ("", None, None),
    ],
)
def test_the_class_of_a_picture_is_the_folder_below_the_data_set_or_its_part(relative, plain, in_parts):
    for has_parts, wanted in ((False, plain), (True, in_parts)):
        record = make_record(has_parts=has_parts, split=NOTHING)
        if wanted is not None:
            assert record.class_of(relative) == wanted
        else:
            with pytest.raises(ValueError, match="is no picture of its classes"):
                record.class_of(relative)


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
        split = {"train": [], "val": [], part: [["cat/1.jpg", AA], ["bird/2.jpg", AA]]}
        assert not is_believed(split=split)
    with pytest.raises(msgspec.ValidationError):
        read(json.dumps(written(status="asleep")))
