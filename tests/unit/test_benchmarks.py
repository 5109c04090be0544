"""What the benchmarks make of their figures: accuracies reached, goals judged, the report."""

import subprocess
import sys
import time

import pytest

from benchmarks import fine_tune
from benchmarks.evaluations import Evaluation, TimeLeft, target_of, thinned, time_to_accuracy, worst_factor
from benchmarks.goals import GOALS
from benchmarks.parts import Kind
from benchmarks.printing import last_document
from benchmarks.report import render
from benchmarks.run_all import chosen_stages
from benchmarks.stages import Stage

MACHINE = {"processor": "A processor, 2 cores", "flags": ["avx2"], "memory_gb": 8, "system": "Linux x86_64"}
BF16 = {**MACHINE, "flags": ["avx2", "avx512_bf16"]}


def evaluations(*accuracies: float, seconds: float = 10) -> list[Evaluation]:
    return [
        Evaluation(seconds=seconds * number, val_accuracy=accuracy, val_loss=1.0)
        for number, accuracy in enumerate(accuracies, start=1)
    ]


def measured(machine: dict, date: str = "2026-01-02T03:04:05", **more: float) -> dict:
    return {"date": date, "seconds": 1.0, "machine": {**machine, "versions": {"python": "3.11"}}, **more}


def tutorial(*accuracies: float, seconds: float = 100) -> dict:
    return {
        "train_images": 480,
        "val_images": 120,
        "evaluations": evaluations(*accuracies, seconds=seconds),
        "epochs": [{"seconds": seconds}] * len(accuracies),
    }


def judged(results: dict, what: str) -> list[bool | None]:
    goal = next(goal for goal in GOALS if goal.what.startswith(what))
    return [found.reached for found in goal.judge(results)]


@pytest.mark.parametrize(
    ("accuracies", "seconds"),
    [
        ((0.5, 0.7, 0.7), 20),
        ((0.7, 0.6, 0.8, 0.9), 30),  # reached once, and lost again
        ((0.5, 0.7), None),  # only once
        ((), None),
        ((0.7, 0.7), 10),
    ],
)
def test_an_accuracy_is_reached_once_it_was_held_twice(accuracies, seconds):
    assert time_to_accuracy(evaluations(*accuracies), 0.7) == seconds


def test_an_accuracy_that_keras_rounds_is_the_same_accuracy():
    assert time_to_accuracy(evaluations(86 / 120, 86 / 120), 0.7166667) == 10


def test_everybody_has_to_reach_what_the_tutorial_reaches_after_its_fourth_epoch():
    assert target_of(tutorial(0.4, 0.5, 0.6, 0.7, 0.9)) == 0.7
    assert target_of(tutorial(0.4, 0.5)) == 0.5


@pytest.mark.parametrize(
    ("told", "factor"),
    [
        ([(20, 80), (50, 50)], 1),
        ([(20, 40), (50, 60)], 2),  # too little is as wrong as too much
        ([(20, 80), (50, 75)], 1.5),
        ([(5, 1000), (20, 80)], 1),  # too early to know
        ([(99, 0), (100, 3)], 1),  # the last seconds
        ([(5, 10)], None),
        ([], None),
    ],
)
def test_the_time_left_is_compared_with_what_it_was(told, factor):
    assert worst_factor([TimeLeft(*one) for one in told], 100) == factor


def test_what_was_told_is_written_down_now_and_then():
    told = [TimeLeft(seconds / 10, 9 - seconds / 10) for seconds in range(90)]
    assert [one.seconds for one in thinned(told, 2.5)] == [0.0, 2.5, 5.0, 7.5]


@pytest.mark.parametrize(("factors", "is_reached"), [([1.2, 1.5], True), ([1.2, 1.6], False), ([1.2, None], True)])
def test_every_run_has_to_tell_the_time_left_right(factors, is_reached):
    runs = [{"time_left_worst_factor": factor} for factor in factors]
    assert judged({"rubbish.fine-tune": {"cold": runs}}, "Time left") == [is_reached]


@pytest.mark.parametrize("text", ['noise\n{"a": 1}\n', '{"b": 2}\nnoise\n{\n "a": 1\n}\n', 'a {\n{"a": 1}'])
def test_a_script_says_what_it_found_at_the_end(text):
    assert last_document(text) == {"a": 1}


def test_a_script_that_says_nothing_is_told_of():
    with pytest.raises(ValueError, match="no figures"):
        last_document("no figures\n")


def test_stages_that_are_there_are_not_run_again_unless_asked_for():
    stages = [Stage(name, lambda results: []) for name in "abc"]

    def names(only: str = "", again: str = "", there: str = "") -> str:
        return "".join(stage.name for stage in chosen_stages(stages, list(only), list(again), set(there)))

    assert names() == "abc"
    assert names(there="b") == "ac"
    assert names(only="ab", there="b") == "a"
    assert names(again="b", there="abc") == "b"
    assert names(only="c", again="b", there="ab") == "bc"


def test_without_any_result_the_report_says_that_nothing_is_measured():
    report = render({})
    assert report.count("not measured") >= len(GOALS)
    assert "reached" not in report.replace("is reached", "")


def test_the_tutorial_alone_is_a_report_too():
    report = render({"rubbish.tutorial": tutorial(0.4, 0.5, 0.6, 0.7, 0.7) | {"measured": measured(MACHINE)}})
    assert "## Time to accuracy: rubbish" in report
    assert "after epoch 4, 0.700" in report
    assert "| Fine-tune | not measured |" in report
    assert "A processor, 2 cores (avx2), 8 GB, Linux x86_64; python 3.11. 2026-01-02." in report


def test_figures_of_several_machines_say_whose_they_are():
    results = {
        "gpu": {"accelerators": [], "measured": measured(MACHINE)},
        "rubbish.split": {"measured": measured(BF16)},
    }
    assert "Stages:" not in render({"gpu": results["gpu"]})
    lines = [line for line in render(results).splitlines() if "Stages:" in line]
    assert [line.rpartition("Stages: ")[2] for line in lines] == ["gpu.", "rubbish.split."]


def test_the_report_says_whose_figures_suffered_from_others_on_the_host():
    results = {
        "gpu": {"accelerators": [], "measured": measured(MACHINE)},
        "roads.split": {"measured": measured(MACHINE, stolen=0.002)},
        "rubbish.split": {"measured": measured(MACHINE, stolen=0.14)},
    }
    took = "- Other users of the same host took part of the processor's time"
    assert f"{took} (recorded by 2 of 3 stages): rubbish.split 14%." in render(results)
    del results["rubbish.split"]
    assert f"{took} (recorded by 1 of 2 stages): less than 2% of any." in render(results)
    assert "Other users of the same host" not in render({"gpu": results["gpu"]})


@pytest.mark.parametrize(("seconds", "is_reached"), [(10, True), (11, False)])
def test_quick_has_a_fortieth_of_the_tutorials_time(seconds, is_reached):
    quick = {"cold": [{"evaluations": evaluations(0.8, 0.8, seconds=time)} for time in (1, seconds, 99)]}
    results = {"rubbish.tutorial": tutorial(0.4, 0.5, 0.6, 0.7), "rubbish.quick": quick}
    assert judged(results, "Quick, cold cache, to") == [is_reached]


def test_quick_that_does_not_hold_the_accuracy_has_not_reached_the_goal():
    quick = {"cold": [{"evaluations": evaluations(0.8, 0.8)}, {"evaluations": evaluations(0.8, 0.1)}]}
    results = {"rubbish.tutorial": tutorial(0.4, 0.5, 0.6, 0.7), "rubbish.quick": quick}
    assert judged(results, "Quick, cold cache, to") == [False]
    assert "| Quick, cold cache | not held within 20 s |" in render(results)


@pytest.mark.parametrize(("seconds", "is_reached"), [(101.9, True), (102.1, False)])
def test_quick_reads_at_nearly_the_bare_runtimes_rate_and_two_seconds(seconds, is_reached):
    cold = [{"seconds": seconds, "bare_seconds_per_picture": 0.095}]
    whole = {"pictures": 1000, "cold": cold, "warm": [{"seconds": 1.0}]}
    assert judged({"rubbish.whole": whole}, "Quick, cold cache, every picture") == [is_reached]


@pytest.mark.parametrize(
    ("machine", "seconds", "is_reached"),
    [(MACHINE, 99, True), (MACHINE, 101, False), (BF16, 99, False), (BF16, 49, True)],
)
def test_tutorials_epochs_are_twice_as_fast_where_bfloat16_is(machine, seconds, is_reached):
    recipe = {"cold": [{"evaluations": [], "epochs": [{"seconds": seconds}]}], "measured": measured(machine)}
    results = {"rubbish.tutorial": tutorial(0.4, seconds=100), "rubbish.tutorial-recipe": recipe}
    assert judged(results, "Tutorial, per epoch") == [is_reached]


@pytest.mark.parametrize(
    ("pictures", "seconds", "is_reached"), [(100_000, 120, True), (100_000, 121, False), (1_000, 1, None)]
)
def test_what_is_said_of_100000_pictures_is_judged_at_100000(pictures, seconds, is_reached):
    figures = {"seconds": seconds, "ms_per_picture": 1.0, "peak_mb": 900.0, "own_mb": None}
    sizes = [
        {
            "pictures": count,
            "check": figures,
            "check_again": {**figures, "seconds": 9},
            "fit": figures,
            "predict": figures,
        }
        for count in (10, pictures)
    ]
    results = {"growth": {"sizes": sizes}}
    assert judged(results, "Check of 100,000") == [is_reached]
    assert judged(results, "Quick's fit on 100,000") == [is_reached]
    assert f"| check | {pictures:,} | {seconds:.2f} s |" in render(results)


def test_a_process_seems_no_older_than_it_is():
    began = time.monotonic()
    script = "from benchmarks.evaluations import seconds_since_start; print(seconds_since_start())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    elapsed = time.monotonic() - began
    assert 0 < float(done.stdout) <= elapsed + 0.02  # its start is told in hundredths


def test_the_report_tells_a_window_that_computed_from_one_that_waited():
    gaps = [
        {"what": what, "pictures": 100_000, "longest_ms": 69.4, "over_50_ms": 2}
        for what in ("Quick", "chosen", "dropped")
    ]
    gaps[0]["computed_ms"] = 37.6
    report = render({"window-gaps": {"measured": measured(MACHINE), "dataset": "photographs", "gaps": gaps}})
    assert "| longest pause: Quick, 100,000 pictures | 69 ms; computing 38 ms at most |" in report
    assert "| longest pause: chosen, 100,000 pictures | 69 ms |" in report


def test_the_report_has_what_fine_tuning_brought_and_whether_that_was_foretold():
    compared = {
        "dataset": "letters",
        "per_class": 80,
        "apart": True,
        "contestant": "fine-tune",
        "seeds": 3,
        "seconds": 301.2,
        "accuracy": 0.8711,
        "log_loss": 0.3402,
        "quick_accuracy": 0.8155,
        "quick_log_loss": 0.4987,
        "accuracy_difference": [0.0251, 0.0876],
        "log_loss_difference": [-0.2201, -0.0904],
    }
    told = {
        "dataset": "letters",
        "per_class": 80,
        "seed": 1,
        "low": -0.3,
        "high": 4.04,
        "pictures": 100,
        "pays": False,
        "gain": 5.56,
        "right": False,
        "accuracy_lost": 0.0556,
        "log_loss_lost": 0.158,
        "share_of_time": 0.149,
    }
    report = render({"fine-tuning": {"comparisons": [compared]}, "forecasts": {"forecasts": [told]}})
    row = (
        "| letters, groups apart | 80 | 3 | fine-tune | 0.871, 0.340 | 0.815, 0.499 | +2.5 to +8.8 | −0.220 to −0.090 |"
    )
    assert row.replace("0.815", f"{0.8155:.3f}") in report
    assert "| letters, 80 a class, split 1 | −0.3 to 4.0 | Quick | +5.6 | no: 5.6 points, 0.158 | 15% |" in report


def test_a_folder_without_pictures_or_trainings_is_told_in_a_line(tmp_path):
    for words in (("fine_tune", tmp_path / "work", tmp_path / "nothing"), ("forecasts", tmp_path / "nothing")):
        name, *rest = map(str, words)
        ran = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *rest], capture_output=True, text=True)
        assert ran.returncode == 2 and "nothing" in ran.stderr and "Traceback" not in ran.stderr
        assert list(tmp_path.iterdir()) == []


def test_a_training_that_was_interrupted_is_done_again(tmp_path, monkeypatch):
    """What it left would be in the way of the next."""
    kind = Kind(tmp_path / "letters", 10, 0)
    left = tmp_path / "models" / fine_tune.key_of(kind, fine_tune.QUICK)
    left.mkdir(parents=True)
    (left / "run.json").write_text("{}", encoding="utf-8")

    def train(words, **options) -> None:
        assert str(left) in words and not left.exists()
        raise InterruptedError

    monkeypatch.setattr(fine_tune, "run_process", train)
    monkeypatch.setattr(fine_tune, "write_parts", lambda *given: tmp_path)
    with pytest.raises(InterruptedError):
        fine_tune.train_and_test(kind, fine_tune.QUICK, fine_tune.Ledger(tmp_path))
