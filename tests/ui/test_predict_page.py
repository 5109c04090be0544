"""The page *Predict*, as a person meets it: pictures are dropped, results stream in, are looked through and saved."""

import csv

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QProgressBar, QPushButton, QWidget

from tests.ui.engines import FakeEngine
from tests.ui.predicted import (
    CANNOT,
    CLASSES,
    DIED,
    MODEL,
    OTHER,
    FakeThumbnails,
    finish,
    predict_all,
    report,
    said,
    stopped,
    unreadable,
)
from xception_gui.domain.messages.base import Phase, PhaseStarted
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice, NoticeCode
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.runs.prediction_table import for_spreadsheets, write_csv
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.models.model_box import model_names
from xception_gui.ui.predict.class_filter import ClassFilter, chips_that_fit
from xception_gui.ui.predict.predict_page import PredictPage
from xception_gui.ui.predict.predict_words import class_words, progress_words, quoted, split_after_first_sentence
from xception_gui.ui.predict.prediction_queue import PredictionQueue

RESULTS = [
    said("/p/bottle.jpg", "glass", 0.97),
    said("/p/jar.jpg", "glass", 0.6),
    said("/p/tin.jpg", "metal", 0.8),
    unreadable("/p/empty.jpg"),
]


@pytest.fixture
def fake() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def queue(qapp, fake):
    return PredictionQueue(fake)


@pytest.fixture
def thumbnails(qapp):
    return FakeThumbnails()


@pytest.fixture
def page(qtbot, queue, thumbnails):
    made = PredictPage(queue, thumbnails)
    qtbot.addWidget(made)
    made.resize(760, 600)
    made.show()
    return made


@pytest.fixture
def ready(page, queue):
    """The page with a model that is chosen."""
    page.show_models([MODEL, OTHER], MODEL.path)
    queue.choose_model(MODEL)
    return page


@pytest.fixture
def filled(ready, queue, fake):
    """The page with results."""
    predict_all(queue, fake, RESULTS)
    return ready


def part(page, name, kind=QWidget):
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def click(page, name):
    QTest.mouseClick(part(page, name, QPushButton), Qt.MouseButton.LeftButton)


def shown(page):
    return [row.name for row in page._list.results.shown()]


def words_in(page, name):
    return [label.text() for label in part(page, name).findChildren(QLabel)]


def is_there(page, name):
    return part(page, name).isVisible()


def test_without_a_model_it_says_to_train_one_first(qtbot, page):
    assert not is_there(page, "predict_no_model")  # the list of models isn't known yet
    page.show_models([], None)
    assert is_there(page, "predict_no_model")
    assert not is_there(page, "predict_zone")
    assert not is_there(page, "predict_model")
    with qtbot.waitSignal(page.new_model_wanted):
        click(page, "predict_new_model")


def test_the_model_is_named_with_what_it_knows_and_how_good_it_is(ready):
    assert part(ready, "predict_model", QComboBox).currentText() == "bottles"
    assert ready._subtitle.text() == "3 classes · 84 % correct on validation pictures"
    assert is_there(ready, "predict_no_results")
    assert not is_there(ready, "predict_list")
    assert part(ready, "predict_choose").property("role") == "primary"


def test_before_there_are_results_it_shows_what_the_model_was_trained_on(qtbot, page, queue, thumbnails):
    samples = ("/data/glass/1.jpg", "/data/metal/1.jpg")
    queue.choose_model(RunSummary("/models/new", 1, classes=CLASSES, val_accuracy=0.9, samples=samples))
    qtbot.waitUntil(lambda: set(samples) <= set(thumbnails.asked))
    words = [label.text() for label in part(page, "predict_no_results").findChildren(QLabel)]
    assert "This model was trained on glass, metal and paper." in words


def test_choosing_another_model_is_told(qtbot, ready):
    box = part(ready, "predict_model", QComboBox)
    box.setFocus()
    with qtbot.waitSignal(ready.model_chosen) as chosen:
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert chosen.args == [OTHER.path]


def test_showing_models_chooses_none(qtbot, ready):
    with qtbot.assertNotEmitted(ready.model_chosen):
        ready.show_models([OTHER, MODEL], MODEL.path)
    assert part(ready, "predict_model", QComboBox).currentText() == "bottles"


def test_pictures_and_folders_can_be_chosen(qtbot, ready):
    actions = {action.objectName(): action for action in part(ready, "predict_choose_menu", QMenu).actions()}
    with qtbot.waitSignal(ready.files_wanted):
        actions["predict_choose_files"].trigger()
    with qtbot.waitSignal(ready.folder_wanted):
        actions["predict_choose_folder"].trigger()


def test_results_stream_in_while_it_runs(qtbot, ready, queue, fake):
    queue.predict(["/p"])
    assert is_there(ready, "predict_progress")
    assert part(ready, "predict_pace").text() == "Opening the model…"
    report(fake.job, RESULTS[:2], total=20)
    qtbot.waitUntil(lambda: len(shown(ready)) == 2)
    assert part(ready, "predict_pace").text() == "2 of 20 classified · 2.0 pictures/s · 9 s left"
    bar = part(ready, "predict_progress", QProgressBar)
    assert (bar.value(), bar.maximum()) == (2, 20)
    assert is_there(ready, "predict_list")
    report(fake.job, RESULTS, total=20)
    finish(fake.job)
    assert shown(ready) == ["bottle.jpg", "jar.jpg", "tin.jpg", "empty.jpg"]
    assert not is_there(ready, "predict_progress")
    assert part(ready, "predict_choose").property("role") == ""


def test_stop_stops_and_keeps_what_is_there(ready, queue, fake):
    queue.predict(["/p"])
    report(fake.job, RESULTS[:2], total=20)
    click(ready, "predict_stop")
    assert fake.job.stop_asked
    assert part(ready, "predict_pace").text() == "Stopping…"
    assert not part(ready, "predict_stop").isEnabled()
    stopped(fake.job)
    assert shown(ready) == ["bottle.jpg", "jar.jpg"]
    assert not is_there(ready, "predict_progress")


def test_chips_count_the_classes_and_show_one_alone(filled):
    assert part(filled, "predict_filter_all", QPushButton).text() == "All 4"
    assert part(filled, "predict_filter_class_glass", QPushButton).text() == "glass 2"
    assert part(filled, "predict_filter_unreadable", QPushButton).text() == "Unreadable 1"
    assert filled.findChild(QPushButton, "predict_filter_class_paper") is None
    click(filled, "predict_filter_class_glass")
    assert shown(filled) == ["bottle.jpg", "jar.jpg"]
    assert part(filled, "predict_filter_class_glass", QPushButton).isChecked()
    assert not part(filled, "predict_filter_all", QPushButton).isChecked()
    click(filled, "predict_filter_unreadable")
    assert shown(filled) == ["empty.jpg"]
    click(filled, "predict_filter_all")
    assert len(shown(filled)) == 4


def test_a_search_looks_at_names_within_the_chosen_class(filled):
    click(filled, "predict_filter_class_glass")
    search = part(filled, "predict_search", QLineEdit)
    QTest.keyClicks(search, "JAR")
    assert shown(filled) == ["jar.jpg"]
    search.setText("zebra")
    assert is_there(filled, "predict_none_match")
    assert "No file name contains “zebra”." in words_in(filled, "predict_none_match")
    assert not is_there(filled, "predict_list")
    search.clear()
    assert shown(filled) == ["bottle.jpg", "jar.jpg"]
    assert is_there(filled, "predict_list")


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("Order added", "bottle jar tin empty a10"),
        ("Name", "a10 bottle empty jar tin"),
        ("Class", "bottle a10 jar tin empty"),
        ("Most certain first", "bottle tin a10 jar empty"),
        ("Least certain first", "jar a10 tin bottle empty"),
    ],
)
def test_orders_can_be_chosen(filled, queue, fake, words, order):
    box = part(filled, "predict_order", QComboBox)
    box.setCurrentIndex(box.findText(words))
    predict_all(queue, fake, [said("/p/a10.jpg", "glass", 0.7)])  # what comes later finds its place too
    assert shown(filled) == [f"{name}.jpg" for name in order.split()]


def test_a_new_drop_is_seen_whatever_was_looked_for_before(filled, queue, fake):
    part(filled, "predict_search", QLineEdit).setText("zebra")
    click(filled, "predict_filter_class_metal")
    predict_all(queue, fake, [said("/new.jpg", "paper")])
    assert "new.jpg" in shown(filled)
    assert part(filled, "predict_search", QLineEdit).text() == ""
    assert part(filled, "predict_filter_all", QPushButton).isChecked()


def test_a_new_drop_is_scrolled_to(filled, queue, fake):
    predict_all(queue, fake, [said(f"/many/{number}.jpg") for number in range(100)])
    filled._list.scrollToTop()
    predict_all(queue, fake, [said("/new.jpg", "paper")])
    place = filled._list.results.place_of("/new.jpg")
    assert filled._list.viewport().rect().intersects(filled._list.visualRect(filled._list.results.index(place)))
    assert filled._list.currentIndex().row() == place


def test_opening_a_picture_tells_all_that_are_shown(qtbot, filled):
    click(filled, "predict_filter_class_glass")
    filled._list.setCurrentIndex(filled._list.results.index(1))
    with qtbot.waitSignal(filled.picture_opened) as opened:
        QTest.keyClick(filled._list, Qt.Key.Key_Space)
    assert opened.args == [["/p/bottle.jpg", "/p/jar.jpg"], ["glass 97 %", "glass 60 %"], 1]


def test_a_file_that_cannot_be_read_says_why(filled):
    row = filled._list.results.row_at(3)
    assert (row.name, row.result) == ("empty.jpg", CANNOT)


def test_save_asks_for_a_table_and_the_table_has_everything(qtbot, filled, queue, tmp_path):
    click(filled, "predict_filter_class_glass")
    with qtbot.waitSignal(filled.table_wanted):
        click(filled, "predict_save")
    write_csv(tmp_path / "a.csv", queue.results, queue.classes, for_spreadsheets("."))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == ["/p/bottle.jpg", "/p/jar.jpg", "/p/tin.jpg", "/p/empty.jpg"]
    assert (rows[2]["class"], float(rows[2]["metal"]), float(rows[2]["glass"])) == ("metal", 0.8, pytest.approx(0.1))
    assert rows[3]["error"] == CANNOT


def test_there_is_nothing_to_save_before_there_are_results(ready):
    assert not part(ready, "predict_save").isEnabled()


def test_clear_forgets_everything(filled, queue):
    part(filled, "predict_search", QLineEdit).setText("jar")
    click(filled, "predict_clear")
    assert queue.results == []
    assert is_there(filled, "predict_no_results")
    assert not is_there(filled, "predict_filters")
    assert part(filled, "predict_search", QLineEdit).text() == ""


def test_what_is_dropped_before_a_model_is_chosen_waits_and_says_so(page, queue, fake):
    page.show_models([MODEL, OTHER], None)
    assert part(page, "predict_model", QComboBox).currentIndex() == -1
    queue.predict(["/a.jpg"])
    assert is_there(page, "predict_waiting")
    assert "Choose a model" in part(page, "predict_waiting", MessageCard).words
    page.show_models([], None)
    queue.changed.emit()
    assert "Train a model" in part(page, "predict_waiting", MessageCard).words
    page.show_models([MODEL, OTHER], None)
    queue.choose_model(OTHER)
    assert not is_there(page, "predict_waiting")
    assert fake.job.request == PredictRequest(OTHER.path, ("/a.jpg",))


def test_a_dead_engine_is_told_in_words_and_try_again_goes_on(ready, queue, fake):
    queue.predict(["/a.jpg", "/b.jpg"])
    report(fake.job, [said("/a.jpg")], total=2)
    fake.job.ended.emit(DIED)
    assert is_there(ready, "predict_failure")
    assert "ended unexpectedly" in part(ready, "predict_failure", MessageCard).words
    assert shown(ready) == ["a.jpg"]
    click(ready, "predict_again")
    assert not is_there(ready, "predict_failure")
    assert fake.job.request.paths == ("/b.jpg",)


def test_a_refusal_is_told_until_the_next_drop(ready, queue):
    ready.show_refusal("This is an address. Save the picture first.")
    assert is_there(ready, "predict_refusal")
    assert part(ready, "predict_refusal", MessageCard).words == "This is an address. Save the picture first."
    queue.predict(["/a.jpg"])
    assert not is_there(ready, "predict_refusal")


def test_another_model_empties_the_page(filled, queue):
    queue.choose_model(OTHER)
    assert shown(filled) == []
    assert is_there(filled, "predict_no_results")
    assert filled._subtitle.text().startswith("2 classes")


def test_20000_results_can_be_filtered_sorted_and_searched(qtbot, ready, queue, fake):
    results = [said(f"/many/{n}.jpg", CLASSES[n % 3], 0.4 + n / 50_000) for n in range(20_000)]
    predict_all(queue, fake, results)
    everything = part(ready, "predict_filter_all", QPushButton)
    qtbot.waitUntil(lambda: everything.text() == f"All {texts.number(20_000)}")
    box = part(ready, "predict_order", QComboBox)
    box.setCurrentIndex(box.findText("Most certain first"))
    assert shown(ready)[0] == "19999.jpg"
    click(ready, "predict_filter_class_metal")
    assert shown(ready)[0] == "19999.jpg"
    assert len(shown(ready)) == 6667
    part(ready, "predict_search", QLineEdit).setText("1234")
    assert shown(ready) == ["12349.jpg", "12346.jpg", "12343.jpg", "12340.jpg", "1234.jpg"]


def test_what_a_person_can_act_on_has_names_for_scripts_and_for_screen_readers(filled):
    acting = (QPushButton, QComboBox, QLineEdit)
    for widget in (one for kind in acting for one in filled.findChildren(kind)):
        assert widget.objectName().startswith("predict_"), widget
        assert widget.accessibleName(), widget.objectName()
    assert part(filled, "predict_list").accessibleName() == "Predictions"


def test_at_most_one_button_is_primary(page, queue, fake):
    def primary():
        return [b for b in page.findChildren(QPushButton) if b.property("role") == "primary" and b.isVisible()]

    page.show_models([], None)
    assert len(primary()) == 1
    page.show_models([MODEL], MODEL.path)
    queue.choose_model(MODEL)
    assert len(primary()) == 1
    predict_all(queue, fake, RESULTS)
    assert primary() == []


# --- Chips ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def chips(qtbot):
    made = ClassFilter()
    qtbot.addWidget(made)
    made.resize(600, 30)
    made.show()
    return made


NAMES = [f"class {number:03d}" for number in range(120)]


def class_chips(chips):
    return [
        chip.text()
        for chip in chips.findChildren(QPushButton)
        if chip.isVisible() and chip.objectName().startswith("predict_filter_class_")
    ]


def test_of_many_classes_the_most_frequent_have_chips_and_the_others_are_in_a_menu(chips):
    chips.show_counts(NAMES, {name: number + 1 for number, name in enumerate(NAMES)}, 3)
    visible = class_chips(chips)
    assert "class 119 120" in visible
    assert 2 <= len(visible) <= 6
    right_edges = [chip.geometry().right() for chip in chips.findChildren(QPushButton) if chip.isVisible()]
    assert max(right_edges) < chips.width()
    assert len(visible) + len(chips.more_classes) == 120
    chips.resize(1000, 30)
    assert len(class_chips(chips)) > len(visible)


@pytest.mark.parametrize("unreadable", [0, 12345])
@pytest.mark.parametrize("width", range(480, 1000, 60))
def test_chips_that_are_shown_have_their_room_at_any_width(chips, width, unreadable):
    chips.resize(width, 30)
    chips.show_counts(NAMES, dict.fromkeys(NAMES, 5), unreadable)
    QApplication.processEvents()
    shown_chips = [chip for chip in chips.findChildren(QPushButton) if chip.isVisible()]
    assert [chip.text() for chip in shown_chips if chip.width() < chip.sizeHint().width()] == []
    assert max(chip.geometry().right() for chip in shown_chips) < width


def test_a_class_of_the_menu_gets_a_chip_when_it_is_chosen(qtbot, chips):
    chips.show_counts(NAMES, dict.fromkeys(NAMES, 5) | {"class 077": 1}, 0)
    menu = chips.findChild(QMenu, "predict_filter_menu")
    menu.aboutToShow.emit()
    with qtbot.waitSignal(chips.chosen) as chosen:
        next(action for action in menu.actions() if action.text() == "class 077 1").trigger()
    assert chosen.args[0].class_name == "class 077"
    assert "class 077 1" in class_chips(chips)


def test_long_names_are_shortened_and_odd_ones_shown_as_they_are(chips):
    long = "the plastic lid of a takeaway cup, photographed from above it"
    chips.show_counts([long, "salt & pepper"], {long: 1, "salt & pepper": 2}, 0)
    chip = chips.findChild(QPushButton, f"predict_filter_class_{long}")
    assert "…" in chip.text()
    assert long in chip.toolTip()
    assert chips.findChild(QPushButton, "predict_filter_class_salt & pepper").text() == "salt && pepper 2"


@pytest.mark.parametrize(("room", "fit"), [(300, 3), (291, 2), (200, 1), (100, 0), (306, 3)])
def test_chips_that_fit(room, fit):
    assert chips_that_fit([98, 98, 98], room, 80) == fit


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "total", "rate", "left", "words"),
    [
        (0, 500, None, None, "Opening the model…"),
        (1, 500, None, None, "1 of 500 classified"),
        (214, 500, 9.0, 32.0, "214 of 500 classified · 9.0 pictures/s · 32 s left"),
        (
            1214,
            5000,
            104.4,
            36.0,
            f"{texts.number(1214)} of {texts.number(5000)} classified · 104 pictures/s · 36 s left",
        ),
        (500, 500, 9.9, 0.0, "500 of 500 classified · 10 pictures/s"),
    ],
)
def test_progress_in_words(qapp, done, total, rate, left, words):
    assert progress_words(done, total, rate, left) == words


def test_models_of_the_same_name_are_told_apart():
    assert model_names(["/a/leaves", "/b/leaves", "/b/cars"]) == ["leaves (a)", "leaves (b)", "cars"]


def test_many_classes_are_not_all_named(qapp):
    assert class_words(CLASSES) == "glass, metal and paper"
    assert class_words(NAMES[:12]).endswith("class 010 and class 011")
    assert class_words(NAMES).endswith("class 011 and 108 more")


def test_a_model_without_figures_has_its_classes_named(page, queue):
    queue.choose_model(RunSummary("/models/new", 1, classes=CLASSES))
    assert page._subtitle.text() == "3 classes"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("No. Really, no.", ("No.", "Really, no.")),
        ("Only one sentence.", ("Only one sentence.", "")),
        ("这是地址。请先保存图片。", ("这是地址。", "请先保存图片。")),
    ],
)
def test_the_first_sentence_stands_out(text, parts):
    assert split_after_first_sentence(text) == parts


def test_a_model_that_is_being_prepared_says_how_long_that_takes(ready, queue, fake):
    queue.prepare()
    fake.job.say(PhaseStarted(Phase.CONVERTING))
    words = " ".join(one.text() for one in part(ready, "predict_no_results").findChildren(QLabel))
    assert "Preparing the model…" in words and "half a minute" in words
    fake.job.be_stopped()
    words = " ".join(one.text() for one in part(ready, "predict_no_results").findChildren(QLabel))
    assert "Preparing" not in words


def test_predictions_in_another_runtime_than_the_models_own_are_told_as_such(ready, queue, fake):
    queue.predict(["/p/jar.jpg"])
    fake.job.say(Notice(NoticeCode.OTHER_RUNTIME, {"runtime": "OpenVINO (bfloat16)", "used": "LiteRT (float32)"}))
    assert not is_there(ready, "predict_notice")  # there is no prediction yet
    report(fake.job, [said("/p/jar.jpg", "glass", 0.8)])
    finish(fake.job)
    assert "OpenVINO (bfloat16), which is not available" in part(ready, "predict_notice", MessageCard).words
    queue.choose_model(OTHER)
    assert not is_there(ready, "predict_notice")


def test_before_the_first_result_it_says_what_it_waits_for(page, queue, fake):
    page.show_models([MODEL, OTHER], None)
    assert "No model chosen" in words_in(page, "predict_no_results")
    queue.choose_model(MODEL)
    page.show_models([MODEL, OTHER], MODEL.path)
    assert part(page, "predict_model").toolTip() == MODEL.path
    queue.predict(["/p"])
    assert "The first predictions will appear here" in words_in(page, "predict_no_results")


def test_a_class_that_has_no_picture_any_more_can_be_left(filled, queue, fake):
    click(filled, "predict_filter_class_metal")
    predict_all(queue, fake, [said("/p/tin.jpg", "glass", 0.8)])  # the same picture, seen otherwise now
    assert shown(filled) == ["bottle.jpg", "jar.jpg", "tin.jpg", "empty.jpg"]  # what was dropped is seen
    click(filled, "predict_filter_unreadable")
    predict_all(queue, fake, [said("/p/empty.jpg", "glass", 0.8)])
    assert len(shown(filled)) == 4 and part(filled, "predict_filter_all", QPushButton).isChecked()


def test_pictures_that_a_model_was_trained_on_are_left_out_where_they_are_gone(qtbot, page, queue, thumbnails):
    samples = tuple(f"/data/{n}.jpg" for n in range(9))
    thumbnails.failed.add(samples[1])
    queue.choose_model(RunSummary("/models/new", 1, classes=CLASSES, val_accuracy=0.9, samples=samples))
    qtbot.waitUntil(lambda: bool(thumbnails.asked))
    room = (part(page, "predict_no_results").width() + 16) // 120
    assert tuple(dict.fromkeys(thumbnails.asked)) == tuple(samples[n] for n in (0, 2, 3, 4, 5))[:room]


# --- What is kept, and what is brought back ---------------------------------------------------------------------------


def test_another_model_is_offered_the_same_pictures_and_the_way_back_is_open(qtbot, filled, queue, fake):
    assert not is_there(filled, "predict_offer")
    queue.choose_model(OTHER)
    filled.show_models([MODEL, OTHER], OTHER.path)
    assert is_there(filled, "predict_offer") and shown(filled) == []
    assert "“bottles” has classified 4 pictures." in part(filled, "predict_offer").words
    assert part(filled, "predict_offer_same", QPushButton).text() == "Classify the same pictures with “leaves”"
    with qtbot.waitSignal(filled.model_chosen) as chosen:
        click(filled, "predict_offer_back")
    assert chosen.args == [MODEL.path]
    click(filled, "predict_offer_same")
    assert fake.job.request == PredictRequest(OTHER.path, tuple(result.path for result in RESULTS))
    assert not is_there(filled, "predict_offer")
    queue.choose_model(MODEL)
    assert shown(filled) == ["bottle.jpg", "jar.jpg", "tin.jpg", "empty.jpg"]
    assert "“leaves” · " in part(filled, "predict_pace", QLabel).text()  # which goes on


def test_an_offer_can_be_declined_and_leads_back_only_to_what_is_there(filled, queue):
    queue.choose_model(OTHER)
    filled.show_models([OTHER], OTHER.path)
    assert not is_there(filled, "predict_offer_back")
    click(filled, "predict_offer_dismiss")
    assert not is_there(filled, "predict_offer")


def test_results_of_a_model_that_has_trained_on_are_told_to_be_older(filled, queue):
    better = replace(MODEL, val_accuracy=0.95)
    queue.choose_model(better)
    filled.show_models([better], better.path)
    assert "“bottles” has been trained further since it classified 4 pictures." in part(filled, "predict_offer").words
    assert part(filled, "predict_offer_same", QPushButton).text() == "Classify again"
    assert not is_there(filled, "predict_offer_back") and len(shown(filled)) == 4


def test_what_is_looked_for_is_looked_for_among_the_results_of_another_model_too(filled, queue, fake):
    click(filled, "predict_filter_class_glass")
    part(filled, "predict_search", QLineEdit).setText("jar")
    queue.choose_model(OTHER)
    predict_all(queue, fake, [said("/p/other.jpg", "oak", others=OTHER.classes)])
    queue.choose_model(replace(MODEL, path="/models/twin"))
    predict_all(queue, fake, [said("/p/jar.jpg"), said("/p/tin.jpg")])
    part(filled, "predict_search", QLineEdit).setText("jar")
    assert shown(filled) == ["jar.jpg"]
    queue.choose_model(MODEL)
    assert part(filled, "predict_search", QLineEdit).text() == "jar" and shown(filled) == ["jar.jpg"]


def test_clearing_is_told_and_undone_as_it_was(filled):
    click(filled, "predict_filter_class_glass")
    click(filled, "predict_clear")
    assert part(filled, "predict_cleared").words == "4 predictions were cleared."
    click(filled, "predict_undo")
    assert shown(filled) == ["bottle.jpg", "jar.jpg"]
    assert not is_there(filled, "predict_cleared")


@pytest.mark.parametrize("way", ["keyboard", "mouse", "menu"])
def test_after_clearing_the_keyboard_is_on_what_brings_it_back(way, qtbot, filled):
    clear = part(filled, "predict_clear", QPushButton)
    clear.setFocus()
    match way:
        case "keyboard":
            qtbot.keyClick(clear, Qt.Key.Key_Space)
        case "mouse":
            click(filled, "predict_clear")
        case "menu":
            filled.clear()
    undo = filled.window().focusWidget()
    assert undo is part(filled, "predict_undo")
    qtbot.keyClick(undo, Qt.Key.Key_Space)
    assert len(shown(filled)) == 4


def test_the_word_of_clearing_goes_with_the_next_drop_or_when_it_is_closed(filled, queue):
    click(filled, "predict_clear")
    queue.predict(["/p/new.jpg"])
    assert not is_there(filled, "predict_cleared")
    click_clear = part(filled, "predict_filters")._clear.click
    queue.undo_clear()
    click_clear()
    assert part(filled, "predict_cleared").words == "The waiting pictures were cleared."
    click(filled, "predict_cleared_dismiss")
    assert not is_there(filled, "predict_cleared") and not queue.can_undo


def test_a_table_that_was_saved_is_told_of_until_the_next_drop(qtbot, filled, queue):
    filled.show_saved("/home/ada/predictions.csv", 4)
    assert part(filled, "predict_saved").words == "Saved 4 predictions to “predictions.csv”"
    with qtbot.waitSignal(filled.shown_in_folder) as wanted:
        click(filled, "predict_saved_show_in_folder")
    assert wanted.args == ["/home/ada/predictions.csv"]
    queue.predict(["/p/new.jpg"])
    assert not is_there(filled, "predict_saved")
    filled.show_saved("/home/ada/predictions.csv", 1)
    assert part(filled, "predict_saved").words == "Saved 1 prediction to “predictions.csv”"
    click(filled, "predict_saved_dismiss")
    assert not is_there(filled, "predict_saved")


def test_what_can_not_be_used_and_what_has_failed_can_be_put_away(ready, queue, fake):
    ready.show_refusal("There is no picture in it.")
    click(ready, "predict_refusal_dismiss")
    assert not is_there(ready, "predict_refusal")
    queue.predict(["/p/a.jpg"])
    fake.job.ended.emit(DIED)
    click(ready, "predict_failure_dismiss")
    assert not is_there(ready, "predict_failure")


def test_a_long_name_leaves_its_middle_out():
    assert quoted("insects") == "insects"
    short = quoted("a" * 30 + "b" * 30)
    assert short[0] == "a" and short[-1] == "b" and "…" in short and len(short) < 40


@pytest.mark.parametrize("message", ["cleared", "saved", "offer"])
def test_in_the_smallest_window_every_button_beside_a_message_has_its_room(qtbot, filled, queue, message):
    filled.resize(560, 475)  # what the rail and the menus leave
    match message:
        case "cleared":
            click(filled, "predict_clear")
        case "saved":
            filled.show_saved("/home/ada/predictions.csv", 4)
        case "offer":
            samples = ("/data/glass/1.jpg", "/data/metal/1.jpg")
            twin = replace(MODEL, path="/models/" + "very " * 30 + "long", samples=samples)
            queue.choose_model(twin)
            filled.show_models([MODEL, twin], twin.path)
    QApplication.processEvents()
    seen = [one for one in filled.findChildren(QPushButton) if one.isVisible()]
    assert len(seen) > 3
    for one in seen:
        assert one.height() >= one.sizeHint().height(), one.objectName()
        assert one.width() >= one.sizeHint().width(), one.objectName()
