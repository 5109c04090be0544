"""Renders RESULTS.md from the results: a pure function. Missing results are shown as not measured."""

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.evaluations import DECIDING_EPOCH, target_of
from benchmarks.goals import GOALS, datasets_of, fraction, median_of, seconds_to_target, tutorial_seconds
from benchmarks.stages import Results

NOT_MEASURED = "not measured"

NOTICEABLE = 0.02
"""Share of the processor's time."""

VERDICTS = {True: "reached", False: "**not reached**", None: "at another size"}

RATES = {
    "embedding": ("images_per_second", "bare_images_per_second", "share_of_bare"),
    "training": ("images_per_second", "bare_images_per_second", "share_of_bare"),
    "prediction-many": ("job_images_per_second", "bare_images_per_second", "ratio"),
}
"""Stage → the keys of the program's rate, the bare rate, and their ratio."""

INTRODUCTION = """# Results

`benchmarks/run_all.py` wrote this from the output of its stages; no figure was typed by hand. [README.md](README.md)
describes the data sets, and what each stage compares. Times from different machines can't be compared; ratios within
one run can.
"""


def render(results: Results) -> str:
    """Return the report.

    Args:
        results: of any stages; the others are shown as not measured.
    """
    sections = [
        INTRODUCTION,
        "## Measured on\n\n" + _machines(results),
        "## Goals\n\n" + _goals(results),
        *(
            f"## Time to accuracy: {name}\n\n" + _contestants(results, name)
            for name in datasets_of(results, "tutorial")
        ),
        "## Quick on whole data sets\n\n" + _quick(results),
        "## Fine-tuning on few pictures\n\n" + _fine_tuning(results.get("fine-tuning")),
        "## Forecasts of fine-tuning\n\n" + _forecasts(results.get("forecasts")),
        "## Throughput\n\n" + _throughput(results),
        "## Training in fewer bits\n\n" + _precision(results.get("precision")),
        "## Xception beside Inception-v3\n\n" + _inception(results.get("inception")),
        "## Time and memory as the work grows\n\n" + _growth(results.get("growth")),
        "## The window\n\n" + _window(results),
        "## What is downloaded\n\n" + _package(results.get("package")),
        "## On an accelerator\n\n" + _accelerator(results.get("gpu")),
    ]
    return "\n".join(section.rstrip() + "\n" for section in sections)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, or a sentence if there are no rows."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    if not lines:
        return f"{NOT_MEASURED.capitalize()}."
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines])


def _machines(results: Results) -> str:
    """Return the machines and versions that figures come from, with their stages if there are several machines."""
    stages: dict[str, list[str]] = {}
    dates: dict[str, list[str]] = {}
    for name, document in results.items():
        if "measured" in document:
            machine = _machine_in_words(document["measured"]["machine"])
            stages.setdefault(machine, []).append(name)
            dates.setdefault(machine, []).append(document["measured"]["date"][:10])
    if not stages:
        return f"{NOT_MEASURED.capitalize()}."
    lines = []
    for machine, names in stages.items():
        first, last = min(dates[machine]), max(dates[machine])
        line = f"- {machine}. {first if first == last else f'{first} to {last}'}."
        lines.append(line + (f" Stages: {', '.join(names)}." if len(stages) > 1 else ""))
    return "\n".join([*lines, *_disturbed(results)])


def _disturbed(results: Results) -> list[str]:
    """Return which stages lost a noticeable share of processor time to others on the same host."""
    noted = {name: document["measured"]["stolen"] for name, document in results.items() if _has_noted(document)}
    if not noted:
        return []
    words = [f"{name} {share:.0%}" for name, share in noted.items() if share >= NOTICEABLE]
    which = f"recorded by {len(noted)} of {len(results)} stages"
    return [
        f"- Other users of the same host took part of the processor's time ({which}): "
        + (f"{', '.join(words)}." if words else f"less than {NOTICEABLE:.0%} of any.")
    ]


def _has_noted(document: dict[str, Any]) -> bool:
    return "stolen" in document.get("measured", {})


def _machine_in_words(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    flags = " ".join(machine["flags"]) or "unknown"
    return f"{machine['processor']} ({flags}), {machine['memory_gb']} GB, {machine['system']}; {versions}"


def _goals(results: Results) -> str:
    rows = []
    for goal in GOALS:
        found = list(goal.judge(results))
        texts = "<br>".join(one.text for one in found) or NOT_MEASURED
        verdict = "<br>".join(VERDICTS[one.reached] for one in found)
        rows.append((goal.what, goal.goal, texts, verdict))
    return table(("what", "goal", "found", ""), rows)


def _contestants(results: Results, name: str) -> str:
    tutorial = results[f"{name}.tutorial"]
    target, whole = target_of(tutorial), tutorial_seconds(tutorial)
    epoch = min(DECIDING_EPOCH, len(tutorial["evaluations"]))
    runs: dict[str, list[dict[str, Any]] | None] = {
        "Keras guide, 299 pixels": _plain_runs(results.get(f"{name}.guide")),
        "Keras guide, 150 pixels as in the guide": _plain_runs(results.get(f"{name}.guide-150")),
        "Quick, cold cache": results.get(f"{name}.quick", {}).get("cold"),
        "Quick, warm cache": results.get(f"{name}.quick", {}).get("warm"),
        "Fine-tune": results.get(f"{name}.fine-tune", {}).get("cold"),
        "Tutorial (recipe of the program)": results.get(f"{name}.tutorial-recipe", {}).get("cold"),
    }
    rows = [("Tutorial (plain Keras script)", f"{whole:.0f} s", "1", "1", _best([tutorial]))]
    rows += [_contestant(who, of_who, target, whole) for who, of_who in runs.items()]
    return (
        f"From process start until the accuracy on the {tutorial['val_images']} validation pictures first reaches that "
        f"of the tutorial's script after epoch {epoch}, {target:.3f}, and does so again at the next evaluation. The "
        "last evaluation of a finished run of the program gives the figures that it reports. "
        f"{tutorial['train_images']} training pictures, the same for all.\n\n"
        + table(("contestant", "time to accuracy", "of the tutorial's time", "runs", "best accuracy seen"), rows)
    )


def _plain_runs(document: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    return None if document is None else [document]


def _contestant(who: str, runs: list[dict[str, Any]] | None, target: float, whole: float) -> tuple[str, ...]:
    if not runs:
        return (who, NOT_MEASURED, "", "", "")
    seconds = seconds_to_target(runs, target)
    if seconds is None:
        last = max(run["evaluations"][-1]["seconds"] for run in runs)
        return (who, f"not held within {last:.0f} s", "", str(len(runs)), _best(runs))
    return (who, f"{seconds:.1f} s", fraction(seconds / whole), str(len(runs)), _best(runs))


def _best(runs: list[dict[str, Any]]) -> str:
    return f"{max(one['val_accuracy'] for run in runs for one in run['evaluations']):.3f}"


def _quick(results: Results) -> str:
    rows = []
    for name in datasets_of(results, "whole"):
        whole = results[f"{name}.whole"]
        bare = whole["pictures"] * median_of(whole["cold"], "bare_seconds_per_picture")
        accuracy = results.get(f"{name}.accuracy")
        rows.append(
            (
                name,
                str(whole["pictures"]),
                f"{median_of(whole['cold']):.1f} s",
                f"{bare:.1f} s",
                f"{median_of(whole['warm']):.2f} s",
                _accuracy_in_words(accuracy) if accuracy else NOT_MEASURED,
            )
        )
    return (
        "Medians, from process start to process end; beside them, bare LiteRT on the same number of constant "
        "pictures.\n\n" + table(("data set", "pictures", "cold", "bare LiteRT", "warm", "accuracy, log loss"), rows)
    )


def _accuracy_in_words(found: dict[str, Any]) -> str:
    accuracy, loss = found["accuracy"], found["log_loss"]
    return f"{accuracy['mean']:.3f} ± {accuracy['deviation']:.3f}, {loss['mean']:.2f} ({found['splits']} splits)"


def _fine_tuning(found: dict[str, Any] | None) -> str:
    rows = [
        (
            f"{one['dataset']}{', groups apart' if one['apart'] else ''}",
            str(one["per_class"]),
            str(one["seeds"]),
            one["contestant"],
            f"{one['accuracy']:.3f}, {one['log_loss']:.3f}",
            f"{one['quick_accuracy']:.3f}, {one['quick_log_loss']:.3f}",
            _range_in_words(one["accuracy_difference"], 100, 1),
            _range_in_words(one["log_loss_difference"], 1, 3),
            f"{one['log_loss'] / one['quick_log_loss']:.2f}",
            f"{one['seconds']:.0f} s",
        )
        for one in (found or {}).get("comparisons", ())
    ]
    head = ("data set", "pictures a class", "splits", "", "accuracy, log loss", "Quick", "points", "log loss")
    head = (*head, "of Quick's log loss", "time")
    return (
        "On all pictures that were used neither for training nor for validation (15 a class): medians over splits, and "
        "the 95 % interval of the difference to Quick at 299 pixels, from a bootstrap over splits and pictures. The "
        "scripts are plain Keras with the same weights, and had the same time.\n\n" + table(head, rows)
    )


def _range_in_words(ends: Sequence[float], factor: float, digits: int) -> str:
    low, high = (f"{factor * end:+.{digits}f}".replace("-", "−") for end in ends)
    return f"{low} to {high}"


def _forecasts(found: dict[str, Any] | None) -> str:
    rows = [
        (
            f"{one['dataset']}, {one['per_class']} a class, split {one['seed']}",
            f"{one['low']:.1f} to {one['high']:.1f}".replace("-", "−") if one["pictures"] else "too few pictures",
            "Fine-tune" if one["pays"] else "Quick",
            f"{one['gain']:+.1f}".replace("-", "−"),
            "yes" if one["right"] else f"no: {100 * one['accuracy_lost']:.1f} points, {one['log_loss_lost']:.3f}",
            f"{one['share_of_time']:.0%}",
        )
        for one in (found or {}).get("forecasts", ())
    ]
    head = ("parts", "forecast: points, 80 % range", "recommended", "gain on test", "right", "share of the time")
    return "What being wrong cost is in points of accuracy and in log loss.\n\n" + table(head, rows)


def _throughput(results: Results) -> str:
    rows = []
    for stage, keys in RATES.items():
        found = results.get(stage)
        figures = [f"{found[key]:.2f}" for key in keys] if found else [NOT_MEASURED, "", ""]
        rows.append((stage, *figures))
    return (
        "Beside embedding, bare LiteRT; beside prediction-many, the model's own runtime; beside training, the bare "
        "step.\n\n" + table(("what", "pictures/s", "bare", "share of that"), rows)
    )


def _precision(found: dict[str, Any] | None) -> str:
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    return (
        f"In {found['other']}, a step takes 1/{found['gain']:.2f} of its time in float32 ({found['image_size']} "
        f"pixels, batch {found['batch_size']}). Over {found['steps']} steps from the same start, the smoothed losses "
        f"differ by at most {found['largest_relative_difference']:.1%}; the goal was 5 %."
    )


def _inception(found: dict[str, Any] | None) -> str:
    if found is None:
        return f"{NOT_MEASURED.capitalize()}."
    networks = found["networks"]
    rows = [
        (
            name,
            f"{network['multiply_adds'] / 1e9:.2f} G",
            f"{network['parameters'] / 1e6:.1f} M",
            f"{network['steps_per_second']:.3f}",
            str(network["paper_steps_per_second"]),
        )
        for name, network in networks.items()
    ]
    ours, paper = (
        networks["xception"][key] / networks["inception_v3"][key]
        for key in ("steps_per_second", "paper_steps_per_second")
    )
    return (
        table(("network", "multiply-adds per picture", "parameters", "steps/s here", "steps/s in the paper"), rows)
        + f"\n\nXception takes {ours:.2f} times as many steps per second as Inception-v3 here ({found['image_size']} "
        f"pixels, batches of {found['batch_size']}), {paper:.2f} times as many in the paper (on other machines)."
    )


def _growth(found: dict[str, Any] | None) -> str:
    names = {"check": "check", "check_again": "check, again", "fit": "Quick's fit", "predict": "predictions"}
    rows = [
        (
            names[key],
            f"{size['pictures']:,}",
            f"{size[key]['seconds']:.2f} s",
            f"{size[key]['ms_per_picture']:.3f} ms",
            _megabytes(size[key]["peak_mb"]),
            _megabytes(size[key]["own_mb"]),
        )
        for key in names
        for size in (found["sizes"] if found else ())
    ]
    head = ("what", "pictures", "time", "per picture", "peak memory", "of that, not mapped from files")
    return (
        "Pictures of 100×100, all different, and made-up embeddings; each figure is from a separate process.\n\n"
        + table(head, rows)
    )


def _megabytes(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.0f} MB"


def _window(results: Results) -> str:
    rows = []
    if start := results.get("window-start"):
        seconds = start["all_seconds"]
        spread = f"median of {len(seconds)}, {min(seconds):.2f}–{max(seconds):.2f}"
        rows.append(
            ("process start to painted", f"{statistics.median(seconds):.2f} s ({spread}), {start['memory_mb']:.0f} MB")
        )
    if gaps := results.get("window-gaps"):
        rows += [(f"longest pause: {gap['what']}, {gap['pictures']:,} pictures", _gap(gap)) for gap in gaps["gaps"]]
    return table(("what", "figure"), rows)


def _gap(gap: dict[str, Any]) -> str:
    computed = f"; computing {gap['computed_ms']:.0f} ms at most" if "computed_ms" in gap else ""
    return f"{gap['longest_ms']:.0f} ms{computed}"


def _package(found: dict[str, Any] | None) -> str:
    words = "“naive” is what PyInstaller finds by itself. Seconds from the start of the process: until the window was\n"
    words += "painted, and until a picture that was dropped on it then was classified (median, minimum, maximum).\n\n"
    rows = [
        (
            program["program"],
            f"{program['installed_bytes'] / 1e6:.0f} MB",
            f"{program['download_bytes'] / 1e6:.0f} MB" if "download_bytes" in program else NOT_MEASURED,
            _median_and_range(program["painted_seconds"], program["painted_range"]),
            _median_and_range(program["predicted_seconds"], program["predicted_range"]),
        )
        for program in (found or {}).get("programs", ())
    ]
    return words + table(("program", "installed", "download (tar, xz)", "painted", "classified"), rows)


def _median_and_range(median: float, span: Sequence[float]) -> str:
    return f"{median:.2f} s ({span[0]:.2f}–{span[1]:.2f})"


def _accelerator(found: dict[str, Any] | None) -> str:
    if not found or not found["accelerators"]:
        return f"{NOT_MEASURED.capitalize()}: there was no accelerator at hand. `gpu.py` measures one."
    rows = [
        (
            row["what"],
            row["precision"],
            str(row["batch_size"]),
            f"{row['images_per_second']:.0f}",
            f"{row['share_of_bare']:.2f}",
            f"{row['tflops']:.1f}",
            f"{row['share_of_matrix_rate']:.2f}",
        )
        for row in found["rows"]
    ]
    head = ("what", "precision", "batch", "pictures/s", "of the bare step", "TFLOP/s", "of the matrix rate")
    return f"{found['device']}, Keras on {found['backend']}, {found['image_size']} pixels.\n\n" + table(head, rows)
