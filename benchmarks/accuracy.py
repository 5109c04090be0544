"""Measures Quick over several splits of a data set.

.venv/bin/python benchmarks/accuracy.py DATASET [SPLITS]
"""

import sys
from pathlib import Path

import numpy as np
from machine import describe

from xception_gui.data.checks import check_dataset
from xception_gui.data.split import split_dataset
from xception_gui.domain import metrics
from xception_gui.domain.recipe import DEFAULT_IMAGE_SIZE
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import probabilities
from xception_gui.inference.softmax_regression import fit_head


def main() -> None:
    dataset = check_dataset(Path(sys.argv[1]), image_size=DEFAULT_IMAGE_SIZE)
    splits = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    embedded = Embedder(DEFAULT_IMAGE_SIZE).embed([picture.path for picture in dataset.pictures])
    embeddings = {one.sha256: one.embedding for one in embedded}
    figures = []
    for seed in range(splits):
        split = split_dataset(dataset, val_fraction=0.2, max_per_class=None, seed=seed)
        train, val = (np.stack([embeddings[p.sha256] for p in part]) for part in (split.train, split.val))
        of_train, of_val = (
            np.array([split.classes.index(p.class_name) for p in part]) for part in (split.train, split.val)
        )
        said = probabilities(fit_head(train, of_train, len(split.classes)).head, val)
        figures.append((metrics.accuracy(said, of_val), metrics.log_loss(said, of_val)))
    means, deviations = np.mean(figures, axis=0), np.std(figures, axis=0)
    print(describe())
    print(f"{dataset.root.name}, {splits} splits: accuracy {means[0]:.3f} ± {deviations[0]:.3f}, "
          f"log loss {means[1]:.3f} ± {deviations[1]:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
