"""What a model may be called: its name is that of a folder, on this machine and on those that it is copied to."""

import unicodedata

from xception_gui.domain.errors import QT_TRANSLATE_NOOP
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

_EMPTY = QT_TRANSLATE_NOOP("run_name", "A name is needed.")
_HIDDEN = QT_TRANSLATE_NOOP("run_name", "Names that begin with a dot are hidden.")
_SEPARATOR = QT_TRANSLATE_NOOP("run_name", "A name can't hold / or \\, which part folders from each other.")
_CONTROL = QT_TRANSLATE_NOOP("run_name", "A name can't hold line breaks or other invisible control characters.")
_HIDDEN_LETTERS = QT_TRANSLATE_NOOP(
    "run_name", "A name can't hold invisible characters, such as those that change the direction of writing."
)
_RESERVED = QT_TRANSLATE_NOOP("run_name", "A name can't hold any of < > : \" | ? *, which Windows keeps for itself.")
_ENDING = QT_TRANSLATE_NOOP("run_name", "A name can't end with a dot or a space, which Windows cuts off.")
_DEVICE = QT_TRANSLATE_NOOP("run_name", "Windows keeps this name for a device.")
_LONG = QT_TRANSLATE_NOOP("run_name", "The name is too long.")


def problem_with_run_name(name: str) -> str | None:
    """Say why a model can't be called so, in one of this file's sentences; None where it can."""
    problems = (
        (not name.strip(), _EMPTY),
        (bool(_SEPARATORS & set(name)), _SEPARATOR),
        (any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name), _CONTROL),
        (visible(name) != name, _HIDDEN_LETTERS),
        (bool(_RESERVED_CHARACTERS & set(name)), _RESERVED),
        (name.startswith("."), _HIDDEN),
        (name.endswith((".", " ")), _ENDING),
        (name.partition(".")[0].strip().upper() in _DEVICES, _DEVICE),
        (len(name.encode("utf-8", errors="surrogatepass")) > MAX_BYTES, _LONG),
    )
    return next((sentence for is_so, sentence in problems if is_so), None)
