"""A few out of many."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def spread_evenly(items: Sequence[Item], count: int) -> tuple[Item, ...]:
    """Take `count` of the items, spread evenly over them and in their order; all where there are no more.

    Neighbours in a folder are often alike.
    """
    if len(items) <= count:
        return tuple(items)
    return tuple(items[index * len(items) // count] for index in range(count))
