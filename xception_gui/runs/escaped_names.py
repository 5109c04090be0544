"""Names of pictures as `run.json` holds them: no character in them means something else on another system."""

import re

_ESCAPES = {"%": "%25", "\\": "%5C", ":": "%3A"}
_ESCAPED = {escape: letter for letter, escape in _ESCAPES.items()}


def escaped(relative: str) -> str:
    """Return a path below the data set as it is written."""
    return re.sub(r"[%\\:]", lambda found: _ESCAPES[found[0]], relative)


def unescaped(written: str) -> str:
    """Return the path below the data set that was written so.

    Raises:
        ValueError: it wasn't written by this program, and could lead elsewhere.
    """
    if "\\" in written or ":" in written:
        raise ValueError(f"“{written}” is no picture of its data set")
    return re.sub("%25|%5C|%3A", lambda found: _ESCAPED[found[0]], written) if "%" in written else written
