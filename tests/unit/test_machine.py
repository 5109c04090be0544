"""What the program runs on, and what was measured there: by their real names, and believed only while they are."""

import importlib.metadata
import platform
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from xception_gui import __version__, paths
from xception_gui.inference import machine, measurements
from xception_gui.inference.machine import available_memory, device_name, memory_in_words, versions
from xception_gui.inference.measurements import keep, recall
from xception_gui.paths import HOME_VARIABLE

PACKAGES = ("numpy", "pillow", "pi-heif", "ai-edge-litert", "openvino", "keras", "tensorflow")


def test_versions_are_those_of_the_packages_that_are_there(monkeypatch):
    there = {"numpy": "2.3", "keras": "3.9", "tensorflow-cpu": "2.20", "ai-edge-litert": "2.0", "pillow-cpu": "1"}

    def version(name: str) -> str:
        if name not in there:
            raise importlib.metadata.PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert versions() == {
        "xception-gui": __version__,
        "python": platform.python_version(),
        "numpy": "2.3",
        "keras": "3.9",
        "tensorflow": "2.20",
        "ai-edge-litert": "2.0",
    }
    there |= dict.fromkeys(PACKAGES, "1.0")
    assert {name: found for name, found in versions().items() if name in PACKAGES} == {
        **dict.fromkeys(PACKAGES, "1.0"),
        "tensorflow": "2.20",
    }


@pytest.fixture
def processor(monkeypatch):
    """What the system says of the processor."""
    device_name.cache_clear()
    monkeypatch.setattr(machine, "usable_cores", lambda: 3)
    monkeypatch.setattr(platform, "processor", lambda: "x86 of a kind")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    yield lambda words: monkeypatch.setattr(Path, "read_text", lambda path, encoding=None: words(path))
    device_name.cache_clear()


def test_a_processor_has_the_name_that_its_maker_gave_it(processor):
    asked: list[str] = []
    processor(
        lambda path: asked.append(path.as_posix()) or "flags : a\nmodel name\t: Quick: 3 GHz \nmodel name : other"
    )
    assert device_name() == "Quick: 3 GHz, 3 cores"
    assert asked == ["/proc/cpuinfo"]


def test_elsewhere_it_is_called_as_python_calls_it(processor, monkeypatch):
    def fail(path: Path) -> str:
        raise FileNotFoundError

    processor(fail)
    assert device_name() == "x86 of a kind, 3 cores"
    device_name.cache_clear()
    processor(lambda path: "Hardware : of a phone\nthe model name : no")
    assert device_name() == "x86 of a kind, 3 cores"
    device_name.cache_clear()
    monkeypatch.setattr(platform, "processor", lambda: "")
    assert device_name() == "x86_64, 3 cores"


def test_memory_is_what_the_system_says(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=16.4e9, available=3.6e9, free=1))
    assert available_memory() == 3_600_000_000
    assert isinstance(available_memory(), int)
    assert memory_in_words() == "16 GB, 4 GB free"


# --- Measurements -----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return paths.cache_folder() / "speed.json"


HERE = {"device": "this one", "keras": "3"}


def test_what_was_measured_is_recalled_where_it_depends_on_the_same(file):
    assert recall("speed", HERE, dict[str, float]) is None
    keep("speed", HERE, {"a": 0.5})
    assert file.exists()
    assert recall("speed", HERE, dict[str, float]) == {"a": 0.5}
    assert recall("speed", {**HERE, "keras": "4"}, dict[str, float]) is None
    assert recall("speed", {"device": "this one"}, dict[str, float]) is None
    assert recall("other", HERE, dict[str, float]) is None
    assert recall("speed", HERE, int) is None  # of another kind


@pytest.mark.parametrize("content", [b"", b"words", b"[]", b"{}", b'{"value": 3}', b"[" * 50_000])
def test_a_damaged_measurement_is_none(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    assert recall("speed", HERE, int) is None


@pytest.mark.parametrize(("size", "wanted"), [(100_000, 5), (100_001, None)])
def test_a_measurement_is_short(file, size, wanted):
    keep("speed", HERE, 5)
    file.write_bytes(file.read_bytes().ljust(size))
    assert recall("speed", HERE, int) == wanted


def test_what_cant_be_kept_is_measured_again(file, monkeypatch):
    def fail(*words: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(measurements, "write_private", fail)
    keep("speed", HERE, 5)
    assert recall("speed", HERE, int) is None
