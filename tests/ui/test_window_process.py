"""The window as a process: what it has loaded when it is painted, and what a second start does."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest
from PySide6.QtCore import QSettings

from tests.programs import PATIENCE, PROGRAM, running
from xception_gui import __version__
from xception_gui.edition import desktop_id
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.lock import is_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.ui.shell.appearance import APPEARANCE

SHOW_THE_WINDOW = textwrap.dedent(
    """
    import sys
    from PySide6.QtCore import QEvent, QLocale, QObject, QTimer
    from xception_gui.app import Program, make_application, window_settings

    app = make_application()
    program = Program(app, window_settings())

    class Painted(QObject):
        def eventFilter(self, watched, event):
            if event.type() is QEvent.Type.StyleChange:
                print("dressed again")
            if event.type() is QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, report)
            return False

    def report():
        print(app.applicationName(), app.applicationDisplayName(), app.desktopFileName(), sep=", ")
        print(app.applicationVersion(), app.quitOnLastWindowClosed(), QLocale().toString(1234567))
        print("painted", *sorted(sys.modules))
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
    """A screen in memory, a home, and no language."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XCEPTION_GUI_HOME": str(home), "LC_ALL": "C"}


def lines_of_a_window(home):
    command = [sys.executable, "-c", SHOW_THE_WINDOW]
    done = subprocess.run(command, env=offscreen(home), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_painted_window_has_loaded_nothing_that_computes_and_nothing_for_later(tmp_path):
    name, version, painted, ended = lines_of_a_window(tmp_path)
    assert name == f"xception-gui, Xception GUI, {desktop_id()}"
    assert version == f"{__version__} False 1,234,567"  # thousands apart, whatever the system's language is
    loaded = set(painted.split())
    assert "PySide6" in loaded and ended == "ended"
    assert not loaded & {"keras", "tensorflow", "ai_edge_litert", "PIL", "numpy", "pyqtgraph", "sqlite3", "jeepney"}
    assert not loaded & {f"xception_gui.{name}" for name in ("data", "inference", "jobs", "engine", "cli")}
    later = ("plots.curve_plot", "preferences.preferences_dialog", "shell.about", "desktop.bus")
    assert not loaded & {f"xception_gui.ui.{name}" for name in later}


@pytest.mark.parametrize("appearance", ["Light", "Dark"])
def test_a_window_that_opens_is_dressed_once(appearance, tmp_path):
    # A second time takes as long as building half of it.
    window = QSettings(str(tmp_path / "data" / "window.ini"), QSettings.Format.IniFormat)
    window.setValue(APPEARANCE, appearance)
    window.sync()
    *_, painted, ended = lines = lines_of_a_window(tmp_path)
    assert (len(lines), painted.split()[0], ended) == (4, "painted", "ended")


def test_a_second_start_hands_its_files_over_and_ends(tmp_path):
    (tmp_path / "pictures" / "red").mkdir(parents=True)
    environment = offscreen(tmp_path / "home")
    with running(PROGRAM, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
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
        first.terminate()
        first.wait(PATIENCE)


TRAIN_IN_THE_WINDOW = textwrap.dedent(
    """
    import sys
    from xception_gui import app
    from xception_gui.domain.messages.training import BatchFinished, TrainRequest
    from xception_gui.domain.recipe import Preset, make_recipe
    from tests.programs import WITH_SHORT_NETWORK

    recipe = make_recipe(Preset.TUTORIAL, image_size=71, epochs=10_000, batch_size=4, weights="none")

    class TrainingProgram(app.Program):
        def begin(self, arguments):
            super().begin(arguments)
            self.engines.trainer._command = [*WITH_SHORT_NETWORK, "--engine"]
            self.services.training.start(TrainRequest(*sys.argv[1:], recipe))
            self.services.training.changed.connect(self.tell)

        def tell(self):
            if self.services.training.state.batches:
                print("training", flush=True)

    app.Program = TrainingProgram
    sys.exit(app.run_window([]))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_window_that_is_ended_leaves_its_training_saved_and_no_process_behind(how, tiny_dataset, tmp_path):
    run = RunFolder(tmp_path / "run")
    words = [sys.executable, "-c", TRAIN_IN_THE_WINDOW, str(tiny_dataset), str(run.path)]
    said = tmp_path / "said"
    engines: list[psutil.Process] = []
    environment = offscreen(tmp_path / "home")
    with said.open("w") as stderr, running(words, env=environment, stdout=subprocess.PIPE, stderr=stderr) as window:
        try:
            assert window.stdout.readline() == "training\n", said.read_text()
            engines = psutil.Process(window.pid).children(recursive=True)
            assert engines
            window.send_signal(how)
            assert window.wait(PATIENCE) == (-how if how == signal.SIGKILL else 0)
            _, alive = psutil.wait_procs(engines, timeout=PATIENCE)
            assert not alive
            assert run.read_record().status == "training"
            assert Checkpoint(run.checkpoint).progress().steps > 0
            assert not is_held(run.path)
        finally:
            for engine in engines:
                with contextlib.suppress(psutil.Error):
                    engine.kill()


LISTEN = """
from PySide6.QtCore import QCoreApplication, QTimer
from xception_gui.ui.desktop.termination import Termination

app = QCoreApplication([])
termination = Termination()
termination.asked.connect(lambda: print("asked", flush=True))
QTimer.singleShot(0, lambda: print("listening", flush=True))
app.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_whichever_way_the_system_asks_it_is_heard_and_obeyed_at_once_the_second_time(name):
    with running([sys.executable, "-c", LISTEN], stdout=subprocess.PIPE) as window:
        assert window.stdout is not None
        for expected in ("listening\n", "asked\n"):
            assert window.stdout.readline() == expected
            window.send_signal(signal.Signals[name])
        assert window.wait(PATIENCE) == -signal.Signals[name]


def texts_of(folder):
    return [path.read_text(encoding="utf-8") for path in folder.glob("*.log")]
