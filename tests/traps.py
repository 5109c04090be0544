"""Things in a program's surroundings that must not affect it."""

from pathlib import Path

NAMES = (
    "json",
    "keras",
    "logging",
    "msgspec",
    "numpy",
    "PIL",
    "pathlib",
    "psutil",
    "random",
    "re",
    "signal",
    "sqlite3",
)

OF_PYTHON = {"PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
OF_LIBRARIES = {
    "KERAS_BACKEND": "torch",
    "KERAS_MAX_EPOCHS": "1",
    "TF_USE_LEGACY_KERAS": "1",
    "TF_XLA_FLAGS": "--of-another-release",
    "NPY_DISABLE_CPU_FEATURES": "SSE2",
    "HDF5_VOL_CONNECTOR": "of another program",
    "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "of another release",
}
OF_WINDOWS = {
    "PYQTGRAPH_QT_LIB": "PyQt5",
    "QT_STYLE_OVERRIDE": "windows",
    "QT_PLUGIN_PATH": "/nowhere",
    "QT_QPA_PLATFORM_PLUGIN_PATH": "/nowhere",
    "QT_FATAL_WARNINGS": "1",
}


class Trap:
    """A folder of modules that record that they were imported, and end the program."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._caught = folder, folder.with_name("caught")
        folder.mkdir()
        code = f"open({str(self._caught)!r}, 'a').write(__name__ + ' ')\nraise SystemExit(7)\n"
        for name in NAMES:
            (folder / f"{name}.py").write_text(code)
        (folder / "tensorflow").mkdir()
        (folder / "tensorflow" / "__init__.py").write_text(code)

    @property
    def caught(self) -> str:
        return self._caught.read_text() if self._caught.exists() else ""
