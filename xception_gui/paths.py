"""Where things lie: what comes with the program, and the person's own folders."""

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
"""Environment variable: one folder for models, cache and logs, instead of the system's places for them."""

FOR_ONE_PERSON = stat.S_IRWXU
"""Mode of a folder that only its owner may look into."""


def models_folder() -> Path:
    """Find the folder of the pretrained weights."""
    return _shipped("models")


def resources_folder() -> Path:
    """Find the folder of the icons."""
    return _shipped("resources")


def contents_file() -> Path | None:
    """Return the file in which a packaged program lists what is in it; None where this is no packaged program."""
    frozen = getattr(sys, "_MEIPASS", None)
    return None if frozen is None else Path(frozen) / "contents.json"


def program_folder() -> Path:
    """Find a folder of the program's own that is there whatever happens: for processes whose folder means nothing."""
    return Path(getattr(sys, "_MEIPASS", None) or Path(__file__).resolve().parent)


def _shipped(name: str) -> Path:
    """Find a folder that comes with the program: in the source tree, in an installed wheel or in a frozen program."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / name
    inside_wheel = package / name
    return inside_wheel if inside_wheel.is_dir() else package.parent / name


def shipped_weights() -> Path:
    """Xception's ImageNet weights, without top, for Keras."""
    return models_folder() / "xception_imagenet_notop.weights.h5"


def shipped_backbone(architecture: str = "xception") -> Path:
    """Return the path of a network that comes with the program, by the name of its architecture, for prediction."""
    return models_folder() / f"{architecture}_backbone.tflite"


def shipped_sha256(path: Path) -> str:
    """Look the SHA-256 of a shipped file up, which saves reading its 42 MB; `doctor` and the tests verify it.

    Raises:
        OSError, KeyError: the list is missing, or the file is not in it.
    """
    lines = (models_folder() / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: sha256 for sha256, name in (line.split(maxsplit=1) for line in lines)}
    return sums[path.name]


def data_folder() -> Path:
    """Return the place where models are kept unless the person says otherwise."""
    return _folder("data", platformdirs.user_data_path)


def cache_folder() -> Path:
    """Return the place of embeddings; it can be deleted at any time and is filled again."""
    return _folder("cache", platformdirs.user_cache_path)


def preferences_file() -> Path:
    """Return the file that holds what a person has decided for all models."""
    return _folder("settings", platformdirs.user_config_path) / "preferences.json"


def log_folder() -> Path:
    """Return the place of log files."""
    return _folder("log", platformdirs.user_log_path)


def _folder(name: str, of_the_system: Callable[..., Path]) -> Path:
    """Find a folder of the person's, and have it there, closed to others, where that is possible."""
    folder = _place_of(name, of_the_system)
    with contextlib.suppress(OSError):  # who writes there meets the error again, and has words for it
        if not make_folder(folder, mode=FOR_ONE_PERSON, parents=True):
            _close_to_others(folder)
    return folder


def settle_home() -> None:
    """Have a home that was named from the current folder be the same to a process that is started in another one."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        with contextlib.suppress(OSError):  # that folder is gone: so is the home
            os.environ[HOME_VARIABLE] = str(Path(home).absolute())


def _place_of(name: str, of_the_system: Callable[..., Path]) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home) / name
    try:
        return of_the_system("xception-gui", appauthor=False)
    except RuntimeError:  # an account without a home
        return _folder_among_temporary_ones() / name


def _folder_among_temporary_ones() -> Path:
    """Find, or make, a folder of this person's alone where everybody may make some: others know its name too.

    Raises:
        OSError: there is none, and none can be made.
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
    """Return whether a folder is there, itself and no link, whose files nobody else can have put there."""
    status = folder.lstat()
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not is_own or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    _close_to_others(folder)
    return True


def _close_to_others(folder: Path) -> None:
    """Let nobody but its owner into a folder of this person's."""
    status = folder.lstat()  # a link would have another folder closed
    if (
        hasattr(os, "getuid")
        and stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.getuid()
        and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ):
        folder.chmod(FOR_ONE_PERSON)
