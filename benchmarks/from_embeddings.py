"""Fits a head to embeddings on disk, or predicts from them, in a process of its own that `growth.py` measures.

.venv/bin/python -m benchmarks.from_embeddings fit|predict FOLDER HEAD.npz
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.printing import print_document
from xception_gui.domain.architecture import XCEPTION
from xception_gui.inference.head import Head, probabilities
from xception_gui.inference.softmax_regression import fit_head

BLOCK = 2048
"""Embeddings per prediction."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit or predict from a folder of embeddings.")
    parser.add_argument("what", choices=("fit", "predict"))
    parser.add_argument("folder", type=Path, help="folder with embeddings.npy and labels.npy")
    parser.add_argument("head", type=Path, help="written by fit, read by predict")
    arguments = parser.parse_args()
    embeddings = np.load(arguments.folder / "embeddings.npy", mmap_mode="r")
    labels = np.load(arguments.folder / "labels.npy")
    began = time.monotonic()
    if arguments.what == "fit":
        fit = fit_head(XCEPTION, embeddings, labels, int(labels.max()) + 1)
        seconds = time.monotonic() - began
        np.savez(arguments.head, kernel=fit.head.kernel, bias=fit.head.bias)
        print_document({"seconds": seconds, "strength": fit.strength})
        return
    weights = np.load(arguments.head)
    head = Head(XCEPTION, XCEPTION.embedding_blocks, weights["kernel"], weights["bias"])
    right = 0
    for start in range(0, len(labels), BLOCK):
        said = probabilities(head, embeddings[start : start + BLOCK]).argmax(axis=1)
        right += int((said == labels[start : start + BLOCK]).sum())
    print_document({"seconds": time.monotonic() - began, "training_accuracy": right / len(labels)})


if __name__ == "__main__":
    main()
