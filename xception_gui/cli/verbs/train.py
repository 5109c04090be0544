"""`train`: a model from a folder of pictures."""

import argparse
import os
from pathlib import Path
from typing import IO, Any

import msgspec

from xception_gui.cli.arguments import UsageError, add_dataset, add_folders, add_json, file_name, folders_of
from xception_gui.cli.documents import document_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.printing import few_words, say
from xception_gui.cli.running import Terminal, result_of
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.training import ResumeRequest, TrainRequest, TrainResult
from xception_gui.domain.recipe import (
    RANDOM_WEIGHTS,
    Augmentation,
    Precision,
    Preset,
    Recipe,
    Training,
    make_recipe,
)
from xception_gui.runs.run_folder import RunFolder

ORDER = 30
HELP = "Train a model on a folder of pictures."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what can be typed after the verb."""
    add_dataset(parser)
    add_folders(parser)
    parser.add_argument(
        "--out", type=file_name, required=True, metavar="RUN", help="folder for the model; it must not exist yet"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the training of RUN that was interrupted, with its recipe and options",
    )
    parser.add_argument(
        "--recipe",
        choices=[preset.value for preset in Preset],
        help="quick: the head alone, in minutes (default); fine-tune: all of Xception, from Quick's model; "
        "tutorial: all of Xception, from a fresh head",
    )
    recipe = parser.add_argument_group("recipe")
    recipe.add_argument("--epochs", type=int, metavar="N", help="times that each picture is learned from")
    recipe.add_argument("--batch-size", type=int, metavar="N", help="pictures in one training step")
    recipe.add_argument("--learning-rate", type=float, metavar="X", help="length of the steps")
    recipe.add_argument(
        "--val-fraction", type=float, metavar="X", help="share of each class kept for validation (default: 0.2)"
    )
    recipe.add_argument(
        "--max-per-class", type=int, metavar="N", help="take a sample of so many pictures of each class"
    )
    recipe.add_argument("--image-size", type=int, metavar="N", help="pixels, both ways (default: 299)")
    recipe.add_argument("--seed", type=int, metavar="N", help="decides sample, split and order (default: 0)")
    recipe.add_argument(
        "--augment",
        choices=[augmentation.value for augmentation in Augmentation],
        help="flips: exchange left and right in half of the pictures; "
        "gentle: flips, and small shifts, turns and changes of light",
    )
    recipe.add_argument(
        "--precision",
        choices=[precision.value for precision in Precision],
        help="what the training computes in; auto: the fastest on this machine, which is measured (default)",
    )
    recipe.add_argument(
        "--early-stopping",
        type=int,
        metavar="N",
        help="end when the validation loss has not become lower for so many epochs (default: 0, never)",
    )
    recipe.add_argument(
        "--class-weights",
        action="store_true",
        default=None,
        help="let pictures of rare classes count for more, so that all classes count alike",
    )
    recipe.add_argument(
        "--weights",
        metavar="FILE|none",
        help="Xception's weights as Keras publishes them, instead of those that come with the program; "
        "none: start from random weights (tutorial only)",
    )
    add_json(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Do it. Return the exit status."""
    result = result_of(_training_request(arguments), terminal)
    if arguments.json:
        terminal.print_json(document_of(result))
    else:
        print_train(result, terminal.out)
    return ExitStatus.STOPPED if result.stopped else ExitStatus.DONE


def _training_request(arguments: argparse.Namespace) -> TrainRequest | ResumeRequest:
    """Take the words for a new training, or for one to go on with.

    Raises:
        RecipeError: no such recipe can be meant.
        UsageError: the training was begun with something else.
        ProgramError: NOT_A_RUN, RUN_DAMAGED.
    """
    fields = _recipe_fields(arguments)
    if not arguments.resume:
        return TrainRequest(
            arguments.dataset,
            arguments.out,
            make_recipe(Preset(arguments.recipe or Preset.QUICK), **fields),
            folders_of(arguments),
        )
    record = RunFolder(Path(arguments.out)).read_record()
    if os.path.realpath(arguments.dataset) != os.path.realpath(record.dataset):
        raise UsageError(f"“{arguments.out}” is a training on “{record.dataset}”, not on “{arguments.dataset}”.")
    taken = Folders.PARTS if record.has_parts else Folders.CLASSES
    if folders_of(arguments) not in (Folders.AUTO, taken):
        raise UsageError(f"“{arguments.out}” was begun with --folders {taken}, not {arguments.folders}.")
    begun = msgspec.to_builtins(record.recipe)
    begun |= begun.pop("training") or {}
    if begun["weights"] not in (None, RANDOM_WEIGHTS):  # the first release kept the path as it was given
        begun["weights"] = str(Path(begun["weights"]).absolute())
    for name, value in (fields | ({"preset": arguments.recipe} if arguments.recipe else {})).items():
        if begun.get(name) != value:
            option = "recipe" if name == "preset" else name.replace("_", "-")
            raise UsageError(f"“{arguments.out}” was begun with --{option} {begun.get(name)}, not {value}.")
    return ResumeRequest(arguments.out)


def _recipe_fields(arguments: argparse.Namespace) -> dict[str, Any]:
    """Give what the words say of the recipe's fields."""
    names = {*Recipe.__struct_fields__, *Training.__struct_fields__}
    if arguments.weights not in (None, RANDOM_WEIGHTS):
        arguments.weights = str(Path(arguments.weights).absolute())
    if arguments.augment is not None:
        arguments.augment = Augmentation(arguments.augment)
    if arguments.precision is not None:
        arguments.precision = Precision(arguments.precision)
    return {name: value for name, value in vars(arguments).items() if name in names and value is not None}


def print_train(result: TrainResult, out: IO[str]) -> None:
    """Say how a training ended."""
    say(f"The model is in “{result.run}”.", out)
    _print_measured(result.val_images, "validation", result.val_accuracy, result.val_log_loss, out)
    accuracy, log_loss = result.test_accuracy, result.test_log_loss
    if isinstance(result.test_images, int) and isinstance(accuracy, float) and isinstance(log_loss, float):
        _print_measured(result.test_images, "test", accuracy, log_loss, out)


def _print_measured(pictures: int, part: str, accuracy: float, log_loss: float, out: IO[str]) -> None:
    figures = f"accuracy {accuracy:.3f}, log loss {log_loss:.3f}"
    print(f"On {pictures} {part} pictures: {figures}.{few_words(accuracy, pictures)}", file=out)
