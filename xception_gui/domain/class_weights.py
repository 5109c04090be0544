"""Classes of unequal size: what their pictures count for, and what a person should know of it."""

from collections.abc import Mapping

UNEQUAL = 2.0
"""So many times as many pictures in the largest class as in the smallest are worth a word."""


def balanced_weights(counts: Mapping[str, int]) -> dict[str, float]:
    """Say what a picture of each class counts for, so that all classes count alike: n / (k · n_c).

    n pictures, k classes, n_c pictures of the class (King & Zeng 2001, "Logistic regression in rare events data"). The
    mean over all pictures is 1, so that the learning rate keeps its meaning.

    Args:
        counts: pictures by class, 1 or more each.
    """
    total = sum(counts.values())
    return {name: total / (len(counts) * count) for name, count in counts.items()}


def words_on_unequal_classes(counts: Mapping[str, int], *, weighted: bool) -> str:
    """Tell what unequal classes mean for a training; nothing where they are equal, or nearly and not weighted.

    Args:
        counts: pictures to learn from, by class, 1 or more each.
        weighted: the recipe has class weights.
    """
    rarest, commonest = min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__)
    ratio = counts[commonest] / counts[rarest]
    if ratio == 1 or (not weighted and ratio < UNEQUAL):
        return ""
    found = (
        f"The classes are unequal: {counts[rarest]} pictures of “{rarest}” to learn from, "
        f"{counts[commonest]} of “{commonest}”."
    )
    if not weighted:
        return (
            f"{found} The model may overlook the rare ones. Class weights let their pictures count for more, which "
            "helps where each class matters as much as another, and costs a little where each picture does."
        )
    weights = balanced_weights(counts)
    return (
        f"{found} With class weights a picture of “{rarest}” counts {weights[rarest]:.2g} times, one of “{commonest}” "
        f"{weights[commonest]:.2g} times. This helps where each class matters as much as another, and costs a little "
        "where each picture does."
    )
