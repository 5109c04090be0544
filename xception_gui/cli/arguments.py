"""What can be typed."""

import argparse
from typing import NoReturn, TypeAlias

from xception_gui import __version__
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.exporting import ExportFormat
from xception_gui.domain.recipe import Augmentation, Precision, Preset
from xception_gui.domain.visible import visible

VERBS = ("demo", "check", "train", "predict", "evaluate", "export", "doctor")

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def make_parser() -> argparse.ArgumentParser:
    """Describe all verbs and their options."""
    parser: argparse.ArgumentParser = _Parser(
        prog="xception-gui",
        allow_abbrev=False,  # an abbreviation would change its meaning with the next option
        description="Turn a folder of pictures into an image classifier. No code, no account, no network.",
        epilog="“xception-gui VERB --help” tells more about a verb.",
    )
    parser.add_argument("--version", action="version", version=f"xception-gui {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_demo(verbs)
    _add_check(verbs)
    _add_train(verbs)
    _add_predict(verbs)
    _add_evaluate(verbs)
    _add_export(verbs)
    doctor = _add(verbs, "doctor", "Say what the program runs on, where it keeps things, and whether it works.")
    _add_json(doctor)
    return parser


def _add_demo(verbs: Verbs) -> None:
    demo = _add(verbs, "demo", "Draw a sample data set, train Quick on it, and predict pictures it has not seen.")
    demo.add_argument("--headless", action="store_true", help="stay in the terminal, also where there is a display")


def _add_check(verbs: Verbs) -> None:
    check = _add(verbs, "check", "Say what is in a folder of pictures, and what is wrong with it.")
    _add_dataset(check)
    _add_folders(check)
    _add_json(check)


def _add_train(verbs: Verbs) -> None:
    train = _add(verbs, "train", "Train a model on a folder of pictures.")
    _add_dataset(train)
    _add_folders(train)
    train.add_argument(
        "--out", type=_name, required=True, metavar="RUN", help="folder for the model; it must not exist yet"
    )
    train.add_argument(
        "--resume",
        action="store_true",
        help="go on with the training of RUN that was interrupted, with its recipe and options",
    )
    train.add_argument(
        "--recipe",
        choices=[preset.value for preset in Preset],
        help="quick: the head alone, in minutes (default); fine-tune: all of Xception, from Quick's model; "
        "tutorial: all of Xception, from a fresh head",
    )
    recipe = train.add_argument_group("recipe")
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
    _add_json(train)


def _add_predict(verbs: Verbs) -> None:
    predict = _add(verbs, "predict", "Say what pictures show.")
    _add_run(predict)
    predict.add_argument(
        "paths", type=_name, nargs="+", metavar="IMAGE_OR_FOLDER", help="pictures, or folders that hold some"
    )
    predict.add_argument("--csv", type=_name, metavar="FILE", help="write all results as a table")
    predict.add_argument("--top", type=int, default=3, metavar="N", help="classes shown for each picture (default: 3)")
    _add_json(predict)


def _add_evaluate(verbs: Verbs) -> None:
    evaluate = _add(verbs, "evaluate", "Say how good a model is.")
    _add_run(evaluate)
    evaluate.add_argument(
        "dataset",
        type=_name,
        nargs="?",
        metavar="DATASET",
        help="folder of class folders; without it, the run's own validation pictures",
    )
    _add_folders(evaluate)
    _add_json(evaluate)


def _add_export(verbs: Verbs) -> None:
    export = _add(verbs, "export", "Write a model for other programs.")
    _add_run(export)
    export.add_argument(
        "--format",
        choices=[format.value for format in ExportFormat],
        required=True,
        help="keras: a file for Keras; litert: a file for LiteRT, on phones and small devices; litert-f16: the same, "
        "half as large; saved-model: a folder for TensorFlow. All but keras give a class activation map too",
    )
    export.add_argument(
        "--out",
        type=_name,
        required=True,
        metavar="PATH",
        help="what to write, which must not exist yet; for keras, a name in .keras. What a check of it has found is "
        "written beside it, as PATH.check.json",
    )
    _add_json(export)


class _Parser(argparse.ArgumentParser):
    """One that writes out what can't be seen in the words that it quotes."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        super().error(visible(message))


def _add(verbs: Verbs, name: str, text: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=text, description=text, allow_abbrev=False)


def _add_dataset(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "dataset",
        type=_name,
        metavar="DATASET",
        help="folder that holds a folder of pictures for each class, or folders train and val (and test) that do",
    )


def _add_folders(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--folders",
        choices=[folders.value for folders in Folders],
        help="what the folders in DATASET are: classes, or parts that hold class folders (training, validation, test); "
        "auto: their names tell (default)",
    )


def _add_run(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("run", type=_name, metavar="RUN", help="folder of a trained model")


def _name(text: str) -> str:
    """Take the name of a file or a folder. An empty one would mean the current folder, and is a forgotten variable."""
    if not text:
        raise argparse.ArgumentTypeError("a name is empty")
    return text


def _add_json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="print the result as one JSON document")
