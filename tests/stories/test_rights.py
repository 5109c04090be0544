"""What an ordinary user may not read or write is told in words, and stops nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import draw_dataset
from tests.disks import as_ordinary_user, open_folder
from tests.programs import PATIENCE, PROGRAM

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="This system knows no such rights")

SMALL = ["--image-size", "71"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of an ordinary user's, with pictures and a home."""
    with open_folder() as folder:
        draw_dataset(folder / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=8)
        (folder / "mine").mkdir()
        (folder / "mine").chmod(0o777)
        yield folder


def run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {"XCEPTION_GUI_HOME": str(folder / "mine" / "home"), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        [*as_ordinary_user(), *PROGRAM, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env=environment,
        cwd=Path(__file__).parents[2],
    )


def test_pictures_that_may_not_be_read_are_left_out_and_a_folder_that_may_not_be_written_is_trained_on(place):
    closed = place / "pictures" / "red" / "red-0.png"
    closed.chmod(0)
    for folder in (place / "pictures" / "red", place / "pictures" / "blue", place / "pictures"):
        folder.chmod(0o555)
    check = json.loads(run(place, "check", place / "pictures", "--json").stdout)
    assert check["used"] == 15
    (left_out,) = check["left_out"]
    assert left_out["path"] == str(closed) and left_out["reason"] == "The file can't be read: permission denied."
    trained = run(place, "train", place / "pictures", "--out", place / "mine" / "run", *SMALL, "--json")
    assert trained.returncode == 0, trained.stderr
    assert json.loads(trained.stdout)["train_images"] == 12


def test_a_place_that_may_not_be_written_is_refused_in_words(place):
    (place / "closed").mkdir()
    (place / "closed").chmod(0o555)
    refused = run(place, "train", place / "pictures", "--out", place / "closed" / "run", *SMALL)
    assert refused.returncode == 1
    assert "can't be written" in refused.stderr and "permission denied" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_a_home_to_write_into_models_are_trained_all_the_same(place):
    (place / "mine" / "home").mkdir()
    (place / "mine" / "home").chmod(0o555)
    trained = run(place, "train", place / "pictures", "--out", place / "mine" / "run", *SMALL)
    assert trained.returncode == 0, trained.stderr
    assert run(place, "predict", place / "mine" / "run", place / "pictures").returncode == 0


@pytest.mark.parametrize("name", ["run.json", "head.npz", "."])
def test_a_model_that_may_not_be_read_is_told_in_words(place, name):
    assert run(place, "train", place / "pictures", "--out", place / "mine" / "run", *SMALL).returncode == 0
    (place / "mine" / "run" / name).chmod(0)
    refused = run(place, "predict", place / "mine" / "run", place / "pictures")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("xception-gui: ")
    assert "mistake" not in refused.stderr
