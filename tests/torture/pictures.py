"""Damaged pictures, and bombs: each yields pixels or a reason. No crash, no other exception, nothing that takes more
than five seconds or a gigabyte.

    python -m tests.torture.pictures --cases 10000 --bombs 500 --seed 1

Bombs come intact first, then damaged. Prints the outcomes as JSON; exit status 1 if anything else happened.
"""

import argparse
import faulthandler
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from tests.torture.bombs import BOMBS, peak
from tests.torture.mutations import mutated
from tests.unit.test_images import EXAMPLES, REFUSALS, SIZE
from xception_gui.data.pictures.open_picture import PictureError, decode

LONGEST = 5.0  # seconds of processor time
MAX_MEMORY = 1_000_000_000  # bytes
AT_A_TIME = 100  # cases in one task of a worker


def damaged_picture(seed: int, case: int) -> tuple[str, bytes]:
    """Return the kind and the bytes of a case."""
    kinds = sorted(EXAMPLES)
    kind = kinds[case % len(kinds)]
    return kind, mutated(EXAMPLES[kind], random.Random(f"{seed} {case}"))


def bomb(seed: int, case: int) -> tuple[str, bytes]:
    """Return the kind and the bytes of a case: each bomb intact, then damaged."""
    kinds = sorted(BOMBS)
    kind = kinds[case % len(kinds)]
    data = BOMBS[kind]()
    return kind, data if case < len(kinds) else mutated(data, random.Random(f"{seed} {case}"))


def outcome(data: bytes) -> str:
    """Return what becomes of a file: pixels, or the reason why not.

    Raises:
        AssertionError: the outcome isn't one of those.
        Exception: any that the picture path lets through.
    """
    began = time.process_time()
    try:
        pixels = decode(data, SIZE)
    except PictureError as error:
        assert error.reason in REFUSALS, error
        found = str(error.reason)
    else:
        assert pixels.shape == (SIZE, SIZE, 3)
        found = "pixels"
    assert time.process_time() - began < LONGEST, "it took too long"
    return found


def outcomes(seed: int, cases: range, make: Callable[[int, int], tuple[str, bytes]]) -> Counter[str]:
    """Run some cases. A decoder that hangs ends the process."""
    found: Counter[str] = Counter()
    for case in cases:
        kind, data = make(seed, case)
        faulthandler.dump_traceback_later(4 * LONGEST, exit=True)
        try:
            found[outcome(data)] += 1
        except BaseException as error:  # reported; continue with the next one
            print(f"Case {case} ({kind}): {error!r}", file=sys.stderr)
            found["failed"] += 1
        faulthandler.cancel_dump_traceback_later()
    return found


def outcome_of_bomb(seed: int, case: int) -> Counter[str]:
    """Run one bomb in its own process, in which nothing but making it takes memory besides."""
    kind, data = bomb(seed, case)
    found = outcomes(seed, range(case, case + 1), lambda *_: (kind, data))
    if peak() > MAX_MEMORY:
        print(f"Case {case} ({kind}): {peak() / 1e9:.1f} GB", file=sys.stderr)
        found["failed"] += 1
    return found


def main() -> int:
    """Run all cases, on all cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--bombs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    parts = [range(begin, min(begin + AT_A_TIME, arguments.cases)) for begin in range(0, arguments.cases, AT_A_TIME)]
    spawn = multiprocessing.get_context("spawn")
    found: dict[str, Counter[str]] = {"damaged pictures": Counter(), "bombs": Counter()}
    with (
        ProcessPoolExecutor(mp_context=spawn) as pool,
        ProcessPoolExecutor(mp_context=spawn, max_tasks_per_child=1) as pool_of_bombs,
    ):
        tasks = [
            (part, "damaged pictures", pool.submit(outcomes, arguments.seed, part, damaged_picture)) for part in parts
        ]
        tasks += [
            (range(case, case + 1), "bombs", pool_of_bombs.submit(outcome_of_bomb, arguments.seed, case))
            for case in range(arguments.bombs)
        ]
        for part, kind, task in tasks:
            try:
                found[kind] += task.result()
            except BrokenProcessPool:
                print(f"A process ended in one of the cases of {kind} from {part.start} on", file=sys.stderr)
                found[kind]["crashed or hung"] += 1
                break
    print(json.dumps({"seed": arguments.seed, **found}))
    return int(any(kind["failed"] or kind["crashed or hung"] for kind in found.values()))


if __name__ == "__main__":
    sys.exit(main())
