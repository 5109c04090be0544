"""What all tests share: folders of their own, drawn pictures, and real data sets where there are some."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from xception_gui.paths import HOME_VARIABLE

# The same invented cases in every run, so that a test that fails says something about the change at hand. No time
# limits: machines differ.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("steady")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep models, cache and logs of all tests and their child processes away from the person's own."""
    home = tmp_path_factory.mktemp("home")
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(home)
    yield home
    if before is None:
        del os.environ[HOME_VARIABLE]
    else:
        os.environ[HOME_VARIABLE] = before


@pytest.fixture
def tiny_dataset(tmp_path: Path) -> Path:
    """Two classes of eight 80×60 pictures each, reddish and bluish noise."""
    return draw_dataset(tmp_path / "pictures", {"red": (220, 60, 60), "blue": (60, 60, 220)}, count=8)


def draw_dataset(root: Path, classes: dict[str, tuple[int, int, int]], count: int) -> Path:
    """Draw a data set of noisy pictures around one colour for each class."""
    for name, colour in classes.items():
        (root / name).mkdir(parents=True)
        for index in range(count):
            draw_picture(root / name / f"{name}-{index}.png", colour, seed=index)
    return root


def draw_picture(path: Path, colour: tuple[int, int, int], seed: int) -> Path:
    """Draw one noisy picture; another seed or colour gives another file."""
    noise = np.random.default_rng([seed, *colour]).normal(0, 40, (60, 80, 3))
    Image.fromarray(np.clip(noise + colour, 0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture(scope="session")
def trashnet() -> Path:
    """Photographs of rubbish, where the data set is at hand."""
    return _shared("data/trashnet")


@pytest.fixture(scope="session")
def vehicles() -> Path:
    """Pictures of road cameras, where the data set is at hand."""
    return _shared("data/vehicles")


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_dir():
        pytest.skip(f"The data set {name} is not here")
    return path
