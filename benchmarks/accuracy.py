"""Measures Quick's accuracy over several splits of a data set.

.venv/bin/python -m benchmarks.accuracy DATASET [--splits 20]
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.printing import print_document, say
from xception_gui.data.dataset.checks import check_dataset
from xception_gui.data.dataset.split import split_dataset
from xception_gui.domain import metrics
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import probabilities
from xception_gui.inference.softmax_regression import fit_head


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Quick over several splits.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--image-size", type=int, default=DEFAULT_IMAGE_SIZE)
    arguments = parser.parse_args()
    dataset = check_dataset(arguments.dataset)
    embedded = Embedder(XCEPTION, arguments.image_size).embed([picture.path for picture in dataset.pictures])
    embeddings = {one.sha256: one.embedding for one in embedded}
    figures = []
    for seed in range(arguments.splits):
        split = split_dataset(dataset, val_fraction=0.2, max_per_class=None, seed=seed)
        train, val = (np.stack([embeddings[p.sha256] for p in part]) for part in (split.train, split.val))
        of_train, of_val = (
            np.array([split.classes.index(p.class_name) for p in part]) for part in (split.train, split.val)
        )
        said = probabilities(fit_head(XCEPTION, train, of_train, len(split.classes)).head, val)
        figures.append((metrics.accuracy(said, of_val), metrics.log_loss(said, of_val)))
    means, deviations = np.mean(figures, axis=0), np.std(figures, axis=0)
    say(f"{dataset.root.name}: accuracy {means[0]:.3f} ± {deviations[0]:.3f}, log loss {means[1]:.3f}")
    print_document(
        {
            "dataset": dataset.root.name,
            "pictures": len(dataset.pictures),
            "splits": arguments.splits,
            "accuracy": {"mean": means[0], "deviation": deviations[0]},
            "log_loss": {"mean": means[1], "deviation": deviations[1]},
        }
    )


if __name__ == "__main__":
    main()
