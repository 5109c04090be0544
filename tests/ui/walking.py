"""The walk through all pages, in this process or, where the screen has another scale, in one of its own.

    QT_SCALE_FACTOR=2 python -m tests.ui.walking 960x540 [FOLDER]

prints what is wrong, a line each; with a folder, it writes a picture of each state into it.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication

from tests.ui.faults import faults_of
from tests.ui.states import walk
from tests.ui.whole_window import settle
from xception_gui.app import Program

TURNS = 3  # of Qt's loop: what is in an area is laid out after it, and what wraps in that after both


def faults_on_the_way(program: Program, sizes: Sequence[QSize], pictures: Path | None = None) -> Iterator[str]:
    """Enter every state, in windows of some sizes, and say what is wrong there."""
    for name, enter in walk():
        enter(program)
        settle()
        for size in sizes:
            program.window.resize(size)
            for _ in range(TURNS):
                settle()
            where = f"{name}, {size.width()}×{size.height()}"
            if pictures is not None:
                program.window.grab().save(str(pictures / f"{where}.png"))
            yield from (f"{where}: {fault}" for fault in faults_of(program.window))


def main(size: str, folder: str = "", scheme: str = "light") -> None:
    """Walk in a window of one size."""
    from pytest import MonkeyPatch

    from tests.ui.desktop import FakeDesktop
    from tests.ui.whole_window import whole_window
    from xception_gui.app import make_application
    from xception_gui.ui.shell.appearance import APPEARANCE

    width, height = map(int, size.split("x"))
    with TemporaryDirectory() as home, MonkeyPatch.context() as patch:
        patch.setenv("XCEPTION_GUI_HOME", home)
        app = QApplication.instance() or make_application()
        assert isinstance(app, QApplication)
        FakeDesktop(patch)
        settings = QSettings(str(Path(home) / "window.ini"), QSettings.Format.IniFormat)
        settings.setValue(APPEARANCE, {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}[scheme].name)
        with whole_window(app, settings, patch) as program:
            for fault in faults_on_the_way(program, [QSize(width, height)], Path(folder) if folder else None):
                print(fault)


if __name__ == "__main__":
    main(*sys.argv[1:])
