"""`metrics.csv` of a model is given on as the program writes it, or not at all."""

from pathlib import Path

import pytest

from xception_gui.runs import metrics_table
from xception_gui.runs.metrics_table import METRICS, metrics_text

HEADER = "epoch,images,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"
ROW = ["1", "80", "0.5", "0.75", "0.25", "1.0", "1e-05", "2.5"]


def text_of(folder: Path, *rows: str, header: str = HEADER, end: str = "\r\n") -> str | None:
    (folder / "metrics.csv").write_bytes("".join(line + end for line in (header, *rows)).encode())
    return metrics_text(folder / "metrics.csv")


def test_a_table_of_this_program_stays_as_it_is(tmp_path):
    assert ",".join(METRICS) == HEADER
    whole = f"{HEADER}\r\n{','.join(ROW)}\r\n2,80,,,0.3,0.0,,2.5e+02\r\n"
    assert text_of(tmp_path, ",".join(ROW), "2,80,,,0.3,0.0,,2.5e+02") == whole
    for end in ("\n", "\r"):
        assert text_of(tmp_path, ",".join(ROW), "2,80,,,0.3,0.0,,2.5e+02", end=end) == whole
    assert text_of(tmp_path) == f"{HEADER}\r\n"  # of a training that has just begun


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    "cell", ["-1", "nan", "inf", "1e999", "1_0", "1.", ".5", "+1", " 1", "1 ", "0x1", "x", "1e", "١"]
)
def test_what_is_no_number_from_0_up_is_refused(tmp_path, name, cell):
    row = dict(zip(METRICS, ROW, strict=True)) | {name: cell}
    assert text_of(tmp_path, ",".join(ROW), ",".join(row.values())) is None


@pytest.mark.parametrize("name", METRICS)
def test_a_share_is_1_at_most_and_all_else_may_be_more(tmp_path, name):
    for cell, can_be in (("0", True), ("1", True), ("", True), ("1.001", "accuracy" not in name)):
        row = dict(zip(METRICS, ROW, strict=True)) | {name: cell}
        assert (text_of(tmp_path, ",".join(row.values())) is not None) == can_be


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (HEADER, [",".join(ROW[:-1])]),
        (HEADER, [",".join([*ROW, "1"])]),
        (HEADER, ["", ",".join(ROW)]),
        (HEADER, [",".join(ROW), HEADER]),
        (HEADER, ['"1', ",".join(ROW)]),
        (HEADER.replace("loss", "cost"), [",".join(ROW)]),
        (",".join(ROW), [HEADER]),
        (f"{HEADER},more", [",".join([*ROW, "1"])]),
        ("call me: 555 1234", []),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path, header, rows):
    assert text_of(tmp_path, *rows, header=header) is None


def test_where_there_is_no_file_of_its_own_there_is_no_table(tmp_path):
    assert metrics_text(tmp_path / "metrics.csv") is None
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(HEADER.encode() + b"\n\xff")
    (tmp_path / "mine").write_text(HEADER)
    (tmp_path / "link").symlink_to("mine")
    for name in ("empty", "bytes", "link"):
        assert metrics_text(tmp_path / name) is None


def test_of_a_table_five_megabytes_are_read(tmp_path, monkeypatch):
    assert metrics_table.MAX_BYTES == 5_000_000
    whole = text_of(tmp_path, ",".join(ROW), ",".join(ROW))
    assert whole is not None
    monkeypatch.setattr(metrics_table, "MAX_BYTES", len(whole) - len(",".join(ROW)) - 2)
    assert metrics_text(tmp_path / "metrics.csv") == f"{HEADER}\r\n{','.join(ROW)}\r\n"
