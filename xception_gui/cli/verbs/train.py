"""`train`: trains a model on a folder of pictures."""

import argparse
import os
from pathlib import Path
from typing import IO

from xception_gui.cli.arguments import UsageError, add_dataset, add_folders, add_json, file_name, folders_of
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import counted, few_words, say
from xception_gui.cli.progress import time_in_words
from xception_gui.cli.recipe_options import AUTO, add_recipe_options, difference, recipe_of
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.training import (
    ForecastRequest,
    ForecastResult,
    ResumeRequest,
    TrainRequest,
    TrainResult,
)
from xception_gui.domain.recipe import PRESETS, Recipe, quick_recipe
from xception_gui.edition import has_keras
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.forecasts import forecast_text

ORDER = 30
HELP = "train a model on a folder of pictures"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments to its parser."""
    add_dataset(parser)
    add_folders(parser)
    parser.add_argument(
        "--out", type=file_name, required=True, metavar="MODEL", help="folder for the model, which must not exist yet"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="resume the interrupted training in MODEL, with its recipe and options",
    )
    add_recipe_options(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run the verb. Return the exit status."""
    recipe, forecast = _recipe(arguments, terminal)
    result = result_of(_training_request(arguments, recipe, forecast), terminal)
    if arguments.json:
        found = {} if forecast is None else {"forecast": document_of(forecast)}
        terminal.print_json(document_of(result) | found)
    else:
        print_train(result, terminal.out)
    return ExitStatus.STOPPED if result.stopped else ExitStatus.DONE


def _recipe(arguments: argparse.Namespace, terminal: Terminal) -> tuple[Recipe | None, ForecastResult | None]:
    """Return the recipe of a new training, and the forecast that it was chosen by, if it was; None if one is resumed.

    Raises:
        RecipeError: the recipe's options are invalid.
        ProgramError, JobStopped: as `result_of`.
    """
    if arguments.resume:
        return None, None
    recipe = recipe_of(arguments)
    if arguments.recipe != AUTO:
        return recipe, None
    if not has_keras():
        say("Fine-tuning needs Keras, which isn't installed, so Quick is used.", terminal.err)
        return quick_recipe(recipe), None
    say("First, a short trial of fine-tuning on part of the training pictures.", terminal.err)
    forecast = result_of(ForecastRequest(arguments.dataset, recipe, folders_of(arguments), arguments.out), terminal)
    time = f" Training takes about {time_in_words(forecast.seconds)}." if forecast.pays and forecast.seconds else ""
    say(f"{forecast_text(forecast)}{time}", terminal.err)
    chosen = recipe if forecast.pays else quick_recipe(recipe)
    say(f"Now training with {PRESETS[chosen.preset].title}.", terminal.err)
    return chosen, forecast


def _training_request(
    arguments: argparse.Namespace, recipe: Recipe | None, forecast: ForecastResult | None
) -> TrainRequest | ResumeRequest:
    """Return the request for a new training with a recipe, or for one to resume.

    Raises:
        UsageError: the training was started with other arguments.
        ProgramError: NOT_A_RUN, RUN_DAMAGED.
    """
    if recipe is not None:
        promised = forecast.range if forecast is not None and recipe.trains_network else None
        return TrainRequest(arguments.dataset, arguments.out, recipe, folders_of(arguments), promised)
    record = RunFolder(Path(arguments.out)).read_record()
    if os.path.realpath(arguments.dataset) != os.path.realpath(record.dataset):
        raise UsageError(f"“{arguments.out}” was started on “{record.dataset}”, not on “{arguments.dataset}”.")
    taken = Folders.PARTS if record.has_parts else Folders.CLASSES
    if folders_of(arguments) not in (Folders.AUTO, taken):
        raise UsageError(f"“{arguments.out}” was started with --folders {taken}, not {arguments.folders}.")
    other = difference(record.recipe, arguments)
    if other:
        raise UsageError(f"“{arguments.out}” was started {other}.")
    return ResumeRequest(arguments.out)


def print_train(result: TrainResult, out: IO[str]) -> None:
    """Print where the model is, and how good it is."""
    say(f"The model is in “{result.run}”.", out)
    _print_measured(result.val_images, "validation", result.val_accuracy, result.val_log_loss, out)
    accuracy, log_loss = result.test_accuracy, result.test_log_loss
    if isinstance(result.test_images, int) and isinstance(accuracy, float) and isinstance(log_loss, float):
        _print_measured(result.test_images, "test", accuracy, log_loss, out)


def _print_measured(pictures: int, part: str, accuracy: float, log_loss: float, out: IO[str]) -> None:
    figures = f"accuracy {accuracy:.3f}, log loss {log_loss:.3f}"
    print(f"On {counted(pictures, f'{part} picture')}: {figures}.{few_words(accuracy, pictures)}", file=out)
