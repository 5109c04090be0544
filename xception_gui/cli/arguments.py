"""What verbs have in common of what can be typed."""

import argparse

from xception_gui.domain.folders import Folders


class UsageError(ValueError):
    """Arguments that can't be meant."""


def add_dataset(verb: argparse.ArgumentParser) -> None:
    """Add the folder of pictures."""
    verb.add_argument(
        "dataset",
        type=file_name,
        metavar="DATASET",
        help="folder that holds a folder of pictures for each class, or folders train and val (and test) that do",
    )


def add_folders(verb: argparse.ArgumentParser) -> None:
    """Add who says what its folders are."""
    verb.add_argument(
        "--folders",
        choices=[folders.value for folders in Folders],
        help="what the folders in DATASET are: classes, or parts that hold class folders (training, validation, test); "
        "auto: their names tell (default)",
    )


def add_run(verb: argparse.ArgumentParser) -> None:
    """Add the folder of a model."""
    verb.add_argument("run", type=file_name, metavar="RUN", help="folder of a trained model")


def add_json(verb: argparse.ArgumentParser) -> None:
    """Add JSON as the form of the result."""
    verb.add_argument("--json", action="store_true", help="print the result as one JSON document")


def folders_of(arguments: argparse.Namespace) -> Folders:
    """Read what `add_folders` has added."""
    return Folders(arguments.folders or Folders.AUTO)


def file_name(text: str) -> str:
    """Take the name of a file or a folder. An empty one would mean the current folder, and is a forgotten variable."""
    if not text:
        raise argparse.ArgumentTypeError("a name is empty")
    return text
