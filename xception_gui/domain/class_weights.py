"""Classes of unequal size: what their pictures count for, and what a person should know of it."""

from collections.abc import Mapping

from xception_gui.domain.messages.base import Details

UNEQUAL = 2.0
"""So many times as many pictures in the largest class as in the smallest are worth a word."""


def balanced_weights(counts: Mapping[str, int]) -> dict[str, float]:
    """Return what a picture of each class counts for, so that all classes count alike: n / (k · n_c).

    n pictures, k classes, n_c pictures of the class (King & Zeng 2001, "Logistic regression in rare events data"). The
    mean over all pictures is 1, so that the learning rate keeps its meaning.

    Args:
        counts: pictures by class, 1 or more each.
    """
    total = sum(counts.values())
    return {name: total / (len(counts) * count) for name, count in counts.items()}


def unequal_classes(counts: Mapping[str, int], *, weighted: bool) -> Details | None:
    """Return the details of a notice on unequal classes; None where they are equal, or nearly and not weighted.

    Args:
        counts: pictures to learn from, by class, 1 or more each.
        weighted: the recipe has class weights.
    """
    rarest, commonest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    ratio = counts[commonest] / counts[rarest]
    if ratio == 1 or (not weighted and ratio < UNEQUAL):
        return None
    found: Details = {
        "rarest": rarest,
        "few": counts[rarest],
        "commonest": commonest,
        "many": counts[commonest],
    }
    if not weighted:
        return found
    weights = balanced_weights(counts)
    return {**found, "rare_weight": weights[rarest], "common_weight": weights[commonest]}
