"""What verbs have in common in what they print for people. What can't be seen in names is written out: a terminal would
obey some of it.
"""

import os
from collections.abc import Sequence
from typing import IO

from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.percent import right_ones, too_few
from xception_gui.domain.visible import visible
from xception_gui.words.reasons import reason_text

SHOWN_LEFT_OUT = 50
"""Files that are listed; `--json` and tables give all of them."""


USUAL_COLUMNS = 100
"""Letters in a line, where it isn't a terminal that is written to."""


def few_words(accuracy: float, pictures: int) -> str:
    """Return where pictures are too few to tell how good a model is, else nothing."""
    if not too_few(pictures):
        return ""
    return f" That is {right_ones(accuracy, pictures)} of {pictures} right: too few to tell."


def columns_of(out: IO[str]) -> int:
    """Return how wide a line may be: as the terminal, or as many have it."""
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):  # a file, a pipe, or nothing of the system's
        return USUAL_COLUMNS


def files(count: int) -> str:
    """Count files."""
    return "1 file" if count == 1 else f"{count} files"


def say(line: str, out: IO[str]) -> None:
    """Print one line."""
    print(visible(line), file=out)


def print_table(rows: Sequence[Sequence[str]], out: IO[str]) -> None:
    """Print rows in columns, the first to the left, the others to the right; wide characters take two places."""
    print("\n".join(in_columns(rows)), file=out)


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set rows in columns, as lines."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first + " " * (widths[0] - width_of(first))]
        cells += [" " * (width - width_of(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines


def width_of(text: str) -> int:
    """Return how many places a text takes on a terminal."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def print_left_out(left_out: Sequence[LeftOut], out: IO[str]) -> None:
    """List what isn't used, and why."""
    if not left_out:
        return
    print(f"\nLeft out: {files(len(left_out))}.", file=out)
    for file in left_out[:SHOWN_LEFT_OUT]:
        say(f"  {file.path}: {reason_text(file)}", out)
    if len(left_out) > SHOWN_LEFT_OUT:
        print(f"  … and {len(left_out) - SHOWN_LEFT_OUT} more; --json lists all.", file=out)
