"""Shows the window, and prints when it was painted and how much memory it uses; for `window.py start`.

    .venv/bin/python -m benchmarks.painted

Imports hardly anything that the window doesn't import, as that would count as its start. Draws off screen unless
QT_QPA_PLATFORM is set.
"""

import os
import sys
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer

from benchmarks.evaluations import seconds_since_start
from xception_gui.app import Program, make_application, window_settings

NEVER_LOADED = ("keras", "tensorflow", "ai_edge_litert")


def main() -> None:
    """Show the window, and print seconds and MB."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["XCEPTION_GUI_HOME"] = home
        app = make_application()
        program = Program(app, window_settings())

        class Painted(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
                if event.type() is QEvent.Type.Paint:
                    watched.removeEventFilter(self)
                    QTimer.singleShot(0, report)
                return False

        def report() -> None:
            print(seconds_since_start(), psutil.Process().memory_info().rss / 1e6)
            loaded = [name for name in NEVER_LOADED if name in sys.modules]
            assert not loaded, loaded
            app.exit(0)

        painted = Painted()
        program.window.rail.installEventFilter(painted)
        program.begin([])
        app.exec()
        program.end()


if __name__ == "__main__":
    main()
