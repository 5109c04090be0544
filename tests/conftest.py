"""Shared by all tests: separate folders, drawn pictures, finished runs, real data sets if they are available."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from xception_gui.paths import HOME_VARIABLE

pytest_plugins = ["tests.runs", "tests.skips"]

# The same generated cases in every run, so that a failing test is about the change at hand. No time limits: machines
# differ.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("steady")

RED_AND_BLUE = {"red": (220, 60, 60), "blue": (60, 60, 220)}

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep models, cache and logs of all tests and their child processes apart from the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv(HOME_VARIABLE, str(home))
        know_the_machine()
        yield home


def know_the_machine() -> None:
    """Cache measurements of this machine's speed in the tests' home, which would take the program 20 seconds.

    By these figures every machine chooses LiteRT, so that tests give the same results on all.
    """
    from xception_gui.domain.architecture import XCEPTION
    from xception_gui.domain.messages.machine import SpeedResult
    from xception_gui.domain.recipe import Precision
    from xception_gui.domain.runtime import LITERT, OPENVINO_FLOAT32
    from xception_gui.inference import runtimes
    from xception_gui.inference.machine import device_name
    from xception_gui.inference.measurements import keep
    from xception_gui.jobs.machine import measure_speed as speed
    from xception_gui.jobs.training import measured_precision as precision

    keep(runtimes.NAME, runtimes.depends_on(XCEPTION), {LITERT: 0.05, OPENVINO_FLOAT32: 0.05})
    depends_on = precision.training_depends_on()
    seconds = {Precision.FLOAT32: 0.1, Precision.BFLOAT16: 0.2}
    keep(precision.NAME, depends_on, precision.PrecisionFigures(seconds))
    keep(
        speed.NAME,
        depends_on,
        SpeedResult(
            device_name(),
            embedding_seconds=0.05,
            starting_seconds=5.0,
            training_seconds=0.4,
            precision=Precision.FLOAT32,
            step_seconds={str(one): time for one, time in seconds.items()},
        ),
    )


@pytest.fixture
def tiny_dataset(tmp_path: Path) -> Path:
    """Two classes of eight 80×60 pictures each, reddish and bluish noise."""
    return draw_dataset(tmp_path / "pictures", RED_AND_BLUE, count=8)


def draw_dataset(root: Path, classes: dict[str, tuple[int, int, int]], count: int) -> Path:
    """Draw a data set with one class of noisy pictures for each colour."""
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
    """Photographs of rubbish, if the data set is available."""
    return _shared("data/trashnet")


@pytest.fixture(scope="session")
def vehicles() -> Path:
    """Pictures of road cameras, if the data set is available."""
    return _shared("data/vehicles")


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_dir():
        pytest.skip(f"The data set {name} is not here")
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that need an extra if it isn't installed."""
    for marker, module, name in (("openvino", "openvino", "OpenVINO"), ("onnx", "tf2onnx", "ONNX")):
        if find_spec(module) is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=f"{name} is not installed"))
