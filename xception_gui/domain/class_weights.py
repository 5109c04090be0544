"""Classes of unequal size: the weights of their pictures, and the details of a notice about them."""

from collections.abc import Mapping

from xception_gui.domain.messages.base import Details

UNEQUAL = 2.0
"""Ratio of the largest to the smallest class from which a notice is given."""


def balanced_weights(counts: Mapping[str, int]) -> dict[str, float]:
    """Return the weight of a picture of each class, so that all classes count equally: n / (k · n_c).

    n pictures, k classes, n_c pictures of the class (King & Zeng 2001, "Logistic regression in rare events data"). The
    mean over all pictures is 1, so that the effective learning rate stays the same.

    Args:
        counts: pictures by class, at least 1 each.
    """
    total = sum(counts.values())
    return {name: total / (len(counts) * count) for name, count in counts.items()}


def unequal_classes(counts: Mapping[str, int], *, weighted: bool) -> Details | None:
    """Return the details of a notice about unequal classes; None if they are equal, or nearly equal and not weighted.

    Args:
        counts: training pictures by class, at least 1 each.
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
