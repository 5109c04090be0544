"""A picture in full over the window, made by a real engine."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget

from tests.programs import PATIENCE
from tests.ui.engines import FakeEngine
from tests.ui.predicted import said
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.dataset import PreviewReady, PreviewRequest, PreviewShape
from xception_gui.domain.predictions import PicturePrediction
from xception_gui.ui.kit import texts
from xception_gui.ui.pictures.picture_viewer import PictureViewer, placed
from xception_gui.ui.pictures.whole_picture import SIZE, WholePicture

WAIT = PATIENCE * 1000  # milliseconds
RED, BLUE = "#ff0000", "#0000ff"


@pytest.fixture
def pictures(tmp_path):
    for name, colour in (("red.png", RED), ("blue.png", BLUE)):
        Image.new("RGB", (300, 200), colour).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    return [str(tmp_path / name) for name in ("red.png", "blue.png", "broken.png")]


@pytest.fixture
def fake():
    return FakeEngine()


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(960, 640)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def viewer(window, engine):
    return PictureViewer(WholePicture(engine, window), window)


@pytest.fixture
def quick_viewer(window, fake):
    return PictureViewer(WholePicture(fake.client, window), window)


def text(viewer, name):
    return viewer.findChild(QLabel, name).text()


def canvas(viewer):
    return viewer.findChild(QWidget, "viewer_picture")


def colour(viewer):
    """What is painted in the middle of the picture, roughly: it went through JPEG."""
    image = canvas(viewer).grab().toImage()
    found = image.pixelColor(image.rect().center())
    near = {name: abs(found.red() - r) + abs(found.blue() - b) for name, r, b in ((RED, 255, 0), (BLUE, 0, 255))}
    return next((name for name, distance in near.items() if distance < 30), found.name())


def press(qtbot, viewer, key):
    qtbot.keyClick(canvas(viewer), key)


def test_pictures_are_shown_whole_and_arrow_keys_lead_on(qtbot, viewer, pictures):
    viewer.show_pictures(pictures, ["red 90 %", "blue 80 %", ""], 0)
    assert viewer.words == "Opening…"
    qtbot.waitUntil(lambda: colour(viewer) == RED, timeout=WAIT)
    assert text(viewer, "viewer_name") == "red.png"
    assert text(viewer, "viewer_caption") == "red 90 %"
    press(qtbot, viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: colour(viewer) == BLUE, timeout=WAIT)
    assert text(viewer, "viewer_name") == "blue.png"
    assert text(viewer, "viewer_place") == "2 of 3"
    press(qtbot, viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: viewer.words not in ("", "Opening…"), timeout=WAIT)
    assert viewer.words.startswith("The file is a text file, not a picture")
    press(qtbot, viewer, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: colour(viewer) == BLUE, timeout=WAIT)
    viewer.close()


def test_it_asks_an_engine_and_opens_no_file_itself(quick_viewer, fake):
    quick_viewer.show_pictures(["/p/a.jpg"], ["a"], 0)
    assert fake.job.request == PreviewRequest(("/p/a.jpg",), SIZE, PreviewShape.WHOLE)
    quick_viewer.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_keys_close_it_and_its_picture_is_not_waited_for(qtbot, quick_viewer, fake, key):
    quick_viewer.show_pictures(["/p/a.jpg"], ["a"], 0)
    qtbot.waitUntil(quick_viewer.isVisible)
    press(qtbot, quick_viewer, key)
    assert not quick_viewer.isVisible()
    assert fake.job.stop_asked


def test_arrow_keys_end_at_the_ends(qtbot, quick_viewer, fake):
    quick_viewer.show_pictures(["/p/a.jpg", "/p/b.jpg"], ["a", "b"], 0)
    previous, following = (quick_viewer.findChild(QPushButton, f"viewer_{name}") for name in ("previous", "next"))
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    press(qtbot, quick_viewer, Qt.Key.Key_Left)
    assert quick_viewer.shown_path == "/p/a.jpg"
    following.click()
    press(qtbot, quick_viewer, Qt.Key.Key_Right)
    assert quick_viewer.shown_path == "/p/b.jpg"
    assert (previous.isEnabled(), following.isEnabled()) == (True, False)
    assert len(fake.jobs) == 2
    quick_viewer.close()


def test_a_picture_that_comes_too_late_is_not_shown_for_another(qtbot, quick_viewer, fake, pictures):
    quick_viewer.show_pictures(["/p/a.jpg", "/p/b.jpg"], ["a", "b"], 0)
    late = fake.job
    press(qtbot, quick_viewer, Qt.Key.Key_Right)
    assert late.stop_asked
    late.reported.emit(PreviewReady("/p/a.jpg", pictures[0]))
    assert quick_viewer.words == "Opening…"
    quick_viewer.close()


def test_it_says_so_when_the_engine_died(quick_viewer, fake):
    quick_viewer.show_pictures(["/p/a.jpg"], ["a"], 0)
    fake.job.ended.emit(Failed(ErrorCode.OUT_OF_MEMORY, {"memory": "2 GB"}))
    assert quick_viewer.words == "This picture can't be shown. There is not enough memory for this."
    quick_viewer.close()


def test_the_folder_of_the_shown_picture_can_be_asked_for(qtbot, quick_viewer):
    quick_viewer.show_pictures(["/p/a.jpg", "/q/b.jpg"], ["a", "b"], 1)
    with qtbot.waitSignal(quick_viewer.folder_wanted) as wanted:
        quick_viewer.findChild(QPushButton, "viewer_show_in_folder").click()
    assert wanted.args == ["/q/b.jpg"]
    quick_viewer.close()


def test_a_picture_stands_in_the_middle_and_is_not_enlarged_without_end():
    assert placed(QSize(1600, 800), QSize(800, 600)).getRect() == (0, 100, 800, 400)
    assert placed(QSize(50, 100), QSize(1000, 1000)).getRect() == (400, 300, 200, 400)


def test_it_says_which_of_how_many_it_is_and_what_was_said_of_it(qtbot, quick_viewer, fake):
    quick_viewer.show_pictures(["/p/a.jpg", "/p/b.jpg", "/p/猫.jpg"], ["a 1 %", "b 2 %", "猫 100 %"], 1)
    assert (text(quick_viewer, "viewer_place"), text(quick_viewer, "viewer_caption")) == ("2 of 3", "b 2 %")
    press(qtbot, quick_viewer, Qt.Key.Key_Right)
    assert quick_viewer.windowTitle() == text(quick_viewer, "viewer_name") == "猫.jpg"
    assert canvas(quick_viewer).accessibleName() == "猫.jpg: 猫 100 %"
    assert quick_viewer.findChild(QLabel, "viewer_name").toolTip() == "/p/猫.jpg"
    assert fake.job.request.paths == ("/p/猫.jpg",)
    quick_viewer.findChild(QPushButton, "viewer_previous").click()
    assert text(quick_viewer, "viewer_place") == "2 of 3"
    quick_viewer.show_pictures(["/p/c.jpg"], ["c"], 0)
    assert text(quick_viewer, "viewer_place") == ""
    quick_viewer.close()


def test_it_covers_most_of_the_window_from_its_middle(quick_viewer, window):
    window.resize(1000, 700)
    quick_viewer.show_pictures(["/p/a.jpg"], ["a"], 0)
    assert quick_viewer.size() == QSize(860, 602)
    moved = quick_viewer.geometry().center() - window.geometry().center()
    assert moved.manhattanLength() < 10  # but for its frame
    quick_viewer.close()


def test_it_shows_all_that_a_model_says_of_each_picture(qtbot, quick_viewer, pictures):
    many = tuple(f"class {n:03d}" for n in range(150))
    results = {
        pictures[0]: said(pictures[0], "class 007", 0.5, many),
        pictures[2]: PicturePrediction(pictures[2], (), "It is damaged."),
    }
    quick_viewer.show_pictures(pictures, ["a", "b", "c"], 0, results.get, "insects <b>")
    classes = quick_viewer.findChild(QListView, "viewer_classes")
    assert text(quick_viewer, "viewer_model") == "insects <b>"
    assert text(quick_viewer, "viewer_file") == texts.size(Path(pictures[0]).stat().st_size)
    assert classes.model().rowCount() == 150
    assert classes.model().index(0, 0).data() == f"class 007  {texts.percent(0.5)}"
    assert classes.isVisible() and not quick_viewer.findChild(QLabel, "viewer_error").isVisible()
    qtbot.keyClick(classes, Qt.Key.Key_Right)  # also from there the arrow keys lead on
    assert quick_viewer.shown_path == pictures[1] and not classes.isVisible()  # nothing is known of it
    press(qtbot, quick_viewer, Qt.Key.Key_Right)
    assert text(quick_viewer, "viewer_error") == "It is damaged."
    quick_viewer.show_pictures(pictures, ["a", "b", "c"], 0)
    assert not quick_viewer.findChild(QLabel, "viewer_model").isVisible()
    quick_viewer.close()
