"""The goals, and the findings for each: pure functions of the results."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.evaluations import DECIDING_EPOCH, target_of, time_to_accuracy
from benchmarks.stages import Results

PLUS = 2.0
"""Seconds that Quick may take in addition to embedding."""

WARM = 1_137
LARGE = 100_000
DROPPED = 2_000
"""Numbers of pictures in the goals."""

FAST_BFLOAT16 = {"avx512_bf16", "amx_bf16"}
"""Processor flags of fast bfloat16."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding for a goal."""

    text: str
    reached: bool | None  # None: measured at another size than the goal's


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, and the function that judges it; no findings if nothing was measured."""

    what: str
    goal: str
    judge: Callable[[Results], Iterator[Found]]


def datasets_of(results: Results, *kinds: str) -> list[str]:
    """Return the names of the data sets for which all these stages have run."""
    names = (name.rpartition(".")[0] for name in results if name.endswith(f".{kinds[0]}"))
    return [name for name in names if all(f"{name}.{kind}" in results for kind in kinds)]


def tutorial_seconds(tutorial: dict[str, Any]) -> float:
    """Return after how many seconds the tutorial's script reaches the target accuracy of all contestants."""
    evaluations = tutorial["evaluations"]
    return float(evaluations[min(DECIDING_EPOCH, len(evaluations)) - 1]["seconds"])


def seconds_to_target(runs: list[dict[str, Any]], target: float) -> float | None:
    """Return the median time to the target over runs; None if there are none, or one doesn't reach it."""
    seconds = [time_to_accuracy(run["evaluations"], target) for run in runs]
    found = [one for one in seconds if one is not None]
    return statistics.median(found) if found and len(found) == len(seconds) else None


def median_of(runs: list[dict[str, Any]], key: str = "seconds") -> float:
    """Return the median of a figure over runs."""
    return statistics.median(run[key] for run in runs)


def fraction(ratio: float) -> str:
    """Return a ratio in words: “1/40” for small ones, else “0.95”."""
    return f"1/{1 / ratio:.0f}" if ratio <= 0.1 else f"{ratio:.2f}"


def _has_fast_bfloat16(result: dict[str, Any]) -> bool:
    """Return whether a stage ran on a processor that computes fast in bfloat16."""
    flags = result.get("measured", {}).get("machine", {}).get("flags", ())
    return not FAST_BFLOAT16.isdisjoint(flags)


def _quick_to_accuracy(results: Results) -> Iterator[Found]:
    for name in datasets_of(results, "tutorial", "quick"):
        tutorial, quick = results[f"{name}.tutorial"], results[f"{name}.quick"]
        needed = seconds_to_target(quick["cold"], target_of(tutorial))
        if needed is None:
            yield Found(f"{name}: not held", False)
            continue
        ratio = needed / tutorial_seconds(tutorial)
        most = 1 / 60 if _has_fast_bfloat16(quick) else 1 / 40
        yield Found(f"{name}: {fraction(ratio)} ({needed:.1f} s of {tutorial_seconds(tutorial):.0f} s)", ratio <= most)


def _whole_cold(results: Results) -> Iterator[Found]:
    for name in datasets_of(results, "whole"):
        whole = results[f"{name}.whole"]
        runs = [(run["seconds"], whole["pictures"] * run["bare_seconds_per_picture"]) for run in whole["cold"]]
        seconds, bare = (statistics.median(run[index] for run in runs) for index in (0, 1))
        beyond = statistics.median(seconds - bare / 0.95 for seconds, bare in runs)
        text = f"{name}: {seconds:.1f} s; bare LiteRT {bare:.1f} s; {beyond:+.1f} s from 0.95 of its rate"
        yield Found(text, beyond <= PLUS)


def _whole_warm(results: Results) -> Iterator[Found]:
    for name in datasets_of(results, "whole"):
        whole = results[f"{name}.whole"]
        seconds = median_of(whole["warm"])
        is_reached = seconds <= 2 if whole["pictures"] <= WARM else None
        yield Found(f"{name}, {whole['pictures']} pictures: {seconds:.2f} s", is_reached)


def _tutorial_epochs(results: Results) -> Iterator[Found]:
    for name in datasets_of(results, "tutorial", "tutorial-recipe"):
        script, recipe = results[f"{name}.tutorial"], results[f"{name}.tutorial-recipe"]
        epochs = [epoch for run in recipe["cold"] for epoch in run["epochs"]]
        if not epochs:
            continue
        ratio = median_of(epochs) / median_of(script["epochs"])
        yield Found(f"{name}: {ratio:.2f}", ratio <= (0.5 if _has_fast_bfloat16(recipe) else 1.0))


def _time_left(results: Results) -> Iterator[Found]:
    for recipe in ("quick", "fine-tune", "tutorial-recipe"):
        for name in datasets_of(results, recipe):
            factors = [run.get("time_left_worst_factor") for run in results[f"{name}.{recipe}"]["cold"]]
            found = [factor for factor in factors if factor is not None]
            if found:
                yield Found(f"{name}, {recipe}: {max(found):.2f}", max(found) <= 1.5)


def _first_prediction(results: Results) -> Iterator[Found]:
    if found := results.get("prediction-one"):
        seconds = found["median_seconds"]
        ratio = seconds["predict"] / seconds["plain_keras"]
        text = f"{fraction(ratio)} ({seconds['predict']:.2f} s of {seconds['plain_keras']:.1f} s; "
        text += f"a plain script with LiteRT: {seconds['plain_litert']:.2f} s)"
        yield Found(text, ratio <= 1 / 12)


def _share_of_bare(stage: str, key: str) -> Callable[[Results], Iterator[Found]]:
    def judge(results: Results) -> Iterator[Found]:
        if found := results.get(stage):
            yield Found(f"{found[key]:.2f}", found[key] >= 0.95)

    return judge


def _saving(results: Results) -> Iterator[Found]:
    if found := results.get("saving"):
        share, megabytes = found["share_of_time"], found["bytes"] / 1e6
        yield Found(f"{share:.1%} ({found['seconds']:.2f} s each minute, {megabytes:.0f} MB)", share <= 0.03)


def _window_start(results: Results) -> Iterator[Found]:
    if found := results.get("window-start"):
        seconds, memory = found["painted_seconds"], found["memory_mb"]
        yield Found(f"{seconds:.2f} s, {memory:.0f} MB", seconds <= 0.8 and memory <= 150)


def _window_gaps(results: Results) -> Iterator[Found]:
    if found := results.get("window-gaps"):
        text = ", ".join(f"{gap['what']} ({gap['pictures']:,}) {gap['longest_ms']:.0f} ms" for gap in found["gaps"])
        pictures = {gap["what"]: gap["pictures"] for gap in found["gaps"]}
        is_goal = pictures["chosen"] >= LARGE and pictures["dropped"] >= DROPPED
        yield Found(text, all(gap["longest_ms"] <= 50 for gap in found["gaps"]) if is_goal else None)


def _largest(results: Results) -> Iterator[dict[str, Any]]:
    if found := results.get("growth"):
        yield max(found["sizes"], key=lambda size: size["pictures"])


def _check(results: Results) -> Iterator[Found]:
    for size in _largest(results):
        first, again, memory = size["check"]["seconds"], size["check_again"]["seconds"], size["check"]["peak_mb"] or 0
        text = f"{size['pictures']:,}: {first:.0f} s, {memory:.0f} MB; again {again:.1f} s"
        is_reached = first <= 120 and memory <= 1000 and again <= 10
        yield Found(text, is_reached if size["pictures"] >= LARGE else None)


def _fit(results: Results) -> Iterator[Found]:
    for size in _largest(results):
        seconds, memory = size["fit"]["seconds"], size["fit"]["peak_mb"] or 0
        text = f"{size['pictures']:,}: {seconds:.0f} s, {memory:.0f} MB"
        yield Found(text, seconds <= 120 and memory <= 2000 if size["pictures"] >= LARGE else None)


def _packaged(program: str, installed: float, download: float) -> Callable[[Results], Iterator[Found]]:
    """Return a judge of the sizes of a built program, in MB."""

    def judge(results: Results) -> Iterator[Found]:
        for found in results.get("package", {}).get("programs", ()):
            if found["program"] == program:
                sizes = found["installed_bytes"] / 1e6, found["download_bytes"] / 1e6
                yield Found(f"{sizes[0]:.0f} MB, {sizes[1]:.0f} MB", sizes[0] <= installed and sizes[1] <= download)

    return judge


def _packaged_times(results: Results) -> Iterator[Found]:
    for found in results.get("package", {}).get("programs", ()):
        if "/" not in found["program"]:
            painted, predicted = found["painted_seconds"], found["predicted_seconds"]
            text = f"{found['program']}: {painted:.2f} s, {predicted:.2f} s"
            yield Found(text, painted <= 1.0 and predicted <= 2.0)


GOALS = (
    Goal(
        "Quick, cold cache, to the tutorial's accuracy",
        "≤ 1/60 of the tutorial's time with bfloat16, ≤ 1/40 without",
        _quick_to_accuracy,
    ),
    Goal(
        "Quick, cold cache, every picture read, whole process",
        "embedding at ≥ 0.95 of bare LiteRT's rate, plus ≤ 2 s",
        _whole_cold,
    ),
    Goal("Quick, warm cache, whole process", "≤ 2 s for 1,137 pictures", _whole_warm),
    Goal("Embedding against bare LiteRT", "≥ 0.95", _share_of_bare("embedding", "share_of_bare")),
    Goal("An epoch of training against the bare step", "≥ 0.95", _share_of_bare("training", "share_of_bare")),
    Goal(
        "Tutorial, per epoch, against the tutorial's script", "≤ 0.5 with fast bfloat16, never > 1.0", _tutorial_epochs
    ),
    Goal("Time left as shown, after the first tenth of a run", "within a factor of 1.5", _time_left),
    Goal("Saving a training, share of its time", "≤ 3 %", _saving),
    Goal("One picture, cold `predict` process, against a plain Keras script", "≤ 1/12", _first_prediction),
    Goal("500 pictures, `predict`, against the bare runtime", "≥ 0.95", _share_of_bare("prediction-many", "ratio")),
    Goal("Window painted", "≤ 0.8 s, ≤ 150 MB", _window_start),
    Goal("Longest pause of the window's event loop", "≤ 50 ms", _window_gaps),
    Goal(
        "Check of 100,000 pictures of 100×100, each decoded, warm disk",
        "≤ 120 s, ≤ 1 GB; again, unchanged: ≤ 10 s",
        _check,
    ),
    Goal("Quick's fit on 100,000 cached embeddings, 10 classes", "≤ 120 s, ≤ 2 GB", _fit),
    Goal(
        "The packaged program, installed and as a download", "≤ 900 MB, ≤ 330 MB", _packaged("xception-gui", 900, 330)
    ),
    Goal("The packaged lite program", "≤ 250 MB, ≤ 100 MB", _packaged("xception-gui-lite", 250, 100)),
    Goal(
        "A packaged window painted, and a picture that was dropped on it then classified",
        "≤ 1.0 s, ≤ 2.0 s",
        _packaged_times,
    ),
)
