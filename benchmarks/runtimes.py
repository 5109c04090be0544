"""Compares OpenVINO with LiteRT: seconds per picture, in turns, and the difference of their probabilities.

    .venv/bin/python -m benchmarks.runtimes DATASET [PICTURES_OF_A_CLASS]

For each runtime, a head is fitted to its embeddings of four fifths of the pictures, and tested on those of the others.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.printing import print_document
from xception_gui.data.pictures.open_picture import decode
from xception_gui.data.sources.walker import files_below
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.runtime import LITERT
from xception_gui.inference.head import probabilities
from xception_gui.inference.openvino import openvino_runtime
from xception_gui.inference.runtimes import open_backbone, open_shipped_backbone
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.paths import shipped_backbone, shipped_sha256

SIZE = 299


def main() -> None:
    dataset, per_class = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40
    other = openvino_runtime()
    if other is None:
        raise SystemExit("OpenVINO is not installed.")
    classes = sorted(path for path in dataset.iterdir() if path.is_dir())
    found = [(Path(file), label) for label, folder in enumerate(classes) for file in files_below(folder)[0][:per_class]]
    sha256 = shipped_sha256(shipped_backbone())
    backbones = {
        LITERT: open_shipped_backbone(XCEPTION, SIZE),
        other: open_backbone(XCEPTION, shipped_backbone(), SIZE, sha256=sha256, runtime=other),
    }
    embeddings: dict[str, list[np.ndarray]] = {name: [] for name in backbones}
    seconds: dict[str, list[float]] = {name: [] for name in backbones}
    for file, _ in found:
        pixels = decode(file.read_bytes(), SIZE)
        for name, backbone in backbones.items():
            began = time.perf_counter()
            embeddings[name].append(backbone.embed(pixels))
            seconds[name].append(time.perf_counter() - began)
    labels = np.array([label for _, label in found])
    tested = np.arange(len(labels)) % 5 == 0
    said = {}
    for name, all_of_them in embeddings.items():
        seen = np.stack(all_of_them)
        head = fit_head(XCEPTION, seen[~tested], labels[~tested], len(classes)).head
        said[name] = probabilities(head, seen[tested])
    apart = np.abs(said[LITERT] - said[other]).max(axis=1)
    figures = {
        "median_seconds": {name: statistics.median(times) for name, times in seconds.items()},
        "tested": int(tested.sum()),
        "apart": {"median": float(np.median(apart)), "largest": float(apart.max())},
        "same_class": float((said[LITERT].argmax(1) == said[other].argmax(1)).mean()),
        "accuracy": {name: float((p.argmax(1) == labels[tested]).mean()) for name, p in said.items()},
    }
    print_document(figures)


if __name__ == "__main__":
    main()
