"""What is done with files, by what they are and where they were dropped."""

import pytest

from xception_gui.ui.shell.routing import Goal, Page, route

ELSEWHERE = [page for page in Page if page is not Page.PREDICT]


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


@pytest.mark.parametrize("page", Page)
def test_a_model_is_opened_wherever_it_is_dropped(place, page):
    assert route(place("run"), page).goal is Goal.OPEN_MODEL
    assert route(place("run"), page).paths == tuple(place("run"))


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("name", ["colours.xcmodel", "Colours.XCMODEL"])
def test_a_shared_model_is_opened_wherever_it_is_dropped(place, page, name):
    assert route(place(name, "a.jpg"), page).goal is Goal.OPEN_SHARED_MODEL
    assert route(place(name, "a.jpg"), page).paths == tuple(place(name, "a.jpg"))


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("names", [("a.jpg",), ("a.jpg", "b.jpg")])
def test_pictures_are_predicted_wherever_they_are_dropped(place, page, names):
    assert route(place(*names), page).goal is Goal.PREDICT
    assert route(place(*names), page).paths == tuple(place(*names))


@pytest.mark.parametrize("page", ELSEWHERE)
def test_a_folder_teaches(place, page):
    assert route(place("pets"), page).goal is Goal.TEACH
    assert route(place("pets"), page).paths == tuple(place("pets"))


@pytest.mark.parametrize("page", Page)
def test_a_model_is_opened_for_the_pictures_that_come_after_it(place, page):
    way = route(place("run", "a.jpg", "pets"), page)
    assert way.goal is Goal.OPEN_MODEL
    assert way.paths == tuple(place("run", "a.jpg", "pets"))


@pytest.mark.parametrize("names", [("pets",), ("pets", "cars"), ("pets", "a.jpg"), ("a.jpg", "run")])
def test_on_the_predict_page_all_else_is_predicted(place, names):
    assert route(place(*names), Page.PREDICT).goal is Goal.PREDICT
    assert route(place(*names), Page.PREDICT).paths == tuple(place(*names))


@pytest.mark.parametrize("page", ELSEWHERE)
@pytest.mark.parametrize("names", [("pets", "cars"), ("pets", "a.jpg"), ("pets", "run")])
def test_several_folders_at_once_are_refused_with_a_way_out(place, page, names):
    way = route(place(*names), page)
    assert way.goal is Goal.REFUSE
    assert "one folder" in way.refusal and "Predict" in way.refusal


@pytest.mark.parametrize("page", Page)
def test_nothing_is_refused(page):
    assert route([], page).goal is Goal.REFUSE
    assert route([], page).refusal


@pytest.mark.parametrize("page", Page)
def test_what_is_gone_by_now_is_left_to_the_engine_to_tell(place, page):
    assert route(place("gone.jpg"), page).goal is Goal.PREDICT
