"""A run on disk: what was written comes back, and what is damaged is told in a sentence, never run or followed."""

import csv
import json
import os
import pickle
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.lines import decode_event
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.files.atomic import replacing, write_text
from xception_gui.runs.lock import RunLock, Work
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.run_log import RunLog
from xception_gui.runs.schema import Figures, RecordedPicture, RunRecord, SplitRecord, Status
from xception_gui.words.errors import text_of

NOT_UTF8 = os.fsdecode(b"caf\xe9")


def make_record(**fields: object) -> RunRecord:
    defaults = {
        "status": Status.TRAINING,
        "recipe": make_recipe(Preset.FINE_TUNE, seed=3, weights="w.h5"),
        "classes": ("cat", "dog"),
        "split": SplitRecord(
            (RecordedPicture("cat/1.jpg", "aa" * 32, 0), RecordedPicture("dog/x/2.jpg", "bb" * 32, 1)),
            (RecordedPicture("cat/3.jpg", "cc" * 32, 0),),
        ),
        "dataset": "/pictures",
        "has_parts": False,
        "backbone": None,
        "image_size": 299,
        "versions": {"xception-gui": "1.0"},
        "device": "CPU",
        "created": "2025-01-31T10:00:00+01:00",
    }
    return RunRecord(**{**defaults, **fields})


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "run")
    folder.create(make_record())
    return folder


def damage_of(read: object, *arguments: object) -> str:
    """The sentence that says what is damaged."""
    with pytest.raises(ProgramError) as caught:
        read(*arguments)
    assert caught.value.code is ErrorCode.RUN_DAMAGED
    assert "\n" not in text_of(caught.value).why
    return text_of(caught.value).why


# --- Making a run -------------------------------------------------------------------------------------------------


def test_a_new_run_holds_its_record_labels_and_card(run):
    assert sorted(path.name for path in run.path.iterdir()) == ["README.md", "labels.txt", "run.json"]
    assert run.read_record() == make_record()


def test_a_run_can_be_made_in_folders_that_dont_exist_yet_or_in_an_empty_one(tmp_path):
    RunFolder(tmp_path / "a" / "b" / "run").create(make_record())
    (tmp_path / "empty").mkdir()
    RunFolder(tmp_path / "empty").create(make_record())
    assert RunFolder(tmp_path / "empty").read_record() == make_record()


def test_the_folder_above_may_be_made_by_somebody_else_meanwhile(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", lambda *_, **__: False)
        RunFolder(tmp_path / "run").create(make_record())
    assert RunFolder(tmp_path / "run").read_record() == make_record()


def test_a_run_is_never_written_over_anything(tmp_path, run):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    for path in (run.path, tmp_path / "file", tmp_path / "folder"):
        with pytest.raises(ProgramError) as caught:
            RunFolder(path).create(make_record())
        assert caught.value.code is ErrorCode.RUN_EXISTS
    assert (tmp_path / "file").read_text() == "mine"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["mine"]


def test_where_nothing_can_be_written_the_system_is_quoted(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ProgramError) as caught:
        RunFolder(tmp_path / "file" / "run").create(make_record())
    assert caught.value.code is ErrorCode.CANNOT_WRITE
    assert "Not a directory" in text_of(caught.value).why


def test_a_run_that_came_to_nothing_is_removed(run):
    run.delete()
    assert not run.path.exists()


def test_the_names_in_a_run_are_known(tmp_path):
    """Other releases and other programs look for them."""
    run = RunFolder(tmp_path)
    assert {name: path.name for name, path in vars(run).items() if name not in ("path", "_held")} == {
        "record_file": "run.json",
        "events": "events.jsonl",
        "metrics": "metrics.csv",
        "head": "head.npz",
        "backbone": "backbone.tflite",
        "keras_model": "model.keras",
        "labels": "labels.txt",
        "card": "README.md",
        "checkpoint": "checkpoint",
        "quick": "quick",
    }
    assert all(path.parent == tmp_path for path in vars(run).values() if isinstance(path, Path) and path != tmp_path)


def test_a_run_that_is_held_is_written_into_as_long_as_it_is_itself(run):
    write_head = (BLOCKS, np.zeros((ROWS, 2), np.float32), np.zeros(2, np.float32))
    run.refuse_another()
    run.hold()
    run.refuse_another()
    run.write_record(make_record(status=Status.STOPPED))
    away = run.path.rename(run.path.with_name("away"))
    for is_another in (False, True):
        if is_another:
            run.path.mkdir()
        for write in (run.refuse_another, lambda: run.write_record(make_record()), lambda: run.write_head(*write_head)):
            with pytest.raises(ProgramError) as caught:
                write()
            assert (caught.value.code, caught.value.details["path"]) == (ErrorCode.CANNOT_WRITE, str(run.path))
            assert caught.value.details["found"] == "the folder was moved in the meantime"
    assert list(run.path.iterdir()) == []
    run.path.rmdir()
    away.rename(run.path)
    run.write_head(*write_head)
    with pytest.raises(FileNotFoundError):
        RunFolder(run.path / "nowhere").hold()


def test_a_record_is_changed_as_it_is_once_it_is_held(run, monkeypatch):
    """Somebody who held it just before wrote something else."""

    def lock_after_another(path: Path, work: Work) -> RunLock:
        run.write_record(make_record(status=Status.FINISHED, figures=Figures(0.9, 0.3)))
        return RunLock(path, work)

    monkeypatch.setattr("xception_gui.runs.run_folder.RunLock", lock_after_another)
    run.change_record(dataset="/moved")
    assert run.read_record() == make_record(status=Status.FINISHED, figures=Figures(0.9, 0.3), dataset="/moved")


def test_only_what_is_a_run_is_held_to_be_changed(tmp_path):
    with pytest.raises(ProgramError) as caught:
        RunFolder(tmp_path).change_record(dataset="/moved")
    assert caught.value.code is ErrorCode.NOT_A_RUN and list(tmp_path.iterdir()) == []


def test_the_card_has_the_name_of_the_folder_or_the_one_that_is_told(run):
    assert run.card.read_text(encoding="utf-8").startswith("# run\n")
    run.write_record(make_record(), "another")
    assert run.card.read_text(encoding="utf-8").startswith("# another\n")


def test_a_run_is_renamed_although_its_card_cant_be_written(run, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xception_gui.runs.run_folder.write_text", fail)
    renamed = run.rename("new")
    assert renamed.path == run.path.with_name("new") and renamed.read_record() == make_record()


def test_a_rename_that_the_system_refuses_is_told_with_the_new_name(run, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("xception_gui.runs.run_folder.place", refuse)
    with pytest.raises(ProgramError) as caught:
        run.rename("new")
    assert caught.value.code is ErrorCode.CANNOT_WRITE
    assert caught.value.details == {"path": str(run.path.with_name("new")), "found": Finding.SYSTEM_PERMISSION_DENIED}


def test_a_name_that_is_taken_is_told(run):
    run.path.with_name("new").mkdir()
    for work, path in ((lambda: run.rename("new"), "new"), (lambda: run.create(make_record()), "run")):
        with pytest.raises(ProgramError) as caught:
            work()
        assert caught.value.code is ErrorCode.RUN_EXISTS
        assert caught.value.details == {"path": str(run.path.with_name(path))}


@pytest.mark.skipif(os.name != "posix", reason="Rights are written otherwise here")
def test_a_new_run_may_be_read_by_others_and_only_it_is_made(tmp_path):
    before = os.umask(0o022)
    try:
        RunFolder(tmp_path / "run").create(make_record())
    finally:
        os.umask(before)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_that_came_to_nothing_leaves_what_somebody_put_there(run):
    (run.path / "notes").touch()
    run.delete()
    assert [path.name for path in run.path.iterdir()] == ["notes"]


def test_of_a_record_a_hundred_megabytes_are_read(run, monkeypatch):
    size = run.record_file.stat().st_size
    monkeypatch.setattr("xception_gui.runs.run_folder.MAX_BYTES", size)
    assert run.read_record() == make_record()
    monkeypatch.setattr("xception_gui.runs.run_folder.MAX_BYTES", size - 1)
    assert "larger than" in damage_of(run.read_record)


def test_what_is_found_is_told_in_one_short_line(run):
    error = run.damaged(run.head, "a\n  b\t" + "c" * 300)
    assert error.details == {"path": str(run.path), "file": "head.npz", "found": "a b " + "c" * 196}


def converted(run: RunFolder, *names: str) -> None:
    for name in names:
        (run.checkpoint / name).mkdir(parents=True)


def test_of_the_best_epochs_that_were_made_usable_the_latest_is_the_model(run):
    """By their numbers: as words, 10 comes before 9."""
    run.checkpoint.mkdir()
    assert run.model(Status.TRAINING).path == run.checkpoint
    for names, latest in ((["best-1"], "best-1"), (["best-10", "best-9"], "best-10"), (["best-2"], "best-10")):
        converted(run, *names)
        assert run.model(Status.TRAINING).path == run.model(Status.FAILED).path == run.checkpoint / latest
    converted(run, "best-100.old", "best-x", "best-", "worst-200")
    (run.checkpoint / "best-300").touch()
    (run.checkpoint / "best-400").symlink_to(run.checkpoint / "best-1")
    assert run.model(Status.TRAINING).path == run.checkpoint / "best-10"
    assert run.model(Status.FINISHED) is run.model(Status.STOPPED) is run


# --- run.json -----------------------------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=9).filter(
    lambda name: name not in (".", "..")
)
FIGURE = st.floats(0, 10)
SHARE = st.floats(0, 1)


@given(
    classes=st.lists(NAMES, min_size=2, max_size=4, unique=True),
    file=st.text(st.characters(exclude_categories=["Cs"]) | st.just("\udce9"), min_size=1)
    .map(lambda name: name.replace("/", "_"))
    .filter(lambda name: name not in (".", "..")),
    status=st.sampled_from(Status),
    preset=st.sampled_from(Preset),
    figures=st.none() | st.builds(Figures, SHARE, FIGURE, st.integers(0, 9), st.integers(1, 9), FIGURE, SHARE, FIGURE),
    has_parts=st.booleans(),
)
def test_a_record_comes_back_as_it_was(tmp_path_factory, classes, file, status, preset, figures, has_parts):
    run = RunFolder(tmp_path_factory.mktemp("record"))
    relative = "/".join((*(["train"] if has_parts else []), classes[0], file))
    record = make_record(
        classes=tuple(classes),
        status=status,
        recipe=make_recipe(preset),
        figures=figures,
        has_parts=has_parts,
        split=SplitRecord((RecordedPicture(relative, "aa" * 32, 0),), ()),
        dataset=file,
    )
    run.write_record(record)
    assert run.read_record() == record
    run.record_file.read_text(encoding="utf-8")
    run.card.read_text(encoding="utf-8")


def test_run_json_is_what_is_documented(run):
    fields = json.loads(run.record_file.read_text(encoding="utf-8"))
    wanted = "format status recipe classes split dataset backbone image_size figures versions device created seconds"
    assert {*wanted.split(), "question", "architecture"} <= set(fields)
    assert (fields["format"], fields["status"], fields["question"]) == (2, "training", "class")
    assert fields["architecture"] == "xception"
    assert fields["split"]["train"] == [["cat/1.jpg", "aa" * 32, 0], ["dog/x/2.jpg", "bb" * 32, 1]]


def test_figures_that_arent_known_arent_mentioned(run):
    run.write_record(make_record(figures=Figures(0.9, 0.3)))
    assert json.loads(run.record_file.read_text())["figures"] == {"val_accuracy": 0.9, "val_log_loss": 0.3}


def test_a_folder_without_a_record_is_no_run(tmp_path):
    for path, found in ((tmp_path, "has none"), (tmp_path / "nowhere", "doesn't exist")):
        with pytest.raises(ProgramError) as caught:
            RunFolder(path).read_record()
        assert caught.value.code is ErrorCode.NOT_A_RUN
        assert found in text_of(caught.value).why
        assert caught.value.details["path"] == str(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b"[" * 100_000, b'{"format": 1}'],
    ids=["nothing", "cut short", "list", "null", "not UTF-8", "no fields", "too deep", "no status"],
)
def test_a_damaged_record_is_told(run, content):
    run.record_file.write_bytes(content)
    assert damage_of(run.read_record).startswith("The file run.json is missing or damaged: ")


def test_a_record_cut_short_anywhere_is_told(run):
    whole = run.record_file.read_bytes().rstrip()
    for length in range(0, len(whole), 97):
        run.record_file.write_bytes(whole[:length])
        damage_of(run.read_record)


def change_record(run: RunFolder, **fields: object) -> None:
    known = json.loads(run.record_file.read_text(encoding="utf-8"))
    run.record_file.write_text(json.dumps({**known, **fields}))


@pytest.mark.parametrize("read", [RunFolder.read_record, RunFolder.read_outline])
def test_a_record_of_a_later_format_is_told_as_such(read, run):
    """Whatever else it holds, and without a word of damage."""
    change_record(run, format=3, classes={"class": ["cat", "dog"]}, split=[])
    with pytest.raises(ProgramError) as caught:
        read(run)
    assert caught.value.code is ErrorCode.RUN_OF_NEWER_RELEASE
    assert "Its format is 3, and this version reads up to 2" in text_of(caught.value).why


def test_a_format_that_there_never_was_is_damage(run):
    change_record(run, format=0)
    assert "unknown format 0" in damage_of(run.read_record)


def test_a_question_that_this_release_doesnt_know_is_told(run):
    change_record(run, question="colour")
    assert "unknown question “colour”" in damage_of(run.read_record)


@pytest.mark.parametrize("read", [RunFolder.read_record, RunFolder.read_outline])
@pytest.mark.parametrize("others", [{}, {"recipe": {"preset": "attention"}}, {"format": 1, "split": []}])
def test_an_architecture_of_a_later_release_is_told_as_such(read, others, run):
    """Whatever else the record says, it isn't called damaged."""
    change_record(run, architecture="inception-v3", **others)
    with pytest.raises(ProgramError) as caught:
        read(run)
    assert caught.value.code is ErrorCode.RUN_OF_NEWER_RELEASE
    assert text_of(caught.value).why == (
        "The model was made with a newer version of this program. "
        "Its architecture is “inception-v3”, and this version knows “xception”."
    )


def test_what_can_be_no_architecture_is_damage(run):
    change_record(run, architecture=["xception"])
    assert "architecture" in damage_of(run.read_record)
    change_record(run, architecture=["xception"], format=3)
    with pytest.raises(ProgramError) as caught:
        run.read_record()
    assert caught.value.code is ErrorCode.RUN_OF_NEWER_RELEASE


def test_fields_of_later_releases_dont_matter(run):
    change_record(run, more="fields")
    assert run.read_record() == make_record()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "asleep"},
        {"classes": ["cat"], "split": {"train": [], "val": []}},
        {"classes": ["cat", "cat"], "split": {"train": [], "val": []}},
        {"classes": "cat dog"},
        {"recipe": {"preset": "quick", "image_size": 3}},
        {"image_size": "299"},
        {"split": {"train": [["cat/1.jpg"]], "val": []}},
        {"split": {"train": [["cat/1.jpg", "aa" * 32]], "val": []}},
        {"split": {"train": [["cat/1.jpg", "aa" * 32, "cat"]], "val": []}},
        {"split": {"train": [["cat/1.jpg", "aa" * 32, 2]], "val": []}},
        {"split": {"train": [["cat/1.jpg", "aa" * 32, -1]], "val": []}},
        {"figures": {"val_accuracy": None}},
    ],
    ids=str,
)
def test_a_record_that_makes_no_sense_is_told(run, fields):
    change_record(run, **fields)
    damage_of(run.read_record)


@pytest.mark.parametrize(
    "relative",
    [
        "cat/../../etc/passwd",
        "../cat/1.jpg",
        "/cat/1.jpg",
        "/etc/passwd",
        "cat/x/../../../1.jpg",
        "",
        "cat/",
        "./1.jpg",
        "..",
    ],
)
@pytest.mark.parametrize("part", ["train", "val", "test"])
def test_a_record_cant_lead_out_of_the_data_set(run, relative, part):
    split = {"train": [], "val": [], part: [["cat/1.jpg", "aa" * 32, 0], [relative, "aa" * 32, 0]]}
    change_record(run, split=split)
    assert f"“{relative}” is not a picture of the data set" in damage_of(run.read_record)


def test_a_label_is_what_the_record_says_wherever_the_picture_lies(run):
    pictures = [["dog/1.jpg", "aa" * 32, 0], ["1.jpg", "bb" * 32, 1], ["deep/in/folders/1.jpg", "cc" * 32, 1]]
    change_record(run, split={"train": pictures, "val": []})
    assert [picture.label for picture in run.read_record().split.train] == [0, 1, 1]


# --- head.npz -----------------------------------------------------------------------------------------------------

BLOCKS = (13, 14)
ROWS = XCEPTION.size_of(BLOCKS)


def write_arrays(run: RunFolder, **arrays: object) -> None:
    """A head.npz with some of its arrays replaced; None leaves one out."""
    known = {"blocks": np.array(BLOCKS, np.int32), "kernel": np.zeros((ROWS, 2), np.float32)}
    known |= {"bias": np.zeros(2, np.float32), **arrays}
    np.savez(run.head, **{name: array for name, array in known.items() if array is not None})


def test_a_head_comes_back_as_it_was(run):
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(ROWS, 2)).astype(np.float32), np.array([1, -1], np.float32)
    run.write_head(BLOCKS, kernel, bias)
    blocks, read_kernel, read_bias = run.read_head(XCEPTION, 2)
    assert blocks == BLOCKS
    np.testing.assert_array_equal(read_kernel, kernel)
    np.testing.assert_array_equal(read_bias, bias)


@pytest.mark.parametrize(
    ("arrays", "found"),
    [
        ({"kernel": np.zeros((ROWS, 3), np.float32)}, "shape"),
        ({"kernel": np.zeros((ROWS - 1, 2), np.float32)}, "shape"),
        ({"kernel": np.zeros((2, ROWS), np.float32)}, "shape"),
        ({"kernel": np.zeros(ROWS, np.float32)}, "shape"),
        ({"kernel": np.float32(0)}, "shape"),
        ({"bias": np.zeros(3, np.float32)}, "shape"),
        ({"bias": np.zeros((1, 2), np.float32)}, "shape"),
        ({"blocks": np.array([14], np.int32)}, "shape"),
        ({"blocks": np.array([5, 14], np.int32)}, "5"),
        ({"blocks": np.int32(14)}, "iter"),
        ({"blocks": np.array(["a"])}, "a"),
        ({"blocks": None}, "blocks"),
        ({"kernel": None}, "kernel"),
        ({"bias": None}, "bias"),
        ({"kernel": np.zeros((ROWS, 2))}, "float64"),
        ({"bias": np.zeros(2, np.int32)}, "int32"),
        ({"kernel": np.full((ROWS, 2), np.nan, np.float32)}, "not finite"),
        ({"kernel": np.pad(np.float32([[np.nan]]), ((0, ROWS - 1), (0, 1)))}, "not finite"),  # one of them
        ({"bias": np.array([np.inf, 0], np.float32)}, "not finite"),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value),
)
def test_a_head_that_doesnt_fit_is_told(run, arrays, found):
    write_arrays(run, **arrays)
    why = damage_of(run.read_head, XCEPTION, 2)
    assert why.startswith("The file head.npz is missing or damaged: ")
    assert found in why


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        (np.array([4, 6, 8, 10, 12, 13, 14], np.int64), None),
        (np.array([14, 4, 13, 6, 12, 8, 10], np.int64), None),
        (np.array([4, 6, 8, 10, 12, 13, 14, 14], np.int64), "more blocks than the network has"),
        (np.zeros(57, np.int8), "more blocks than the network has"),
        (np.array([14, 14], np.int32), "impossible blocks (14, 14)"),
        (np.array([], np.int32), "impossible blocks ()"),
    ],
    ids=str,
)
def test_a_head_looks_at_some_blocks_once_each(run, blocks, found):
    rows = sum(dict(XCEPTION.embedding_channels).get(int(block), 0) for block in blocks)
    write_arrays(run, blocks=blocks, kernel=np.zeros((rows, 2), np.float32))
    if found is None:
        assert run.read_head(XCEPTION, 2)[0] == tuple(blocks)
    else:
        assert found in damage_of(run.read_head, XCEPTION, 2)


@pytest.mark.parametrize("more", [0, 1])
def test_a_head_takes_twice_its_numbers_and_a_megabyte_at_most(run, more):
    """Two classes, 6,712 numbers and one of the bias each, four bytes a number."""
    write_arrays(run)
    with zipfile.ZipFile(run.head) as file:
        known = sum(entry.file_size for entry in file.infolist())
    write_arrays(run, more=np.zeros(2 * 2 * 6713 * 4 + 1_000_000 - known - 128 + more, np.uint8))
    if more:
        assert "MB" in damage_of(run.read_head, XCEPTION, 2)
    else:
        assert run.read_head(XCEPTION, 2)[0] == BLOCKS


class Trap:
    """Whoever unpickles it makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("name", ["blocks", "kernel", "bias"])
def test_a_program_in_a_head_is_never_run(run, tmp_path, name):
    trap = tmp_path / "sprung"
    write_arrays(run, **{name: np.array([Trap(trap)], object)})
    damage_of(run.read_head, XCEPTION, 2)
    run.head.write_bytes(pickle.dumps(Trap(trap)))
    damage_of(run.read_head, XCEPTION, 2)
    assert not trap.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"words"])
def test_a_head_that_is_no_archive_is_told(run, content):
    run.head.write_bytes(content)
    damage_of(run.read_head, XCEPTION, 2)


def test_a_missing_head_is_told(run):
    assert "no such file" in damage_of(run.read_head, XCEPTION, 2)


@given(data=st.data())
def test_a_damaged_head_is_told_whatever_happened_to_it(tmp_path_factory, data):
    run = RunFolder(tmp_path_factory.mktemp("head"))
    run.write_head((13,), np.zeros((1024, 2), np.float32), np.zeros(2, np.float32))
    whole = bytearray(run.head.read_bytes())
    near_the_ends = st.integers(0, 600) | st.integers(len(whole) - 600, len(whole) - 1)  # zeros lie between
    for place in data.draw(st.lists(near_the_ends, min_size=1, max_size=3)):
        whole[place] ^= data.draw(st.integers(1, 255))
    run.head.write_bytes(whole[: data.draw(st.just(len(whole)) | st.integers(0, len(whole)))])
    try:
        blocks, kernel, bias = run.read_head(XCEPTION, 2)
    except ProgramError as error:
        assert error.code is ErrorCode.RUN_DAMAGED
    else:
        assert (blocks, kernel.shape, bias.shape) == ((13,), (1024, 2), (2,))


# --- The other files ----------------------------------------------------------------------------------------------


def test_labels_are_one_class_a_line(tmp_path):
    classes = ("cat", "two\nlines", "猫", NOT_UTF8)
    run = RunFolder(tmp_path / "run")
    run.create(make_record(classes=classes, split=SplitRecord((), ())))
    assert run.labels.read_text(encoding="utf-8").split("\n") == ["cat", "two lines", "猫", r"caf\udce9", ""]


EPOCH = EpochFinished(1, 80, 0.5, 0.75, 0.25, 1.0, 1e-3, 2.5, True)


def test_metrics_are_a_table_with_a_row_for_each_epoch(run):
    log = RunLog(run)
    log.write(PhaseStarted(Phase.TRAINING, 80))
    log.write(EPOCH)
    log.write(msgspec.structs.replace(EPOCH, epoch=2, loss=None, accuracy=None, learning_rate=None))
    log.close()
    with run.metrics.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["epoch", "images", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"],
        ["1", "80", "0.5", "0.75", "0.25", "1.0", "0.001", "2.5"],
        ["2", "80", "", "", "0.25", "1.0", "", "2.5"],
    ]


def test_events_are_kept_as_sent_and_can_be_read_while_the_run_goes_on(run):
    log = RunLog(run)
    events = [PhaseStarted(Phase.TRAINING, 80), EPOCH]
    for event in events:
        log.write(event)
    read = [decode_event(line) for line in run.events.read_text(encoding="ascii").splitlines()]
    log.close()
    assert read == [(None, event) for event in events]


def test_a_log_that_is_opened_again_goes_on(run):
    for _ in range(2):
        log = RunLog(run)
        log.write(EPOCH)
        log.close()
    assert len(run.metrics.read_text().splitlines()) == 3
    assert len(run.events.read_text().splitlines()) == 2


def test_the_card_tells_what_the_model_is(run):
    figures = Figures(0.9, 0.3, 2, 5, test_accuracy=0.8, test_log_loss=0.4)
    run.write_record(make_record(status=Status.FINISHED, figures=figures))
    card = run.card.read_text(encoding="utf-8")
    for words in (
        "# run",
        "cat, dog",
        "2 for training, 1 for validation",
        "accuracy 0.900",
        "accuracy 0.800",
        "2025-01-31",
    ):
        assert words in card
    assert "finished" in card


def test_names_in_the_card_arent_taken_for_markup(run):
    classes = ("<script>", "# [a](b)\n*c*")
    run.write_record(make_record(classes=classes, split=SplitRecord((), ())))
    card = run.card.read_text(encoding="utf-8")
    assert r"\<script\>, \# \[a\](b) \*c\*" in card


# --- Files that appear whole or not at all ------------------------------------------------------------------------


def test_a_file_is_replaced_whole_or_stays_as_it_was(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "before")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "before"
    with replacing(path) as temporary:
        temporary.write_text("after")
        assert path.read_text() == "before"
        assert temporary.suffix == ".txt"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "after"


@pytest.mark.skipif(os.name != "posix", reason="Rights are written otherwise here")
def test_a_written_file_has_the_usual_rights(tmp_path):
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "a", "")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
