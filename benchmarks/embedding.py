"""Compares the rate at which the program embeds pictures with the bare runtime's rate on constant pixels.

    .venv/bin/python -m benchmarks.embedding PICTURES [--count 40] [--repeats 5]

Both take turns in one process, so that they run under the same conditions. The program reads, decodes, embeds and
caches new files: each turn starts with an empty cache. The medians are compared.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.bare import BareBackbone
from benchmarks.printing import print_document, say
from xception_gui import paths
from xception_gui.data.pictures.open_picture import looks_like_a_picture
from xception_gui.data.pool import usable_cores
from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference.embedder import Embedder

WARMING_UP = 3


def embedding_seconds(files: list[Path], image_size: int) -> float:
    """Embed files from an empty cache. Returns seconds per picture."""
    with tempfile.TemporaryDirectory() as home:
        os.environ[paths.HOME_VARIABLE] = home
        embedder = Embedder(XCEPTION, image_size)
        for _ in embedder.embed(files[:WARMING_UP]):  # to open the backbone
            pass
        files = files[WARMING_UP:]
        began = time.monotonic()
        found = sum(embedded.embedding is not None for embedded in embedder.embed(files))
        seconds = time.monotonic() - began
    if found < len(files):
        raise SystemExit(f"{len(files) - found} of the pictures can't be read, so a rate would be meaningless")
    return seconds / len(files)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the program's embedding with the bare runtime.")
    parser.add_argument("pictures", type=Path, help="a folder of pictures, all different")
    parser.add_argument("--count", type=int, default=40, help="pictures in a turn")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--image-size", type=int, default=299)
    arguments = parser.parse_args()
    found = sorted(path for path in arguments.pictures.rglob("*") if looks_like_a_picture(path))
    count = min(arguments.count, len(found) - WARMING_UP)
    step = max(len(found) // (count + WARMING_UP), 1)
    files = found[::step][: count + WARMING_UP]
    bare = BareBackbone(paths.shipped_backbone(), arguments.image_size, usable_cores())
    bare.seconds_per_picture(WARMING_UP)
    turns = []
    for turn in range(arguments.repeats):
        alone = bare.seconds_per_picture(count)
        program = embedding_seconds(files, arguments.image_size)
        turns.append({"bare": alone, "program": program})
        say(f"turn {turn + 1}: bare {alone * 1000:.1f} ms per picture, program {program * 1000:.1f} ms")
    bare_seconds, seconds = (statistics.median(turn[who] for turn in turns) for who in ("bare", "program"))
    print_document(
        {
            "image_size": arguments.image_size,
            "pictures": count,
            "turns": turns,
            "bare_images_per_second": 1 / bare_seconds,
            "images_per_second": 1 / seconds,
            "share_of_bare": bare_seconds / seconds,
        }
    )


if __name__ == "__main__":
    main()
