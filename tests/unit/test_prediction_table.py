"""Predictions as a table: whatever names there are, it reads back the same."""

import csv
import io
import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xception_gui.domain.errors import ErrorCode, Finding, ProgramError
from xception_gui.domain.predictions import PicturePrediction, Prediction
from xception_gui.runs.prediction_table import (
    COLUMNS,
    FOR_SCRIPTS,
    as_text,
    class_of,
    for_spreadsheets,
    from_text,
    read_table,
    refuse_place,
    table,
    write_csv,
)
from xception_gui.words.errors import text_of


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
    assert [class_of(from_text(column)) for column in header[4:]] == names
    assert len({column.casefold() for column in header[:4]} & {column.casefold() for column in header[4:]}) == 0
    assert len(set(header)) == len(header)
    assert list(map(from_text, row[:2])) == [path, names[0]]
    assert [float(cell) for cell in row[4:]] == [probability] * len(names)


TRICKY = st.text(st.sampled_from("'=+-@＝＋－＠,;|\t\r\n\"a"), max_size=6)
OWN_NAMES, SUFFIXES = [*COLUMNS, "Error"], ["", " (class)", " (class) (class)"]
OWN = st.builds(str.__add__, st.sampled_from(OWN_NAMES), st.sampled_from(SUFFIXES))
ANY_NAME = NAME | TRICKY | OWN


@given(
    names=st.lists(ANY_NAME, min_size=2, max_size=4, unique=True),
    path=ANY_NAME,
    error=st.none() | ANY_NAME.filter(bool),
    decimal=st.sampled_from([None, ".", ","]),
)
def test_every_table_reads_back_exactly_in_each_format(names, path, error, decimal):
    form = FOR_SCRIPTS if decimal is None else for_spreadsheets(decimal)
    said = (Prediction(names[1], 0.625), Prediction(names[0], 0.375))
    pictures = (PicturePrediction(path, said), PicturePrediction(path, (), error))
    classes, found = read_table(table(pictures, names, form))
    assert (classes, found[0].path, found[0].predictions) == (tuple(names), path, said)
    assert found[1] == pictures[1]


@given(cell=TRICKY)
def test_no_cell_is_a_formula_whatever_parts_the_cells(cell):
    written = as_text(cell)
    assert from_text(written) == cell
    for piece in re.split("[,;|\t\r\n]", written):
        assert not piece.startswith(tuple("=+-@＝＋－＠"))
    assert not written.startswith(("\t", "\r", "\n"))


def test_a_class_that_is_called_like_a_column_has_one_of_its_own():
    said = (Prediction("error", 0.75), Prediction("=1+1", 0.25))
    text = table([PicturePrediction("-a.jpg", said)], ["error", "Path", "=1+1", "error (class)"])
    assert list(csv.reader(io.StringIO(text))) == [
        [*COLUMNS, "error (class)", "Path (class)", "'=1+1", "error (class) (class)"],
        ["'-a.jpg", "error", "0.75", "", "0.75", "", "0.25", ""],
    ]


def test_where_numbers_have_a_comma_columns_have_none(tmp_path):
    form = for_spreadsheets(",")
    write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"], form)
    written = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written[:2] == ["path;class;probability;error;cat;dog", "a.jpg;dog;0,75;;0,25;0,75"]
    refuse_place(tmp_path / "a.csv")  # it is known again
    write_csv(tmp_path / "a.csv", PREDICTIONS, ["cat", "dog"])
    assert (tmp_path / "a.csv").read_bytes().startswith(b"path,class,")


@pytest.mark.parametrize("text", ["", "path,class\n", "path;class,probability,error\n", "my notes"])
def test_what_is_no_such_table_isnt_read(text):
    with pytest.raises(ValueError, match="columns"):
        read_table(text)


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
    write_csv(tmp_path / "a.csv", pictures, ["玻璃"], for_spreadsheets("."))
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
        assert str(path) in text_of(caught.value).what
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
    for path, found in ((tmp_path / "nowhere" / "a.csv", "its folder doesn't exist"), (tmp_path, "this is a folder")):
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
        assert (caught.value.code, caught.value.details["found"]) == (
            ErrorCode.CANNOT_WRITE,
            Finding.SYSTEM_PERMISSION_DENIED,
        )


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
