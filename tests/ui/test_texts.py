"""Numbers and events in words that people read."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from tests.recordings import QUICK, TUTORIAL, recording
from tests.ui.engines import failed
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed, Phase, Progress, Stopped
from xception_gui.domain.messages.dataset import LeftOut
from xception_gui.domain.messages.training import BatchFinished, EpochFinished, LearningOutlook
from xception_gui.domain.percent import percent
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.domain.recipe import Preset
from xception_gui.domain.run_state import reduce, start_of
from xception_gui.domain.visible import visible
from xception_gui.ui.kit import texts
from xception_gui.words.errors import TEXTS

shares = st.floats(0, 1)


@pytest.fixture(autouse=True, scope="module")
def english():
    """Write numbers as in the United States, wherever the test runs."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@given(share=shares, digits=st.integers(0, 2))
def test_a_hundred_percent_is_said_of_nothing_less(share, digits):
    words = texts.percent(share, digits)
    assert words == percent(share, digits)  # as the command line says it
    found = re.fullmatch(r"([<>] )?(\d+(?:\.\d+)?) %", words)
    value = float(found[2])
    assert (words == "100 %") == (share == 1) and (words == "0 %") == (share == 0)
    assert abs(value - share * 100) <= 10.0**-digits
    assert {"> ": share * 100 > value, "< ": share * 100 < value}.get(found[1], True)


@pytest.mark.parametrize(
    ("share", "digits", "words"),
    [
        *((1, 1, "100 %"), (1, 0, "100 %"), (0, 1, "0 %")),  # one way to write it, however finely the others are told
        *((0.99999, 1, "> 99.9 %"), (0.999, 0, "> 99 %"), (0.001, 0, "< 1 %"), (0.00001, 2, "< 0.01 %")),
        *((0.99, 0, "99 %"), (0.994, 0, "99 %"), (0.01, 0, "1 %"), (0.006, 0, "1 %"), (0.3333, 1, "33.3 %")),
    ],
)
def test_percentages(share, digits, words):
    assert texts.percent(share, digits) == words


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), float("-inf"), -0.01, -1e300])
def test_what_is_no_figure_is_a_dash(figure):
    assert texts.percent(figure) == texts.percent(figure, 0) == texts.loss(figure) == "–"
    assert texts.percent(1.01) == "–"


def test_the_sum_of_rounded_probabilities_is_a_figure():
    assert texts.percent(1.0000001) == "100 %" and texts.percent(-1e-9) == "0 %"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (0.4, "1 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (599, "9 min 59 s"),
        (600, "10 min"),
        (3540, "59 min"),
        (3599, "1 h"),
        (3600, "1 h"),
        (9000, "2 h 30 min"),
        (171_000, "47 h 30 min"),
        (200_000, "2 days"),
        (680_000, "8 days"),
        (float("inf"), "very long"),
    ],
)
def test_durations(seconds, words):
    assert texts.duration(seconds) == words


@given(seconds=st.floats(0, 1e7))
def test_there_are_never_sixty_minutes_or_seconds(seconds):
    for words in (texts.duration(seconds), texts.about(seconds)):
        assert "60" not in re.findall(r"(\d+) (?:min|s)\b", words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "about 1 s"),
        (7.6, "about 8 s"),
        (42, "about 40 s"),
        (58, "about 1 min"),
        (130, "about 2 min 15 s"),
        (440, "about 7 min"),
        (float("inf"), "very long"),
        (float("nan"), "very long"),
    ],
)
def test_what_is_estimated_is_not_said_to_the_second(seconds, words):
    assert texts.about(seconds) == words


def test_counts_losses_and_sizes():
    assert texts.number(1_234_567) == "1,234,567"
    assert [texts.loss(value) for value in (0.0484, 0.9949, 0.9951, 2.5)] == ["0.048", "0.995", "1.00", "2.50"]
    sizes = (0, 134, 13_400, 134_000, 4_230_000, 42_300_000, 423_000_000, 4_230_000_000, 423_000_000_000)
    written = ["0 bytes", "134 bytes", "13 kB", "134 kB", "4.2 MB", "42.3 MB", "423 MB", "4.2 GB", "423 GB"]
    assert [texts.size(count) for count in sizes] == written


def test_days():
    now = datetime.now().astimezone().replace(hour=12, minute=5)
    assert texts.date(now.isoformat()).startswith("today 12:05")
    assert texts.date((now - timedelta(days=1)).isoformat()).startswith("yesterday 12:05")
    assert texts.date((now - timedelta(days=2)).isoformat())[0].isdigit()
    assert texts.date("2019-07-03T12:00:00") == "7/3/19"
    assert texts.date("some day") == "some day"
    assert texts.date("0001-01-01T00:00:00") == "0001-01-01T00:00:00"  # which no calendar of a computer knows
    assert texts.date("9999-12-31T23:59:59-12:00")


@pytest.mark.parametrize("locale", ["ar_EG", "ar_DZ", "he_IL", "fa_IR", "syr_SY", "zh_CN"])
def test_days_and_figures_of_any_country_hide_nothing(locale):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        now = datetime.now().astimezone()
        days = [texts.date(day.isoformat()) for day in (now, now - timedelta(days=1), now - timedelta(days=400))]
        figures = [texts.percent(0.123), texts.number(1234567), texts.loss(0.5), texts.size(4_230_000)]
        assert [visible(words) for words in days + figures] == days + figures
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_name(phase):
    assert texts.phase_name(phase)[0].isupper()


@pytest.mark.parametrize("preset", Preset)
def test_every_recipe_has_a_name(preset):
    assert texts.preset_name(preset)[0].isupper()


def test_a_recipe_of_a_later_release_keeps_its_own_name():
    assert texts.preset_name("deluxe") == "deluxe"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_a_short_name(reason):
    assert texts.reason_text(left_out("/p/a.jpg", reason, "what was found")).endswith(".")
    assert "-" not in texts.reason_name(reason, 2)  # a code


def test_no_two_reasons_have_the_same_name():
    assert all(len({texts.reason_name(reason, count) for reason in Reason}) == len(Reason) for count in (1, 2))


def test_a_reason_of_a_later_release_is_told_in_its_own_words():
    file = LeftOut("/p/a.jpg", "smell", reason="It smells.")
    assert texts.reason_text(file) == "It smells."
    assert texts.reason_name("smell", 2) == "smell"


@pytest.mark.parametrize("code", ErrorCode)
def test_every_failure_is_told_with_its_details(code):
    places = set(re.findall(r"\{(\w+)\}", f"{TEXTS[code].what} {TEXTS[code].why} {TEXTS[code].fix}"))
    text = texts.failure_text(failed(code, **{place: f"«{place}»" for place in places}))
    words = str(text)
    assert all(f"«{place}»" in words for place in places)
    assert "{" not in words
    assert text.what and text.why and text.fix


def test_a_failure_of_a_later_release_is_told_in_its_own_words():
    text = texts.failure_text(Failed("new-one", what="What.", why="Why.", fix="Fix."))
    assert (text.what, text.why, text.fix) == ("What.", "Why.", "Fix.")


@pytest.mark.parametrize("name", ["quick", "tutorial"])
def test_every_event_of_a_training_that_is_logged_has_a_line(name):
    for event in recording(name):
        line = texts.log_line(event)
        assert "\n" not in line
        assert bool(line) == (not isinstance(event, Progress | BatchFinished))


def test_the_log_of_a_training_can_be_read():
    lines = [line for event in recording("tutorial") if (line := texts.log_line(event, val_images=4))]
    assert lines == [
        "The network starts from random weights: it has seen no picture yet.",
        "Checking the pictures (25)",
        "Found 24 pictures in 2 classes. 1 file was skipped.",
        "Training on 20 pictures, validating on 4.",
        "Loading Keras and the network",
        "Training (60)",
        "Epoch 1 finished: validation accuracy 2 of 4, log loss 0.693 (best epoch so far)",
        "Epoch 2 finished: validation accuracy 2 of 4, log loss 0.693 (best epoch so far)",
        "Epoch 3 finished: validation accuracy 2 of 4, log loss 0.693 (best epoch so far)",
        "Preparing the network for predictions",
        "Evaluating (4)",
        "Model saved: validation accuracy 2 of 4, log loss 0.693.",
    ]


def test_an_accuracy_on_many_pictures_or_on_nobody_knows_how_many_is_logged_as_a_percentage():
    epoch = EpochFinished(1, 70, 0.2, 0.95, 0.2, 0.95, 1e-5, 9.0, True)
    for val_images, told in ((0, "95.0 %"), (19, "18 of 19"), (20, "95.0 %")):
        assert f"validation accuracy {told}," in texts.log_line(epoch, val_images)


def test_how_a_training_ended_is_said_in_a_title():
    state = start_of(QUICK, 0)
    good = reduce(state, recording("quick")[-1], 1)
    assert texts.end_of_training(good) == (
        "“quick” is ready",
        "4 of 4 validation pictures correct, but too few to tell",
    )
    assert texts.end_of_training(reduce(state, Stopped(), 1)) == ("Training “quick” was stopped", "")
    bad = reduce(start_of(TUTORIAL, 0), failed(ErrorCode.OUT_OF_MEMORY, memory="2 GB"), 1)
    assert texts.end_of_training(bad) == (
        "Training “tutorial” failed",
        "There is not enough memory for this.",
    )
    assert texts.end_of_training(replace(bad, run="/a/ü b"))[0] == "Training “ü b” failed"


@pytest.mark.parametrize(
    ("accuracy", "pictures", "words"),
    [
        (1.0, 4, "4 of 4 validation pictures correct, but too few to tell"),
        (17 / 19, 19, "17 of 19 validation pictures correct, but too few to tell"),
        (0.95, 20, "95 % correct on validation pictures"),
        (0.9995, 2000, "> 99 % correct on validation pictures"),
        (0.9, 0, "90 % correct on validation pictures"),  # a record that doesn't say of how many
    ],
)
def test_how_good_a_model_is_is_counted_where_pictures_are_few(accuracy, pictures, words):
    assert texts.right_on_new(accuracy, pictures) == words


def fit(images, accuracy):
    return EpochFinished(1, images, 0.1, 1.0, 0.5, accuracy, None, 0.1, True, True)


def test_how_often_a_model_is_correct_is_told_as_finely_as_it_is_known():
    two, six = ("glass", "metal"), tuple("abcdef")
    assert texts.knowledge_text(fit(120, 0.8), two, 40, is_last=False) == (
        "Tells glass from metal 8 times out of 10, after 120 pictures."
    )
    assert texts.knowledge_text(fit(1906, 0.97), six, 40, is_last=True) == (
        "Picks the right one of 6 classes 97 % of the time, after all 1,906 pictures."
    )
    assert "1 time out of 10, after 120" in texts.knowledge_text(fit(120, 0.1), six, 40, is_last=False)


@pytest.mark.parametrize("classes", [("glass", "metal"), tuple("abcdef")])
def test_of_few_validation_pictures_it_is_only_counted(classes):
    assert texts.knowledge_text(fit(12, 1.0), classes, 4, is_last=True) == (
        "Correct on 4 of 4 validation pictures after all 12 pictures: too few to tell how good the model is."
    )


def test_a_long_name_in_a_sentence_can_be_broken_into_lines():
    names = ("Sciurus_carolinensis_without_any_space_in_its_very_long_name", "猫" * 60)
    said = texts.knowledge_text(fit(120, 0.8), names, 40, is_last=False)
    assert max(map(len, said.split())) <= texts.LONGEST_NAME
    assert "Sciurus_caro…y_long_name" in said


@given(name=st.text(max_size=80), most=st.integers(2, 60))
def test_a_shortened_name_is_as_long_as_it_may_be(name, most):
    short = texts.shortened(name, most)
    assert len(short) == min(len(name), most)
    assert short == name or (short[0], "…" in short) == (name[0], True)


def test_what_more_pictures_would_bring():
    foretold = LearningOutlook(900, 0.912, 1800, 0.918, 0.941, "glass")
    assert texts.log_line(foretold) == (
        "With twice as many pictures, 92 to 94 of 100 predictions would probably be correct, instead of 91. "
        "More pictures of “glass” would help most."
    )
    assert texts.outlook_text(LearningOutlook(900, 0.912, 1800, 0.918, 0.921)) == (
        "With twice as many pictures, 92 of 100 predictions would probably be correct, instead of 91."
    )
