"""Reading ahead: in order, bounded, and gone when nobody listens any more."""

import os
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest

from xception_gui.data import pool
from xception_gui.data.pool import prefetched, read_ahead


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


def test_so_many_results_wait_for_each_thread_and_items_are_taken_no_faster():
    taken: list[int] = []

    def items() -> Generator[int, None, None]:
        for number in range(20):
            taken.append(number)
            yield number

    for options, waiting in (({"threads": 1, "ahead": 3}, 3), ({"threads": 3}, 6), ({"threads": 2, "ahead": 1}, 2)):
        taken.clear()
        results = read_ahead(lambda number: 2 * number, items(), **options)
        for number in range(5):
            assert next(results) == 2 * number
            assert len(taken) == number + 1 + waiting
        assert list(results) == list(range(10, 40, 2))


def test_whoever_stops_listening_waits_for_nothing_that_hasnt_begun(monkeypatch):
    begun: list[int] = []
    may_end, has_begun = threading.Event(), threading.Event()

    class EndingLast(ThreadPoolExecutor):
        """Whose work ends once the pool is waited for, which is when the rest has been taken back."""

        def __exit__(self, *words):
            may_end.set()
            return super().__exit__(*words)

    def work(number: int) -> int:
        begun.append(number)
        if number == 1:
            has_begun.set()
            assert may_end.wait(20)
        return number

    monkeypatch.setattr(pool, "ThreadPoolExecutor", EndingLast)
    results = read_ahead(work, range(9), threads=1, ahead=4)
    assert next(results) == 0
    assert has_begun.wait(20)
    results.close()
    assert begun == [0, 1]


def test_as_many_threads_work_as_there_are_cores(monkeypatch):
    monkeypatch.setattr(pool, "usable_cores", lambda: 3)
    together = threading.Barrier(3)
    assert list(read_ahead(lambda number: together.wait(20) >= 0 and number, range(6))) == list(range(6))


def test_usable_cores_are_those_that_this_process_may_use(monkeypatch):
    assert pool.usable_cores() >= 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 5, 7} if process == 0 else set(), raising=False)
    assert pool.usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    for known, wanted in ((6, 6), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda known=known: known)
        assert pool.usable_cores() == wanted


def test_ahead_says_how_many_items_wait_ready():
    made: list[int] = []
    enough = threading.Event()

    def items() -> Generator[int, None, None]:
        for number in range(50):
            made.append(number)
            if len(made) == 6:
                enough.set()
            yield number

    ready = prefetched(items(), ahead=5)
    assert next(ready) == 0
    assert enough.wait(20)
    ready.close()
    assert len(made) == 6
