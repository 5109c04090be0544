"""Damaged pictures: each gives pixels or a reason. No crash, no other exception, nothing that takes over five seconds.

    python -m tests.torture.pictures --cases 10000 --seed 1

Prints what became of them as JSON; exit status 1 if anything else happened.
"""

import argparse
import faulthandler
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from tests.torture.mutations import mutated
from tests.unit.test_images import EXAMPLES, SIZE
from xception_gui.data.images import PictureError, decode
from xception_gui.domain.reasons import Reason

LONGEST = 5.0  # seconds
AT_A_TIME = 100  # cases in one task of a process
LISTED = (Reason.NOT_A_PICTURE, Reason.DAMAGED, Reason.TOO_MANY_PIXELS)


def damaged_picture(seed: int, case: int) -> tuple[str, bytes]:
    """Give the kind and the bytes of a case."""
    kinds = sorted(EXAMPLES)
    kind = kinds[case % len(kinds)]
    return kind, mutated(EXAMPLES[kind], random.Random(f"{seed} {case}"))


def outcome(data: bytes) -> str:
    """Say what becomes of a file: pixels, or the reason why not.

    Raises:
        AssertionError: something that is not listed.
        Exception: whatever the picture path lets through.
    """
    began = time.perf_counter()
    try:
        pixels = decode(data, SIZE)
    except PictureError as error:
        assert error.reason in LISTED, error
        found = str(error.reason)
    else:
        assert pixels.shape == (SIZE, SIZE, 3)
        found = "pixels"
    assert time.perf_counter() - began < LONGEST, "it took too long"
    return found


def outcomes(seed: int, cases: range) -> Counter[str]:
    """Do some cases. A decoder that hangs ends the process."""
    found: Counter[str] = Counter()
    for case in cases:
        faulthandler.dump_traceback_later(4 * LONGEST, exit=True)
        kind, data = damaged_picture(seed, case)
        try:
            found[outcome(data)] += 1
        except BaseException as error:  # told, and the next one tried
            print(f"Case {case} ({kind}): {error!r}", file=sys.stderr)
            found["failed"] += 1
    faulthandler.cancel_dump_traceback_later()
    return found


def main() -> int:
    """Do all cases, on all cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    parts = [range(begin, min(begin + AT_A_TIME, arguments.cases)) for begin in range(0, arguments.cases, AT_A_TIME)]
    found: Counter[str] = Counter()
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = {part: pool.submit(outcomes, arguments.seed, part) for part in parts}
        for part, task in tasks.items():
            try:
                found += task.result()
            except BrokenProcessPool:
                print(f"A process ended in one of the cases from {part.start} on", file=sys.stderr)
                found["crashed or hung"] += 1
                break
    print(json.dumps({"seed": arguments.seed, "cases": arguments.cases, **found}))
    return int(bool(found["failed"] or found["crashed or hung"]))


if __name__ == "__main__":
    sys.exit(main())
