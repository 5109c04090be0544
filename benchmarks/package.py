"""Compares sizes and times of built programs.

    .venv/bin/python -m benchmarks.package PROGRAM [PROGRAM …] [--repeats 9] [--download]

A program is a folder that `release/build` has built; `docs/releasing.md` describes how to make the naive builds for
comparison. Its window, drawn off screen unless QT_QPA_PLATFORM is set, reports when it was painted and when a picture
dropped at that moment was classified; programs take turns. `--download` compresses them, which takes minutes.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.printing import print_document, say

HOME = "XCEPTION_GUI_HOME"
NAIVE = "naive"
"""Folder of the builds for comparison; they aren't compressed, which takes minutes each."""


def installed_bytes(folder: Path) -> int:
    """Return the total size of the files in a folder, without links."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def download_bytes(folder: Path) -> int:
    """Return the size of a folder as a download, compressed with tar and xz."""
    say(f"Compressing {folder}…")
    packed = subprocess.Popen(["tar", "--create", "--directory", folder.parent, folder.name], stdout=subprocess.PIPE)
    compressed = subprocess.Popen(["xz", "--threads=0", "--stdout"], stdin=packed.stdout, stdout=subprocess.PIPE)
    assert compressed.stdout is not None
    size = sum(len(block) for block in iter(lambda: compressed.stdout.read(1 << 20), b""))
    if packed.wait() or compressed.wait():
        raise RuntimeError(f"{folder} can't be compressed")
    return size


def window_program(folder: Path) -> Path:
    """Return the program that opens the window: the one without “-cli” in its name."""
    [console] = folder.glob("*-cli")
    return console.with_name(console.name.removesuffix("-cli"))


def seconds_to_paint_and_predict(program: Path, run: Path, picture: Path) -> tuple[float, float]:
    """Return the seconds from process start until the window was painted, and until a picture dropped on it at that
    moment was classified."""
    with tempfile.TemporaryDirectory() as home:
        began = time.time()
        ended = subprocess.run(
            [program, "--self-test", run, picture],
            env={**os.environ, HOME: home},
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(ended.stdout)
    return told["painted_at"] - began, told["predicted_at"] - began


def compare(folders: list[Path], repeats: int, *, download: bool) -> list[dict[str, object]]:
    """Measure programs; the first start of each fills the system's file cache and doesn't count."""
    programs = {folder: window_program(folder) for folder in folders}
    ours = [folder for folder in folders if download and folder.parent.name != NAIVE]
    downloads = {folder: download_bytes(folder) for folder in ours}
    seconds: dict[Path, list[tuple[float, float]]] = {folder: [] for folder in folders}
    with tempfile.TemporaryDirectory() as home:
        maker = programs[folders[0]]
        say(f"Training a model with {maker.name}…")
        demo = [maker.with_name(f"{maker.name}-cli"), "demo", "--headless"]
        subprocess.run(demo, env={**os.environ, HOME: home}, capture_output=True, check=True)
        run = Path(home) / "data" / "models" / "road scenes"
        picture = min((Path(home) / "data" / "sample pictures" / "new scenes").iterdir())
        for turn in range(repeats + 1):
            for folder, program in programs.items():
                times = seconds_to_paint_and_predict(program, run, picture)
                if turn:
                    seconds[folder].append(times)
    return [_described(folder, seconds[folder], downloads.get(folder)) for folder in folders]


def _described(folder: Path, seconds: list[tuple[float, float]], download: int | None) -> dict[str, object]:
    painted, predicted = zip(*seconds, strict=True)
    described: dict[str, object] = {
        "program": folder.name if folder.parent.name == "dist" else f"{folder.parent.name}/{folder.name}",
        "installed_bytes": installed_bytes(folder),
        "painted_seconds": statistics.median(painted),
        "painted_range": [min(painted), max(painted)],
        "predicted_seconds": statistics.median(predicted),
        "predicted_range": [min(predicted), max(predicted)],
    }
    if download is not None:
        described["download_bytes"] = download
    say(json.dumps(described))
    return described


def main() -> None:
    """Measure, and print one JSON document."""
    parser = argparse.ArgumentParser(description="Measure built programs.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="PROGRAM")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--download", action="store_true", help="also measure their sizes as downloads (minutes)")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    programs = compare(
        [folder.absolute() for folder in arguments.folders], arguments.repeats, download=arguments.download
    )
    print_document({"programs": programs})


if __name__ == "__main__":
    main()
