"""The stack that a thread's signal handlers run on, kept while a library is used that replaces it."""

import contextlib
import ctypes
import sys
from collections.abc import Iterator


class _Stack(ctypes.Structure):
    """`stack_t` of Linux."""

    _fields_ = (("place", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


@contextlib.contextmanager
def signal_stack_kept() -> Iterator[None]:
    """Restore this thread's alternate signal stack afterwards.

    A compiled network of OpenVINO installs a stack of its own in the thread that opens it, frees that stack when it is
    closed, and puts back what was there before: if two are open, perhaps what has been freed. The next signal, such as
    Ctrl-C, then crashes the process, as Python handles signals on that stack. With this, the thread's own is put back
    in any case. On other systems than Linux, nothing is done.
    """
    if sys.platform != "linux":
        yield
        return
    library = ctypes.CDLL(None)
    before = _Stack()
    library.sigaltstack(None, ctypes.byref(before))
    try:
        yield
    finally:
        library.sigaltstack(ctypes.byref(before), None)
