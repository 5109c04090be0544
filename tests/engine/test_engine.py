"""The engine as a process: it answers, stops, survives rubbish, and never outlives whoever drives it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path

import pytest

from tests.programs import PATIENCE, WITH_SHORT_NETWORK, Engine
from xception_gui.domain.messages.base import AnyResult, Failed, Finished, JobRequest, Progress, Stopped
from xception_gui.domain.messages.dataset import (
    CheckRequest,
    CheckResult,
    DrawSamplesRequest,
    PreviewReady,
    PreviewRequest,
    SamplesResult,
)
from xception_gui.domain.messages.engine import Hello, Rejected, StopRequest
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.domain.messages.models import (
    ListRunsRequest,
    LocateDatasetRequest,
    LocateDatasetResult,
    RenameRunRequest,
    RenameRunResult,
    RunsResult,
)
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, TrainRequest, TrainResult
from xception_gui.domain.messages.using import PicturePredicted, PredictRequest, PredictResult
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.paths import HOME_VARIABLE
from xception_gui.runs.checkpoint import Checkpoint
from xception_gui.runs.lock import is_held
from xception_gui.runs.run_folder import RunFolder
from xception_gui.words.errors import failure_text


@pytest.fixture
def engine() -> Iterator[Engine]:
    with started(Engine()) as engine:
        yield engine


@pytest.fixture
def trainer() -> Iterator[Engine]:
    """An engine that trains the short network."""
    with started(Engine(WITH_SHORT_NETWORK)) as engine:
        yield engine


@contextmanager
def started(engine: Engine) -> Iterator[Engine]:
    assert isinstance(engine.next_event(), Hello)
    try:
        yield engine
    finally:
        engine.end()


def long_training(dataset: Path, out: Path) -> TrainRequest:
    """A training of random weights that would take hours."""
    recipe = make_recipe(Preset.TUTORIAL, image_size=71, epochs=10_000, batch_size=4, weights="none", val_fraction=0.25)
    return TrainRequest(str(dataset), str(out), recipe)


def test_it_says_hello_before_it_imports_anything_heavy(tmp_path):
    report = tmp_path / "modules.json"
    code = (
        "import json, pathlib, sys\n"
        "from xception_gui.engine.process import run_engine\n"
        "status = run_engine()\n"
        f"pathlib.Path({str(report)!r}).write_text(json.dumps(sorted(sys.modules)))\n"
        "sys.exit(status)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input="", capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0
    assert json.loads(done.stdout)["type"] == "hello"
    assert not {"keras", "tensorflow", "ai_edge_litert", "PIL"} & set(json.loads(report.read_text()))


def test_a_check_ends_once_under_its_own_id(engine, tiny_dataset):
    engine.send(CheckRequest(str(tiny_dataset)), "c1")
    end = engine.wait_for_end("c1")
    assert isinstance(end, Finished)
    assert isinstance(end.result, CheckResult)
    assert end.result.classes == {"blue": 8, "red": 8}
    assert engine.close_stdin() == 0
    assert len(engine.ends_of("c1")) == 1
    progress = [event for _, event in engine.events if isinstance(event, Progress)]
    assert progress[-1].done == progress[-1].total == 16


def result_of(engine: Engine, request: JobRequest[AnyResult]) -> AnyResult:
    """What a job that ends well comes to."""
    engine.send(request, "1")
    end = engine.wait_for_end("1")
    assert isinstance(end, Finished), end
    return end.result


def test_a_model_is_trained_listed_renamed_and_finds_its_pictures_again(engine, tiny_dataset, tmp_path):
    recipe = make_recipe(Preset.QUICK, image_size=71)
    result_of(engine, TrainRequest(str(tiny_dataset), str(tmp_path / "models" / "run"), recipe))
    listing = ListRunsRequest((str(tmp_path / "models"),))
    runs = result_of(engine, listing)
    assert isinstance(runs, RunsResult)
    (before,) = runs.runs
    assert before.dataset_found
    assert before.val_accuracy is not None

    renamed = result_of(engine, RenameRunRequest(before.path, "red or blue"))
    assert renamed == RenameRunResult(str(tmp_path / "models" / "red or blue"))

    moved = tiny_dataset.rename(tmp_path / "elsewhere")
    (lost,) = result_of(engine, listing).runs
    assert (lost.path, lost.dataset_found) == (renamed.run, False)
    located = result_of(engine, LocateDatasetRequest(renamed.run, str(moved)))
    assert located == LocateDatasetResult(found=16, total=16)
    (found,) = result_of(engine, listing).runs
    assert found.dataset_found
    assert found.val_accuracy == before.val_accuracy
    assert all(Path(path).is_file() for path in found.samples)


def test_predictions_come_one_by_one_and_the_end_is_a_short_line(engine, tiny_dataset, tmp_path):
    run = str(tmp_path / "run")
    result_of(engine, TrainRequest(str(tiny_dataset), run, make_recipe(Preset.QUICK, image_size=71)))
    (tmp_path / "notes.jpg").write_text("This is no picture.")
    paths = [str(path) for path in sorted(tiny_dataset.rglob("*.png"), reverse=True)]
    paths.insert(3, str(tmp_path / "notes.jpg"))
    result = result_of(engine, PredictRequest(run, tuple(paths)))
    assert result == PredictResult(("blue", "red"), pictures=17, unreadable=1)
    told = [event for _, event in engine.events if isinstance(event, PicturePredicted)]
    assert [one.path for one in told] == paths
    assert [one.path for one in told if one.error] == [str(tmp_path / "notes.jpg")]
    assert result_of(engine, PredictRequest(run, ())) == PredictResult(("blue", "red"), pictures=0, unreadable=0)


def test_previews_are_told_in_order_also_of_what_is_no_picture(engine, tiny_dataset, tmp_path):
    (tmp_path / "notes.jpg").write_text("This is no picture.")
    paths = [str(path) for path in (*sorted(tiny_dataset.rglob("*.png")), tmp_path / "notes.jpg")]
    result_of(engine, PreviewRequest(tuple(paths), 32))
    told = [event for _, event in engine.events if isinstance(event, PreviewReady)]
    assert [one.path for one in told] == paths
    assert all(Path(one.file).read_bytes().startswith(b"\xff\xd8\xff") for one in told[:-1])
    assert told[-1].file is None
    assert (told[-1].error, told[-1].details) == ("other-content", {"detail": "a text file"})


def test_sample_pictures_are_drawn_and_can_be_checked_at_once(engine, tmp_path):
    samples = result_of(engine, DrawSamplesRequest(str(tmp_path)))
    assert isinstance(samples, SamplesResult)
    checked = result_of(engine, CheckRequest(samples.dataset))
    assert checked.classes == {"busy": 100, "clear": 100, "jammed": 100}
    assert len(list(Path(samples.new_pictures).iterdir())) == 9


def test_the_speed_of_the_machine_with_training(tmp_path, monkeypatch):
    """Measured with the real network, in a home that knows nothing yet; in the others of these tests all is known."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    with started(Engine()) as engine:
        speed = result_of(engine, MeasureSpeedRequest(training=True))
        assert isinstance(speed, SpeedResult)
        assert 0 < speed.embedding_seconds < speed.training_seconds < 600
        assert 0 < speed.starting_seconds < 600
        assert speed.step_seconds.keys() >= {"float32", "bfloat16"}
        assert all(0 < seconds < 60 for seconds in speed.step_seconds.values())
        assert result_of(engine, MeasureSpeedRequest(training=True)) == speed


LIGHT_JOBS = """
import json, sys
from pathlib import Path
from xception_gui.domain.messages.base import Finished
from xception_gui.domain.messages.dataset import CheckRequest, PreviewRequest
from xception_gui.domain.messages.models import ListRunsRequest, LocateDatasetRequest, RenameRunRequest
from xception_gui.jobs.run_job import run_job

run, pictures, out = sys.argv[1:]
ends = []
for request in (
    ListRunsRequest((str(Path(run).parent),)),
    PreviewRequest(tuple(map(str, Path(pictures).rglob("*.png"))), 32),
    RenameRunRequest(run, "another"),
    LocateDatasetRequest(str(Path(run).with_name("another")), pictures),
    CheckRequest(pictures),
):
    run_job(request, ends.append, lambda: False)
assert sum(isinstance(end, Finished) for end in ends) == 5, ends
Path(out).write_text(json.dumps(sorted(sys.modules)))
"""


def test_lists_previews_and_checks_need_no_network(engine, tiny_dataset, tmp_path):
    run = tmp_path / "models" / "run"
    result_of(engine, TrainRequest(str(tiny_dataset), str(run), make_recipe(Preset.QUICK, image_size=71)))
    words = [sys.executable, "-c", LIGHT_JOBS, str(run), str(tiny_dataset), str(tmp_path / "modules.json")]
    subprocess.run(words, check=True, timeout=PATIENCE)
    modules = set(json.loads((tmp_path / "modules.json").read_text()))
    assert not {"keras", "tensorflow", "ai_edge_litert"} & modules


def test_a_job_that_fails_says_what_why_and_what_to_do(engine, tmp_path):
    engine.send(CheckRequest(str(tmp_path / "nowhere")), "c1")
    end = engine.wait_for_end("c1")
    assert isinstance(end, Failed)
    assert "nowhere" in failure_text(end).what
    assert failure_text(end).why
    assert failure_text(end).fix


def test_rubbish_is_answered_and_changes_nothing(engine, tiny_dataset):
    rubbish = [
        "rubbish",
        "{",
        "[]",
        "null",
        '{"type": "check"}',
        '{"id": 5, "type": "check"}',
        "[" * 100_000,
        "\x00\x7f",
    ]
    rubbish += ['{"id": "a", "type": "explode"}', '{"id": "a", "type": "check", "dataset": 3}']
    for line in rubbish:
        engine.send_line(line)
        rejected = engine.next_event()
        assert isinstance(rejected, Rejected), line[:50]
        assert rejected.reason
        assert len(rejected.line) <= 200
    engine.send(CheckRequest(str(tiny_dataset)), "c1")
    assert isinstance(engine.wait_for_end("c1"), Finished)


def test_bytes_that_are_not_utf_8_are_answered_too(engine):
    assert engine.process.stdin is not None
    engine.process.stdin.buffer.write(b"\xff\xfe{\n")
    engine.process.stdin.flush()
    assert isinstance(engine.next_event(), Rejected)


def test_a_second_job_waits_and_can_be_stopped_before_it_begins(trainer, tiny_dataset, tmp_path):
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.send(CheckRequest(str(tiny_dataset)), "c1")
    trainer.send(CheckRequest(str(tiny_dataset)), "c2")
    trainer.wait_for_phase("training")
    trainer.send(StopRequest(), "c1")
    trainer.send(StopRequest(), "t1")
    assert isinstance(trainer.wait_for_end("t1"), Stopped)
    assert trainer.wait_for_end("c1") == Stopped()
    assert isinstance(trainer.wait_for_end("c2"), Finished)


def test_an_id_that_is_taken_is_refused(trainer, tiny_dataset, tmp_path):
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.send(CheckRequest(str(tiny_dataset)), "t1")
    assert isinstance(trainer.wait_for(Rejected), Rejected)
    trainer.send(StopRequest(), "t1")
    assert isinstance(trainer.wait_for_end("t1"), Stopped)


def test_stop_keeps_what_was_learned(trainer, tiny_dataset, tmp_path):
    trainer.send(StopRequest(), "nobody")  # a job that has just ended, say: no answer, no harm
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.wait_for(EpochFinished)
    trainer.send(StopRequest(), "t1")
    end = trainer.wait_for_end("t1")
    assert isinstance(end, Stopped)
    assert isinstance(end.result, TrainResult)
    assert end.result.stopped
    run = RunFolder(tmp_path / "run")
    assert run.read_record().status == "stopped"
    assert {"head.npz", "backbone.tflite", "model.keras", "events.jsonl", "metrics.csv", "labels.txt", "README.md"} <= {
        path.name for path in run.path.iterdir()
    }
    lines = run.events.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["type"] for line in lines].count("stopped") == 1
    assert json.loads(lines[-1])["type"] == "stopped"


def test_a_stop_before_anything_was_learned_leaves_no_folder(trainer, tiny_dataset, tmp_path):
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.wait_for_phase("loading")
    trainer.send(StopRequest(), "t1")
    assert trainer.wait_for_end("t1") == Stopped()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("how", ["closed stdin", "SIGTERM", "SIGHUP"])
def test_it_stops_politely_when_nobody_drives_it_any_more(trainer, how, tiny_dataset, tmp_path):
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.wait_for(BatchFinished)
    if how.startswith("SIG"):
        trainer.process.send_signal(signal.Signals[how])
    else:
        assert trainer.process.stdin is not None
        trainer.process.stdin.close()
    assert trainer.wait() == 0
    assert trainer.ends_of("t1") == [Stopped(resumable=True)]
    run = RunFolder(tmp_path / "run")
    told = [event for _, event in trainer.events if isinstance(event, BatchFinished)]
    assert run.read_record().status == "training"
    assert Checkpoint(run.checkpoint).progress().steps >= told[-1].step + (told[-1].epoch - 1) * told[-1].steps
    assert not is_held(run.path)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="There are no such signals here")
def test_being_asked_to_go_several_times_at_once_is_being_asked_once():
    """As at a log-out: the window goes, its terminal closes, and the system asks everybody."""
    ways = list(permutations(["SIGTERM", "SIGHUP", "SIGTERM", "closed stdin"]))[::3]
    engines = [Engine() for _ in ways]
    for engine, way in zip(engines, ways, strict=True):
        engine.wait_for(Hello)
        engine.send_line("not a request")  # its answer tells that requests are read by now
        engine.wait_for(Rejected)
        for how in way:
            if how.startswith("SIG"):
                engine.process.send_signal(signal.Signals[how])
            else:
                engine.process.stdin.close()
        assert engine.wait() == 0, way


def test_a_training_that_is_stopped_is_brought_to_its_end_though_nobody_waits(engine, tiny_dataset, tmp_path):
    """With the real network, whose conversion takes long enough to be asked during it."""
    engine.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    engine.wait_for(BatchFinished)
    engine.send(StopRequest(), "t1")
    engine.wait_for_phase("converting")
    assert engine.process.stdin is not None
    engine.process.stdin.close()
    engine.process.send_signal(signal.SIGTERM)
    engine.process.send_signal(signal.SIGTERM)
    assert engine.wait() == 0
    (end,) = engine.ends_of("t1")
    assert isinstance(end, Stopped) and not end.resumable and end.result is not None
    assert RunFolder(tmp_path / "run").read_record().status == "stopped"


def test_killed_in_the_middle_it_leaves_whole_files(trainer, tiny_dataset, tmp_path):
    trainer.send(long_training(tiny_dataset, tmp_path / "run"), "t1")
    trainer.wait_for(BatchFinished)
    trainer.process.kill()
    assert trainer.wait() == -signal.SIGKILL
    assert trainer.ends_of("t1") == []  # whoever drives it sees the process end without one
    assert RunFolder(tmp_path / "run").read_record().status == "training"
    another = Engine()  # goes on as if nothing had been
    another.send(CheckRequest(str(tiny_dataset)), "c1")
    assert isinstance(another.wait_for_end("c1"), Finished)
    assert another.close_stdin() == 0
