"""The sample set: the same pictures everywhere, and classes that only the traffic tells apart."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xception_gui.data.sample_set import CLASSES, SampleSet, draw_scene, write_sample_set
from xception_gui.domain.errors import JobStopped

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
    assert max(accuracies) <= 0.70


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
    write_sample_set(tmp_path, per_class=1, seed=1)
    write_sample_set(tmp_path, per_class=1, seed=2)
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
