"""Predictions as a table: whatever names there are, it reads back the same."""

import csv
import os
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages import PicturePrediction, Prediction
from xception_gui.runs.prediction_table import refuse_place, write_csv


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


PREDICTIONS = [
    PicturePrediction("a.jpg", (Prediction("dog", 0.75), Prediction("cat", 0.25))),
    PicturePrediction("b.jpg", (), "It is empty: 0 bytes."),
]


def test_each_picture_is_a_row_with_all_classes_in_their_order(tmp_path):
    write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    assert read(tmp_path / "a.csv") == [
        ["path", "class", "probability", "error", "cat", "dog"],
        ["a.jpg", "dog", "0.75", "", "0.25", "0.75"],
        ["b.jpg", "", "", "It is empty: 0 bytes.", "", ""],
    ]


NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@example(names=["two\nlines", "others\r\n"], path='"a", b\r', probability=0.5)
@given(names=st.lists(NAME, min_size=2, max_size=4, unique=True), path=NAME, probability=st.floats(0, 1))
def test_any_names_and_numbers_read_back_the_same(tmp_path_factory, names, path, probability):
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    said = tuple(Prediction(name, probability) for name in names)
    write_csv(file, [PicturePrediction(path, said)], names)
    header, row = read(file)
    assert header[4:] == names
    assert row[:2] == [path, names[0]]
    assert [float(cell) for cell in row[4:]] == [probability] * len(names)


def test_names_that_arent_utf8_are_written_with_backslashes(tmp_path):
    write_csv(tmp_path / "a.csv", [PicturePrediction(os.fsdecode(b"caf\xe9.jpg"), ())], ["cat", "dog"])
    assert read(tmp_path / "a.csv")[1][0] == r"caf\udce9.jpg"


def test_what_came_there_after_it_was_looked_at_is_not_replaced(tmp_path):
    refuse_place(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text("my notes")
    with pytest.raises(ProgramError) as caught:
        write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    assert caught.value.code is ErrorCode.TABLE_EXISTS
    assert (tmp_path / "a.csv").read_text() == "my notes"


def test_a_table_that_is_there_is_replaced(tmp_path):
    write_csv(tmp_path / "a.csv", PREDICTIONS * 50, ["cat", "dog"])
    write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    assert len(read(tmp_path / "a.csv")) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_table_for_spreadsheets_says_that_it_is_utf8_and_is_known_again(tmp_path):
    pictures = [PicturePrediction("瓶.jpg", (Prediction("玻璃", 1.0),))]
    write_csv(tmp_path / "a.csv", pictures, ["玻璃"], for_spreadsheets=True)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfpath,class,")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["瓶.jpg", "玻璃", "1.0", "", "1.0"]
    refuse_place(tmp_path / "a.csv")
    write_csv(tmp_path / "a.csv", pictures, ["玻璃"])
    assert (tmp_path / "a.csv").read_bytes().startswith(b"path,class,")


def test_where_nothing_can_be_written_the_place_is_named(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere" / "a.csv", tmp_path / "folder"):
        with pytest.raises(ProgramError) as caught:
            write_csv(path, PREDICTIONS, ["cat", "dog"])
        assert caught.value.code is ErrorCode.CANNOT_WRITE
        assert str(path) in caught.value.text.what
    assert (tmp_path / "folder").is_dir()


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff a photograph", b"path,class,probability\n", b"{}", b"\xef\xbb\xbf", b"\xef\xbb\xbfmine"]
)
def test_a_file_that_is_no_table_of_this_program_is_never_replaced(content, tmp_path):
    (tmp_path / "mine.jpg").write_bytes(content)
    (tmp_path / "link.csv").symlink_to("mine.jpg")
    for name in ("mine.jpg", "link.csv"):
        with pytest.raises(ProgramError) as caught:
            refuse_place(tmp_path / name)
        assert caught.value.code is ErrorCode.TABLE_EXISTS
    assert (tmp_path / "mine.jpg").read_bytes() == content


@pytest.mark.parametrize("work", [refuse_place, lambda path: write_csv(path, PREDICTIONS, ["cat", "dog"])])
def test_what_is_refused_is_named(work, tmp_path):
    (tmp_path / "mine.jpg").write_text("my notes")
    (tmp_path / "folder").mkdir()
    for path, code in (
        (tmp_path / "mine.jpg", ErrorCode.TABLE_EXISTS),
        (tmp_path / "nowhere" / "a.csv", ErrorCode.CANNOT_WRITE),
        (tmp_path / "mine.jpg" / "a.csv", ErrorCode.CANNOT_WRITE),
        (tmp_path / "folder", ErrorCode.CANNOT_WRITE),
    ):
        with pytest.raises(ProgramError) as caught:
            work(path)
        assert (caught.value.code, caught.value.details["path"]) == (code, str(path))
    assert (tmp_path / "mine.jpg").read_text() == "my notes"


def test_why_a_place_cant_be_written_is_said(tmp_path):
    for path, found in ((tmp_path / "nowhere" / "a.csv", "its folder is not there"), (tmp_path, "it is a folder")):
        with pytest.raises(ProgramError) as caught:
            refuse_place(path)
        assert caught.value.details["found"] == found


def test_a_place_that_cant_be_looked_at_is_refused(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.csv").write_text("path,class,probability,error")
    monkeypatch.setattr(Path, "open", refuse)
    for work in (refuse_place, lambda path: write_csv(path, [], [])):
        with pytest.raises(ProgramError) as caught:
            work(tmp_path / "a.csv")
        assert (caught.value.code, caught.value.details["found"]) == (ErrorCode.CANNOT_WRITE, "Permission denied")


def test_what_comes_there_while_it_is_written_is_not_replaced(tmp_path, monkeypatch):
    lexists = os.path.lexists

    def come_then(path: Path) -> bool:
        there = lexists(path)
        (tmp_path / "a.csv").write_text("my notes")
        return there

    monkeypatch.setattr(os.path, "lexists", come_then)
    with pytest.raises(ProgramError) as caught:
        write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    assert (caught.value.code, caught.value.details) == (ErrorCode.TABLE_EXISTS, {"path": str(tmp_path / "a.csv")})
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.csv", "my notes")]


def test_an_earlier_table_an_empty_file_and_a_new_name_are_fine(tmp_path):
    write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    (tmp_path / "empty.csv").touch()
    for name in ("a.csv", "empty.csv", "new.csv"):
        refuse_place(tmp_path / name)


def test_a_place_where_nothing_can_be_written_is_refused_before_any_work(tmp_path):
    for path in (tmp_path / "nowhere" / "a.csv", tmp_path):
        with pytest.raises(ProgramError) as caught:
            refuse_place(path)
        assert caught.value.code is ErrorCode.CANNOT_WRITE


def test_a_link_to_an_earlier_table_stays_a_link(tmp_path):
    write_csv(tmp_path / "a.csv", [], [])
    (tmp_path / "link.csv").symlink_to("a.csv")
    write_csv(tmp_path / "link.csv", PREDICTIONS, ["cat", "dog"])
    assert (tmp_path / "link.csv").is_symlink()
    assert len(read(tmp_path / "a.csv")) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[list[list[str]]] = []
    reader = threading.Thread(target=lambda: received.append(read(pipe)), daemon=True)
    reader.start()
    write_csv(pipe, PREDICTIONS, ["cat", "dog"])
    reader.join(timeout=60)
    assert pipe.is_fifo()
    assert [row[0] for row in received[0]] == ["path", "a.jpg", "b.jpg"]
