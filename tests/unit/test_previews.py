"""Previews: small, without anything private, made once, and never a reason to stop."""

import io
import os
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import draw_picture
from xception_gui.data.cache.folders import tidy
from xception_gui.data.pictures import previews
from xception_gui.data.pictures.augmentation import Transform, apply_transform, draw_transform
from xception_gui.data.pictures.open_picture import decode
from xception_gui.data.pictures.previews import make_look, make_preview
from xception_gui.domain.errors import JobStopped
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.dataset import (
    PreviewAugmentationRequest,
    PreviewReady,
    PreviewRequest,
    PreviewResult,
    PreviewShape,
)
from xception_gui.domain.recipe import Augmentation
from xception_gui.jobs.dataset.preview import preview
from xception_gui.jobs.reporting import never
from xception_gui.jobs.run_job import run_job
from xception_gui.paths import HOME_VARIABLE
from xception_gui.words.reasons import refusal_text


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home" / "cache" / "previews"


def previews_of(*paths: Path, size: int = 64, shape: PreviewShape = PreviewShape.SQUARE) -> list[PreviewReady]:
    events = []
    run_job(PreviewRequest(tuple(map(str, paths)), size, shape), events.append, never)
    assert events[-1] == Finished(PreviewResult())
    assert [event.path for event in events[:-1]] == [str(path) for path in paths]
    return events[:-1]


def opened(ready: PreviewReady) -> Image.Image:
    assert ready.error is None
    image = Image.open(ready.file)
    image.load()
    return image


def save_picture(path: Path, size: tuple[int, int], **options: object) -> Path:
    """Grey, with a red square in the middle that is as high as the picture is."""
    image = Image.new("RGB", size, (90, 90, 90))
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    image.paste((220, 30, 30), (left, top, left + side, top + side))
    image.save(path, **options)
    return path


@pytest.mark.parametrize("kind", ["jpg", "png"])
@pytest.mark.parametrize(
    ("original", "square", "whole"),
    [
        ((1200, 800), (100, 100), (100, 67)),
        ((300, 900), (100, 100), (33, 100)),
        ((1600, 110), (100, 100), (100, 7)),
        ((80, 60), (60, 60), (80, 60)),
        ((3000, 2), (2, 2), (100, 1)),
    ],
)
def test_the_sizes_are_those_asked_for_and_nothing_is_enlarged(tmp_path, kind, original, square, whole):
    picture = save_picture(tmp_path / f"a.{kind}", original)
    assert opened(previews_of(picture, size=100)[0]).size == square
    assert opened(previews_of(picture, size=100, shape=PreviewShape.WHOLE)[0]).size == whole


def test_a_square_shows_the_middle(tmp_path):
    shown = np.asarray(opened(previews_of(save_picture(tmp_path / "a.jpg", (1600, 400), quality=95))[0]), float)
    assert np.abs(shown - (220, 30, 30)).mean() < 5


def test_it_stands_upright_and_holds_nothing_about_who_took_it(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x013B] = "Jane Doe"
    picture = save_picture(tmp_path / "a.jpg", (200, 100), exif=exif, comment=b"At home")
    (ready,) = previews_of(picture, shape=PreviewShape.WHOLE)
    assert opened(ready).size == (32, 64)
    data = Path(ready.file).read_bytes()
    assert b"Jane" not in data
    assert b"home" not in data
    assert data.startswith(b"\xff\xd8\xff")


def test_what_gives_no_picture_is_told_and_the_others_are_made(tmp_path):
    good = draw_picture(tmp_path / "good.png", (220, 60, 60), seed=0)
    (tmp_path / "notes.jpg").write_text("This is no picture.")
    (tmp_path / "notes.txt").write_text("This is no picture.")
    (tmp_path / "empty.png").touch()
    bad = [tmp_path / name for name in ("notes.jpg", "notes.txt", "empty.png", "missing.png", "zero\0", "\ud800")]
    first, *refused, last = previews_of(good, *bad, good)
    assert first == last
    assert opened(first).size == (60, 60)
    assert all(one.file is None for one in refused)
    words = ("a text file, not a picture", "not a picture", "empty", "doesn't exist", "doesn't exist", "doesn't exist")
    told = [refusal_text(one.error, one.details) for one in refused]
    assert all(word in text and text.endswith(".") for text, word in zip(told, words, strict=True))


def test_a_picture_is_decoded_again_only_when_it_has_changed(tmp_path, monkeypatch):
    decoded = []
    really = previews.open_file
    monkeypatch.setattr(previews, "open_file", lambda path: decoded.append(path) or really(path))
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    before = previews_of(picture)
    assert previews_of(picture) == before
    assert len(decoded) == 1
    assert previews_of(picture, size=32) != before
    assert previews_of(picture, shape=PreviewShape.WHOLE) != before
    assert len(decoded) == 3
    draw_picture(picture, (60, 60, 220), seed=1)
    (after,) = previews_of(picture)
    assert np.asarray(opened(after))[..., 2].mean() > 150


def test_a_picture_that_changes_while_its_preview_is_made_is_shown_as_it_is_then(tmp_path, monkeypatch):
    """The preview has the name of the picture as it was before it was opened."""
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    os.utime(picture, (1000, 1000))
    really = previews.write_private

    def changing(preview: Path, data: bytes) -> None:
        draw_picture(picture, (60, 60, 220), seed=1)
        really(preview, data)

    monkeypatch.setattr(previews, "write_private", changing)
    previews_of(picture)
    monkeypatch.setattr(previews, "write_private", really)
    (after,) = previews_of(picture)
    assert np.asarray(opened(after))[..., 2].mean() > 150


@pytest.mark.parametrize("content", [b"", b"no JPEG", None])
def test_what_is_no_preview_is_made_again(tmp_path, content):
    picture = draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0)
    (ready,) = previews_of(picture)
    if content is None:
        Path(ready.file).unlink()
        Path(ready.file).symlink_to(save_picture(tmp_path / "private.jpg", (40, 40)))
    else:
        Path(ready.file).write_bytes(content)
    assert opened(previews_of(picture)[0]).size == (60, 60)
    assert not Path(ready.file).is_symlink()


def test_a_cache_that_cant_be_written_is_told(tmp_path, cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    (ready,) = previews_of(draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0))
    assert ready.file is None
    assert "can't be written" in refusal_text(ready.error, ready.details)


def test_a_stop_ends_between_two_pictures(tmp_path):
    picture = str(draw_picture(tmp_path / "a.png", (220, 60, 60), seed=0))
    events = []
    with pytest.raises(JobStopped):
        preview(PreviewRequest((picture,) * 10, 64), events.append, lambda: len(events) >= 3)
    assert len(events) == 3


def test_the_oldest_go_first_and_only_where_there_are_too_many(cache):
    tidy("previews", above=0, down_to=0)  # there is none yet
    cache.mkdir(parents=True)
    for age in range(10):
        file = cache / f"{age:032}.jpg"
        file.write_bytes(bytes(100))
        os.utime(file, (1000 - age, 1000 - age))
    tidy("previews", above=1000, down_to=500)
    assert len(list(cache.glob("*.jpg"))) == 10
    tidy("previews", above=999, down_to=450)
    assert {int(file.stem) for file in cache.glob("*.jpg")} == {0, 1, 2, 3}


def looks_of(*paths: Path, augment: Augmentation, **fields: int) -> list[PreviewReady]:
    events = []
    request = PreviewAugmentationRequest(tuple(map(str, paths)), 96, augment, **fields)
    run_job(request, events.append, never)
    assert events[-1] == Finished(PreviewResult())
    return events[:-1]


def test_looks_are_what_a_training_sees_of_a_picture(tmp_path):
    paths = [tmp_path / "right.png", tmp_path / "down.png"]
    ramp = np.linspace(0, 255, 120)
    for path, ramps in zip(paths, (ramp, ramp[:, np.newaxis]), strict=True):
        Image.fromarray(np.stack(np.broadcast_arrays(ramps, np.full((120, 120), 90), 90), -1).astype(np.uint8)).save(
            path
        )
    found = looks_of(*paths, augment=Augmentation.GENTLE, seed=5)
    assert [(ready.path, ready.look) for ready in found] == [(str(path), look) for path in paths for look in (0, 1, 2)]
    for number, path in enumerate(paths):
        pixels = decode(path.read_bytes(), 96)
        for look in (0, 1, 2):
            augment = Augmentation.GENTLE if look else Augmentation.NONE
            wanted = apply_transform(pixels, draw_transform(augment, seed=5, epoch=look, picture=number))
            shown = np.asarray(opened(found[3 * number + look]), float)
            assert np.abs(shown - wanted).mean() < 3  # it is a JPEG
    assert len({ready.file for ready in found}) == 6
    assert looks_of(*paths, augment=Augmentation.GENTLE, seed=5) == found  # made once
    others = looks_of(*paths, augment=Augmentation.GENTLE, seed=6)
    assert [ready.file for ready in others if not ready.look] == [ready.file for ready in found if not ready.look]
    assert not {r.file for r in others if r.look} & {r.file for r in found}


def test_a_picture_that_is_gone_has_no_looks_and_stops_nothing(tmp_path):
    there = draw_picture(tmp_path / "there.png", (90, 120, 200), seed=1)
    found = looks_of(tmp_path / "gone.png", there, augment=Augmentation.FLIPS, looks=1)
    assert [(ready.file is None, bool(ready.error), ready.look) for ready in found] == [
        (True, True, 0), (True, True, 1), (False, False, 0), (False, False, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("asked", "given"), [(-5, 1), (0, 1), (1, 1), (2, 2), (8192, 8192), (8193, 8192)])
def test_a_size_that_makes_no_sense_is_the_nearest_that_does(tmp_path, monkeypatch, asked, given):
    sizes: list[int] = []
    monkeypatch.setattr(
        previews, "_made_small", lambda picture, size, shape: sizes.append(size) or Image.new("L", (1, 1))
    )
    monkeypatch.setattr(previews, "decode_file", lambda path, size: sizes.append(size) or np.zeros((1, 1, 3), np.uint8))
    file = draw_picture(tmp_path / "a.png", (9, 9, 9), seed=1)
    make_preview(file, asked, PreviewShape.SQUARE, tmp_path / "previews")
    make_look(file, asked, Transform(), tmp_path / "previews")
    assert sizes == [given, given]


def test_a_preview_of_a_huge_jpeg_is_made_of_a_fraction_of_it(tmp_path):
    small = io.BytesIO()
    Image.new("L", (8, 8)).save(small, "JPEG")
    data = small.getvalue()
    start = data.index(b"\xff\xc0") + 5
    file = tmp_path / "a.jpg"
    file.write_bytes(data[:start] + struct.pack(">HH", 16_000, 16_000) + data[start + 4 :])
    with Image.open(make_preview(file, 64, PreviewShape.WHOLE, tmp_path / "previews")) as preview:
        assert preview.size == (64, 64)


@pytest.mark.parametrize(
    ("shape", "size", "wanted"),
    [
        (PreviewShape.WHOLE, 60, (60, 20)),
        (PreviewShape.WHOLE, 1, (1, 1)),
        (PreviewShape.WHOLE, 500, (120, 40)),
        (PreviewShape.SQUARE, 20, (20, 20)),
        (PreviewShape.SQUARE, 60, (40, 40)),
    ],
)
def test_a_preview_has_the_sides_of_its_picture(tmp_path, shape, size, wanted):
    pixels = np.zeros((40, 120, 3), np.uint8)
    pixels[:, 40:80] = 255
    for turned in (False, True):
        Image.fromarray(pixels.transpose(1, 0, 2) if turned else pixels).save(tmp_path / "a.png")
        with Image.open(make_preview(tmp_path / "a.png", size, shape, tmp_path / "previews")) as preview:
            assert preview.size == (wanted[::-1] if turned else wanted)
            assert preview.quantization[0][0] == 5  # of quality 85
            if shape is PreviewShape.SQUARE:
                assert np.asarray(preview.convert("L")).min() > 250  # the middle


def test_a_preview_is_named_by_all_that_it_depends_on(tmp_path):
    file = draw_picture(tmp_path / "a.png", (9, 9, 9), seed=1)
    folder = tmp_path / "previews"
    names = {make_preview(file, 64, PreviewShape.SQUARE, folder).name, make_look(file, 64, Transform(), folder).name}
    names |= {make_preview(file, 65, PreviewShape.SQUARE, folder).name}
    names |= {
        make_preview(file, 64, PreviewShape.WHOLE, folder).name,
        make_look(file, 64, Transform(True), folder).name,
    }
    other = tmp_path / "b.png"
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    names |= {make_preview(other, 64, PreviewShape.SQUARE, folder).name}
    assert len(names) == 6
    assert all(re.fullmatch(r"[0-9a-f]{32}\.jpg", name) for name in names)
    os.utime(file, ns=(1, 1))
    assert make_preview(file, 64, PreviewShape.SQUARE, folder).name not in names
    missing = previews._name_of(tmp_path / "none.png", 64, "square")
    assert missing == previews._name_of(tmp_path / "none.png", 64, "square") != previews._name_of(file, 64, "square")


@pytest.mark.parametrize(
    ("content", "is_there"), [(b"\xff\xd8\xff", True), (b"\xff\xd8\xff\0", True), (b"\xff\xd8", False)]
)
def test_what_begins_as_a_jpeg_is_a_preview(tmp_path, content, is_there):
    (tmp_path / "a").write_bytes(content)
    assert previews._is_there(tmp_path / "a") is is_there
    assert not previews._is_there(tmp_path / "none")
