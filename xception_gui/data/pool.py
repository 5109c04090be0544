"""Reading ahead: a thread pool whose results come in order, with a limited number waiting."""

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
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_ahead(
    work: Callable[[Item], Value], items: Iterable[Item], *, threads: int | None = None, ahead: int = 2
) -> Generator[Value, None, None]:
    """Yield `work(item)` for each item, in the order of the items.

    If the system allows no more threads, the pool is no longer used, and the calling thread does the rest of the work.

    Args:
        work: called on the threads; its exceptions are raised here, in order.
        items: taken only as fast as results are.
        threads: number of threads; by default, the number of usable cores.
        ahead: results waiting for each thread, which bounds the memory.
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
        finally:  # a caller that stops early doesn't wait for the rest
            for future in waiting:
                future.cancel()


class _Submission:
    """Submits work to a pool until the pool can't start a thread."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._has_threads = True

    def __call__(self, work: Callable[[Item], Value], item: Item) -> Future[Value]:
        if self._has_threads:
            try:
                return self._pool.submit(work, item)
            except RuntimeError as error:
                if "thread" not in str(error):  # the pool raises the same type once it is closed
                    raise
                # An existing thread may still do the submitted work, but its result is lost. So nothing more is
                # submitted: a pool of one thread would start it later and consume an item.
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
    """Yield the items of a generator that runs on its own thread and is closed with this one.

    Args:
        items: its exceptions are raised here, in order.
        ahead: items that wait, which bounds the memory.
    """
    end = object()
    ready = read_ahead(lambda _: next(items, end), itertools.repeat(None), threads=1, ahead=ahead)
    with contextlib.closing(items), contextlib.closing(ready):  # the thread ends before its generator is closed
        for item in ready:
            if item is end:
                return
            yield item  # type: ignore[misc]
