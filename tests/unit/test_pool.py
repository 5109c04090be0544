"""Reading ahead: in order, bounded, and gone when nobody listens any more."""

import threading
from collections.abc import Generator

import pytest

from xception_gui.data.pool import prefetched


def numbers(count: int, made: list[int], closed: threading.Event) -> Generator[int, None, None]:
    try:
        for number in range(count):
            made.append(number)
            yield number
    finally:
        closed.set()


def test_items_come_in_order_and_never_more_than_a_few_wait():
    made: list[int] = []
    taken = 0
    for number in prefetched(numbers(50, made, threading.Event()), ahead=2):
        assert number == taken
        taken += 1
        assert len(made) <= taken + 3
    assert taken == 50


def test_whoever_stops_listening_ends_the_thread_and_closes_what_ran_on_it():
    before = threading.active_count()
    closed = threading.Event()
    items = prefetched(numbers(50, [], closed), ahead=2)
    next(items)
    assert threading.active_count() == before + 1
    items.close()
    assert closed.is_set()
    assert threading.active_count() == before


def test_an_error_is_raised_in_its_turn():
    def fails() -> Generator[int, None, None]:
        yield 1
        raise MemoryError

    items = prefetched(fails(), ahead=3)
    assert next(items) == 1
    with pytest.raises(MemoryError):
        next(items)
