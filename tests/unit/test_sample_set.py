"""The sample set: the same pictures everywhere, and classes that only the traffic tells apart."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xception_gui.domain.errors import JobStopped
from xception_gui.samples import sample_set
from xception_gui.samples.road_scene import random_scene
from xception_gui.samples.sample_set import CLASSES, SampleSet, _traffic, draw_scene, write_sample_set

NEW_PICTURES = 9


def pictures_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, whatever it is: its path in the folder → its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def default_set(tmp_path_factory: pytest.TempPathFactory) -> SampleSet:
    return write_sample_set(tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_sample_set(folder, per_class=3)
    return folder


def nearest_mean_accuracy(vectors: np.ndarray, labels: np.ndarray, split: int) -> float:
    """Share of a fifth of each class that is nearest to its own class's mean over the other four fifths."""
    rng = np.random.default_rng(split)
    tested = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        tested[members[: len(members) // 5]] = True
    means = np.stack([vectors[~tested & (labels == label)].mean(axis=0) for label in np.unique(labels)])
    distances = np.square(vectors[tested][:, None] - means).sum(axis=2)  # (tested, classes)
    return float(np.mean(distances.argmin(axis=1) == labels[tested]))


def test_brightness_and_place_do_not_give_the_class_away(default_set):
    vectors, labels = [], []
    for label, class_name in enumerate(CLASSES):
        for path in sorted((default_set.dataset / class_name).iterdir()):
            with Image.open(path) as picture:
                thumbnail = picture.convert("L").resize((8, 8), Image.Resampling.BOX)
            vectors.append(np.asarray(thumbnail, float).ravel())
            labels.append(label)
    accuracies = [nearest_mean_accuracy(np.array(vectors), np.array(labels), split) for split in range(10)]
    assert max(accuracies) <= 0.60


def test_the_default_set_has_a_hundred_pictures_a_class_and_some_new_ones(default_set):
    for class_name in CLASSES:
        names = sorted(path.name for path in (default_set.dataset / class_name).iterdir())
        assert names == [f"{class_name}-{i:03}.jpg" for i in range(1, 101)]
    assert sorted(path.name for path in default_set.new_pictures.iterdir()) == [
        f"scene-{i}.jpg" for i in range(1, NEW_PICTURES + 1)
    ]


def test_pictures_are_small_colour_jpegs_that_all_differ(default_set):
    paths = [*default_set.dataset.rglob("*.jpg"), *default_set.new_pictures.iterdir()]
    for path in paths:
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (320, 240))
        assert path.stat().st_size < 30_000
    assert len({path.read_bytes() for path in paths}) == len(paths)


def test_nothing_else_is_written(small_folder):
    expected = {f"road scenes/{name}/{name}-{i:03}.jpg" for name in CLASSES for i in (1, 2, 3)}
    expected |= {f"new scenes/scene-{i}.jpg" for i in range(1, NEW_PICTURES + 1)}
    assert set(pictures_in(small_folder)) == expected


def test_the_same_seed_gives_the_same_bytes(small_folder, tmp_path):
    write_sample_set(tmp_path, per_class=3)
    assert pictures_in(tmp_path) == pictures_in(small_folder)


def test_a_picture_does_not_depend_on_how_many_are_drawn(small_folder, default_set):
    default = pictures_in(default_set.dataset.parent)
    assert pictures_in(small_folder).items() <= default.items()


def test_another_seed_gives_other_pictures_and_replaces_those_of_the_first(small_folder, tmp_path):
    write_sample_set(tmp_path, per_class=1)
    write_sample_set(tmp_path, per_class=1, seed=3)
    first, other = pictures_in(small_folder), pictures_in(tmp_path)
    assert all(other[name] != first[name] for name in other)


def test_a_set_that_was_cut_short_is_completed_and_the_rest_is_kept(small_folder, tmp_path):
    dataset = write_sample_set(tmp_path, per_class=3).dataset
    kept = dataset / "busy" / "busy-002.jpg"
    drawn_at = kept.stat().st_mtime_ns
    (dataset / "clear" / "clear-002.jpg").unlink()
    (dataset / "jammed" / "jammed-001.jpg").write_bytes(b"")  # what a power cut may leave

    write_sample_set(tmp_path, per_class=3)

    assert pictures_in(tmp_path) == pictures_in(small_folder)
    assert kept.stat().st_mtime_ns == drawn_at


def test_drawing_says_how_far_it_is_and_goes_on_where_it_was_stopped(small_folder, tmp_path):
    steps = []
    with pytest.raises(JobStopped):
        write_sample_set(
            tmp_path, per_class=3, on_progress=lambda *step: steps.append(step), stop=lambda: len(steps) == 5
        )
    total = 3 * len(CLASSES) + NEW_PICTURES
    assert steps == [(done, total) for done in range(1, 6)]
    assert len(pictures_in(tmp_path)) == 5
    write_sample_set(tmp_path, per_class=3)
    assert pictures_in(tmp_path) == pictures_in(small_folder)


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    mine = tmp_path / "road scenes" / "clear" / "my own.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    write_sample_set(tmp_path, per_class=1)
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("class_name", CLASSES)
def test_every_class_can_be_drawn_in_many_ways(class_name):
    scenes = [draw_scene(class_name, np.random.default_rng([7, i])) for i in range(8)]
    assert {(scene.mode, scene.size) for scene in scenes} == {("RGB", (320, 240))}
    assert len({scene.tobytes() for scene in scenes}) == len(scenes)


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="Received: empty"):
        draw_scene("empty", np.random.default_rng(1))


TRAFFIC = {
    "clear": [(-1.75, 24.9)],
    "busy": [(1.75, 57.9), (-1.75, 24.8), (-1.75, 35.5), (1.75, 36.7), (-1.75, 58.7), (1.75, 47.3)],
    "jammed": [(-1.75, 12.1), (-1.75, 17.9), (-1.75, 23.5), (-1.75, 29.7), (-1.75, 35.3), (-1.75, 41.6)],
}
"""Lanes and metres of the first vehicles of one scene."""


def test_places_in_the_traffic_are_the_same_on_every_machine():
    for class_name, wanted in TRAFFIC.items():
        rng = np.random.default_rng(5)
        found = [(vehicle.lane, vehicle.ahead) for vehicle in _traffic(class_name, random_scene(rng), rng)]
        assert [(lane, round(ahead, 1)) for lane, ahead in found[:6]] == wanted


@pytest.mark.parametrize("class_name", CLASSES)
def test_traffic_is_as_dense_as_its_class_says(class_name):
    counts, rows = [], set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        scene = random_scene(rng)
        vehicles = list(_traffic(class_name, scene, rng))
        counts.append(len(vehicles))
        assert len({vehicle.lane for vehicle in vehicles}) <= scene.lanes
        for vehicle in vehicles:
            ahead = vehicle.ahead - scene.camera.nearest
            rows.add(int(ahead // 11))
            assert (-3 <= ahead < 65) if class_name == "jammed" else ahead % 11 <= 1.5
    assert {"clear": {0, 1, 2}, "busy": {6, 7, 8, 9}}.get(class_name, set(counts)) == set(counts)
    if class_name == "clear":
        assert rows == {1, 2, 3, 4}
    elif class_name == "jammed":
        assert min(counts) > 9


def test_what_is_nearer_is_drawn_over_what_is_farther_and_light_under_all(monkeypatch):
    drawn: list[tuple[str, float, float]] = []
    for name in ("draw_beam", "draw_vehicle"):
        monkeypatch.setattr(
            sample_set, name, lambda canvas, vehicle, name=name: drawn.append((name, vehicle.lane, vehicle.ahead))
        )
    rng = np.random.default_rng(3)
    offset = random_scene(np.random.default_rng(3)).camera.offset
    draw_scene("jammed", rng)
    half = len(drawn) // 2
    assert [name for name, *_ in drawn] == ["draw_beam"] * half + ["draw_vehicle"] * half
    places = [place for _, *place in drawn[:half]]
    assert places == [place for _, *place in drawn[half:]]
    assert places == sorted(places, key=lambda place: (-abs(place[0] - offset), -place[1]))


def test_a_picture_says_in_its_comment_of_which_set_it_is(small_folder):
    comments = {
        name: Image.open(io.BytesIO(data)).info["comment"].decode() for name, data in pictures_in(small_folder).items()
    }
    assert comments["road scenes/busy/busy-002.jpg"] == "Sample picture 1: 2, 1, 1"
    data = pictures_in(small_folder)["road scenes/busy/busy-002.jpg"]
    assert Image.open(io.BytesIO(data)).quantization[0][0] == 5  # of quality 85
    new = sorted(comment for name, comment in comments.items() if name.startswith("new scenes/"))
    assert new == [f"Sample picture 1: 2, {at}, {1_000_000 + number}" for at in range(3) for number in range(3)]
    classes = [comments[f"new scenes/scene-{number}.jpg"].split()[4] for number in range(1, 10)]
    assert classes != sorted(classes)


def test_what_another_version_drew_or_somebody_else_is_drawn_again(tmp_path, monkeypatch):
    write_sample_set(tmp_path, per_class=1)
    before = pictures_in(tmp_path)
    name = "road scenes/clear/clear-001.jpg"
    for content in (b"no picture", before["road scenes/busy/busy-001.jpg"], b""):
        (tmp_path / name).write_bytes(content)
        write_sample_set(tmp_path, per_class=1)
        assert pictures_in(tmp_path) == before
    Image.new("RGB", (9, 9)).save(tmp_path / name)  # without a comment
    write_sample_set(tmp_path, per_class=1)
    assert pictures_in(tmp_path) == before
    monkeypatch.setattr(sample_set, "_VERSION", 2)
    write_sample_set(tmp_path, per_class=1)
    assert pictures_in(tmp_path) != before
