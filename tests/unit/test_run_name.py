"""What a model may be called: anything that is a folder's name on every system, and a sentence for all else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xception_gui.domain.run_name import MAX_BYTES, problem_with_run_name


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
        ("", "needed"),
        ("   ", "needed"),
        ("\t", "needed"),
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
        ("é" * (MAX_BYTES // 2) + "a", "long"),
    ],
)
def test_what_can_be_no_name_is_refused_in_a_sentence(name, words):
    sentence = problem_with_run_name(name)
    assert sentence is not None
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
