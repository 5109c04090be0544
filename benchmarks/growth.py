"""Measures scaling: time and peak memory with 1,000, 10,000 and 100,000 pictures of 100×100.

    .venv/bin/python -m benchmarks.growth FOLDER [--sizes 1000 10000 100000]

Synthetic pictures and embeddings, about 2 GB, are written to FOLDER and kept there for the next call. Each figure is
from a separate process: `check` of a folder of new files, `check` of it again, the fit of Quick's head to the same
number of embeddings, and predictions from all of them. Embedding 100,000 pictures would take hours, so the embeddings
are synthetic too: see `write_embeddings`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.printing import last_document, print_document, say
from benchmarks.processes import PROGRAM, Ran, run_process
from xception_gui.domain.architecture import XCEPTION

SIZES = (1_000, 10_000, 100_000)
CLASSES = 10
SIDE = 100  # pixels
RANK = 256
BLOCK = 2048
"""Embeddings generated at a time."""

SEPARATION = 0.2
"""Distance of the class means in each direction, in standard deviations of a class: gives an accuracy of about 90 %."""


def write_pictures(folder: Path, count: int) -> None:
    """Draw pictures, all different, in ten class folders: noise, and a shape in the colour of the class."""
    if sum(1 for path in folder.rglob("*.jpg")) == count:
        return
    for label in range(CLASSES):
        (folder / f"class-{label}").mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(lambda number: _draw_picture(folder, number), range(count)):
            pass


def _draw_picture(folder: Path, number: int) -> None:
    random = np.random.default_rng(number)
    label = number % CLASSES
    noise = random.integers(0, 256, (SIDE // 5, SIDE // 5, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    left, top = (int(place) for place in random.integers(5, 45, 2))
    ImageDraw.Draw(picture).ellipse((left, top, left + 50, top + 50), fill=f"hsl({label * 36}, 80%, 50%)")
    picture.save(folder / f"class-{label}" / f"{number}.jpg", quality=85)


def write_embeddings(folder: Path, count: int) -> None:
    """Generate embeddings, float16 (count, 6712), as `embeddings.npy`, and their classes as `labels.npy`.

    Like embeddings of real pictures, their numbers have very different scales and vary mostly in a few directions (a
    spectrum that falls as 1/k), many of which separate the classes a little.
    """
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.arange(count) % CLASSES
    if _is_written(folder / "embeddings.npy", count):
        return
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        path = Path(unfinished) / "embeddings.npy"
        embeddings = np.lib.format.open_memmap(
            path, mode="w+", dtype=np.float16, shape=(count, XCEPTION.embedding_size)
        )
        for start, block in zip(range(0, count, BLOCK), _embeddings(labels), strict=True):
            embeddings[start : start + BLOCK] = block
        embeddings.flush()
        np.save(folder / "labels.npy", labels)
        path.replace(folder / "embeddings.npy")


def _embeddings(labels: np.ndarray) -> Iterator[np.ndarray]:
    random = np.random.default_rng(0)
    scales = np.arange(1, RANK + 1, dtype=np.float32) ** -0.5
    means = random.standard_normal((CLASSES, RANK), np.float32) * SEPARATION
    directions = random.standard_normal((RANK, XCEPTION.embedding_size), np.float32) * scales[:, np.newaxis]
    sizes = np.exp(random.normal(-3.5, 1.0, XCEPTION.embedding_size)).astype(np.float32)
    offsets = random.standard_normal(XCEPTION.embedding_size, np.float32) * 3
    for start in range(0, len(labels), BLOCK):
        of_block = labels[start : start + BLOCK]
        latent = means[of_block] + random.standard_normal((len(of_block), RANK), np.float32)
        varied = latent @ directions + random.standard_normal((len(of_block), XCEPTION.embedding_size), np.float32)
        yield (sizes * (offsets + varied)).astype(np.float16)


def _is_written(path: Path, count: int) -> bool:
    return path.exists() and np.load(path, mmap_mode="r").shape == (count, XCEPTION.embedding_size)


def measure(folder: Path, count: int) -> dict[str, Any]:
    """Measure one size."""
    pictures, embeddings = folder / f"{count}-pictures", folder / f"{count}-embeddings"
    say(f"{count}: generating pictures and embeddings")
    write_pictures(pictures, count)
    write_embeddings(embeddings, count)
    figures = {}
    with tempfile.TemporaryDirectory() as home:
        for name in ("check", "check_again"):
            ran = run_process([*PROGRAM, "check", str(pictures), "--json"], home=Path(home))
            if (used := json.loads(ran.stdout)["used"]) != count:
                raise SystemExit(f"Only {used} of {count} pictures can be used")
            figures[name] = _figures(name, count, ran, ran.seconds)
    with tempfile.TemporaryDirectory() as home:
        for name in ("fit", "predict"):
            words = ["-m", "benchmarks.from_embeddings", name, str(embeddings), str(Path(home) / "head.npz")]
            ran = run_process([sys.executable, *words], home=Path(home))
            document = last_document(ran.stdout)
            figures[name] = _figures(name, count, ran, document.pop("seconds")) | document
    return {"pictures": count, **figures}


def _figures(name: str, count: int, ran: Ran, seconds: float) -> dict[str, Any]:
    say(f"{count}: {name} {seconds:.1f} s, {ran.peak_mb or 0:.0f} MB peak")
    return {
        "seconds": seconds,
        "ms_per_picture": seconds * 1000 / count,
        "peak_mb": ran.peak_mb,
        "own_mb": ran.own_mb,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure time and memory as the number of pictures grows.")
    parser.add_argument("folder", type=Path, help="folder for the generated pictures and embeddings")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments = parser.parse_args()
    sizes = [measure(arguments.folder, count) for count in arguments.sizes]
    print_document({"side": SIDE, "classes": CLASSES, "sizes": sizes})


if __name__ == "__main__":
    main()
