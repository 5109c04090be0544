"""Each worker of pytest-xdist keeps to one core, and so does all that its tests start.

Most tests wait for one process after another. Workers that each want all cores take longer than workers with one each,
and how long a test takes would depend on what the others do.
"""

import os


def keep_to_one_core() -> None:
    """Bind this process to a core of its own, if it is a worker on a system where that can be done."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")  # gw0, gw1, …
    if worker is None or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
