"""Classes of unequal size: what their pictures count for, and the word about it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from xception_gui.domain.class_weights import balanced_weights, unequal_classes
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.words.notices import notice_text

COUNTS = st.dictionaries(st.text("abcdefg", min_size=1, max_size=3), st.integers(1, 5000), min_size=2)


@given(counts=COUNTS)
def test_weights_are_scikit_learns_and_their_mean_is_one(counts):
    names = sorted(counts)
    labels = np.repeat(names, [counts[name] for name in names])
    wanted = compute_class_weight("balanced", classes=np.array(names), y=labels)
    weights = balanced_weights(counts)
    assert [weights[name] for name in names] == pytest.approx(wanted)
    assert sum(weights[name] * counts[name] for name in names) == pytest.approx(sum(counts.values()))


@pytest.mark.parametrize("weighted", [False, True])
def test_equal_classes_are_not_worth_a_word(weighted):
    assert unequal_classes({"a": 80, "b": 80, "c": 80}, weighted=weighted) is None


def words_on(counts, *, weighted):
    return notice_text(Notice(NoticeCode.UNEQUAL_CLASSES, unequal_classes(counts, weighted=weighted)))


def test_unequal_classes_are_told_with_what_would_help_and_when():
    words = words_on({"paper": 96, "glass": 60, "trash": 12}, weighted=False)
    assert "Few pictures of “trash” (12, against 96 “paper”)." in words
    assert "may be missed" in words and "Class weights" in words and "helps if" in words
    assert unequal_classes({"paper": 20, "trash": 10}, weighted=False)  # two to one
    assert unequal_classes({"paper": 19, "trash": 10}, weighted=False) is None


def test_class_weights_tell_what_they_do_with_any_inequality():
    words = words_on({"paper": 60, "trash": 20}, weighted=True)
    assert "“trash” counts 2 times" in words and "“paper” 0.67 times" in words and "helps if" in words
    assert "may be missed" not in words
    assert unequal_classes({"paper": 61, "trash": 60}, weighted=True)
