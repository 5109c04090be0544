"""How fast a training is at the moment: recent steps, waiting included, pauses and compiling steps not."""

import pytest

from xception_gui.finetune.throughput import WINDOW, Throughput


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throughput(clock) -> Throughput:
    return Throughput(clock)


def steps(throughput: Throughput, clock: Clock, count: int, seconds: float, images: int = 16) -> float:
    rate = 0.0
    for _ in range(count):
        clock.now += seconds
        rate = throughput.step(images)
    return rate


def test_the_first_step_which_compiles_does_not_count(throughput, clock):
    assert steps(throughput, clock, 1, seconds=60) == 0
    assert steps(throughput, clock, 1, seconds=4) == pytest.approx(4)
    assert steps(throughput, clock, 3, seconds=2) == pytest.approx(4 * 16 / (4 + 3 * 2))


def test_a_pause_does_not_count(throughput, clock):
    steps(throughput, clock, 4, seconds=2)
    clock.now += 1000  # a validation
    throughput.resume()
    assert steps(throughput, clock, 1, seconds=2) == pytest.approx(8)


def test_after_a_change_of_speed_the_old_one_is_forgotten(throughput, clock):
    steps(throughput, clock, 100, seconds=1)
    assert steps(throughput, clock, round(WINDOW / 4) + 1, seconds=4) == pytest.approx(4)


def test_steps_longer_than_the_window_count_alone(throughput, clock):
    assert steps(throughput, clock, 3, seconds=2 * WINDOW) == pytest.approx(16 / (2 * WINDOW))


def test_a_step_of_another_size_is_a_first_one_again(throughput, clock):
    steps(throughput, clock, 4, seconds=1)
    throughput.restart()
    assert steps(throughput, clock, 1, seconds=30, images=8) == 0
    assert steps(throughput, clock, 1, seconds=2, images=8) == pytest.approx(4)
