"""What a model may be called: its name is that of a folder, on this machine and on those that it is copied to."""

import unicodedata

from xception_gui.domain.errors import Finding
from xception_gui.domain.visible import visible

SHARED_MODEL_SUFFIX = ".xcmodel"
"""What the name of a model ends in that is one file, to be given to somebody."""

MAX_BYTES = 200
"""Of the name in UTF-8. File systems take 255, and the names in a run have to fit beside it."""

_SEPARATORS = frozenset("/\\")
_RESERVED_CHARACTERS = frozenset('<>:"|?*')
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)
"""What Windows takes for a device, with any ending."""


def problem_with_run_name(name: str) -> Finding | None:
    """Return why a model can't be called so; None where it can."""
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
