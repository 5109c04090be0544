"""Splitting: every class on both sides, the same split for the same seed, and hardly a move when pictures are added."""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.data.dataset.checks import Dataset, Picture
from xception_gui.data.dataset.split import Split, held_out, interleaved, split_dataset
from xception_gui.data.pictures.open_picture import content_hash
from xception_gui.data.sources.rows import Part
from xception_gui.domain.questions import CLASS


def picture(class_name: str, index: int, part: Part | None = None, has_parts: bool = False) -> Picture:
    relative = f"{part}/{class_name}/{index}.jpg" if has_parts else f"{class_name}/{index}.jpg"
    sha256 = content_hash(f"{part or Part.TRAIN} {relative}".encode())
    return Picture(Path("data", relative), relative, {CLASS: class_name}, part, sha256=sha256)


def dataset_of(pictures: list[Picture], has_parts: bool = False) -> Dataset:
    in_order = tuple(sorted(pictures, key=lambda picture: picture.relative))
    return Dataset(Path("data"), has_parts, in_order, (), (), None)


def make_dataset(sizes: dict[str, int]) -> Dataset:
    return dataset_of([picture(name, i) for name, size in sizes.items() for i in range(size)])


def split(dataset: Dataset, val_fraction: float = 0.2, max_per_class: int | None = None, seed: int = 0) -> Split:
    return split_dataset(dataset, val_fraction=val_fraction, max_per_class=max_per_class, seed=seed)


def counts(pictures: tuple[Picture, ...]) -> Counter[str]:
    return Counter(picture.class_name for picture in pictures)


def hashes(pictures: tuple[Picture, ...]) -> set[str]:
    return {picture.sha256 for picture in pictures}


SIZES = st.dictionaries(st.sampled_from(["cat", "dog", "bird", "ü"]), st.integers(2, 40), min_size=2)
FRACTIONS = st.floats(0.01, 0.99)
SEEDS = st.integers(0, 2**32 - 1)


# --- Taking a share of each class ---------------------------------------------------------------------------------


@given(sizes=SIZES, fraction=FRACTIONS, seed=SEEDS)
def test_every_picture_is_on_one_side(sizes, fraction, seed):
    dataset = make_dataset(sizes)
    parts = split(dataset, fraction, seed=seed)
    assert not hashes(parts.train) & hashes(parts.val)
    assert sorted((*parts.train, *parts.val), key=lambda picture: picture.relative) == list(dataset.pictures)
    assert parts.test == ()


@given(sizes=SIZES, fraction=FRACTIONS, seed=SEEDS)
def test_every_class_is_on_both_sides_in_its_share(sizes, fraction, seed):
    parts = split(make_dataset(sizes), fraction, seed=seed)
    train, val = counts(parts.train), counts(parts.val)
    for name, size in sizes.items():
        assert train[name] >= 1
        assert val[name] >= 1
        assert abs(val[name] - size * fraction) <= 0.5 or val[name] in (1, size - 1)
        assert 1 < size * fraction < size - 1 or val[name] in (1, size - 1)
    assert parts.classes == tuple(sorted(sizes))


@given(sizes=SIZES, fraction=FRACTIONS, seed=SEEDS)
def test_the_same_seed_gives_the_same_split(sizes, fraction, seed):
    assert split(make_dataset(sizes), fraction, seed=seed) == split(make_dataset(sizes), fraction, seed=seed)


@given(seed=SEEDS)
def test_another_seed_gives_another_split(seed):
    dataset = make_dataset({"cat": 40, "dog": 40})
    assert split(dataset, seed=seed).val != split(dataset, seed=(seed + 1) % 2**32).val


def test_the_split_is_the_same_on_every_machine():
    parts = split(make_dataset({"cat": 10, "dog": 10}), seed=7)
    assert [picture.relative for picture in parts.val] == ["cat/2.jpg", "cat/3.jpg", "dog/1.jpg", "dog/9.jpg"]


def test_samples_and_the_order_of_reading_are_the_same_on_every_machine():
    dataset = make_dataset({"cat": 6, "dog": 3})
    sampled = split(dataset, max_per_class=3, seed=7)
    assert [picture.relative for picture in sampled.train + sampled.val] == [
        "cat/1.jpg",
        "cat/4.jpg",
        "dog/0.jpg",
        "dog/2.jpg",
        "cat/3.jpg",
        "dog/1.jpg",
    ]
    assert [picture.relative for picture in interleaved(dataset.pictures, 7)] == [
        "cat/4.jpg",
        "dog/1.jpg",
        "cat/0.jpg",
        "cat/5.jpg",
        "dog/2.jpg",
        "cat/2.jpg",
        "cat/1.jpg",
        "dog/0.jpg",
        "cat/3.jpg",
    ]


@given(size=st.integers(2, 40), added=st.integers(1, 20), fraction=FRACTIONS, seed=SEEDS)
def test_an_added_picture_moves_at_most_one_other(size, added, fraction, seed):
    before = split(make_dataset({"cat": size, "dog": 5}), fraction, seed=seed)
    after = split(make_dataset({"cat": size + added, "dog": 5}), fraction, seed=seed)
    moved = (hashes(before.val) & hashes(after.train)) | (hashes(before.train) & hashes(after.val))
    assert len(moved) <= added


@given(sizes=SIZES, fraction=FRACTIONS, seed=SEEDS, shuffled=st.randoms(use_true_random=False))
def test_renaming_pictures_moves_none(sizes, fraction, seed, shuffled):
    dataset = make_dataset(sizes)
    names = [str(i) for i in range(len(dataset.pictures))]
    shuffled.shuffle(names)
    renamed = [
        replace(picture, relative=f"{picture.class_name}/{name}.png")
        for picture, name in zip(dataset.pictures, names, strict=True)
    ]
    before, after = split(dataset, fraction, seed=seed), split(dataset_of(renamed), fraction, seed=seed)
    assert hashes(before.val) == hashes(after.val)
    assert hashes(before.train) == hashes(after.train)


@given(sizes=SIZES, seed=SEEDS)
def test_both_sides_are_sorted_by_path(sizes, seed):
    parts = split(make_dataset(sizes), seed=seed)
    for pictures in (parts.train, parts.val):
        assert list(pictures) == sorted(pictures, key=lambda picture: picture.relative)


# --- Samples ------------------------------------------------------------------------------------------------------


@given(sizes=SIZES, limit=st.integers(2, 45), fraction=FRACTIONS, seed=SEEDS)
def test_a_sample_takes_as_many_of_each_class_as_asked_for(sizes, limit, fraction, seed):
    parts = split(make_dataset(sizes), fraction, limit, seed)
    taken = counts(parts.train) + counts(parts.val)
    assert taken == {name: min(size, limit) for name, size in sizes.items()}
    assert set(counts(parts.val)) == set(counts(parts.train)) == set(sizes)


@given(seed=SEEDS)
def test_another_seed_takes_another_sample(seed):
    dataset = make_dataset({"cat": 40, "dog": 40})
    first, other = (split(dataset, max_per_class=10, seed=s % 2**32) for s in (seed, seed + 1))
    assert hashes((*first.train, *first.val)) != hashes((*other.train, *other.val))


def test_a_sample_is_not_the_first_pictures_by_name():
    parts = split(make_dataset({"cat": 100, "dog": 100}), max_per_class=10)
    numbers = [int(Path(picture.relative).stem) for picture in (*parts.train, *parts.val)]
    assert max(numbers) >= 50


# --- A split of its own -------------------------------------------------------------------------------------------


PART_SIZES = st.dictionaries(
    st.sampled_from(["cat", "dog", "bird"]), st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
)


def has_validation(sizes: dict[str, tuple[int, int, int]]) -> bool:
    return any(val for _, val, _ in sizes.values())


@given(sizes=PART_SIZES.filter(has_validation), limit=st.none() | st.integers(2, 10), fraction=FRACTIONS, seed=SEEDS)
def test_a_data_set_that_is_split_already_stays_so_and_each_part_is_sampled(sizes, limit, fraction, seed):
    pictures = [
        picture(name, i, part, has_parts=True)
        for name, of_parts in sizes.items()
        for part, size in zip((Part.TRAIN, Part.VAL, Part.TEST), of_parts, strict=True)
        for i in range(size)
    ]
    parts = split(dataset_of(pictures, has_parts=True), fraction, limit, seed)
    for number, (part, taken) in enumerate(((Part.TRAIN, parts.train), (Part.VAL, parts.val), (Part.TEST, parts.test))):
        assert {picture.part for picture in taken} <= {part}
        wanted = {name: min(of_parts[number], limit or 99) for name, of_parts in sizes.items() if of_parts[number]}
        assert counts(taken) == wanted
    assert parts.classes == tuple(sorted(sizes))


def test_where_no_folder_is_for_validation_it_is_taken_from_the_training_folder_and_the_test_stays_apart():
    pictures = [picture("cat", i, part, has_parts=True) for part in (Part.TRAIN, Part.TEST) for i in range(10)]
    parts = split(dataset_of(pictures, has_parts=True), 0.2)
    assert (len(parts.train), len(parts.val), len(parts.test)) == (8, 2, 10)
    assert {one.part for one in (*parts.train, *parts.val)} == {Part.TRAIN}
    assert {one.part for one in parts.test} == {Part.TEST}


# --- Order --------------------------------------------------------------------------------------------------------


@given(sizes=SIZES, seed=SEEDS)
def test_every_beginning_holds_each_class_in_its_share(sizes, seed):
    pictures = make_dataset(sizes).pictures
    ordered = interleaved(pictures, seed)
    assert sorted(ordered, key=lambda picture: picture.relative) == list(pictures)
    seen: dict[str, int] = defaultdict(int)
    for length, placed in enumerate(ordered, start=1):
        seen[placed.class_name] += 1
        for name, size in sizes.items():
            share = size / len(pictures)
            assert abs(seen[name] - length * share) <= 0.5 + share * len(sizes) / 2 + 1e-9


@given(sizes=SIZES, seed=SEEDS)
def test_the_same_seed_gives_the_same_order_and_another_one_another(sizes, seed):
    pictures = make_dataset({**sizes, "many": 30}).pictures
    assert interleaved(pictures, seed) == interleaved(reversed(pictures), seed)
    assert interleaved(pictures, seed) != interleaved(pictures, seed + 1)


def test_no_pictures_have_no_order():
    assert interleaved([], 0) == []


@pytest.mark.parametrize("size", [2, 3])
def test_the_smallest_classes_can_be_split(size):
    for fraction in (0.001, 0.5, 0.999):
        parts = split(make_dataset({"cat": size, "dog": size}), fraction)
        assert min(counts(parts.train).values()) >= 1
        assert min(counts(parts.val).values()) >= 1


# --- Held out of the training pictures, for a trial ------------------------------------------------------------------


@given(SIZES, st.floats(0.05, 0.9), st.integers(2, 200), st.integers(0, 99))
def test_a_trial_learns_every_class_from_pictures_that_it_is_not_measured_on(sizes, share, most, seed):
    pictures = make_dataset(sizes).pictures
    inner = held_out(pictures, share=share, most=most, seed=seed)
    assert hashes(inner.train).isdisjoint(hashes(inner.val)) and not inner.test
    assert inner.classes == tuple(sorted(sizes))
    assert len(inner.train) + len(inner.val) <= max(most, 2 * len(sizes))
    assert held_out(reversed(pictures), share=share, most=most, seed=seed) == inner


def test_the_only_picture_of_a_class_is_learned_from():
    inner = held_out(make_dataset({"cat": 8, "dog": 1}).pictures, share=0.25, most=100, seed=0)
    assert counts(inner.train) == {"cat": 6, "dog": 1} and counts(inner.val) == {"cat": 2}
