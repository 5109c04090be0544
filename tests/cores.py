"""One core for each worker of pytest-xdist, and for all processes that its tests start.

Most tests wait for one process after another. Workers that compete for all cores take longer than workers with one
each, and the duration of a test would depend on the other workers.
"""

import os


def keep_to_one_core() -> None:
    """Bind this process to its own core, if it is a worker and the system allows that."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")  # gw0, gw1, …
    if worker is None or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
