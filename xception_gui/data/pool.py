"""Reading ahead: work on a pool of threads whose results come in order, and never more than a few of them."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
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
) -> Iterator[Value]:
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
