"""The first page: how to begin, and the list of models with all that can have become of one."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from tests.ui.engines import FakeEngine
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.dataset import PreviewRequest
from xception_gui.domain.messages.models import RenameRunRequest, RunsResult, RunSummary
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.models.model_list import ModelList
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.start.start_page import StartPage

FOLDER = "/home/ada/models"
CLASSES = ("cats", "dogs")


def run(name, **fields):
    """A model as the list tells of it; finished, if nothing else is said."""
    usual = {
        "status": "finished",
        "preset": "quick",
        "classes": CLASSES,
        "images": 1234,
        "val_accuracy": 0.917,
        "val_log_loss": 0.2,
        "created": "2025-11-24T10:00:00+01:00",
        "dataset": "/home/ada/pets",
        "dataset_found": True,
        "samples": ("/home/ada/pets/cats/1.jpg", "/home/ada/pets/dogs/1.jpg"),
    }
    return RunSummary(f"{FOLDER}/{name}", 1_500_000, **(usual | fields))


GOOD = run("pets")
MOVED = run("moved", dataset_found=False)
INTERRUPTED = run("interrupted", status="training", val_accuracy=None, resumable=True)
FAILED = run("failed", status="failed", val_accuracy=None)
BROKEN = RunSummary(f"{FOLDER}/broken", 10, broken="The model can't be opened. Its file run.json is damaged.")


class Listed:
    """The page, and the engine that lists."""

    def __init__(self, qtbot, settings, parent) -> None:
        self.qtbot = qtbot
        self.engine, self.viewer = FakeEngine(), FakeEngine()
        self.library = ModelList(self.engine.client, self.engine.client, settings, parent)
        self.page = StartPage(self.library, Thumbnails(self.viewer.client, parent))
        qtbot.addWidget(self.page)
        self.page.resize(1000, 760)
        with qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()

    def show(self, *runs) -> None:
        self.library.refresh()
        self.engine.job.finish(RunsResult(runs))
        self.settle()

    def settle(self) -> None:
        """Let go what was replaced, and come what replaces it."""
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def part(self, kind, name):
        found = self.page.findChild(kind, name)
        assert found is not None, f"There is no {name}"
        return found

    def has(self, name) -> bool:
        found = self.page.findChild(QWidget, name)
        return found is not None and found.isVisible()

    def click(self, name) -> None:
        wanted = self.part(QPushButton, name)
        assert wanted.isVisible(), f"{name} can't be seen"
        self.qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)

    def words(self, number) -> str:
        """All that a row says."""
        row = self.part(QWidget, f"model_{number}")
        return "\n".join(label.text() for label in row.findChildren(QLabel) if label.isVisible())

    def menu(self, number) -> dict[str, object]:
        menu = self.part(QMenu, f"model_{number}_menu")
        return {action.text(): action for action in menu.actions() if action.text()}

    def choose(self, number, words) -> None:
        self.menu(number)[words].trigger()


@pytest.fixture
def listed(qtbot, settings, qapp):
    return Listed(qtbot, settings, qapp)


def test_it_says_how_to_begin(qtbot, listed):
    page = listed.page
    for name, wanted in (("start_choose", page.folder_wanted), ("start_samples", page.samples_wanted)):
        with qtbot.waitSignal(wanted):
            listed.click(name)
    assert "Looking for models" in listed.part(QLabel, "start_empty").text()
    listed.show()
    assert "no models yet" in listed.part(QLabel, "start_empty").text() and listed.has("start_empty")


def test_a_model_says_what_it_knows_and_how_well(qtbot, listed):
    listed.show(GOOD)
    words = listed.words(1)
    count = f"{texts.number(1234)} pictures"
    for said in ("pets", "2 classes", count, "Quick", "1.5 MB", "92 %", "correct on validation pictures"):
        assert said in words
    assert not listed.has("start_empty")
    with qtbot.waitSignal(listed.page.predict_wanted) as asked:
        listed.click("model_1_predict")
    assert asked.args == [GOOD.path]


def test_its_pictures_are_asked_for(qtbot, listed):
    listed.show(GOOD)
    qtbot.waitUntil(lambda: bool(listed.viewer.jobs))
    assert set(listed.viewer.requests(PreviewRequest)[0].paths) == set(GOOD.samples)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Show results", "results_wanted"),
        ("Predict", "predict_wanted"),
        ("Share as one file…", "share_wanted"),
        ("Export for other programs…", "export_wanted"),
        ("Show in folder", "shown_in_folder"),
    ],
)
def test_what_can_be_done_with_a_model_stands_in_its_menu(qtbot, listed, words, wanted):
    listed.show(GOOD)
    assert list(listed.menu(1)) == [
        "Show results",
        "Predict",
        "Share as one file…",
        "Export for other programs…",
        "Rename",
        "Show in folder",
        "Delete…",
    ]
    with qtbot.waitSignal(getattr(listed.page, wanted)) as asked:
        listed.choose(1, words)
    assert asked.args == [GOOD.path]


def test_only_what_was_fine_tuned_can_go_back_to_quick(qtbot, listed):
    listed.show(replace(GOOD, preset="fine-tune", has_quick=True), GOOD)
    assert "Go back to Quick's model" not in listed.menu(2)
    with qtbot.waitSignal(listed.page.quick_wanted) as asked:
        listed.choose(1, "Go back to Quick's model")
    assert asked.args == [GOOD.path]


def test_a_model_says_that_fine_tuning_ended_with_quick_s(listed):
    listed.show(replace(GOOD, preset="fine-tune", kept_quick=True), replace(GOOD, preset="fine-tune"))
    assert "Fine-tune, Quick's model kept" in listed.words(1)
    assert "Quick" not in listed.words(2)


def test_a_model_whose_pictures_were_moved_still_predicts_and_can_be_told_where_they_are(qtbot, listed):
    listed.show(MOVED)
    assert "can't be found" in listed.words(1)
    assert listed.has("model_1_predict") and listed.has("model_1_locate")
    with qtbot.waitSignal(listed.page.locate_wanted) as asked:
        listed.click("model_1_locate")
    assert asked.args == [MOVED.path]
    assert "Locate picture folder…" in listed.menu(1)


def test_a_broken_model_says_what_is_wrong_and_offers_only_what_can_be_done(listed):
    listed.show(BROKEN)
    assert "run.json is damaged" in listed.words(1)
    assert list(listed.menu(1)) == ["Show in folder", "Delete…"]
    assert not listed.has("model_1_predict") and not listed.has("model_1_locate")


def test_an_interrupted_training_can_go_on(listed):
    listed.show(INTERRUPTED)
    wanted = []
    listed.page.resume_wanted.connect(wanted.append)
    listed.click("model_1_resume")
    listed.menu(1)["Resume training"].trigger()
    assert wanted == [INTERRUPTED.path] * 2
    assert not listed.has("model_1_predict")
    listed.show(run("fine-tuned", status="failed", resumable=True))  # saved before it failed, and begun with a model
    assert listed.has("model_1_resume") and "Predict" in listed.menu(1)
    listed.show(run("elsewhere", status="training", resumable=True, dataset_found=False))
    assert "the pictures can't be found" in listed.words(1)
    assert not listed.has("model_1_resume")
    listed.show(run("without a model", status="training", val_accuracy=None, resumable=True, dataset_found=False))
    assert len(listed.page.findChildren(QPushButton, "model_1_locate")) == 1 and listed.has("model_1_locate")


def test_a_model_that_another_process_trains_is_left_alone(listed):
    listed.show(run("busy", status="training", val_accuracy=None, in_training=True))
    assert "Training now." in listed.words(1)
    assert not listed.has("model_1_resume") and not listed.menu(1)["Delete…"].isEnabled()


@pytest.mark.parametrize(("one", "words"), [(INTERRUPTED, "was interrupted. You can resume it"), (FAILED, "failed")])
def test_a_model_that_never_came_to_be_says_so_and_can_be_thrown_away(listed, one, words):
    listed.show(one)
    assert f"Training {words}." in listed.words(1)
    assert not listed.has("model_1_predict")
    assert "Show results" not in listed.menu(1) and "Delete…" in listed.menu(1)


def test_a_model_that_learns_now_is_left_alone(listed):
    listed.show(INTERRUPTED)
    listed.page.show_training(INTERRUPTED.path)
    listed.settle()
    assert "Training now." in listed.words(1)
    menu = listed.menu(1)
    assert not menu["Rename"].isEnabled() and not menu["Delete…"].isEnabled()
    listed.page.show_training("")
    listed.settle()
    assert "interrupted" in listed.words(1)


def test_a_name_is_judged_as_it_is_typed(qtbot, listed):
    listed.show(GOOD)
    listed.choose(1, "Rename")
    name, rename = listed.part(QLineEdit, "model_1_name"), listed.part(QPushButton, "model_1_rename")
    assert name.hasFocus() and name.selectedText() == "pets"
    qtbot.keyClicks(name, "a/b")
    assert "can't contain /" in listed.words(1)
    assert not rename.isEnabled() and name.property("role") == "wrong"
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert name.isVisible() and listed.engine.requests(RenameRunRequest) == []
    name.selectAll()
    qtbot.keyClicks(name, " my pets ")
    assert rename.isEnabled()
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert listed.engine.requests(RenameRunRequest) == [RenameRunRequest(GOOD.path, "my pets")]
    assert not name.isVisible()


@pytest.mark.parametrize("hidden", ["\u202egpj", "\u200b", "\u2067", "\x1b[2J"])
def test_a_name_that_hides_something_is_seen_through_and_can_be_given_up(qtbot, listed, hidden):
    listed.show(run(f"pets{hidden}"))
    assert "pets‹U+" in listed.words(1)
    listed.choose(1, "Rename")
    name = listed.part(QLineEdit, "model_1_name")
    assert name.text() == "pets" + hidden[1:]  # as it can be
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert listed.engine.requests(RenameRunRequest) == [RenameRunRequest(f"{FOLDER}/pets{hidden}", name.text())]


def test_a_new_name_can_hide_nothing(listed):
    listed.show(GOOD)
    listed.choose(1, "Rename")
    listed.part(QLineEdit, "model_1_name").setText("pets\u202egpj")
    assert "change the writing direction" in listed.words(1)
    assert not listed.part(QPushButton, "model_1_rename").isEnabled()


@pytest.mark.parametrize("accuracy", [float("nan"), float("inf"), -0.5, 7.0, 1e300])
def test_a_figure_that_can_be_none_is_not_shown_as_one(listed, accuracy):
    listed.show(run("pets", val_accuracy=accuracy, val_log_loss=accuracy, created="0001-01-01T00:00:00"))
    words = listed.words(1)
    assert "–\ncorrect on validation pictures" in words
    assert "%" not in words and "nan" not in words and "inf" not in words


def test_the_same_name_is_no_renaming(listed):
    listed.show(GOOD)
    listed.choose(1, "Rename")
    listed.click("model_1_rename")
    assert listed.engine.requests(RenameRunRequest) == []
    assert not listed.has("model_1_name")


@pytest.mark.parametrize("words", ["Rename", "Delete…"])
@pytest.mark.parametrize("how", ["key", "button"])
def test_renaming_and_deleting_can_be_given_up(qtbot, listed, words, how):
    listed.show(GOOD)
    listed.choose(1, words)
    field, cancel = ("model_1_name", "model_1_rename_cancel") if words == "Rename" else ("model_1_keep", "model_1_keep")
    assert listed.part(QWidget, field).hasFocus()
    if how == "key":
        qtbot.keyClick(listed.part(QWidget, field), Qt.Key.Key_Escape)
    else:
        listed.click(cancel)
    assert not listed.has(field)
    assert listed.part(QPushButton, "model_1_more").hasFocus()


def test_a_list_that_is_read_anew_does_not_disturb_who_is_typing_a_name(qtbot, listed):
    listed.show(GOOD)
    listed.choose(1, "Rename")
    qtbot.keyClicks(listed.part(QLineEdit, "model_1_name"), "half")
    listed.show(GOOD)
    assert listed.part(QLineEdit, "model_1_name").text() == "half" and listed.has("model_1_name")


def test_throwing_away_asks_once_and_can_not_be_done_twice(listed, monkeypatch):
    thrown = []
    monkeypatch.setattr(listed.library, "throw_away", lambda path: thrown.append(path) or True)
    listed.show(GOOD, MOVED)
    listed.choose(2, "Delete…")
    assert "Move the model “moved” to the trash? Your pictures are kept." in listed.words(2)
    assert thrown == []
    listed.click("model_2_trash")
    assert thrown == [MOVED.path]
    assert not listed.has("model_2_trash")


def test_where_there_is_no_trash_the_way_by_hand_is_told(listed, monkeypatch):
    monkeypatch.setattr(listed.library, "throw_away", listed.library.trash_refused.emit)
    listed.show(GOOD)
    listed.choose(1, "Delete…")
    listed.click("model_1_trash")
    words = listed.part(MessageCard, "start_notice").words
    assert "couldn't be moved to the trash" in words and GOOD.path in words
    assert listed.has("model_1_more")


def test_what_could_not_be_done_is_said(listed):
    listed.show(GOOD)
    listed.library.rename(GOOD.path, "taken")
    listed.engine.job.fail(ErrorCode.RUN_EXISTS, path=f"{FOLDER}/taken")
    assert f"“{FOLDER}/taken” already exists" in listed.part(MessageCard, "start_notice").words


def test_a_list_that_can_not_be_read_is_said_and_the_old_one_stays(listed):
    listed.show(GOOD)
    listed.library.refresh()
    listed.engine.job.fail(ErrorCode.ENGINE_DIED, found="")
    assert listed.has("start_failure") and listed.has("model_1")
    listed.show(GOOD)
    assert not listed.has("start_failure")


def test_a_hundred_models_and_names_of_sixty_letters_have_their_place(listed):
    many = [run("x" * 60), *(run(f"model {number}") for number in range(99))]
    listed.show(*many)
    listed.page.resize(660, 500)
    QApplication.processEvents()
    first = listed.part(QWidget, "model_1")
    assert first.width() <= listed.page.width()
    assert (
        listed.part(QPushButton, "model_1_predict")
        .mapTo(listed.page, listed.part(QPushButton, "model_1_predict").rect().topRight())
        .x()
        < 660
    )
    assert "model 98" in listed.words(100)


@pytest.mark.parametrize(("width", "count"), [(1000, 4), (760, 2)])
def test_as_many_of_its_pictures_are_shown_as_there_is_room_for(qtbot, listed, width, count):
    samples = tuple(f"/p/{n}.jpg" for n in range(6))
    listed.page.resize(width, 600)
    listed.show(run("pets", samples=samples))
    qtbot.waitUntil(lambda: bool(listed.viewer.jobs))
    assert listed.viewer.job.request.paths == samples[:count][::-1]  # the last that was asked for comes first


def test_of_two_models_each_button_is_its_own(listed):
    listed.show(GOOD, run("cars"), MOVED)
    wanted = []
    listed.page.predict_wanted.connect(wanted.append)
    for number in (2, 1, 3):
        listed.click(f"model_{number}_predict")
    assert [path.rsplit("/", 1)[1] for path in wanted] == ["cars", "pets", "moved"]


def test_a_model_that_can_not_be_resumed_here_says_so_and_one_that_predicts_so_far_is_not_shared(listed):
    listed.show(run("half", status="training", resumable=True, val_accuracy=0.5))
    assert "Predict" in listed.menu(1) and "Share as one file…" not in listed.menu(1)
    assert "50 %" in listed.words(1) and listed.has("model_1_resume") and not listed.has("model_1_predict")


def test_renaming_is_done_by_its_button_too(qtbot, listed):
    listed.show(GOOD)
    listed.choose(1, "Rename")
    qtbot.keyClicks(listed.part(QLineEdit, "model_1_name"), "cats")
    listed.click("model_1_rename")
    assert listed.engine.requests(RenameRunRequest) == [RenameRunRequest(GOOD.path, "cats")]


def test_a_name_that_is_half_typed_stays_when_the_list_is_made_anew(listed):
    listed.show(GOOD, MOVED)
    next(one for one in listed.part(QMenu, "model_2_menu").actions() if one.objectName().endswith("_rename")).trigger()
    listed.part(QLineEdit, "model_2_name").setText("half ty")
    listed.show(run("newer"), GOOD, MOVED)
    assert listed.part(QLineEdit, "model_3_name").text() == "half ty"
    assert listed.part(QLineEdit, "model_3_name").isVisible()
    assert not listed.part(QLineEdit, "model_1_name").isVisible()
