"""What is done with files, by what they are and where they were dropped."""

import pytest

from xception_gui.ui.shell.routing import Goal, route

ANYWHERE = pytest.mark.parametrize("only_predicts", [False, True], ids=["elsewhere", "on the predict page"])


@pytest.fixture
def place(tmp_path):
    """A run, two folders and two pictures."""
    for name in ("run", "pets", "cars"):
        (tmp_path / name).mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x")

    def paths(*names):
        return [str(tmp_path / name) for name in names]

    return paths


@ANYWHERE
def test_a_model_is_opened_wherever_it_is_dropped(place, only_predicts):
    assert route(place("run"), only_predicts=only_predicts).goal is Goal.OPEN_MODEL
    assert route(place("run"), only_predicts=only_predicts).paths == tuple(place("run"))


@ANYWHERE
@pytest.mark.parametrize("name", ["colours.xcmodel", "Colours.XCMODEL"])
def test_a_shared_model_is_opened_wherever_it_is_dropped(place, only_predicts, name):
    assert route(place(name, "a.jpg"), only_predicts=only_predicts).goal is Goal.OPEN_SHARED_MODEL
    assert route(place(name, "a.jpg"), only_predicts=only_predicts).paths == tuple(place(name, "a.jpg"))


@ANYWHERE
@pytest.mark.parametrize("names", [("a.jpg",), ("a.jpg", "b.jpg")])
def test_pictures_are_predicted_wherever_they_are_dropped(place, only_predicts, names):
    assert route(place(*names), only_predicts=only_predicts).goal is Goal.PREDICT
    assert route(place(*names), only_predicts=only_predicts).paths == tuple(place(*names))


def test_a_folder_teaches(place):
    assert route(place("pets"), only_predicts=False).goal is Goal.TEACH
    assert route(place("pets"), only_predicts=False).paths == tuple(place("pets"))


@ANYWHERE
def test_a_model_is_opened_for_the_pictures_that_come_after_it(place, only_predicts):
    way = route(place("run", "a.jpg", "pets"), only_predicts=only_predicts)
    assert way.goal is Goal.OPEN_MODEL
    assert way.paths == tuple(place("run", "a.jpg", "pets"))


@pytest.mark.parametrize("names", [("pets",), ("pets", "cars"), ("pets", "a.jpg"), ("a.jpg", "run")])
def test_on_the_predict_page_all_else_is_predicted(place, names):
    assert route(place(*names), only_predicts=True).goal is Goal.PREDICT
    assert route(place(*names), only_predicts=True).paths == tuple(place(*names))


@pytest.mark.parametrize("names", [("pets", "cars"), ("pets", "a.jpg"), ("pets", "run")])
def test_several_folders_at_once_are_refused_with_a_way_out(place, names):
    way = route(place(*names), only_predicts=False)
    assert way.goal is Goal.REFUSE
    assert "single folder" in way.refusal and "Predict" in way.refusal


@ANYWHERE
def test_nothing_is_refused(only_predicts):
    assert route([], only_predicts=only_predicts).goal is Goal.REFUSE
    assert route([], only_predicts=only_predicts).refusal


@ANYWHERE
def test_what_is_gone_by_now_is_left_to_the_engine_to_tell(place, only_predicts):
    assert route(place("gone.jpg"), only_predicts=only_predicts).goal is Goal.PREDICT
