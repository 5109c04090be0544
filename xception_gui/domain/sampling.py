"""Samples of sequences."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def spread_evenly(items: Sequence[Item], count: int) -> tuple[Item, ...]:
    """Return `count` items, evenly spaced and in order; all items if there are no more.

    Neighbours in a folder are often similar pictures, so the first `count` would be a poor sample.
    """
    if len(items) <= count:
        return tuple(items)
    return tuple(items[index * len(items) // count] for index in range(count))
