"""Reading ahead: work on a pool of threads whose results come in order, and never more than a few of them."""

import contextlib
import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


def usable_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_ahead(
    work: Callable[[Item], Value], items: Iterable[Item], *, threads: int | None = None, ahead: int = 2
) -> Generator[Value, None, None]:
    """Give `work(item)` for each item, in the order of the items.

    Args:
        work: called on the threads; what it raises is raised here, in its turn.
        items: taken only as fast as results are.
        threads: as many as there are usable cores unless told.
        ahead: results kept waiting for each thread, which bounds the memory.
    """
    threads = threads or usable_cores()
    waiting: deque[Future[Value]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="reader") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > threads * ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # whoever stops listening doesn't wait for what was still to be read
            for future in waiting:
                future.cancel()


def prefetched(items: Generator[Value, None, None], *, ahead: int) -> Generator[Value, None, None]:
    """Give the items of a generator, which runs on a thread of its own and is closed with this one.

    Args:
        items: what they raise is raised here, in its turn.
        ahead: items that wait ready, which bounds the memory.
    """
    end = object()
    ready = read_ahead(lambda _: next(items, end), itertools.repeat(None), threads=1, ahead=ahead)
    with contextlib.closing(items), contextlib.closing(ready):  # the thread ends before what runs on it is closed
        for item in ready:
            if item is end:
                return
            yield item  # type: ignore[misc]
