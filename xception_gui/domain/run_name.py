"""Valid names of models. The name is that of a folder, on this computer and on others that the model is copied to."""

import unicodedata

from xception_gui.domain.errors import Finding
from xception_gui.domain.visible import visible

SHARED_MODEL_SUFFIX = ".xcmodel"
"""Suffix of a shared model, which is a single file."""

MAX_BYTES = 200
"""Limit of the name in UTF-8. File systems allow 255; some room is left for the names of files in the folder."""

_SEPARATORS = frozenset("/\\")
_RESERVED_CHARACTERS = frozenset('<>:"|?*')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)
"""Names of devices on Windows, with any suffix."""


def problem_with_run_name(name: str) -> Finding | None:
    """Return why a model can't have this name; None if it can."""
    problems = (
        (not name.strip(), Finding.NAME_EMPTY),
        (bool(_SEPARATORS & set(name)), Finding.NAME_WITH_SEPARATOR),
        (any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name), Finding.NAME_WITH_CONTROL),
        (visible(name) != name, Finding.NAME_WITH_INVISIBLE),
        (bool(_RESERVED_CHARACTERS & set(name)), Finding.NAME_WITH_RESERVED),
        (name.startswith("."), Finding.NAME_HIDDEN),
        (name.endswith((".", " ")), Finding.NAME_ENDING),
        (name.partition(".")[0].strip().upper() in _DEVICES, Finding.NAME_OF_A_DEVICE),
        (len(name.encode("utf-8", errors="surrogatepass")) > MAX_BYTES, Finding.NAME_TOO_LONG),
    )
    return next((problem for is_so, problem in problems if is_so), None)
