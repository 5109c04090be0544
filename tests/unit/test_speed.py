"""How fast this machine is: measured once, by what will be used."""

import json

import pytest

from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.messages.machine import MeasureSpeedRequest, SpeedResult
from xception_gui.domain.recipe import Precision
from xception_gui.inference.machine import device_name
from xception_gui.jobs.machine import measure_speed as speed
from xception_gui.jobs.reporting import never
from xception_gui.jobs.training import measured_precision as precision
from xception_gui.jobs.training.measured_precision import PrecisionFigures
from xception_gui.paths import HOME_VARIABLE


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path / "cache" / "speed.json"


def measured(*, training: bool = False) -> SpeedResult:
    return speed.measure_speed(MeasureSpeedRequest(training), lambda event: None, never)


@pytest.fixture
def counted(monkeypatch):
    """Measurements that take no time, and which of them were made."""
    made = []
    monkeypatch.setattr(speed, "_embedding_seconds", lambda stop: made.append("embedding") or 0.1)
    steps = PrecisionFigures({Precision.FLOAT32: 2.0, Precision.BFLOAT16: 1.0})
    monkeypatch.setattr(speed, "_training_seconds", lambda report, stop: made.append("training") or (7.0, 1.5, steps))
    return made


def test_an_embedding_is_timed_on_the_real_backbone(file):
    result = measured()
    assert result.device == device_name()
    assert 0 < result.embedding_seconds < 60
    assert result.training_seconds is None
    assert json.loads(file.read_text())["value"]["embedding_seconds"] == result.embedding_seconds


def test_what_was_measured_is_not_measured_again(counted):
    assert measured() == measured() == SpeedResult(device_name(), 0.1)
    assert counted == ["embedding"]
    steps = {"float32": 2.0, "bfloat16": 1.0}
    assert measured(training=True) == measured() == SpeedResult(device_name(), 0.1, 1.5, 7.0, "bfloat16", steps)
    assert counted == ["embedding", "training"]


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"depends_on": {}, "value": 3}', b"\xff", b"[" * 100_000])
def test_a_damaged_file_is_measured_anew(content, counted, file):
    measured()
    file.write_bytes(content)
    assert measured().embedding_seconds == 0.1
    assert counted == ["embedding"] * 2
    measured()
    assert counted == ["embedding"] * 2


def test_another_machine_or_release_is_measured_anew(counted, monkeypatch):
    measured(training=True)
    monkeypatch.setattr(precision, "versions", lambda: {"xception-gui": "another"})
    measured()
    for module in (speed, precision):
        monkeypatch.setattr(module, "device_name", lambda: "another")
    assert measured().device == "another"
    assert counted == ["embedding", "training", "embedding", "embedding"]


def test_a_file_that_cant_be_written_stops_nothing(counted, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert measured().embedding_seconds == 0.1
    assert measured().embedding_seconds == 0.1
    assert counted == ["embedding"] * 2


def test_without_keras_training_has_no_figures(counted, monkeypatch):
    monkeypatch.setattr(speed, "has_keras", lambda: False)
    assert measured(training=True) == SpeedResult(device_name(), 0.1)

    def broken(report, stop):
        raise ProgramError(ErrorCode.KERAS_MISSING, found="it is broken")

    monkeypatch.setattr(speed, "has_keras", lambda: True)
    monkeypatch.setattr(speed, "_training_seconds", broken)
    assert measured(training=True) == SpeedResult(device_name(), 0.1)


def test_of_training_steps_the_first_which_compiles_does_not_count(monkeypatch):
    from xception_gui.finetune import step_speed as of_training

    now, seconds = [0.0], iter([100.0, 2.0, 4.0])

    def step() -> None:
        now[0] += next(seconds)

    monkeypatch.setattr(of_training, "_step_on_random_pictures", lambda *given: step)
    monkeypatch.setattr(of_training.time, "monotonic", lambda: now[0])
    found = of_training.training_seconds(None, None, image_size=71, stop=never)
    assert found == 3.0 / of_training.PICTURES
    seconds = iter([1.0, 1.0])
    with pytest.raises(JobStopped):
        of_training.training_seconds(None, None, image_size=71, stop=lambda: True)
    assert next(seconds) == 1.0  # not even one step more


def test_precisions_are_timed_in_turns_and_by_the_fastest_step_of_each(monkeypatch):
    """Whatever else the machine does only adds; and of the first steps, which compile, none counts."""
    from xception_gui.finetune import step_speed as of_training

    now, order = [0.0], []
    seconds = {Precision.FLOAT32: [50.0, 3.0, 9.0, 4.0], Precision.BFLOAT16: [0.1, 8.0, 2.0, 5.0]}

    def probe(precision: Precision):
        def step() -> None:
            order.append(precision)
            now[0] += seconds[precision].pop(0)

        return step

    monkeypatch.setattr(of_training, "_probe", probe)
    monkeypatch.setattr(of_training.time, "monotonic", lambda: now[0])
    precisions = list(seconds)
    found = of_training.precision_seconds(precisions, never)
    assert found == {Precision.FLOAT32: 3.0, Precision.BFLOAT16: 2.0}
    assert order == precisions * (1 + of_training.PROBE_ROUNDS)


def test_a_stop_ends_it():
    for training in (False, True):
        with pytest.raises(JobStopped):
            speed.measure_speed(MeasureSpeedRequest(training), lambda event: None, lambda: True)
