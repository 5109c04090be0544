"""What a stranger's archive may hold is looked at before anything is unpacked."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.runs.archives import refuse_archive
from xception_gui.runs.checkpoint import Checkpoint, CheckpointError
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.errors import text_of


def archive(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return path


def test_what_is_small_and_stays_inside_is_no_reason(tmp_path):
    refuse_archive(archive(tmp_path / "a", one=b"1" * 600, two=b"2" * 400), most_bytes=1000)


def test_what_would_fill_the_memory_is_refused_unopened(tmp_path):
    bomb = archive(tmp_path / "a", zeros=bytes(50_000_000))
    assert bomb.stat().st_size < 100_000
    with pytest.raises(ValueError, match="50 MB when unpacked, where 1 MB are allowed"):
        refuse_archive(bomb, most_bytes=1_000_000)


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_limit_is_refused(tmp_path, way):
    with zipfile.ZipFile(tmp_path / "a", "w", way) as file:
        file.writestr("one", b"1")
    with pytest.raises(ValueError, match="compressed in an unsupported way"):
        refuse_archive(tmp_path / "a", most_bytes=1000)


@pytest.mark.parametrize("name", ["../out", "/out", "in/../../out", "..\\out"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match="leads out"):
        refuse_archive(archive(tmp_path / "a", **{name: b"1"}), most_bytes=1000)


@pytest.mark.parametrize(("names", "is_long"), [(1000, False), (1001, True)])
def test_the_list_of_what_is_in_an_archive_takes_four_megabytes_at_most(tmp_path, names, is_long):
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        for number in range(names):
            file.writestr(f"{number:0{4000 - 46}}", b"")  # an entry takes 46 bytes beside its name
    if is_long:
        with pytest.raises(ValueError, match="too many files"):
            refuse_archive(tmp_path / "a", most_bytes=0)
    else:
        refuse_archive(tmp_path / "a", most_bytes=0)


def test_what_is_stored_as_it_is_is_allowed_also_where_nothing_may_be_compressed(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr("one", b"1")
    refuse_archive(tmp_path / "a", 1)
    refuse_archive(tmp_path / "a", 1, compressed=False)
    with pytest.raises(ValueError, match="one” is compressed in an unsupported way"):
        refuse_archive(archive(tmp_path / "b", one=b"1"), 1, compressed=False)


def test_an_open_file_is_at_its_beginning_afterwards_and_a_persons_link_is_followed(tmp_path):
    with archive(tmp_path / "a", one=b"1").open("rb") as file:
        refuse_archive(file, 1)
        assert file.tell() == 0
    (tmp_path / "link").symlink_to("a")
    refuse_archive(tmp_path / "link", 1)


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(zipfile.BadZipFile):
        refuse_archive(tmp_path / "a", 1)


def test_a_head_that_would_fill_the_memory_is_damaged(tmp_path):
    archive(tmp_path / "head.npz", **{"kernel.npy": bytes(20_000_000)})
    with pytest.raises(ProgramError) as caught:
        RunFolder(tmp_path).read_head(XCEPTION, 2)
    assert caught.value.code is ErrorCode.RUN_DAMAGED and "MB" in text_of(caught.value).why


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names")
def test_a_pipe_in_the_place_of_a_file_is_never_opened(tmp_path):
    for name in ("head.npz", "best-1.npz", "state.npz"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(ProgramError) as caught:
        RunFolder(tmp_path).read_head(XCEPTION, 2)
    assert caught.value.code is ErrorCode.RUN_DAMAGED
    with pytest.raises(CheckpointError):
        Checkpoint(tmp_path).load_best(1)
    assert Checkpoint(tmp_path).load() is None


def test_a_head_of_many_classes_is_not_too_large(tmp_path):
    kernel = np.zeros((2048, 300), np.float32)
    RunFolder(tmp_path).write_head((14,), kernel, np.zeros(300, np.float32))
    assert RunFolder(tmp_path).read_head(XCEPTION, 300)[1].shape == kernel.shape
