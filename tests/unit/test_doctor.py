"""What `doctor` finds: each part that doesn't work is told, and everything else with it."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from xception_gui import paths
from xception_gui.cli import examination as doctor
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.machine import StoredKind
from xception_gui.domain.recipe import Precision
from xception_gui.domain.runtime import LITERT, RuntimeChoice
from xception_gui.jobs.training.measured_precision import PrecisionFigures
from xception_gui.paths import HOME_VARIABLE


class Machine:
    """What is looked at, as far as it takes long or is what it is."""

    def __init__(self, folder: Path) -> None:
        self.models = folder
        for path in (paths.shipped_backbone(), paths.shipped_weights(), paths.models_folder() / "SHA256SUMS"):
            (folder / path.name).symlink_to(path)
        self.keras: ProgramError | None = None
        self.embedding: np.ndarray | ProgramError = np.linspace(0, 1, XCEPTION.embedding_size, dtype=np.float16)

    def require_keras(self) -> None:
        if self.keras is not None:
            raise self.keras

    def embed(self, picture):
        assert picture.dtype == np.uint8 and np.ptp(picture) == 255
        if isinstance(self.embedding, ProgramError):
            raise self.embedding
        return self.embedding


@pytest.fixture
def machine(monkeypatch, tmp_path) -> Machine:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    (tmp_path / "models").mkdir()
    machine = Machine(tmp_path / "models")
    monkeypatch.setattr(paths, "models_folder", lambda: machine.models)
    monkeypatch.setattr(doctor, "require_keras", machine.require_keras)
    monkeypatch.setattr(doctor, "has_keras", lambda: True)
    monkeypatch.setattr(doctor, "_accelerators", list)
    monkeypatch.setattr(doctor, "choose_runtime", lambda architecture: RuntimeChoice("openvino-bfloat16", {}))
    monkeypatch.setattr(doctor, "open_shipped_backbone", lambda architecture, size, runtime: machine)
    figures = PrecisionFigures({Precision.FLOAT32: 2.0, Precision.BFLOAT16: 1.0})
    monkeypatch.setattr(doctor, "measured_precision", lambda report, stop: figures)
    return machine


def failing(examination: doctor.Examination) -> dict[str, str]:
    """What doesn't work, and why. Nothing else is wrong than that."""
    found = {check.name: check.message for check in examination.self_test if not check.ok}
    assert examination.ok is not bool(found)
    return found


def test_where_all_is_well_it_says_what_it_would_use(machine, tmp_path):
    found = doctor.examine()
    assert failing(found) == {}
    assert [check.name for check in found.self_test] == [
        "xception_backbone.tflite", "xception_imagenet_notop.weights.h5", "prediction", "training the network",
        "HEIC photographs", "data folder", "cache folder", "log folder",
    ]  # fmt: skip
    assert (found.precision, found.runtime, found.network_used) == ("bfloat16", "openvino-bfloat16", False)
    assert found.folders["program"] == str(tmp_path)
    assert {found.folders[name] for name in ("data", "cache")} == {
        str(tmp_path / "home" / name) for name in ("data", "cache")
    }
    assert [one.kind for one in found.stored] == list(StoredKind)
    shown = io.StringIO()
    doctor.print_examination(found, shown)
    assert all(f"\n  {kind} " in shown.getvalue().partition("Disk space used")[2] for kind in StoredKind)


@pytest.mark.parametrize("name", ["xception_backbone.tflite", "xception_imagenet_notop.weights.h5"])
def test_a_file_of_the_program_that_is_damaged_or_gone(name, machine):
    (machine.models / name).unlink()
    assert "can't be read" in failing(doctor.examine())[name]
    (machine.models / name).write_bytes(b"damaged")
    assert failing(doctor.examine()) == {name: "damaged; reinstall the program"}


def test_a_list_of_hashes_that_is_gone(machine):
    (machine.models / "SHA256SUMS").unlink()
    assert set(failing(doctor.examine())) == {"xception_backbone.tflite", "xception_imagenet_notop.weights.h5"}


@pytest.mark.parametrize(
    ("embedding", "words"),
    [
        (np.zeros(XCEPTION.embedding_size, np.float16), "invalid numbers"),
        (np.full(XCEPTION.embedding_size, np.nan, np.float16), "invalid numbers"),
        (ProgramError(ErrorCode.INSTALLATION_DAMAGED, path="/shipped", found="it is odd"), "/shipped"),
    ],
    ids=["all the same", "no numbers", "it fails"],
)
def test_a_network_that_says_nothing(embedding, words, machine):
    machine.embedding = embedding
    found = failing(doctor.examine())
    assert set(found) == {"prediction"} and words in found["prediction"]


def test_a_runtime_that_cant_be_chosen_is_the_one_that_all_have(machine, monkeypatch):
    def broken(architecture):
        raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path="/shipped", found="it is odd")

    monkeypatch.setattr(doctor, "choose_runtime", broken)
    assert doctor.examine().runtime == LITERT


def test_keras_that_is_broken_fails_and_keras_that_is_missing_does_not(machine, monkeypatch):
    machine.keras = ProgramError(ErrorCode.KERAS_MISSING, found="no TensorFlow here")
    broken = doctor.examine()
    assert "no TensorFlow here" in failing(broken)["training the network"]
    assert broken.precision == "float32"
    monkeypatch.setattr(doctor, "has_keras", lambda: False)
    lite = doctor.examine()
    assert failing(lite) == {}
    assert "xception_imagenet_notop.weights.h5" not in [check.name for check in lite.self_test]
    assert lite.precision == "float32"


@pytest.mark.parametrize("name", ["data", "cache", "log"])
def test_a_folder_that_cant_be_written(name, machine, tmp_path):
    doctor.examine()
    shutil.rmtree(tmp_path / "home" / name)
    (tmp_path / "home" / name).write_text("a file where the folder should be")
    assert "can't be written: " in failing(doctor.examine())[f"{name} folder"]
