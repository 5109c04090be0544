"""What a model can be exported as: one member for each format, with all that is told of it.

What writes a format, and opens what was written, is the module `finetune/exporting/to_NAME.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from xception_gui.domain.translation import QT_TRANSLATE_NOOP

CONTEXT = "export_formats"
"""Of translations."""


class _About(NamedTuple):
    """What is told of a format, in English; the window translates it."""

    title: str
    summary: str
    """What it is for, in a sentence or two."""

    help: str
    """The same for the command line, in a few words."""

    suffix: str
    """Of the file's name; a folder has none."""

    file_kind: str = ""
    """What the dialog for files calls such files."""

    name_ending: str = ""
    """What is offered as a name ends in, before the suffix."""

    gives_maps: bool = True
    """Whether it gives class activation maps beside the probabilities."""

    needs_suffix: bool = False
    """Whether other programs open it only with its suffix."""

    packages: tuple[str, ...] = ()
    """Modules that it needs beside Keras and TensorFlow."""

    extra: str = ""
    """With which `pip install "xception-gui[…]"` brings them."""

    free_memory: int = 0
    """Bytes that must be free."""


class ExportFormat(StrEnum):
    """A format: on the wire and on the command line it is its name."""

    about: _About

    def __new__(cls, name: str, about: _About) -> ExportFormat:
        """Make a member."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.about = about
        return member

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, not a file."""
        return not self.about.suffix

    LITERT = (
        "litert",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "LiteRT"),
            QT_TRANSLATE_NOOP(
                "export_formats", "One file, 83 MB, for phones and Python. It also says where it sees what."
            ),
            "a file for LiteRT, on phones and small devices",
            ".tflite",
            QT_TRANSLATE_NOOP("export_formats", "LiteRT models"),
        ),
    )
    LITERT_F16 = (
        "litert-f16",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "LiteRT, half as large"),
            QT_TRANSLATE_NOOP("export_formats", "The same in 42 MB, its numbers rounded. What it says hardly changes."),
            "the same, half as large",
            ".tflite",
            QT_TRANSLATE_NOOP("export_formats", "LiteRT models"),
            name_ending="-f16",
        ),
    )
    SAVED_MODEL = (
        "saved-model",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "TensorFlow"),
            QT_TRANSLATE_NOOP("export_formats", "A folder, 84 MB, for servers. It also says where it sees what."),
            "a folder for TensorFlow",
            "",
            name_ending="-tensorflow",
        ),
    )
    ONNX = (
        "onnx",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "ONNX"),
            QT_TRANSLATE_NOOP(
                "export_formats", "One file, 83 MB, for ONNX Runtime and many others. It also says where it sees what."
            ),
            "a file for ONNX Runtime and others",
            ".onnx",
            QT_TRANSLATE_NOOP("export_formats", "ONNX models"),
            packages=("onnx", "onnxruntime", "tf2onnx"),
            extra="onnx",
            free_memory=7_000_000_000,  # 6.2 were taken at most
        ),
    )
    KERAS = (
        "keras",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "Keras"),
            QT_TRANSLATE_NOOP("export_formats", "One file, 84 MB, to look into the network or train it further."),
            "a file for Keras",
            ".keras",
            QT_TRANSLATE_NOOP("export_formats", "Keras models"),
            gives_maps=False,
            needs_suffix=True,
        ),
    )
