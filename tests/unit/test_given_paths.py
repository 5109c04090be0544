"""Paths are made absolute once, where a person gives them, and told as they were given."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.programs import json_of, run_program
from xception_gui.cli.given_paths import GivenPaths, below
from xception_gui.data.cache.known_files import KnownFile, KnownFiles
from xception_gui.data.file_state import FileState
from xception_gui.domain.messages.dataset import CheckRequest, CheckResult, LeftOut, Problem
from xception_gui.domain.messages.exporting import ExportFormat, ExportRequest, ExportResult
from xception_gui.domain.messages.training import TrainRequest, TrainResult
from xception_gui.domain.messages.using import EvaluateRequest, PredictRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.files.absolute_paths import absolute_path

GREEN_AND_GREY = {"green": (60, 200, 60), "grey": (120, 120, 120)}


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The current folder, called “here”, with a folder “pictures” in it."""
    (tmp_path / "here" / "pictures").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


# --- Making them absolute -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("pictures", "pictures"),
        ("./pictures//", "pictures"),
        ("../here/pictures", "pictures"),
        ("pictures/../pictures/.", "pictures"),
        ("nowhere/../pictures", "pictures"),
        (".", ""),
        ("..name/x..", "..name/x.."),
    ],
)
def test_one_place_has_one_path(given, wanted, here):
    assert absolute_path(given) == absolute_path(os.path.join(here, given)) == str(here / wanted)  # noqa: PTH118


def test_links_stay_as_the_person_named_them(here):
    (here / "link").symlink_to("pictures")
    assert absolute_path("link/a") == absolute_path("pictures/../link/a") == str(here / "link" / "a")


def test_up_from_behind_a_link_is_where_the_system_goes(here, tmp_path):
    (tmp_path / "far" / "inner").mkdir(parents=True)
    (tmp_path / "far" / "a.txt").write_text("far")
    (here / "a.txt").write_text("here")
    (here / "link").symlink_to(tmp_path / "far" / "inner")
    assert Path(absolute_path("link/../a.txt")).read_text() == Path("link/../a.txt").read_text() == "far"


def test_a_request_has_absolute_paths_alone(here):
    recipe = make_recipe(Preset.QUICK)
    wanted = TrainRequest(str(here / "pictures"), str(here.parent / "run"), recipe)
    assert GivenPaths().absolute(TrainRequest("./pictures/", "../run", recipe)) == wanted
    for weights, absolute in (("../w.h5", str(here.parent / "w.h5")), ("none", "none")):
        recipe = make_recipe(Preset.TUTORIAL, weights=weights)
        assert GivenPaths().absolute(TrainRequest("pictures", "run", recipe)).recipe.weights == absolute
    assert GivenPaths().absolute(EvaluateRequest("run")) == EvaluateRequest(str(here / "run"))
    paths = GivenPaths().absolute(PredictRequest("run", ("b", "./b", "../here/a"))).paths
    assert paths == (str(here / "b"), str(here / "b"), str(here / "a"))


# --- Telling them as they were given ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("small", "small/a/1.jpg"),
        ("./small", "./small/a/1.jpg"),
        ("small/", "small/a/1.jpg"),
        (".//small//", ".//small//a/1.jpg"),
        ("../here/small", "../here/small/a/1.jpg"),
        (".", "./a/1.jpg"),
        ("..", "../a/1.jpg"),
        ("/", "/a/1.jpg"),
    ],
)
def test_what_was_found_below_a_folder_is_told_below_it_as_it_was_given(given, written, here):
    absolute = absolute_path(given)
    assert below(given, absolute, os.path.join(absolute, "a/1.jpg")) == written  # noqa: PTH118
    assert below(given, absolute, absolute) == given


def test_a_result_tells_all_of_its_paths_as_they_were_given(here):
    given = GivenPaths()
    root = given.absolute(CheckRequest("../here/pictures")).dataset
    result = CheckResult(
        {"cat": 2},
        2,
        (LeftOut(f"{root}/cat/a.txt", "other-content", "cat/b.txt"), LeftOut("/else", "empty")),
        (Problem("x", (f"{root}/dog", root), "error", {"path": root, "found": "2"}),),
        {"cat": (f"{root}/cat/1.jpg",)},
    )
    assert given.told(result) == CheckResult(
        {"cat": 2},
        2,
        (LeftOut("../here/pictures/cat/a.txt", "other-content", "cat/b.txt"), LeftOut("/else", "empty")),
        (
            Problem(
                "x",
                ("../here/pictures/dog", "../here/pictures"),
                "error",
                {"path": "../here/pictures", "found": "2"},
            ),
        ),
        {"cat": ("../here/pictures/cat/1.jpg",)},
    )


@pytest.mark.parametrize("out", ["model.tflite", "../model.tflite", "new/model.tflite"])
def test_what_is_written_beside_something_is_told_beside_it(out, here):
    given = GivenPaths()
    path = given.absolute(ExportRequest("run", ExportFormat.LITERT, out)).out
    result = given.told(ExportResult(path, ExportFormat.LITERT, 1, check_file=f"{path}.check.json"))
    assert (result.path, result.check_file) == (out, f"{out}.check.json")


def test_what_isnt_known_stays_as_it_is(here):
    given = GivenPaths()
    given.absolute(TrainRequest("pictures", "run", make_recipe(Preset.QUICK)))
    result = TrainResult("/elsewhere/run", "quick", ("a", "b"), 1, 1, 0.5, 0.5, None, 1.0, False)
    assert given.told(result) == result
    assert given.told(msgspec.structs.replace(result, run=str(here / "run"))).run == "run"
    other = GivenPaths()
    other.absolute(EvaluateRequest("run", "pictures"))
    for path in (here / "pictures2" / "a", here / "a"):  # of a picture that the run knows, say
        assert other.told(str(path)) == str(path)


# --- From the command line ----------------------------------------------------------------------------------------


def test_the_command_line_tells_paths_as_they_were_given(here, colours_run):
    draw_dataset(here / "pictures", GREEN_AND_GREY, count=2)
    (here / "pictures" / "green" / "b.txt").write_text("no picture")
    spelled = "./../here//pictures/"
    checked = json_of("check", spelled)
    assert [file["path"] for file in checked["left_out"]] == [f"{spelled}green/b.txt"]
    assert all(path.startswith(spelled) for paths in checked["samples"].values() for path in paths)
    first, again = "pictures/green/green-0.png", "./pictures/green/green-0.png"
    told = json_of("predict", colours_run, first, "pictures/../pictures/grey", again)
    assert [one["path"] for one in told] == [
        first, *(f"pictures/../pictures/grey/grey-{number}.png" for number in range(2)), again,
    ]  # fmt: skip
    failed = run_program("check", "./nowhere/")
    assert failed.returncode == 1 and "“./nowhere/”" in failed.stderr and str(here) not in failed.stderr


@pytest.mark.parametrize("spelled", ["nowhere.h5", "./nowhere.h5", "../here//nowhere.h5"])
def test_weights_are_told_as_they_were_given(spelled, here, colours, tmp_path):
    out = tmp_path / "run"
    failed = run_program("train", colours, "--out", out, "--image-size", "71", "--weights", spelled)
    assert failed.returncode == 1 and f"“{spelled}”" in failed.stderr and str(here) not in failed.stderr


def test_a_folder_is_known_again_by_whatever_way_it_was_named(here, tmp_path):
    known = KnownFiles(tmp_path / "files")
    picture = here / "pictures" / "a.png"
    draw_picture(picture, (1, 2, 3), seed=0)
    known.remember([KnownFile(picture, FileState.of(picture), "aa" * 32)])
    for folder in (here / "pictures", Path("pictures"), Path("../here/pictures"), here / ".." / "here" / "pictures"):
        assert known.below(folder).sha256_of(folder / "a.png") == "aa" * 32


def test_a_run_holds_absolute_paths_however_they_were_given(here):
    draw_dataset(here / "pictures", GREEN_AND_GREY, count=3)
    json_of("train", "../here/pictures", "--out", "../run", "--image-size", "71")
    assert json.loads((here.parent / "run" / "run.json").read_text())["dataset"] == str(here / "pictures")
