"""The stages of the benchmarks: each is one command whose JSON document is one file of results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.evaluations import target_of
from benchmarks.processes import ROOT
from xception_gui import paths
from xception_gui.data.pictures.open_picture import looks_like_a_picture

DIST = ROOT / "dist"
"""The folder of built programs."""

Results = Mapping[str, dict[str, Any]]
"""Stage → the document that its command printed."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The size of all measurements."""

    max_per_class: int = 100
    image_size: int = 299
    inception_size: int = 299
    script_epochs: int = 4  # of the tutorial's script; the fourth sets the target
    epochs: int = 5  # of the recipe Tutorial
    guide_epochs: int = 10  # at most
    cold: int = 3
    whole_cold: int = 2
    warm: int = 7
    repeats: int = 5
    slow_repeats: int = 3
    starts: int = 9
    splits: int = 20
    embedded: int = 40
    predicted: int = 500
    batch_size: int = 16
    trained: int = 64
    precision_steps: int = 60
    precision_size: int = 160
    growth: tuple[int, ...] = (1_000, 10_000, 100_000)
    dropped: int = 2_000
    chosen: int = 100_000
    accelerator: tuple[str, ...] = ()


TINY = Scale(
    max_per_class=3,
    image_size=71,
    inception_size=75,
    script_epochs=1,
    epochs=1,
    guide_epochs=1,
    cold=1,
    whole_cold=1,
    warm=1,
    repeats=1,
    slow_repeats=1,
    starts=1,
    splits=2,
    embedded=5,
    predicted=5,
    batch_size=2,
    trained=4,
    precision_steps=2,
    precision_size=71,
    growth=(40,),
    dropped=6,
    chosen=20,
    accelerator=(
        *("--cpu", "--image-size", "71", "--batch-sizes", "2"),
        *("--precisions", "float32", "--matrix", "64", "--seconds", "0.1"),
    ),
)
"""A scale that only shows whether every script works. The figures are meaningless."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A command, and the stages whose results it needs."""

    name: str  # of its file of results; for a data set, it begins with that name and a dot
    words: Callable[[Results], list[str]]  # after `python -m`
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of data sets and results."""

    datasets: tuple[Path, ...]  # the first is used where one is enough
    results: Path
    work: Path  # for models and generated data


def all_stages(place: Place, scale: Scale) -> list[Stage]:
    """Return the stages in the order in which they run."""
    stages = [stage for dataset in place.datasets for stage in _of_dataset(dataset, place, scale)]
    return [*stages, *_of_machine(place.datasets[0], place, scale), *_of_packages(scale)]


def _of_dataset(dataset: Path, place: Place, scale: Scale) -> list[Stage]:
    name = dataset.name
    split, tutorial, quick = f"{name}.split", f"{name}.tutorial", f"{name}.quick"
    plain = [str(paths.shipped_weights()), str(place.results / f"{split}.json")]
    sample = ["--max-per-class", scale.max_per_class]
    size = ["--image-size", scale.image_size]

    def guide(results: Results, image_size: int) -> list[str]:
        words = ["--target", target_of(results[tutorial]), "--epochs", scale.guide_epochs, "--image-size", image_size]
        return _words("benchmarks.keras_guide", *plain, *words)

    def recipe(stage: str, preset: str, *more: object) -> Stage:
        return _stage(stage, "benchmarks.time_to_accuracy", dataset, "--recipe", preset, *sample, *size, *more)

    return [
        _stage(split, "benchmarks.splits", dataset, *sample),
        _stage(
            quick, "benchmarks.time_to_accuracy", dataset, *sample, *size, "--cold", scale.cold, "--warm", scale.warm
        ),
        _stage(
            f"{name}.whole",
            *("benchmarks.quick", dataset, *size, "--cold", scale.whole_cold, "--warm", scale.warm),
            *("--keep", _model(place, dataset)),
        ),
        _stage(f"{name}.accuracy", "benchmarks.accuracy", dataset, *size, "--splits", scale.splits),
        _stage(tutorial, "benchmarks.tutorial", *plain, "--epochs", scale.script_epochs, *size, needs=(split,)),
        Stage(f"{name}.guide", lambda results: guide(results, scale.image_size), (split, tutorial)),
        Stage(f"{name}.guide-150", lambda results: guide(results, min(scale.image_size, 150)), (split, tutorial)),
        recipe(f"{name}.fine-tune", "fine-tune"),
        recipe(f"{name}.tutorial-recipe", "tutorial", "--epochs", scale.epochs),
    ]


def _of_machine(dataset: Path, place: Place, scale: Scale) -> list[Stage]:
    size = ["--image-size", scale.image_size]
    batch = ["--batch-size", scale.batch_size, "--image-size", scale.inception_size]
    repeats, slow = ["--repeats", scale.repeats], ["--repeats", scale.slow_repeats]
    training = [*size, "--batch-size", scale.batch_size, "--pictures", scale.trained]
    precision = [
        "--steps",
        scale.precision_steps,
        "--image-size",
        scale.precision_size,
        "--batch-size",
        scale.batch_size,
    ]
    gaps = ["--dropped", scale.dropped, "--chosen", scale.chosen]
    whole = f"{dataset.name}.whole"
    many = ["many", _model(place, dataset), dataset, "--pictures", scale.predicted]
    one = ["one", _model(place, dataset), _a_picture(dataset), "--keras"]
    return [
        _stage("embedding", "benchmarks.embedding", dataset, "--count", scale.embedded, *size, *repeats),
        _stage("training", "benchmarks.training", dataset, *training, "--pairs", scale.repeats),
        _stage("precision", "benchmarks.precision", dataset, *precision),
        _stage("saving", "benchmarks.saving", *size, *repeats),
        _stage("inception", "benchmarks.inception", *batch, *repeats),
        _stage("prediction-many", "benchmarks.prediction", *many, *slow, needs=(whole,)),
        _stage("prediction-one", "benchmarks.prediction", *one, *repeats, needs=(whole,)),
        _stage("growth", "benchmarks.growth", place.work / "growth", "--sizes", *scale.growth),
        _stage("window-start", "benchmarks.window", "start", "--repeats", scale.starts),
        _stage("window-gaps", "benchmarks.window", "gaps", dataset, dataset, *gaps),
        _stage("gpu", "benchmarks.gpu", *scale.accelerator),
    ]


def _of_packages(scale: Scale) -> list[Stage]:
    """Return the stage that measures built programs and their naive builds, if there are any."""
    programs = ("xception-gui", "xception-gui-lite", "naive/xception-gui", "naive/xception-gui-lite")
    built = [DIST / program for program in programs if (DIST / program).is_dir()]
    if scale is TINY or not built:
        return []
    return [_stage("package", "benchmarks.package", *built, "--repeats", scale.starts, "--download")]


def _stage(name: str, *words: object, needs: tuple[str, ...] = ()) -> Stage:
    return Stage(name, lambda results: _words(*words), needs)


def _words(*words: object) -> list[str]:
    return [str(word) for word in words]


def _model(place: Place, dataset: Path) -> Path:
    """Return the folder of the model that the stage `whole` trains."""
    return place.work / f"{dataset.name}-model"


def _a_picture(dataset: Path) -> Path:
    return min(path for path in dataset.rglob("*") if looks_like_a_picture(path))
