"""The window as a process: what it has loaded when it is painted, and what a second start does."""

import os
import subprocess
import sys
import textwrap

from tests.programs import PATIENCE, PROGRAM

SHOW_THE_WINDOW = textwrap.dedent(
    """
    import sys
    from PySide6.QtCore import QEvent, QObject, QTimer
    from xception_gui.app import Program, make_application, window_settings

    app = make_application()
    program = Program(app, window_settings())

    class Painted(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, report)
            return False

    def report():
        print("painted", *sorted(name for name in sys.modules if "." not in name))
        app.exit(0)

    painted = Painted()
    program.window.rail.installEventFilter(painted)
    program.begin([])
    app.exec()
    program.end()
    print("ended")
    """
)


def offscreen(home):
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XCEPTION_GUI_HOME": str(home)}


def test_the_painted_window_has_loaded_nothing_that_computes(tmp_path):
    command = [sys.executable, "-c", SHOW_THE_WINDOW]
    done = subprocess.run(
        command, env=offscreen(tmp_path), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    painted, ended = done.stdout.splitlines()
    loaded = set(painted.split())
    assert "PySide6" in loaded and ended == "ended"
    assert not loaded & {"keras", "tensorflow", "ai_edge_litert", "PIL", "numpy", "pyqtgraph"}


def test_a_second_start_hands_its_files_over_and_ends(tmp_path):
    (tmp_path / "pictures" / "red").mkdir(parents=True)
    environment = offscreen(tmp_path / "home")
    first = subprocess.Popen(PROGRAM, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        log = tmp_path / "home" / "log"
        while not any("reader is there" in text for text in texts_of(log)):
            # Whoever comes before the first one listens would be the first one itself: so the folder is handed over
            # by as many starts as it takes, of which each ends at once.
            second = subprocess.run(
                [*PROGRAM, str(tmp_path / "pictures")] if any(log.glob("*-window-*")) else [sys.executable, "-c", ""],
                env=environment,
                timeout=PATIENCE,
                check=False,
            )
            assert second.returncode == 0
        assert first.poll() is None
    finally:
        first.terminate()
        first.wait(PATIENCE)


def texts_of(folder):
    return [path.read_text(encoding="utf-8") for path in folder.glob("*.log")]
