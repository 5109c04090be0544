"""Whether top folders are classes or parts, told by their names: the one decision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.data.sources.folder_decision import PART_WORDS, FolderDecision, Part, decide
from xception_gui.domain.folders import Folders

CLASSES = frozenset({"cats", "dogs"})


def folders(*names: str) -> dict[str, frozenset[str] | None]:
    """Folders that hold the same class folders."""
    return dict.fromkeys(names, CLASSES)


def flat(*names: str) -> dict[str, frozenset[str] | None]:
    """Folders of pictures."""
    return dict.fromkeys(names, frozenset())


@pytest.mark.parametrize(
    ("train", "other"),
    [
        ("train", "val"),
        ("training_set", "test_set"),
        ("Train ", "VALID"),
        ("01_train", "02_val"),
        ("train2017", "val2017"),
        ("imagenet-train", "imagenet-val"),
        ("seg_train", "seg_test"),
        ("dataset_train", "dataset_dev"),
        ("TrainImages", "TestImages"),
        ("leavesTrain", "leavesTest"),
        ("trainset", "testset"),
        ("train.small", "valid.small"),
        ("train (cleaned)", "validation"),
        ("train", "test1"),
    ],
)
def test_part_names_come_with_much_around_them(train, other):
    decision = decide(folders(train, other))
    assert list(decision.parts) == [train, other] and decision.parts[train] is Part.TRAIN
    assert decision.parts[other] is not Part.TRAIN
    assert (decision.beside, decision.clash) == ((), ())


@pytest.mark.parametrize(
    "names",
    [
        ("bus", "car", "train"),
        ("test tube", "train"),
        ("training shoes", "test tubes"),
        ("train", "trains"),
        ("valid", "invalid"),
        ("train cats", "train dogs"),
        ("restaurant", "strain", "contest"),
        ("train_test", "bus"),
        ("cats", "dogs"),
    ],
)
def test_classes_that_are_named_like_parts_stay_classes(names):
    assert decide(flat(*names)) == FolderDecision()


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (("train",), ("train",)),
        (("val", "test"), ("test", "val")),
        (("train", "training", "val"), ("train", "training", "val")),
        (("train2014", "train2017", "val2017", "notes"), ("train2014", "train2017", "val2017")),
        (("train", "train - Copy", "val"), ("train", "train - Copy", "val")),
        (("train", "val", "valid"), ("train", "val", "valid")),
    ],
)
def test_parts_that_do_not_add_up_are_named(names, clash):
    decision = decide(folders(*names))
    assert (decision.parts, decision.clash) == ({}, clash)


def test_what_lies_beside_the_parts_is_named_and_changes_nothing():
    decision = decide(folders("train", "valid", "sample", "runs") | {"empty": None})
    assert decision.parts == {"train": Part.TRAIN, "valid": Part.VAL}
    assert decision.beside == ("empty", "runs", "sample")


def test_an_empty_folder_is_not_a_part_there_twice():
    assert decide(folders("train", "val") | {"valid": None}).parts == {"train": Part.TRAIN, "val": Part.VAL}
    assert decide(folders("train") | {"val": None}).parts == {"train": Part.TRAIN, "val": Part.VAL}


def test_a_person_decides_otherwise():
    as_classes = decide(folders("train", "val"), Folders.CLASSES)
    assert as_classes == FolderDecision(possible={"train": Part.TRAIN, "val": Part.VAL})
    assert decide(flat("bus", "train"), Folders.PARTS).clash == ("train",)
    assert decide(flat("bus", "car"), Folders.PARTS).clash == ("bus", "car")
    assert decide(folders("train", "training"), Folders.CLASSES) == FolderDecision()


def test_to_measure_a_model_any_part_will_do():
    assert decide(folders("test"), for_training=False).parts == {"test": Part.TEST}
    assert set(decide(folders("val2014", "val2017"), for_training=False).parts) == {"val2014", "val2017"}
    assert not decide(flat("train"), for_training=False).parts  # pictures of trains
    assert not decide(folders("train", "bus"), for_training=False).parts


NAMES = st.lists(
    st.sampled_from([*PART_WORDS, "Train 2", "my_val", "cats", "dogs"]) | st.text(min_size=1, max_size=8),
    unique=True,
    max_size=6,
)


@given(names=NAMES, choice=st.sampled_from(Folders))
def test_parts_are_one_for_training_and_one_of_each_other_and_every_folder_is_accounted_for(names, choice):
    decision = decide(folders(*names), choice)
    found = list(decision.parts.values())
    if found:
        assert Part.TRAIN in found and len(found) == len(set(found)) >= 2
        assert {*decision.parts, *decision.beside} == set(names) and not decision.clash
    assert choice is not Folders.CLASSES or not (decision.parts or decision.clash)
    assert decision == decide(folders(*reversed(names)), choice)
