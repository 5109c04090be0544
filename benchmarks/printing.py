"""Output of the scripts: progress on stderr, one JSON document at the end of stdout."""

import json
import sys
from typing import Any


def say(text: str) -> None:
    """Print a line of progress on stderr."""
    print(text, file=sys.stderr, flush=True)


def print_document(document: dict[str, Any]) -> None:
    """Print the results as the last line of stdout."""
    print(json.dumps(document, ensure_ascii=False), flush=True)


def last_document(text: str) -> dict[str, Any]:
    """Return the JSON document at the end of a script's output, on one line or several.

    Raises:
        ValueError: there is none.
    """
    lines = text.splitlines()
    for start in (number for number, line in reversed(list(enumerate(lines))) if line.startswith("{")):
        try:
            document = json.loads("\n".join(lines[start:]))
        except ValueError:
            continue
        if isinstance(document, dict):
            return document
    raise ValueError("A script must end with one JSON document. It printed: " + text[-200:])
