"""The built programs, as a person gets them: in a folder with an awkward name that may only be read, without Python,
with no environment. They are built by `release/build`; where they aren't, there is nothing to test."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from benchmarks.printing import last_document
from tests.traps import OF_LIBRARIES, OF_PYTHON, OF_WINDOWS, Trap

PROJECT = Path(__file__).resolve().parents[2]
DIST, MODELS = PROJECT / "dist", PROJECT / "models"
PRODUCTS = ("xception-gui", "xception-gui-lite")


@pytest.fixture(scope="module", params=PRODUCTS)
def product(request, tmp_path_factory):
    """A built program, installed read-only in a folder with spaces and letters of other alphabets."""
    built = DIST / request.param
    if not built.is_dir():
        pytest.skip(f"dist/{request.param} isn't built")
    place = tmp_path_factory.mktemp("installed") / "Prüfung 試験 of it"
    shutil.copytree(built, place, symlinks=True)
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    yield Product(request.param, place, tmp_path_factory.mktemp("home"))
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)


class Product:
    def __init__(self, name, place, home):
        self.name, self.place, self.home = name, place, home
        self.has_keras = name == "xception-gui"

    def run(self, *words, program="-cli", expected=0, folder=None, **environment):
        """Run it with nothing of this environment but a home, and give what it prints."""
        ended = subprocess.run(
            [self.place / f"{self.name}{program}", *map(str, words)],
            env={"XCEPTION_GUI_HOME": str(self.home), **environment},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        assert ended.returncode == expected, ended.stdout[-2000:] + ended.stderr[-4000:]
        return ended.stdout if expected == 0 else ended.stderr


@pytest.fixture(scope="module")
def run(product):
    """A model that the program has made of its sample pictures."""
    product.run("demo", "--headless")
    return product.home / "data" / "models" / "road scenes"


def test_doctor_finds_it_whole(product):
    found = json.loads(product.run("doctor", "--json"))
    assert found["ok"], found["self_test"]
    assert ("keras" in found["versions"]) == ("tensorflow" in found["versions"]) == product.has_keras


def test_the_demo_makes_a_good_model(product, run):
    evaluated = json.loads(product.run("evaluate", run, "--json"))
    assert evaluated["accuracy"] > 0.8
    pages = run.with_name("road scenes - pages")
    assert sorted(page.name for page in pages.iterdir()) == ["predict.png", "results.png", "start.png"]


def test_a_network_of_a_models_own_is_read_or_refused(product, run, tmp_path):
    """What reads a stranger's network is in both programs; one that is cut short is told in words."""
    picture = next((product.home / "data" / "sample pictures" / "new scenes").iterdir())
    own = Path(shutil.copytree(run, tmp_path / "own"))
    network = shutil.copyfile(MODELS / "xception_backbone.tflite", own / "backbone.tflite")
    assert product.run("predict", own, picture, "--json") == product.run("predict", run, picture, "--json")
    network.write_bytes(network.read_bytes()[:-1000])
    assert "backbone.tflite" in product.run("predict", own, picture, expected=1)


def test_pictures_are_predicted(product, run):
    pictures = sorted((product.home / "data" / "sample pictures" / "new scenes").iterdir())
    predicted = json.loads(product.run("predict", run, *pictures, "--json"))
    assert [Path(one["path"]) for one in predicted] == pictures
    assert all(one["error"] is None and one["predictions"] for one in predicted)


def test_a_telephones_photographs_are_predicted(product, run, tmp_path):
    recorded = PROJECT / "tests" / "recordings" / "pictures"
    upright = shutil.copy(recorded / "turned.HEIC", tmp_path)
    under_another_name = shutil.copy(recorded / "HEIC.jpg", tmp_path)
    predicted = json.loads(product.run("predict", run, upright, under_another_name, "--json"))
    assert [one["error"] for one in predicted] == [None, None]
    assert "opened with libheif" in product.run("doctor")


def test_what_is_inside_names_libheif_and_its_licence(product):
    (inside,) = product.place.rglob("contents.json")
    licences = {part["name"].replace("_", "-"): part for part in json.loads(inside.read_text(encoding="utf-8"))}
    assert {"pi-heif", "libheif", "libde265"} <= licences.keys()
    for name in ("libheif", "libde265"):
        assert licences[name]["licence"] == "LGPL-3.0-or-later"
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in licences[name]["text"]
    assert [*product.place.rglob("*libheif*")] and [*product.place.rglob("*libde265*")]


def test_every_kind_of_picture_can_be_opened(product, run, tmp_path):
    for suffix in ("jpg", "png", "webp", "gif", "tif", "bmp", "avif", "jp2"):
        Image.new("RGB", (90, 60), "teal").save(tmp_path / f"picture.{suffix}")
    predicted = json.loads(product.run("predict", run, tmp_path, "--json"))
    assert len(predicted) == 8
    assert [one["path"] for one in predicted if one["error"]] == []


@pytest.mark.parametrize("recipe", ["fine-tune", "tutorial"])
def test_the_network_is_trained_or_the_full_program_named(product, run, tmp_path, recipe):
    words = ("train", product.home / "data" / "sample pictures" / "road scenes", "--out", tmp_path / "run")
    options = ("--recipe", recipe, "--epochs", 1, "--max-per-class", 4, "--image-size", 96, "--batch-size", 4)
    if not product.has_keras:
        assert "needs the full Xception GUI" in product.run(*words, *options, expected=1)
        return
    trained = json.loads(product.run(*words, *options, "--json"))
    assert trained["epochs"] == 1
    assert (tmp_path / "run" / "model.keras").is_file()
    assert (tmp_path / "run" / "backbone.tflite").is_file() or recipe == "fine-tune"  # which may keep Quick's model
    assert json.loads(product.run("evaluate", tmp_path / "run", "--json"))["accuracy"] == trained["val_accuracy"]


def test_the_better_recipe_is_found_or_quick_is_used(product, run, tmp_path):
    words = ("train", product.home / "data" / "sample pictures" / "road scenes", "--out", tmp_path / "run")
    options = ("--recipe", "auto", "--epochs", 1, "--max-per-class", 4, "--image-size", 96)
    trained = json.loads(product.run(*words, *options, "--json"))
    assert trained["recipe"] == ("fine-tune" if product.has_keras else "quick")  # few pictures are tried at once


@pytest.mark.parametrize("kind", ["litert", "litert-f16", "saved-model", "keras"])
def test_models_are_exported_or_the_full_program_named(product, run, tmp_path, kind):
    words = ("export", run, "--format", kind, "--out", tmp_path / "model.keras")
    if not product.has_keras:
        assert "needs the full Xception GUI" in product.run(*words, expected=1)
        return
    product.run(*words)
    check = json.loads((tmp_path / "model.keras.check.json").read_text(encoding="utf-8"))
    assert check["check"]["largest_difference"] <= 0.01 and check["check"]["same_top_class"] > 0


def test_the_window_does_its_main_job(product, tmp_path):
    told = json.loads(product.run("--self-test", tmp_path / "window.png", program=""))
    assert told["ok"] and told["accuracy"] > 0.8 and len(told["predicted"]) == 9
    with Image.open(tmp_path / "window.png") as picture:
        assert picture.width > 700


def test_a_drop_on_the_window_is_predicted(product, run):
    picture = next((product.home / "data" / "sample pictures" / "new scenes").iterdir())
    told = json.loads(product.run("--self-test", run, picture, program=""))
    assert told["predicted"][0] in ("clear", "busy", "jammed")


def test_what_lies_around_changes_nothing(product, run, tmp_path):
    """Neither for its window and the engine of that nor for the training that Keras does."""
    trap = Trap(tmp_path / "downloaded")
    around = {**OF_PYTHON, **OF_LIBRARIES, **OF_WINDOWS, "PYTHONPATH": str(trap.folder), "HOME": str(trap.folder)}
    (trap.folder / ".keras").mkdir()
    (trap.folder / ".keras" / "keras.json").write_text('{"image_data_format": "channels_first", "backend": "jax"}')
    picture = next((product.home / "data" / "sample pictures" / "new scenes").iterdir())
    product.run("--self-test", run, picture, program="", folder=trap.folder, **around)
    if product.has_keras:
        product.run("export", run, "--format", "keras", "--out", "model.keras", folder=trap.folder, **around)
        assert (trap.folder / "model.keras").is_file()
    assert json.loads(product.run("doctor", "--json", folder=trap.folder, **around))["ok"]
    assert trap.caught == ""


def test_engines_use_the_libraries_inside_and_not_the_system_s(product):
    """The window's engine is a child of the same program, and has to find what lies beside it as the window does."""
    window = subprocess.Popen(
        [product.place / product.name, "--self-test"],
        env={"XCEPTION_GUI_HOME": str(product.home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        engine = first_engine_of(window)
        wait_for(lambda: any("libsqlite3" in line.path for line in engine.memory_maps()))
        used = {line.path for line in engine.memory_maps() if "libsqlite3" in line.path}
        assert all(Path(path).is_relative_to(product.place) for path in used), used
    finally:
        window.kill()
        window.wait()


def first_engine_of(window):
    found = []

    def is_there():
        found[:] = [child for child in psutil.Process(window.pid).children() if "--engine" in child.cmdline()]
        return bool(found)

    wait_for(is_there)
    return found[0]


def wait_for(is_so):
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_nothing_of_it_stays_behind(product, run):
    """The windows of the tests above have ended, one of them was killed, and their engines end with them."""
    place = str(product.place)
    wait_for(lambda: not [one for one in psutil.process_iter(["exe"]) if (one.info["exe"] or "").startswith(place)])


def test_it_says_what_it_is_made_of(product):
    listed = json.loads((product.place / "_internal" / "contents.json").read_text(encoding="utf-8"))
    names = {part["name"].lower() for part in listed}
    assert {"xception gui", "python", "numpy", "pillow", "pyside6_essentials", "ai-edge-litert"} <= names
    assert ("keras" in names) == product.has_keras
    assert all(part["licence"] for part in listed)
    assert [part["name"] for part in listed if not part["text"]] == []
    text = (product.place / "LICENCES.txt").read_text(encoding="utf-8")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text


def test_the_benchmark_measures_it(product):
    command = [sys.executable, "-m", "benchmarks.package", str(product.place), "--repeats", "1"]
    ended = subprocess.run(command, cwd=DIST.parent, capture_output=True, text=True, timeout=1200, check=False)
    assert ended.returncode == 0, ended.stderr
    [measured] = last_document(ended.stdout)["programs"]
    assert measured["installed_bytes"] > 1e8
    assert 0 < measured["painted_seconds"] < measured["predicted_seconds"]
