"""The sample data set: drawn road scenes in three classes, so that a first model needs no pictures of one's own.

Only the traffic differs between classes. Light, weather, camera and surroundings vary equally in each, so that neither
brightness nor positions give the answer away.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from xception_gui.domain.errors import JobStopped
from xception_gui.files.atomic import replacing
from xception_gui.samples.road_scene import Scene, random_scene
from xception_gui.samples.road_vehicles import Vehicle, draw_beam, draw_vehicle, random_vehicle
from xception_gui.samples.roadside import empty_road

CLASSES = ("clear", "busy", "jammed")
_VERSION = 1  # raise when the drawing changes, so that pictures of other versions are drawn again
_NEW_PER_CLASS = 3
_NEW_FROM = 1_000_000  # first index of the new pictures, far beyond any data set's

_Key = tuple[int, int, int]
"""Seed, class index, index: these determine a picture."""


@dataclass(frozen=True, slots=True)
class SampleSet:
    """The folders of a sample set."""

    dataset: Path  # contains a folder of pictures for each class
    new_pictures: Path  # pictures outside the data set, to classify


def write_sample_set(
    folder: Path,
    *,
    per_class: int = 100,
    seed: int = 2,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> SampleSet:
    """Draw the sample set into `folder`, about 60 pictures a second; the same seed gives the same pixels.

    Existing pictures with this seed are kept, so an interrupted set is completed. Other files in `folder` are left
    alone.

    Args:
        folder: target.
        per_class: pictures of each class in the data set.
        seed: determines the pictures. With the default, Quick makes some mistakes, whichever pictures are used for
            validation (95 to 98 % correct), so that there are mistakes to look at.
        on_progress: called with the number of pictures that exist, and of all.
        stop: asked before each picture.

    Raises:
        OSError: the folder can't be written.
        JobStopped: `stop` returned true.
    """
    samples = SampleSet(folder / "road scenes", folder / "new scenes")
    pictures = [*_of_dataset(samples.dataset, per_class, seed), *_new_ones(samples.new_pictures, seed)]
    for done, (path, key) in enumerate(pictures, start=1):
        if stop():
            raise JobStopped
        _write_picture(path, key)
        on_progress(done, len(pictures))
    return samples


def _of_dataset(folder: Path, per_class: int, seed: int) -> Iterator[tuple[Path, _Key]]:
    for class_index, class_name in enumerate(CLASSES):
        for i in range(per_class):
            yield folder / class_name / f"{class_name}-{i + 1:03}.jpg", (seed, class_index, i)


def _new_ones(folder: Path, seed: int) -> Iterator[tuple[Path, _Key]]:
    # Shuffled, or the number in a name would reveal the class.
    order = np.random.default_rng([seed, len(CLASSES)]).permutation(len(CLASSES) * _NEW_PER_CLASS)
    for number, place in enumerate(order.tolist(), start=1):
        class_index, i = divmod(place, _NEW_PER_CLASS)
        yield folder / f"scene-{number}.jpg", (seed, class_index, _NEW_FROM + i)


def _write_picture(path: Path, key: _Key) -> None:
    """Draw the picture of a key, unless it exists."""
    mark = f"Sample picture {_VERSION}: {key[0]}, {key[1]}, {key[2]}".encode()
    if _comment_of(path) == mark:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = draw_scene(CLASSES[key[1]], np.random.default_rng(key))
    with replacing(path, durable=False) as temporary:  # two processes may draw at once
        picture.save(temporary, format="JPEG", quality=85, comment=mark)


def _comment_of(path: Path) -> bytes | None:
    """Return the comment in a JPEG file; None if there is no such file or it is damaged."""
    try:
        with Image.open(path) as picture:
            comment = picture.info.get("comment")
    except OSError:
        return None
    return comment if isinstance(comment, bytes) else None


def draw_scene(class_name: str, rng: np.random.Generator) -> Image.Image:
    """Draw a road with the traffic of a class, one of `CLASSES`: an RGB picture of 320x240 pixels.

    Raises:
        ValueError: there is no such class.
    """
    if class_name not in CLASSES:
        raise ValueError(f"The class must be one of {', '.join(CLASSES)}. Received: {class_name}")
    scene = random_scene(rng)
    canvas = empty_road(scene, rng)
    vehicles = list(_traffic(class_name, scene, rng))
    offset = scene.camera.offset
    # Lanes farther to the side first, and the farthest vehicle in a lane first: nearer ones hide those behind.
    vehicles.sort(key=lambda vehicle: (-abs(vehicle.lane - offset), -vehicle.ahead))
    for vehicle in vehicles:
        draw_beam(canvas, vehicle)
    for vehicle in vehicles:
        draw_vehicle(canvas, vehicle)
    return canvas.finished(rng)


def _traffic(class_name: str, scene: Scene, rng: np.random.Generator) -> Iterator[Vehicle]:
    nearest = scene.camera.nearest
    if class_name == "jammed":
        for lane_index in range(scene.lanes):
            ahead = nearest + float(rng.uniform(-3, 1))
            while ahead < nearest + 65:
                vehicle = random_vehicle(rng, scene, lane_index, ahead)
                yield vehicle
                ahead += vehicle.model.length + float(rng.uniform(0.8, 2.0))
        return
    # A slot is long enough for the longest vehicle, so that they don't overlap. On a clear road the nearest row stays
    # free: a lorry there would fill half the picture.
    if class_name == "clear":
        count, rows = int(rng.choice(3, p=(0.35, 0.4, 0.25))), range(1, 5)
    else:
        count, rows = int(rng.integers(6, 10)), range(math.ceil(10 / scene.lanes))
    places = [(lane_index, nearest + 11 * row) for lane_index in range(scene.lanes) for row in rows]
    for place in rng.permutation(len(places))[:count].tolist():
        lane_index, ahead = places[place]
        yield random_vehicle(rng, scene, lane_index, ahead + float(rng.uniform(0, 1.5)))
