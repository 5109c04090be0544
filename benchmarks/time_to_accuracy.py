"""Times the program's recipes, from process start, to each accuracy on all validation pictures.

    .venv/bin/python -m benchmarks.time_to_accuracy DATASET --recipe quick --cold 3 --warm 5
    .venv/bin/python -m benchmarks.time_to_accuracy DATASET --recipe tutorial --epochs 5

Each training runs in a new engine process; cold ones have an empty cache, warm ones share the cache of an earlier one.
Each evaluation is recorded with the time at which its line arrives, and so is the time left that the window would show
after each line.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.evaluations import Evaluation, TimeLeft, thinned, worst_factor
from benchmarks.printing import print_document, say
from benchmarks.processes import PROGRAM, environment
from xception_gui.domain.lines import decode_event, encode
from xception_gui.domain.messages.base import Failed, Finished, PhaseStarted
from xception_gui.domain.messages.training import EpochFinished, TrainRequest, TrainResult
from xception_gui.domain.recipe import Preset, Recipe, make_recipe
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.domain.time_left import seconds_left
from xception_gui.words.errors import failure_text

SHOWN_OF_TOLD = 100
"""Times left that are kept per training, to see where they were wrong."""


def train(dataset: Path, recipe: Recipe, folder: Path, home: Path) -> dict[str, Any]:
    """Train in an engine process, and return what it reports, and when.

    The figures of the finished training are its last evaluation.
    """
    evaluations: list[Evaluation] = []
    phases: list[dict[str, Any]] = []
    epochs: list[dict[str, float]] = []
    told: list[TimeLeft] = []
    request = TrainRequest(str(dataset), str(folder), recipe)
    state = start_of(request, 0.0)
    began = time.monotonic()
    engine = subprocess.Popen(
        [*PROGRAM, "--engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(home)
    )
    assert engine.stdin is not None
    assert engine.stdout is not None
    with engine:
        engine.stdin.write(encode(request, "train") + "\n")
        engine.stdin.flush()
        for line in engine.stdout:
            seconds = time.monotonic() - began
            event = decode_event(line)[1]
            state = reduce(state, event, seconds)
            left = seconds_left(state)
            if left is not None:
                told.append(TimeLeft(seconds, left))
            match event:
                case PhaseStarted(phase=phase):
                    phases.append({"phase": phase, "seconds": seconds})
                case EpochFinished() as epoch:
                    evaluations.append(
                        Evaluation(seconds=seconds, val_accuracy=epoch.val_accuracy, val_loss=epoch.val_loss)
                    )
                    if epoch.learning_rate is not None:
                        epochs.append({"seconds": epoch.seconds, "images": epoch.images})
                    say(f"{recipe.preset}: {seconds:.1f} s, validation accuracy {epoch.val_accuracy:.3f}")
                case Finished(result=TrainResult() as result):
                    evaluations.append(
                        Evaluation(seconds=seconds, val_accuracy=result.val_accuracy, val_loss=result.val_log_loss)
                    )
                    break
                case Failed() as failed:
                    sys.exit(str(failure_text(failed)))
        engine.stdin.close()
    return {
        "seconds": seconds,
        "evaluations": evaluations,
        "epochs": epochs,
        "phases": phases,
        "time_left_worst_factor": worst_factor(told, seconds),
        "time_left_told": thinned(told, seconds / SHOWN_OF_TOLD),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the program's recipes to each accuracy.")
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--recipe", choices=[preset.value for preset in Preset], default=Preset.QUICK.value)
    parser.add_argument("--cold", type=int, default=1, help="trainings with an empty cache")
    parser.add_argument("--warm", type=int, default=0, help="trainings on cached pictures")
    parser.add_argument("--max-per-class", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--image-size", type=int, default=299)
    parser.add_argument("--epochs", type=int)
    arguments = parser.parse_args()
    fields = {"epochs": arguments.epochs} if arguments.epochs is not None else {}
    recipe = make_recipe(
        Preset(arguments.recipe),
        max_per_class=arguments.max_per_class,
        seed=arguments.seed,
        image_size=arguments.image_size,
        **fields,
    )
    with tempfile.TemporaryDirectory() as place:

        def run(name: str, home: str) -> dict[str, Any]:
            return train(arguments.dataset, recipe, Path(place) / name, Path(place) / home)

        cold = [run(f"cold-{number}", f"home-{number}") for number in range(arguments.cold)]
        warm = [run(f"warm-{number}", "home-0") for number in range(arguments.warm + (arguments.cold == 0))]
    print_document(
        {
            "dataset": arguments.dataset.name,
            "recipe": arguments.recipe,
            "cold": cold,
            "warm": warm[-arguments.warm :] if arguments.warm else [],
        }
    )


if __name__ == "__main__":
    main()
