"""Reading ahead: work on a pool of threads whose results come in order, and never more than a few of them."""

import contextlib
import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from xception_gui.diagnostics import logger

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
    """Yield `work(item)` for each item, in the order of the items.

    Where the system lets no more threads be started, those that are there have no more to do, and the rest of the work
    is done on the thread that asks for it.

    Args:
        work: called on the threads; what it raises is raised here, in its turn.
        items: taken only as fast as results are.
        threads: as many as there are usable cores unless told.
        ahead: results kept waiting for each thread, which bounds the memory.
    """
    threads = threads or usable_cores()
    waiting: deque[Future[Value]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="reader") as pool:
        submit = _Submission(pool)
        try:
            for item in items:
                waiting.append(submit(work, item))
                if len(waiting) > threads * ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # whoever stops listening doesn't wait for what was still to be read
            for future in waiting:
                future.cancel()


class _Submission:
    """Hands work to a pool, until that can start no thread for it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._has_threads = True

    def __call__(self, work: Callable[[Item], Value], item: Item) -> Future[Value]:
        if self._has_threads:
            try:
                return self._pool.submit(work, item)
            except RuntimeError as error:
                if "thread" not in str(error):  # it says the same type of a pool that is closed
                    raise
                # What was submitted may still be done by a thread that is there, but nobody hears of it: so nothing is
                # submitted any more, or a pool of one thread would start that one later and have it swallow an item.
                logger.warning("No thread can be started (%s): what is to be read isn't read ahead", error)
                self._has_threads = False
        return _done(work, item)


def _done(work: Callable[[Item], Value], item: Item) -> Future[Value]:
    future: Future[Value] = Future()
    try:
        future.set_result(work(item))
    except Exception as error:
        future.set_exception(error)
    return future


def prefetched(items: Generator[Value, None, None], *, ahead: int) -> Generator[Value, None, None]:
    """Yield the items of a generator, which runs on a thread of its own and is closed with this one.

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
