"""`doctor`: versions and devices, folders, and a self-test."""

import tempfile
from pathlib import Path
from typing import IO

import msgspec
import numpy as np
import psutil

from xception_gui import diagnostics, paths
from xception_gui.cli.printing import say
from xception_gui.data.cache.stored_data import all_stored
from xception_gui.data.pictures.heic_decoder import libheif_version
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ProgramError, system_finding
from xception_gui.domain.messages.machine import Stored
from xception_gui.domain.recipe import Precision
from xception_gui.domain.runtime import LITERT, RuntimeChoice
from xception_gui.edition import has_keras
from xception_gui.inference.backbone import file_sha256
from xception_gui.inference.machine import device_name, versions
from xception_gui.inference.runtimes import choose_runtime, open_shipped_backbone
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training.measured_precision import measured_precision
from xception_gui.jobs.training.networks import require_keras
from xception_gui.words.errors import text_of
from xception_gui.words.findings import finding_text
from xception_gui.words.runtimes import runtime_text


class Device(msgspec.Struct, frozen=True):
    """A processor or graphics card."""

    kind: str  # "cpu" or "gpu"
    name: str
    memory_bytes: int | None = None


class Check(msgspec.Struct, frozen=True):
    """The result of one step of the self-test."""

    name: str
    ok: bool
    message: str


class Examination(msgspec.Struct, frozen=True):
    """Everything that `doctor` reports."""

    ok: bool
    versions: dict[str, str]
    devices: tuple[Device, ...]
    precision: str  # of training, unless a recipe sets another
    runtime: str  # of predictions, with its precision
    runtime_seconds: dict[str, float]  # of each runtime for a picture; empty if there is only one
    network_used: bool
    folders: dict[str, str]
    stored: tuple[Stored, ...]  # on the disk
    self_test: tuple[Check, ...]


def examine() -> Examination:
    """Run all checks. Loads TensorFlow if it is installed, to list its devices."""
    choice = _runtime()
    checks = (*_files(), _backbone(choice.runtime), _keras(), _heic(), *_writable_folders())
    return Examination(
        ok=all(check.ok for check in checks),
        versions=versions(),
        devices=(Device("cpu", device_name(), psutil.virtual_memory().total), *_accelerators()),
        precision=_precision(),
        runtime=choice.runtime,
        runtime_seconds=choice.seconds,
        network_used=False,  # nothing in the program opens a connection
        folders={
            "program": str(paths.models_folder().parent),
            "data": str(paths.data_folder()),
            "cache": str(paths.cache_folder()),
            "log": str(diagnostics.log_file() or paths.log_folder()),
        },
        stored=all_stored(),
        self_test=checks,
    )


def print_examination(examination: Examination, out: IO[str]) -> None:
    """Print it for people: sections whose values are aligned with each other."""
    sections: dict[str, list[tuple[str, str]]] = {
        "Versions": list(examination.versions.items()),
        "System": [
            *((device.kind, device.name) for device in examination.devices),
            ("training precision", examination.precision),
            ("prediction runtime", runtime_text(RuntimeChoice(examination.runtime, examination.runtime_seconds))),
            ("internet used", "no"),
        ],
        "Folders": list(examination.folders.items()),
        "Disk space used": [(one.kind, f"{one.bytes / 1e6:,.1f} MB in {one.folder}") for one in examination.stored],
        "Checks": [(one.name, f"{'ok' if one.ok else 'FAILED'}: {one.message}") for one in examination.self_test],
    }
    width = max(len(name) for rows in sections.values() for name, _ in rows)
    for title, rows in sections.items():
        print(title if title == "Versions" else f"\n{title}", file=out)
        for name, value in rows:
            say(f"  {name:{width}}  {value}", out)


def _files() -> list[Check]:
    checks = []
    for path in (paths.shipped_backbone(), *([paths.shipped_weights()] if has_keras() else [])):
        try:
            fine = file_sha256(path.resolve()) == paths.shipped_sha256(path)
            message = "complete" if fine else "damaged; reinstall the program"
        except (OSError, KeyError) as error:
            fine, message = False, f"can't be read: {error}"
        checks.append(Check(path.name, fine, message))
    return checks


def _runtime() -> RuntimeChoice:
    try:
        return choose_runtime(XCEPTION)
    except ProgramError:  # the self-test reports it
        return RuntimeChoice(LITERT)


def _backbone(runtime: str) -> Check:
    """Pass a generated picture through the network, which shows whether the runtime works."""
    size = XCEPTION.default_image_size
    ramp = np.linspace(0, 255, size).astype(np.uint8)
    picture = np.stack(np.broadcast_arrays(ramp, ramp[:, np.newaxis], ramp[::-1]), axis=-1)
    try:
        embedding = open_shipped_backbone(XCEPTION, size, runtime).embed(picture)
    except ProgramError as error:
        return Check("prediction", False, str(text_of(error)))
    fine = bool(np.isfinite(embedding).all() and embedding.std() > 0)
    return Check("prediction", fine, "a test picture was processed" if fine else "the network returns invalid numbers")


def _keras() -> Check:
    """Load Keras if it is installed. The program works without Keras, so only a broken installation fails."""
    if not has_keras():
        return Check("training the network", True, "Keras is not installed; Quick and predictions work without it")
    try:
        require_keras()
    except ProgramError as error:
        return Check("training the network", False, str(text_of(error)))
    return Check("training the network", True, "Keras and TensorFlow can be loaded")


def _heic() -> Check:
    """Load libheif. It doesn't exist for every computer, so its absence is no failure."""
    version = libheif_version()
    words = f"opened with libheif {version}" if version else "can't be opened on this computer; save them as JPEG"
    return Check("HEIC photographs", True, words)


def _precision() -> str:
    """Return the fastest training precision, measuring it now if it hasn't been measured yet."""
    try:
        require_keras()
        return measured_precision(lambda event: None, never).fastest
    except ProgramError:  # no Keras, no training
        return Precision.FLOAT32


def _accelerators() -> list[Device]:
    try:
        from xception_gui.finetune.devices import accelerators
    except ImportError:
        return []
    return [Device("gpu", name) for name in accelerators()]


def _writable_folders() -> list[Check]:
    folders = {"data": paths.data_folder(), "cache": paths.cache_folder(), "log": paths.log_folder()}
    return [_writable(name, folder) for name, folder in folders.items()]


def _writable(name: str, folder: Path) -> Check:
    """Check that a folder can be written by writing 1 MB, which also detects a full disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(1_000_000))
    except OSError as error:
        return Check(f"{name} folder", False, f"can't be written: {finding_text(system_finding(error), {})}")
    return Check(f"{name} folder", True, "can be written")
