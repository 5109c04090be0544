"""The export formats: one member for each, with its properties and texts.

The module `finetune/exporting/to_NAME.py` writes a format and opens the written file again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from xception_gui.domain.translation import QT_TRANSLATE_NOOP

CONTEXT = "export_formats"
"""Translation context of the texts."""


class _About(NamedTuple):
    """Properties of a format. Texts are English; the window translates them."""

    title: str
    summary: str
    """What the format is for, in a sentence or two."""

    help: str
    """The same for the command line, in a few words."""

    suffix: str
    """Suffix of the file's name; empty for a folder."""

    file_kind: str = ""
    """Name of this kind of file in file dialogs."""

    name_ending: str = ""
    """Ending of the suggested name, before the suffix."""

    gives_maps: bool = True
    """Whether the exported model also returns class activation maps."""

    needs_suffix: bool = False
    """Whether other programs require the suffix."""

    packages: tuple[str, ...] = ()
    """Modules that the export needs in addition to Keras and TensorFlow."""

    extra: str = ""
    """The extra of `pip install "xception-gui[…]"` that installs them."""

    free_memory: int = 0
    """Bytes of memory that must be free."""


class ExportFormat(StrEnum):
    """An export format. Its value is its name in messages and on the command line."""

    about: _About

    def __new__(cls, name: str, about: _About) -> ExportFormat:
        """Create a member."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.about = about
        return member

    @property
    def is_folder(self) -> bool:
        """Whether the export is a folder, not a file."""
        return not self.about.suffix

    LITERT = (
        "litert",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "LiteRT"),
            QT_TRANSLATE_NOOP("export_formats", "One file, 83 MB, for phones and Python. Includes heat maps."),
            "a file for LiteRT, on phones and other small devices",
            ".tflite",
            QT_TRANSLATE_NOOP("export_formats", "LiteRT models"),
        ),
    )
    LITERT_F16 = (
        "litert-f16",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "LiteRT, half size"),
            QT_TRANSLATE_NOOP("export_formats", "42 MB, 16-bit weights. Results are nearly identical."),
            "the same at half the size",
            ".tflite",
            QT_TRANSLATE_NOOP("export_formats", "LiteRT models"),
            name_ending="-f16",
        ),
    )
    SAVED_MODEL = (
        "saved-model",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "TensorFlow"),
            QT_TRANSLATE_NOOP("export_formats", "A folder, 84 MB, for servers. Includes heat maps."),
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
                "export_formats", "One file, 83 MB, for ONNX Runtime and many other programs. Includes heat maps."
            ),
            "a file for ONNX Runtime and other programs",
            ".onnx",
            QT_TRANSLATE_NOOP("export_formats", "ONNX models"),
            packages=("onnx", "onnxruntime", "tf2onnx"),
            extra="onnx",
            free_memory=7_000_000_000,  # peak measured: 6.2 GB
        ),
    )
    KERAS = (
        "keras",
        _About(
            QT_TRANSLATE_NOOP("export_formats", "Keras"),
            QT_TRANSLATE_NOOP("export_formats", "One file, 84 MB, to inspect the network or train it further."),
            "a file for Keras",
            ".keras",
            QT_TRANSLATE_NOOP("export_formats", "Keras models"),
            gives_maps=False,
            needs_suffix=True,
        ),
    )
