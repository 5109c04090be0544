"""Gentle changes of training pictures: small, the same for the same seed, epoch and picture, and never an edge."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.data.pictures.augmentation import AMOUNTS, Amounts, Transform, apply_transform, draw_transform
from xception_gui.domain.recipe import Augmentation

SIZE = 96


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    """A smooth picture: darker at the left, greener at the bottom, a red square in its upper right."""
    ramp = np.linspace(40, 200, SIZE)
    pixels = np.stack(np.broadcast_arrays(ramp, ramp[:, np.newaxis], 100), axis=-1).astype(np.uint8)
    pixels[20:36, 60:76] = (255, 0, 0)
    return pixels


def middle_of_the_square(pixels: np.ndarray) -> tuple[float, float]:
    red = (pixels[..., 0].astype(int) - pixels[..., 1]) > 200
    rows, columns = np.nonzero(red)
    return float(columns.mean()), float(rows.mean())


def looks(augment: Augmentation, count: int = 200) -> list[Transform]:
    return [draw_transform(augment, seed=1, epoch=1, picture=at, mirrored=True) for at in range(count)]


def test_nothing_is_nothing(scene):
    transform = draw_transform(Augmentation.NONE, seed=1, epoch=2, picture=3)
    assert transform == Transform()
    np.testing.assert_array_equal(apply_transform(scene, transform), scene)


def test_flips_exchange_left_and_right_in_half_of_the_pictures_and_do_nothing_else(scene):
    drawn = looks(Augmentation.FLIPS)
    assert set(drawn) == {Transform(), Transform(flipped=True)}
    assert 70 < sum(transform.flipped for transform in drawn) < 130
    np.testing.assert_array_equal(apply_transform(scene, Transform(flipped=True)), scene[:, ::-1])


@pytest.mark.parametrize("augment", [Augmentation.GENTLE, Augmentation.VARIED])
def test_changes_keep_within_their_bounds_and_use_them(augment):
    drawn, most = looks(augment), AMOUNTS[augment]
    assert 70 < sum(transform.flipped for transform in drawn) < 130
    for found, bound in (
        ([transform.shift[0] for transform in drawn], most.shift),
        ([transform.shift[1] for transform in drawn], most.shift),
        ([transform.rotation for transform in drawn], most.rotation),
        ([transform.brightness for transform in drawn], most.brightness),
        ([transform.contrast - 1 for transform in drawn], most.contrast),
        (np.log([transform.zoom for transform in drawn]), np.log1p(most.zoom)),
        ([transform.shear for transform in drawn], most.shear),
    ):
        assert np.abs(found).max() <= bound + 1e-12
        assert np.ptp(found) >= 1.8 * bound
        assert abs(np.mean(found)) <= 0.15 * bound


def test_varied_changes_dont_mirror_where_mirrored_pictures_lose_their_class():
    drawn = [draw_transform(Augmentation.VARIED, seed=1, epoch=1, picture=at) for at in range(50)]
    assert not any(transform.flipped for transform in drawn)
    assert {replace(one, flipped=False) for one in looks(Augmentation.VARIED, 50)} == set(drawn)


def test_a_look_follows_from_seed_epoch_and_picture_alone():
    arguments = {"seed": 1, "epoch": 2, "picture": 3}
    look = draw_transform(Augmentation.GENTLE, **arguments)
    assert look == draw_transform(Augmentation.GENTLE, **arguments)
    for name in arguments:
        assert look != draw_transform(Augmentation.GENTLE, **(arguments | {name: 9}))


def test_a_shift_moves_to_the_right_and_down(scene):
    x, y = middle_of_the_square(scene)
    moved = middle_of_the_square(apply_transform(scene, Transform(shift=(0.05, 0.03))))
    assert moved == pytest.approx((x + 0.05 * SIZE, y + 0.03 * SIZE), abs=0.6)


def test_a_turn_goes_counterclockwise_around_the_middle(scene):
    x, y = middle_of_the_square(scene)
    angle = np.radians(8)
    right, up = x - (SIZE - 1) / 2, (SIZE - 1) / 2 - y
    wanted = right * np.cos(angle) - up * np.sin(angle), right * np.sin(angle) + up * np.cos(angle)
    x, y = middle_of_the_square(apply_transform(scene, Transform(rotation=8)))
    assert (x - (SIZE - 1) / 2, (SIZE - 1) / 2 - y) == pytest.approx(wanted, abs=0.6)


def test_light_changes_around_the_mean(scene):
    calm = scene[48:, :48]
    brighter = apply_transform(calm, Transform(brightness=0.1))
    assert brighter.mean() == pytest.approx(calm.mean() + 25.5, abs=1)
    starker = apply_transform(calm, Transform(contrast=1.2))
    assert starker.mean() == pytest.approx(calm.mean(), abs=1)
    assert starker.std() == pytest.approx(1.2 * calm.std(), rel=0.02)
    assert (
        apply_transform(np.full((4, 4, 3), 250, np.uint8), Transform(brightness=0.1)).min() == 255
    )  # nothing wraps around


def test_a_zoom_enlarges_around_the_middle(scene):
    x, y = middle_of_the_square(scene)
    middle = (SIZE - 1) / 2
    moved = middle_of_the_square(apply_transform(scene, Transform(zoom=1.2)))
    assert moved == pytest.approx((middle + 1.2 * (x - middle), middle + 1.2 * (y - middle)), abs=0.6)


def test_a_shear_lets_vertical_lines_lean(scene):
    x, y = middle_of_the_square(scene)
    moved = middle_of_the_square(apply_transform(scene, Transform(shear=10)))
    assert moved == pytest.approx((x + np.tan(np.radians(10)) * ((SIZE - 1) / 2 - y), y), abs=0.6)


@given(
    picture=st.integers(0, 10_000),
    size=st.integers(71, 130),
    augment=st.sampled_from([Augmentation.GENTLE, Augmentation.VARIED]),
)
def test_what_comes_in_at_the_edges_is_the_picture_itself(picture, size, augment):
    """No black corners: whatever the transform, a picture of one colour stays of one colour, and of its type."""
    transform = draw_transform(augment, seed=0, epoch=1, picture=picture)
    plain = np.full((size, size, 3), 128, np.uint8)
    seen = apply_transform(plain, transform)
    assert seen.shape == plain.shape and seen.dtype == np.uint8
    assert np.ptp(seen) == 0
    assert plain.min() == plain.max() == 128  # the original is left alone


def test_what_is_drawn_is_the_same_on_every_machine():
    """A training that is resumed, by whatever release, goes on with the same pictures."""
    look = draw_transform(Augmentation.GENTLE, seed=1, epoch=2, picture=3)
    found = [look.flipped, *look.shift, look.rotation, look.brightness, look.contrast]
    assert found == pytest.approx([False, -0.046678244, 0.00138109, -2.301177181, 0.040932702, 0.991805829])
    flips = "".join("01"[draw_transform(Augmentation.FLIPS, seed=7, epoch=1, picture=at).flipped] for at in range(24))
    assert flips == "000000110100100010010001"
    assert AMOUNTS[Augmentation.GENTLE] == Amounts(0.06, 8.0, 0.1, 0.2)


def sampled(picture: np.ndarray, x: float, y: float) -> float:
    """Look a place up between four pixels, mirrored beyond the edges; pixels have their numbers in their middles."""
    size = len(picture)
    left, top = int(np.floor(x)), int(np.floor(y))

    def at(row: int, column: int) -> float:
        row, column = (abs(place) if place < size else 2 * (size - 1) - place for place in (row, column))
        return float(picture[row, column])

    upper = at(top, left) * (left + 1 - x) + at(top, left + 1) * (x - left)
    lower = at(top + 1, left) * (left + 1 - x) + at(top + 1, left + 1) * (x - left)
    return upper * (top + 1 - y) + lower * (y - top)


@pytest.mark.parametrize(
    ("shift", "turn"),
    [((0.06, 0.0), 0.0), ((0.0, -0.05), 0.0), ((0.0, 0.0), 8.0), ((0.06, -0.06), -8.0), ((-0.03, 0.06), 5)],
)
def test_every_pixel_comes_from_its_place_before_shift_and_turn(shift, turn):
    size, random = 40, np.random.default_rng(0)
    picture = random.integers(0, 256, (size, size), np.uint8)
    found = apply_transform(np.stack([picture] * 3, axis=-1), Transform(shift=shift, rotation=turn))[..., 0]
    cos, sin, middle = np.cos(np.radians(turn)), np.sin(np.radians(turn)), (size - 1) / 2
    for row, column in [(0, 0), (0, 39), (39, 0), (39, 39), (20, 20), *random.integers(0, size, (30, 2)).tolist()]:
        right, down = column - middle - shift[0] * size, row - middle - shift[1] * size
        place = middle + right * cos - down * sin, middle + right * sin + down * cos
        assert found[row, column] == pytest.approx(sampled(picture, *place), abs=1.6)


def test_light_is_reckoned_exactly():
    pixels = np.array([[[0, 100, 200]]], np.uint8)
    assert apply_transform(pixels, Transform(brightness=0.1)).tolist() == [[[26, 126, 226]]]
    assert apply_transform(pixels, Transform(contrast=0.9)).tolist() == [[[10, 100, 190]]]
    assert apply_transform(pixels, Transform(brightness=-0.1, contrast=1.2)).tolist() == [[[0, 74, 194]]]
    assert apply_transform(pixels, Transform(flipped=True, brightness=0.1)).tolist() == [[[26, 126, 226]]]
