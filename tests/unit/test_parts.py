"""Parts for comparing recipes: they share no picture, follow from the seed, and keep groups apart if asked."""

from pathlib import Path

import pytest

from benchmarks.parts import VALIDATION, Kind, choose_parts, groups_of, write_parts


@pytest.fixture
def drawn(tmp_path) -> Path:
    """Two classes of 60 pictures in two folders each, by six people whose numbers end the names."""
    for half in ("one", "two"):
        for name in ("alpha", "beta"):
            folder = tmp_path / "drawn" / half / name
            folder.mkdir(parents=True)
            for number in range(30):
                (folder / f"{half}{number:02}_{number % 6:02}.png").write_bytes(f"{half}{name}{number}".encode())
    return tmp_path / "drawn"


def all_of(parts, part: str) -> set[Path]:
    return {path for pictures in parts[part].values() for path in pictures}


def test_parts_share_no_picture_and_leave_none_out(drawn):
    parts = choose_parts(Kind(drawn, 10, 0))
    train, val, test = (all_of(parts, part) for part in ("train", "val", "test"))
    assert (len(train), len(val), len(test)) == (20, 2 * VALIDATION, 120 - 20 - 2 * VALIDATION)
    assert len(train | val | test) == 120
    assert (
        all_of(choose_parts(Kind(drawn, 10, 0)), "train") == train != all_of(choose_parts(Kind(drawn, 10, 1)), "train")
    )


def test_more_pictures_to_learn_from_dont_change_the_validation_pictures(drawn):
    assert choose_parts(Kind(drawn, 10, 0))["val"] == choose_parts(Kind(drawn, 20, 0))["val"]


def test_nobody_who_is_tested_was_learned_from(drawn):
    parts, groups = choose_parts(Kind(drawn, 10, 0, apart=True)), groups_of(drawn)
    tested = {groups[path] for path in all_of(parts, "test")}
    assert len(tested) == 2
    assert tested.isdisjoint(groups[path] for part in ("train", "val") for path in all_of(parts, part))


def test_groups_come_from_a_table_if_there_is_one(drawn):
    (drawn / "groups.csv").write_text("path,label,speaker\none/alpha/one00_00.png,alpha,ann\n", encoding="utf-8")
    assert groups_of(drawn) == {drawn / "one/alpha/one00_00.png": "ann"}


def test_a_data_set_without_groups_cant_be_kept_apart(tmp_path):
    (tmp_path / "plain" / "alpha").mkdir(parents=True)
    (tmp_path / "plain" / "alpha" / "one.png").write_bytes(b"one")
    with pytest.raises(ValueError, match="no groups"):
        choose_parts(Kind(tmp_path / "plain", 10, 0, apart=True))


def test_parts_are_written_as_folders_with_all_pictures(drawn, tmp_path):
    written = write_parts(Kind(drawn, 10, 3), tmp_path / "parts")
    assert {folder.name for folder in written.iterdir()} == {"train", "val", "test"}
    copied = [path.read_bytes() for path in written.rglob("*.png")]
    assert sorted(copied) == sorted(path.read_bytes() for path in drawn.rglob("*.png"))
    assert write_parts(Kind(drawn, 10, 3), tmp_path / "parts") == written  # a second time, nothing is done
