"""Paths of the files that come with the program, and of the person's folders."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from xception_gui.files.deletion import make_folder

HOME_VARIABLE = "XCEPTION_GUI_HOME"
"""Environment variable: one folder for models, cache and logs, instead of the system's standard folders."""

FOR_ONE_PERSON = stat.S_IRWXU
"""Mode of a folder that only its owner may read, write and enter."""


def models_folder() -> Path:
    """Return the folder of the pretrained weights."""
    return _shipped("models")


def resources_folder() -> Path:
    """Return the folder of icons and licences."""
    return _shipped("resources")


def contents_file() -> Path | None:
    """Return the file that lists the components of a packaged program; None if this isn't packaged."""
    frozen = getattr(sys, "_MEIPASS", None)
    return None if frozen is None else Path(frozen) / "contents.json"


def program_folder() -> Path:
    """Return a folder of the program that always exists, as the current folder of its processes."""
    return Path(getattr(sys, "_MEIPASS", None) or Path(__file__).resolve().parent)


def _shipped(name: str) -> Path:
    """Return a folder that comes with the program, in a source tree, an installed wheel or a packaged program."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / name
    inside_wheel = package / name
    return inside_wheel if inside_wheel.is_dir() else package.parent / name


def shipped_weights() -> Path:
    """Return the file of Xception's ImageNet weights without its top, for Keras."""
    return models_folder() / "xception_imagenet_notop.weights.h5"


def shipped_backbone(architecture: str = "xception") -> Path:
    """Return the file of the backbone that comes with the program, for prediction, by the name of its architecture."""
    return models_folder() / f"{architecture}_backbone.tflite"


def shipped_sha256(path: Path) -> str:
    """Return the recorded SHA-256 of a shipped file without reading its 42 MB; `doctor` and the tests verify it.

    Raises:
        OSError, KeyError: the list is missing, or lacks the file.
    """
    lines = (models_folder() / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: sha256 for sha256, name in (line.split(maxsplit=1) for line in lines)}
    return sums[path.name]


def data_folder() -> Path:
    """Return the default folder of models and settings."""
    return _folder("data", platformdirs.user_data_path)


def cache_folder() -> Path:
    """Return the folder of embeddings and other data that can be deleted at any time and computed again."""
    return _folder("cache", platformdirs.user_cache_path)


def preferences_file() -> Path:
    """Return the file of the preferences."""
    return _folder("settings", platformdirs.user_config_path) / "preferences.json"


def log_folder() -> Path:
    """Return the folder of log files."""
    return _folder("log", platformdirs.user_log_path)


def _folder(name: str, of_the_system: Callable[..., Path]) -> Path:
    """Return a folder of the person's, created and closed to other users if possible."""
    folder = _place_of(name, of_the_system)
    with contextlib.suppress(OSError):  # whoever writes there gets the error again, and reports it
        if not make_folder(folder, mode=FOR_ONE_PERSON, parents=True):
            _close_to_others(folder)
    return folder


def settle_home() -> None:
    """Make the home in the environment absolute, so that processes started in another folder use the same one."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        with contextlib.suppress(OSError):  # the current folder was deleted, and the home in it too
            os.environ[HOME_VARIABLE] = str(Path(home).absolute())


def _place_of(name: str, of_the_system: Callable[..., Path]) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / name
    try:
        return of_the_system("xception-gui", appauthor=False)
    except RuntimeError:  # an account without a home folder
        return _folder_among_temporary_ones() / name


def _folder_among_temporary_ones() -> Path:
    """Return a folder among the temporary ones that only this person can write, created if missing.

    Its name is known, so others may have created one: such a folder isn't used.

    Raises:
        OSError: there is none, and none can be created.
    """
    place, name = Path(tempfile.gettempdir()), f"xception-gui-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        (place / name).mkdir(FOR_ONE_PERSON)
    for folder in (place / name, *sorted(place.glob(f"{name}-*"))):
        with contextlib.suppress(OSError):
            if _is_of_this_person_alone(folder):
                return folder
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place))


def _is_of_this_person_alone(folder: Path) -> bool:
    """Return whether a path is a folder, not a link, into which only this person can have written."""
    status = folder.lstat()
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not is_own or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    _close_to_others(folder)
    return True


def _close_to_others(folder: Path) -> None:
    """Deny other users access to a folder of this person's."""
    status = folder.lstat()  # not through a link, which would change another folder
    if (
        hasattr(os, "getuid")
        and stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.getuid()
        and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ):
        folder.chmod(FOR_ONE_PERSON)
