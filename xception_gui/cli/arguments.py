"""Arguments that several verbs share."""

import argparse

from xception_gui.domain.folders import Folders


class UsageError(ValueError):
    """Arguments that make no sense together."""


def option_of(field: str) -> str:
    """Return the option of a field of recipes."""
    return f"--{field.replace('_', '-')}"


def add_dataset(verb: argparse.ArgumentParser) -> None:
    """Add the folder of pictures."""
    verb.add_argument(
        "dataset",
        type=file_name,
        metavar="DATASET",
        help="folder with one folder of pictures per class, or with such folders inside train, val and test",
    )


def add_folders(verb: argparse.ArgumentParser) -> None:
    """Add the option that tells what its folders are."""
    verb.add_argument(
        "--folders",
        choices=[folders.value for folders in Folders],
        help="how to read the folders of the data set; classes: each one is a class; parts: they are training, "
        "validation and test folders with class folders inside; auto: decide by their names (default)",
    )


def add_run(verb: argparse.ArgumentParser) -> None:
    """Add the folder of a model."""
    verb.add_argument("run", type=file_name, metavar="MODEL", help="folder of a trained model")


def add_json(verb: argparse.ArgumentParser) -> None:
    """Add the option that prints the result as JSON."""
    verb.add_argument("--json", action="store_true", help="print the result as one JSON document")


def folders_of(arguments: argparse.Namespace) -> Folders:
    """Return the value of the option that `add_folders` adds."""
    return Folders(arguments.folders or Folders.AUTO)


def file_name(text: str) -> str:
    """Refuse an empty name of a file or folder: an unset variable, which would mean the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text
