"""Escaped names of pictures in `run.json`: no character in them has a special meaning on another system."""

import re

_ESCAPES = {"%": "%25", "\\": "%5C", ":": "%3A"}
_ESCAPED = {escape: letter for letter, escape in _ESCAPES.items()}


def escaped(relative: str) -> str:
    """Return the escaped form of a path below the data set."""
    return re.sub(r"[%\\:]", lambda found: _ESCAPES[found[0]], relative)


def unescaped(written: str) -> str:
    """Return the path below the data set for its escaped form.

    Raises:
        ValueError: this program didn't write it, and it could lead elsewhere.
    """
    if "\\" in written or ":" in written:
        raise ValueError(f"“{written}” is not a picture of the data set")
    return re.sub("%25|%5C|%3A", lambda found: _ESCAPED[found[0]], written) if "%" in written else written
