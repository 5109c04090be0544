"""Printing for people, shared by the verbs. Invisible characters in names are escaped, as a terminal would obey some of
them.
"""

import os
from collections.abc import Sequence
from typing import IO

from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.percent import right_ones, too_few
from xception_gui.domain.visible import visible
from xception_gui.words.reasons import reason_text

SHOWN_LEFT_OUT = 50
"""The most files that are listed; `--json` and tables have all of them."""

USUAL_COLUMNS = 100
"""Width of a line if the output isn't a terminal."""


def few_words(accuracy: float, pictures: int) -> str:
    """Return a warning if the pictures are too few to tell how good a model is, else an empty string."""
    if not too_few(pictures):
        return ""
    return f" That is {right_ones(accuracy, pictures)} of {pictures} correct, but too few pictures to tell."


def columns_of(out: IO[str]) -> int:
    """Return the width of the terminal, or a usual one if the output isn't a terminal."""
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):  # a file, a pipe, or nothing of the system's
        return USUAL_COLUMNS


def counted(count: int, what: str, several: str = "") -> str:
    """Return a count with its noun: “1 file”, “2 files”; `several` is an irregular plural."""
    return f"{count:,} {what if count == 1 else several or f'{what}s'}"


def skipped(count: int) -> str:
    """Return the beginning of a sentence: “1 file was skipped”, “2 files were skipped”."""
    return f"{counted(count, 'file')} {'was' if count == 1 else 'were'} skipped"


def say(line: str, out: IO[str]) -> None:
    """Print one line."""
    print(visible(line), file=out)


def print_table(rows: Sequence[Sequence[str]], out: IO[str]) -> None:
    """Print rows in columns, the first aligned left, the others right; wide characters take two places."""
    print("\n".join(in_columns(rows)), file=out)


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows aligned in columns, as lines."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first + " " * (widths[0] - width_of(first))]
        cells += [" " * (width - width_of(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines


def width_of(text: str) -> int:
    """Return the width of a text on a terminal."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def print_left_out(left_out: Sequence[LeftOut], out: IO[str]) -> None:
    """List the skipped files, each with its reason."""
    if not left_out:
        return
    print(f"\n{skipped(len(left_out))}:", file=out)
    for file in left_out[:SHOWN_LEFT_OUT]:
        say(f"  {file.path}: {reason_text(file)}", out)
    if len(left_out) > SHOWN_LEFT_OUT:
        print(f"  … and {len(left_out) - SHOWN_LEFT_OUT} more; --json lists all.", file=out)
