"""What the steps of the wizard show: the check with all it found, and the name that a model gets."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QProgressBar, QTableView

from tests.ui.wizard import CHECK, PETS, SOME_LEFT_OUT, START, Wizard, checked
from xception_gui.domain.errors import ErrorCode, Finding
from xception_gui.domain.folders import Folders
from xception_gui.domain.messages.base import Phase, PhaseStarted, Progress
from xception_gui.domain.messages.dataset import CheckRequest, EmbedRequest, Problem
from xception_gui.domain.messages.training import EpochFinished
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.runs.free_name import free_name
from xception_gui.ui.kit.cards import FigureCard
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.words.errors import error_text
from xception_gui.words.problems import problem_text


@pytest.fixture
def wizard(qtbot, qapp, tmp_path):
    made = Wizard(qtbot, qapp, tmp_path)
    made.page.open_folder(PETS)
    return made


def figure(wizard, name):
    return wizard.part(FigureCard, name).accessibleName()


def left_out_files(wizard):
    model = wizard.part(QTableView, "check_left_out").model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def test_while_pictures_are_looked_through_it_says_how_far_it_is(wizard):
    bar = wizard.part(QProgressBar, "check_progress")
    assert wizard.words("check_progress_words") == "Looking for pictures…"
    assert bar.isVisible() and bar.maximum() == 0  # it can't be said yet
    wizard.check_job.say(PhaseStarted(Phase.CHECKING, 500), Progress(Phase.CHECKING, 120, 500, 1.0))
    assert wizard.words("check_progress_words") == "Checking pictures: 120 of 500"
    assert (bar.value(), bar.maximum()) == (120, 500)
    assert not wizard.is_shown("check_classes")
    wizard.check_job.finish(checked())
    assert not bar.isVisible()


def test_what_was_found_is_said_in_figures(wizard):
    wizard.check_job.finish(checked(left=SOME_LEFT_OUT))
    assert figure(wizard, "check_classes") == "Classes: 2 a fifth of each is set aside for validation"
    assert figure(wizard, "check_used") == "Pictures used: 100 40 to 60 per class"
    assert figure(wizard, "check_left_out_count") == "Skipped: 3 2 duplicates · 1 not a picture"


def test_classes_of_the_same_size_and_a_split_of_their_own_are_said(wizard):
    wizard.check_job.finish(checked({"cats": 50, "dogs": 50}, has_parts=True))
    assert figure(wizard, "check_classes") == "Classes: 2 uses the folder's own split"
    assert figure(wizard, "check_used") == "Pictures used: 100 50 per class"
    assert figure(wizard, "check_left_out_count") == "Skipped: 0 all files can be used"
    assert not wizard.can("check_tab_left_out")


def test_the_classes_are_listed(wizard):
    wizard.check_job.finish(checked())
    listed = wizard.part(QListView, "check_class_list")
    model = listed.model()
    assert listed.isVisible()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["cats: 60 pictures", "dogs: 40 pictures"]


def test_the_files_that_are_left_out_are_listed_with_their_reasons(qtbot, wizard):
    wizard.check_job.finish(checked(left=SOME_LEFT_OUT))
    assert wizard.words("check_tab_left_out") == "Skipped (3)"
    assert not wizard.is_shown("check_left_out")
    wizard.click("check_tab_left_out")
    assert wizard.is_shown("check_left_out")
    assert left_out_files(wizard)[0] == ("cats/notes.txt", "The file is not a picture that this program can read.")
    table = wizard.part(QTableView, "check_left_out")
    table.setCurrentIndex(table.model().index(2, 0))
    with qtbot.waitSignal(wizard.page.shown_in_folder) as asked:
        wizard.click("check_show_in_folder")
    assert asked.args == [f"{PETS}/dogs/3.jpg"]


def test_where_nothing_can_be_used_the_reasons_are_in_front(wizard):
    nothing = Problem("too-few-classes", (), severity="error", details={"path": PETS})
    wizard.check_job.finish(checked({}, left=SOME_LEFT_OUT, problems=(nothing,)))
    assert wizard.part(MessageCard, "check_failure").words == problem_text(nothing)
    assert wizard.is_shown("check_left_out")
    assert not wizard.can("data_next")


def test_a_flat_folder_is_told_of_once(wizard):
    flat = Problem("dataset-empty", (), severity="error", details={"path": PETS})
    beside = tuple(left_out(f"{PETS}/{i}.jpg", Reason.OUTSIDE_CLASSES) for i in "12")
    wizard.check_job.finish(checked({}, left=beside, problems=(flat,)))
    assert wizard.part(MessageCard, "check_failure").words == problem_text(flat)
    for name in ("check_problems", "check_left_out_count", "check_left_out", "check_class_list"):
        assert not wizard.is_shown(name)


# --- What the folders are taken for -------------------------------------------------------------------------------

PARTS = {"train": "train", "my valid": "val"}


def test_folders_that_were_taken_for_parts_can_be_used_as_classes_and_back_again(wizard):
    wizard.check_job.finish(checked(has_parts=True, part_folders=PARTS))
    said = "Folders that split the data set, not classes: “train” for training, “my valid” for validation"
    assert wizard.words("check_folders_words") == said
    wizard.click("check_folders_change")
    assert wizard.check_job.request == CheckRequest(PETS, Folders.CLASSES)
    assert not wizard.is_shown("check_folders")
    wizard.check_job.finish(checked({"train": 5, "my valid": 5}, part_folders=PARTS))
    assert wizard.words("check_folders_words").startswith("Used as classes, although their names suggest a split")
    wizard.click("check_folders_change")
    assert wizard.check_job.request == CheckRequest(PETS, Folders.PARTS)


def test_the_answer_is_remembered_for_the_folder_read_with_and_trained_with(wizard, tmp_path):
    wizard.check_job.finish(checked(has_parts=True, part_folders=PARTS))
    wizard.click("check_folders_change")
    wizard.page.open_folder("/home/ada/other")
    assert wizard.check_job.request == CheckRequest("/home/ada/other")
    wizard.page.open_folder(PETS)
    assert wizard.check_job.request == CheckRequest(PETS, Folders.CLASSES)
    wizard.check_job.finish(checked({"train": 5, "my valid": 5}, part_folders=PARTS))
    assert wizard.reader.jobs[-1].request == EmbedRequest(PETS, folders=Folders.CLASSES)
    for _ in range(3):
        wizard.click("data_next")
    (request,) = wizard.wanted
    assert request.folders is Folders.CLASSES


def test_parts_that_do_not_add_up_can_be_used_as_classes(wizard):
    clash = Problem("parts-incomplete", (), severity="error", details={"path": PETS})
    wizard.check_job.finish(checked({"train": 5, "training": 5}, problems=(clash,)))
    assert wizard.words("check_folders_change") == "Use as classes" and not wizard.can("data_next")
    wizard.click("check_folders_change")
    wizard.check_job.finish(checked({"train": 5, "training": 5}))
    assert wizard.can("data_next") and wizard.words("check_folders_change") == "Decide by their names"


def test_where_the_names_leave_no_doubt_nothing_is_asked(wizard):
    wizard.check_job.finish(checked())
    assert not wizard.is_shown("check_folders")


def test_without_a_validation_folder_it_says_where_the_validation_comes_from(wizard):
    wizard.check_job.finish(checked(has_parts=True, part_folders={"train": "train", "test": "test"}))
    assert "a fifth of the training folder is set aside for validation" in figure(wizard, "check_classes")


def test_of_what_forbids_a_training_the_first_sentence_stands_out(wizard):
    found = {"path": PETS, "found": Finding.LOOSE_FILES, "count": 801}
    wizard.check_job.finish(checked({}, problems=(Problem(ErrorCode.DATASET_EMPTY, (), "error", found),)))
    told = error_text(ErrorCode.DATASET_EMPTY, found)
    assert wizard.words("check_failure_what") == told.what
    assert wizard.words("check_failure_why") == f"{told.why} {told.fix}"
    assert wizard.is_shown("check_failure_why")


def test_an_empty_folder_is_told_of_in_words_alone(wizard):
    nothing = Problem("dataset-empty", (), severity="error", details={"path": PETS})
    wizard.check_job.finish(checked({}, problems=(nothing,)))
    assert wizard.is_shown("check_failure")
    assert not wizard.is_shown("check_classes") and not wizard.is_shown("check_class_list")


def test_what_is_odd_but_does_no_harm_is_good_to_know(wizard):
    odd = (
        Problem("few", (), message="“dogs” has few pictures."),
        Problem("uneven", (), message="The classes are uneven."),
    )
    wizard.check_job.finish(checked(problems=odd))
    assert wizard.part(MessageCard, "check_problems").words == (
        "Good to know “dogs” has few pictures.\nThe classes are uneven."
    )
    assert wizard.can("data_next")
    assert not wizard.is_shown("check_failure")


@pytest.mark.parametrize(("code", "tone"), [("duplicates", "news"), ("system-files", "news"), ("few", "notice")])
def test_what_does_no_harm_has_not_the_colour_of_a_warning(wizard, code, tone):
    wizard.check_job.finish(checked(problems=(Problem(code, (), message="A thing that was found."),)))
    assert wizard.part(MessageCard, "check_problems").property("role") == tone


def test_a_check_that_fails_can_be_tried_again(qtbot, wizard):
    wizard.check_job.fail(ErrorCode.DATASET_NOT_FOUND, path=PETS)
    words = wizard.part(MessageCard, "check_failure").words
    assert f"“{PETS}” can't be opened" in words and "Check the name" in words
    with qtbot.waitSignal(wizard.page.folder_wanted):
        wizard.click("check_another_folder")
    wizard.click("check_again")
    assert wizard.reader.requests(CheckRequest) == [CheckRequest(PETS)] * 2
    assert not wizard.is_shown("check_failure")
    wizard.check_job.finish(checked())
    assert wizard.step == CHECK and wizard.can("data_next")


def test_an_older_check_that_still_talks_is_not_listened_to(wizard):
    old = wizard.check_job
    wizard.page.open_folder("/home/ada/cars")
    assert old.stop_asked
    old.finish(checked({"of another folder": 1000}))
    assert wizard.part(QProgressBar, "check_progress").isVisible()
    assert not wizard.can("data_next")


def test_another_folder_shows_its_classes_whatever_was_looked_at_before(wizard):
    wizard.check_job.finish(checked(left=SOME_LEFT_OUT))
    wizard.click("check_tab_left_out")
    wizard.page.open_folder("/home/ada/cars")
    assert not wizard.is_shown("check_left_out") and not wizard.is_shown("check_class_list")  # of the other folder
    note = left_out("/home/ada/cars/bus/notes.txt", Reason.NOT_A_PICTURE)
    wizard.check_job.finish(checked({"bus": 3, "car": 4}, left=(note,)))
    assert wizard.is_shown("check_class_list") and not wizard.is_shown("check_left_out")
    assert wizard.words("check_tab_left_out") == "Skipped (1)"
    QApplication.processEvents()
    assert [name for name, _ in left_out_files(wizard)] == ["bus/notes.txt"]
    assert figure(wizard, "check_used") == "Pictures used: 7 3 to 4 per class"


def test_how_well_classes_are_known_is_headed_where_they_are_listed(wizard):
    def headed():
        return [label.isVisible() for label in wizard.page.findChildren(QLabel) if label.text() == "correct so far"]

    wizard.check_job.finish(checked(left=SOME_LEFT_OUT))
    assert headed() == [False]
    job = next(job for job in wizard.reader.jobs if isinstance(job.request, EmbedRequest))
    job.say(EpochFinished(1, 12, 0.1, 1.0, 0.5, 0.8, None, 0.1, True, True, (0.9, 0.7)))
    assert headed() == [True]
    wizard.click("check_tab_left_out")
    assert headed() == [False]
    wizard.click("check_tab_classes")
    assert headed() == [True]
    wizard.page.open_folder("/home/ada/cars")
    wizard.check_job.finish(checked())
    assert headed() == [False]


@pytest.fixture
def naming(wizard):
    wizard.check_job.finish(checked())
    wizard.click("data_next")
    wizard.click("data_next")
    assert wizard.step == START
    return wizard


@pytest.mark.parametrize(("folder", "name"), [("pets\u202egpj", "petsgpj"), ("\u200b\u2067", "model"), ("قطط", "قطط")])
def test_a_name_that_is_suggested_hides_nothing(wizard, folder, name):
    wizard.page.open_folder(f"/home/ada/{folder}")
    assert wizard.part(QLineEdit, "start_name").text() == name


def test_the_name_of_the_folder_is_suggested_and_the_place_is_said(naming):
    assert naming.part(QLineEdit, "start_name").text() == "pets"
    assert naming.words("start_place") == str(naming.place)
    assert not naming.is_shown("start_wrong")


@pytest.mark.parametrize(
    ("name", "words"),
    [("a/b", "/"), ("what?", "Windows"), (".hidden", "hidden"), ("CON", "device"), ("taken", "already exists")],
)
def test_a_name_that_no_model_can_have_is_refused_as_it_is_typed(naming, name, words):
    (naming.place / "taken").mkdir()
    naming.type("start_name", name)
    assert naming.is_shown("start_wrong") and words in naming.words("start_wrong")
    assert naming.part(QLineEdit, "start_name").property("role") == "wrong"
    assert not naming.can("data_next") and naming.can("data_back")
    naming.type("start_name", "猫 & dogs")
    assert not naming.is_shown("start_wrong")
    naming.click("data_next")
    assert naming.wanted[0].out == str(naming.place / "猫 & dogs")


def test_without_a_name_nothing_starts_and_nobody_is_scolded(naming):
    naming.type("start_name", "  ")
    assert not naming.can("data_next")
    naming.type("start_name", "")
    assert not naming.can("data_next") and not naming.is_shown("start_wrong")


def test_spaces_around_a_name_are_nothing(naming):
    naming.type("start_name", "  my pets ")
    naming.click("data_next")
    assert naming.wanted[0].out == str(naming.place / "my pets")


def test_another_place_is_asked_for_and_taken(qtbot, naming, tmp_path):
    with qtbot.waitSignal(naming.page.place_wanted):
        naming.click("start_change_place")
    other = tmp_path / "elsewhere"
    (other / "pets").mkdir(parents=True)
    naming.page.start_step.show_place(other)
    assert naming.words("start_place") == str(other)
    assert "already exists" in naming.words("start_wrong")
    naming.type("start_name", "pets 2")
    naming.click("data_next")
    assert naming.wanted[0].out == str(other / "pets 2")


def test_a_free_name_is_found(tmp_path):
    for expected in ("pets", "pets 2", "pets 3"):
        assert free_name(tmp_path, "pets") == expected
        (tmp_path / expected).mkdir()
    assert free_name(tmp_path / "no such folder", "pets") == "pets"
