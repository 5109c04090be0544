"""What a model may be called: anything that is a folder's name on every system, and a sentence for all else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.run_name import SHARED_MODEL_SUFFIX, problem_with_run_name
from xception_gui.runs.free_name import free_name
from xception_gui.words.findings import finding_text

DEVICES = [
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"),
]


@pytest.mark.parametrize(
    "name",
    [
        "cats",
        "road scenes 2",
        "猫与狗",
        "😀",
        "a.b",
        "v1.0-final",
        "Console",
        "COM",
        "-x",
        "X-rays",
        "COMX",
        "com0 cables",
        "a" * 200,
        "é" * 100,
        "قطط",
        "חתולים",
        "می\u200cخواهم",
        "👩\u200d🚒",
    ],
)
def test_names_that_people_give_are_fine(name):
    assert problem_with_run_name(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\t", "empty"),
        (".", "dot"),
        ("..", "dot"),
        (".hidden", "hidden"),
        ("a/b", "/"),
        ("../a", "/"),
        ("a\\b", "/"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\x7fb", "control"),
        ("a\u2028b", "control"),
        ("a\u2029b", "control"),
        ("a\ud800b", "control"),
        ("exe\u202egpj", "direction"),
        ("cats\u200f", "direction"),
        ("\u2067cats\u2069", "direction"),
        ("ca\u200bts", "invisible"),
        ("ca\u00adts", "invisible"),
        ("\ufeffcats", "invisible"),
        ("cats\U000e0041", "invisible"),
        ("what?", "Windows"),
        ("a:b", "Windows"),
        ("a*", "Windows"),
        ("name.", "dot"),
        ("name ", "space"),
        ("CON", "device"),
        ("nul.txt", "device"),
        ("lpt1", "device"),
        ("con .txt", "device"),
        *((name, "device") for name in DEVICES),
        *((f"a{letter}b", "Windows") for letter in '<>:"|?*'),
        ("é" * 100 + "a", "long"),
        ("a" * 201, "long"),
    ],
)
def test_what_can_be_no_name_is_refused_in_a_sentence(name, words):
    problem = problem_with_run_name(name)
    assert problem is not None
    sentence = finding_text(problem, {})
    assert words in sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")


@given(name=st.text(st.characters()))
def test_a_name_that_is_fine_makes_one_folder_that_is_listed(name, tmp_path_factory):
    if problem_with_run_name(name) is not None:
        return
    root = tmp_path_factory.mktemp("names")
    (root / name).mkdir()
    (entry,) = root.iterdir()
    assert not entry.name.startswith(".")


def test_shared_models_that_are_about_keep_their_ending():
    assert SHARED_MODEL_SUFFIX == ".xcmodel"


def test_a_name_that_is_taken_is_counted_on(tmp_path):
    assert free_name(tmp_path, "cats") == "cats"
    for taken, free in (("cats", "cats 2"), ("cats 2", "cats 3"), ("cats 4", "cats 3"), ("cats 3", "cats 5")):
        (tmp_path / taken).symlink_to("nowhere")
        assert free_name(tmp_path, "cats") == free
