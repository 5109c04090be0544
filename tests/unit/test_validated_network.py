"""What is made of a trained network at its end if pictures were removed meanwhile."""

import shutil
from collections import Counter

import numpy as np
import pytest

from tests.conftest import RED_AND_BLUE, draw_dataset
from xception_gui.data.dataset.split import Split, split_dataset
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.head import Head
from xception_gui.jobs.dataset.check import read_dataset
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import networks

BLOCKS = XCEPTION.embedding_blocks
KNOWS_NOTHING = Head(XCEPTION, BLOCKS, np.zeros((XCEPTION.embedding_size, 2), np.float32), np.zeros(2, np.float32))


@pytest.fixture
def split(tmp_path) -> Split:
    folder = draw_dataset(tmp_path / "pictures", RED_AND_BLUE, count=8)
    read = read_dataset(str(folder), lambda event: None, never)
    return split_dataset(read, val_fraction=0.25, max_per_class=None, seed=0)


def validated(split: Split):
    notices = []
    said = networks._validated(KNOWS_NOTHING, split, Embedder(XCEPTION, 71), notices.append, 0.04)
    told = [one.details for one in notices if isinstance(one, Notice) and one.code is NoticeCode.PICTURES_CHANGED]
    return said, told


def test_the_head_is_fitted_again(split):
    said, told = validated(split)
    assert said.measured.accuracy == 1 and not told


def test_a_class_that_was_moved_away_is_not_forgotten(split):
    """A head fitted to what is left would call everything blue, and be right about all that is left."""
    shutil.rmtree(next(one.path for one in split.train if one.class_name == "red").parent)
    said, told = validated(split)
    assert said.head is KNOWS_NOTHING
    assert Counter(one.class_name for one in said.pictures) == {"blue": 2}
    assert told == [{"missing": 8, "pictures": 16}]


def test_a_few_lost_pictures_are_told_and_the_others_used(split):
    split.train[0].path.unlink()
    said, told = validated(split)
    assert said.head is not KNOWS_NOTHING and said.measured.accuracy == 1
    assert told == [{"missing": 1, "pictures": 16}]
