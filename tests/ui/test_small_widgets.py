"""Labels that shorten, messages, lists of classes and of files that are left out, the steps of the wizard."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from tests.ui.engines import FakeEngine, failed
from tests.ui.predicted import FakeThumbnails
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.ui.dataset.class_list import ClassList, ClassRow, Needs, Share, columns_of
from xception_gui.ui.dataset.left_out_list import LeftOutList
from xception_gui.ui.dataset.looks_strip import SIDE, LooksStrip
from xception_gui.ui.dataset.stepper import Stepper
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import held
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import FigureCard
from xception_gui.ui.kit.drop_zone import DropZone
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.message_bar import MessageBar
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import FittingArea
from xception_gui.ui.kit.painting import draw_bar, draw_thumbnail, shortened
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.predict.sample_pictures import SamplePictures
from xception_gui.ui.start.model_row import PictureStrip

LONG_NAME = "a folder with quite a long name, as people give them at times.jpg"
ROOT = "/home/ada/pets"
FILES = (
    left_out(f"{ROOT}/cats/1.jpg", Reason.DUPLICATE, "2.jpg"),
    left_out(f"{ROOT}/cats/notes.txt", Reason.NOT_A_PICTURE),
    left_out(f"{ROOT}/dogs/3.jpg", Reason.DUPLICATE, "4.jpg"),
)


@pytest.fixture
def show(qtbot):
    """Put a widget on the screen."""

    def shown(widget, width=400, height=300):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return shown


@pytest.fixture
def thumbnails(qapp):
    return Thumbnails(FakeEngine().client)


def test_a_text_that_does_not_fit_is_whole_in_the_tool_tip(show):
    words = show(ElidedLabel(LONG_NAME), 120, 20)
    words.grab()
    assert words.toolTip() == LONG_NAME
    words.resize(2000, 20)
    words.grab()
    assert words.toolTip() == ""


def test_a_text_of_several_lines_is_shown_in_one(show):
    words = show(ElidedLabel("first\nsecond"))
    assert words.text() == words.accessibleName() == "first second"


def test_a_name_is_never_read_as_markup(show):
    for words in (label("<b>bold</b>"), ElidedLabel("<b>bold</b>")):
        assert words.textFormat() is Qt.TextFormat.PlainText
        assert words.text() == "<b>bold</b>"


def test_a_failure_is_told_with_its_way_out_and_goes_away(show):
    window = QWidget()
    card = MessageCard("oops", (button("Again", "again"),), parent=window)
    show(window)
    assert not card.isVisible()
    card.show_failure(failed(ErrorCode.TRAINING_DIVERGED, learning_rate="0.5"))
    assert card.isVisible()
    assert "unstable" in card.words and "0.5" in card.words and "lower learning rate" in card.words
    assert card.accessibleName() == card.words
    card.show_message("Only this")
    assert card.words == "Only this"
    card.show_failure(None)
    assert not card.isVisible()


def test_the_words_of_a_failure_can_be_copied(qtbot, show):
    card = MessageCard("oops")
    card.show_message("What happened", "Why")
    show(card)
    words = card.findChild(QWidget, "oops_what")
    qtbot.mouseDClick(words, Qt.MouseButton.LeftButton, pos=words.rect().topLeft())
    qtbot.keyClick(words, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(words, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "What happened"


def test_a_drop_zone_lights_up(show):
    zone = show(DropZone("zone", "Drop here", "a folder"))
    assert zone.property("role") == "drop"
    zone.show_hovering(True)
    assert zone.property("role") == "drop-over"
    zone.show_words("Drop more", "pictures")
    assert zone.accessibleName() == "Drop more. pictures"


def test_classes_are_read_aloud_with_their_counts(show, thumbnails):
    classes = show(ClassList(thumbnails, "classes"))
    classes.show_classes([ClassRow("猫", 1234, ("/p/1.jpg",)), ClassRow("dogs", 2, ())])
    model = classes.model()
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert spoken == [f"猫: {texts.number(1234)} pictures", "dogs: 2 pictures"]
    classes.grab()


def test_only_the_pictures_in_sight_are_asked_for(qtbot, show, qapp):
    engine = FakeEngine()
    classes = show(ClassList(Thumbnails(engine.client, qapp), "classes"), 500, 200)
    classes.show_classes([ClassRow(f"class {n}", 10, (f"/p/{n}.jpg",)) for n in range(120)])
    qtbot.waitUntil(lambda: bool(engine.jobs))
    assert 0 < len(engine.job.request.paths) < 8
    assert set(engine.job.request.paths) <= {f"/p/{n}.jpg" for n in range(8)}


@pytest.mark.parametrize("width", [300, 500, 640, 1200])
def test_a_row_of_a_class_keeps_its_parts_apart_at_any_width(width):
    row = QRect(0, 0, width, 62)
    columns = columns_of(row, 8)
    parts = [columns.name, columns.count, *columns.pictures, *([columns.bar] if columns.bar else [])]
    for before, after in pairwise(parts):
        assert before.right() < after.left()
    assert (columns.bar is not None) == (width >= 640)
    assert len(columns.pictures) >= 1


def test_a_name_takes_the_room_that_nothing_else_wants():
    row = QRect(0, 0, 1000, 62)
    usual = columns_of(row, 8).name.width()
    long = Needs(name=500)
    assert columns_of(row, 1, needs=long).name.width() == 500 - 12  # one picture leaves it that
    eight = columns_of(row, 8, needs=long)
    assert usual < eight.name.width() < 500 and len(eight.pictures) == 8  # eight leave it some of that
    assert columns_of(row, 1, needs=Needs(name=90)).name.width() == usual


def test_a_count_and_a_share_are_never_shortened(show, thumbnails):
    classes = show(ClassList(thumbnails, "classes"), 400)
    classes.show_classes([ClassRow("a", 123_456_789, ()), ClassRow("b", 7, ())])
    classes.show_shares({"a": Share(1.0, 40), "b": Share(0.5, 40)})
    needs = classes._delegate._needs
    row = columns_of(classes.visualRect(classes.model().index(0, 0)), 1, with_share=True, needs=needs)
    bold, plain = (QFontMetrics(theme.font(14, weight)) for weight in (QFont.Weight.DemiBold, QFont.Weight.Normal))
    assert row.count.width() >= plain.horizontalAdvance(texts.number(123_456_789))
    assert row.share.width() >= bold.horizontalAdvance("100 %")


def test_a_text_keeps_its_figure_where_there_is_too_little_room_for_all_of_it(qapp):
    metrics, middle = QFontMetrics(theme.font(12)), Qt.TextElideMode.ElideMiddle
    text, end = "a class with a rather long name 100 %", " 100 %"
    for room in (90, 140, 200):
        shown = shortened(text, metrics, middle, room, end)
        assert shown.endswith(end) and "…" in shown and metrics.horizontalAdvance(shown) <= room + 1
    assert shortened("100 %", metrics, middle, metrics.horizontalAdvance("100 %")) == "100 %"  # it fits to the pixel


@pytest.fixture
def files(show, thumbnails):
    shown = show(LeftOutList(thumbnails), 700)
    shown.show_files(FILES, ROOT)
    return shown


def rows(files):
    model = files.findChild(QTableView, "check_left_out").model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def test_every_file_that_is_left_out_has_its_reason(files):
    assert rows(files) == [
        ("cats/1.jpg", "The file is an exact duplicate of “2.jpg”."),
        ("cats/notes.txt", "The file is not a picture that this program can read."),
        ("dogs/3.jpg", "The file is an exact duplicate of “4.jpg”."),
    ]


def test_a_file_that_is_left_out_has_its_path_and_its_reason_in_full_and_its_picture_beside_its_name(files):
    model = files.findChild(QTableView, "check_left_out").model()
    tips = [model.index(0, column).data(Qt.ItemDataRole.ToolTipRole) for column in (0, 1)]
    assert tips == [f"{ROOT}/cats/1.jpg", "The file is an exact duplicate of “2.jpg”."]
    pictures = [model.index(row, column).data(Qt.ItemDataRole.DecorationRole) for row in (0, 1) for column in (0, 1)]
    assert [picture is not None for picture in pictures] == [True, False, False, False]  # the second file is none


def test_the_list_is_narrowed_to_one_reason(qtbot, files):
    reasons = files.findChild(QComboBox, "check_left_out_reason")
    assert [reasons.itemText(row) for row in range(reasons.count())] == [
        "All reasons (3)",
        "duplicates (2)",
        "not a picture (1)",
    ]
    reasons.setFocus()
    qtbot.keyClick(reasons, Qt.Key.Key_Down)
    assert [name for name, _ in rows(files)] == ["cats/1.jpg", "dogs/3.jpg"]
    qtbot.keyClick(reasons, Qt.Key.Key_Home)
    assert len(rows(files)) == 3


def test_the_way_to_a_file_is_open_by_button_key_and_double_click(qtbot, files):
    table, show_it = files.findChild(QTableView), files.findChild(QPushButton, "check_show_in_folder")
    asked = []
    files.shown_in_folder.connect(asked.append)
    assert not show_it.isEnabled()
    place = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert show_it.isEnabled()
    qtbot.mouseClick(show_it, Qt.MouseButton.LeftButton)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (in_menu,) = table.actions()
    in_menu.trigger()
    assert asked == [f"{ROOT}/cats/notes.txt"] * 4


def test_other_files_forget_what_was_chosen(qtbot, files):
    table = files.findChild(QTableView)
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(0, 0)).center()
    )
    files.show_files(FILES[1:2], ROOT)
    assert rows(files) == [("cats/notes.txt", "The file is not a picture that this program can read.")]
    assert not files.findChild(QPushButton, "check_show_in_folder").isEnabled()


def test_only_steps_that_lie_behind_can_be_gone_back_to(qtbot, show):
    stepper = show(Stepper(("Folder", "Check", "Recipe"), "steps"))
    chosen = []
    stepper.step_chosen.connect(chosen.append)
    stepper.show_step(1)
    steps = [stepper.findChild(QPushButton, f"steps_{number}") for number in (1, 2, 3)]
    assert [step.text() for step in steps] == ["✓  Folder", "2  Check", "3  Recipe"]
    for step in steps:
        qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
    assert chosen == [0]
    assert [step.isChecked() for step in steps] == [False, True, False]


def test_a_failure_that_comes_with_a_log_offers_to_copy_it(show):
    card = show(MessageCard("oops"))
    copy = card.findChild(QPushButton, "oops_copy_log")
    card.show_failure(failed(ErrorCode.ENGINE_DIED, found="It crashed.", log="first line\nlast line"))
    assert copy.isVisible()
    copy.click()
    copied = QApplication.clipboard().text()
    assert "It crashed." in copied and copied.endswith("first line\nlast line\n")
    card.show_failure(failed(ErrorCode.ENGINE_DIED, found="It crashed."))
    assert not copy.isVisible()


class Painted(QWidget):
    """Counts how often it is painted."""

    count = 0

    def paintEvent(self, event):  # noqa: N802 - Qt's name
        self.count += 1


def test_a_bar_that_goes_on_paints_nothing_in_the_midst_of_a_change(qtbot):
    window = QWidget()
    column = QVBoxLayout(window)
    bar, other = ProgressBar(), Painted()
    column.addWidget(bar)
    column.addWidget(other)
    other.setFixedSize(50, 50)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: other.count > 0)
    before = other.count
    other.update()
    bar.show_progress(3, 10)
    assert other.count == before
    qtbot.waitUntil(lambda: other.count > before)
    assert (bar.value(), bar.maximum()) == (3, 10)
    bar.show_progress(0, 0)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    bar.show_progress(7, 8)
    assert (bar.value(), bar.maximum()) == (7, 8)


def filled(widget, place, token):
    """How many pixels of a line through the middle of a place have a colour."""
    image = widget.grab().toImage()
    y = place.center().y()
    return sum(
        image.pixelColor(x, y).name() == theme.color(token).name() for x in range(place.left(), place.right() + 1)
    )


def test_classes_are_compared_by_bars_and_an_empty_one_has_none(show):
    thumbnails = FakeThumbnails()
    classes = show(ClassList(thumbnails, "classes"), 900)
    classes.show_classes(
        [ClassRow(name, count, (f"/p/{name}.jpg",)) for name, count in (("a", 50), ("b", 100), ("c", 0))]
    )
    viewport = classes.viewport()
    lengths = []
    for row in range(3):
        columns = columns_of(classes.visualRect(classes.model().index(row, 0)), 8)
        lengths.append(filled(viewport, columns.bar, "accent"))
        middle = columns.pictures[0].center()
        assert viewport.grab().toImage().pixelColor(middle).name() == "#00ff00"
    assert lengths[1] >= columns.bar.width() - 8 and abs(lengths[0] - lengths[1] / 2) <= 5 and lengths[2] == 0
    assert set(thumbnails.asked) == {"/p/a.jpg", "/p/b.jpg", "/p/c.jpg"}
    classes.show_classes([ClassRow("none", 0, ())])
    assert classes.model().index(0, 0).data() == "none: 0 pictures"
    classes.grab()  # there is nothing to compare with


@pytest.mark.parametrize(("share", "length"), [(0.0, 0), (0.004, 0), (0.01, 2), (0.5, 100), (1.0, 200), (1.5, 200)])
def test_a_bar_is_as_long_as_its_share(qapp, share, length):
    image = QImage(200, 6, QImage.Format.Format_RGB32)
    image.fill(theme.color("card"))
    painter = QPainter(image)
    draw_bar(painter, QRectF(0, 0, 200, 6), share)
    painter.end()
    line = theme.color("line").blue()
    accents = [x for x in range(200) if abs(image.pixelColor(x, 3).blue() - line) > 8]
    assert len(accents) == pytest.approx(length, abs=2)


def test_of_a_picture_that_is_no_square_its_middle_is_shown(qapp):
    wide = QPixmap(300, 100)
    painter = QPainter(wide)
    for number, colour in enumerate(("#ff0000", "#00ff00", "#0000ff")):
        painter.fillRect(number * 100, 0, 100, 100, QColor(colour))
    painter.end()
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_thumbnail(painter, QRect(0, 0, 50, 50), wide)
    painter.end()
    assert {image.pixelColor(x, 25).name() for x in (3, 25, 46)} == {"#00ff00"}


def test_things_that_are_good_to_know_have_a_heading_where_there_are_several(show):
    card = show(MessageCard("notice", role="notice"))
    card.show_sentences(["One thing."])
    assert card.words == "One thing." and card.isVisible()
    card.show_sentences(["One thing.", "Another."])
    assert card.words == "Good to know One thing.\nAnother."
    card.show_sentences([])
    assert not card.isVisible()


def test_a_figure_is_told_with_its_name_and_what_is_said_beside_it(show):
    card = show(FigureCard("Accuracy", "accuracy"))
    card.show_figure("92 %", "on new pictures")
    assert card.accessibleName() == "Accuracy: 92 % on new pictures" and card.figure == "92 %"
    card.show_figure("–")
    assert card.accessibleName() == "Accuracy: –"


def test_what_is_said_beside_a_figure_is_whole_in_a_narrow_card(show):
    card = FigureCard("Accuracy", "accuracy")
    card.show_figure("18 of 18", "right, too few to tell")
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(card)
    column.addStretch(1)
    show(page, 130, 200)
    remark = next(one for one in card.findChildren(QLabel) if one.text() == "right, too few to tell")
    assert remark.wordWrap() and remark.height() >= remark.heightForWidth(remark.width())
    assert remark.height() >= 2 * remark.fontMetrics().height()


def test_what_stands_above_a_page_is_whole_again_when_the_window_grows(show):
    words = label(LONG_NAME * 3, wrap=True)
    above = QVBoxLayout()
    above.addWidget(words)
    area = FittingArea(held(above), "above")
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(area)
    column.addStretch(1)
    show(page, 800, 300)
    whole = area.height()
    page.resize(200, 300)
    QApplication.processEvents()
    assert area.viewport().height() == words.height() > whole
    page.resize(800, 300)
    QApplication.processEvents()
    assert area.viewport().height() == words.height() == area.height() == whole


def test_words_that_are_longer_than_a_bar_get_a_second_line(show):
    bar = MessageBar("left", button("Back to the one before", "left_back"))
    bar.show_words("“vehicles of last summer” took the place of “trash of this winter”.")
    page = QWidget()
    QVBoxLayout(page).addWidget(bar)
    show(page, 400, 200)
    bar.show()
    QApplication.processEvents()
    words = bar.findChild(QLabel, "left_words")
    assert words.text() == bar.words and words.height() >= words.heightForWidth(words.width())
    assert words.height() >= 2 * words.fontMetrics().height()


def test_the_first_picture_is_shown_with_its_looks_however_narrow_it_is_and_others_where_they_fit(show):
    square = QPixmap(SIDE, SIDE)
    square.fill(QColor("#00ff00"))
    strip = LooksStrip("looks")
    strip.show_looks([[square] * 3, [square] * 3])
    of_one = 3 * SIDE + 2 * 4

    def greens(width):
        strip.resize(width, SIDE)
        image = strip.grab().toImage()
        return sum(image.pixelColor(x, SIDE // 2).name() == "#00ff00" for x in range(width))

    show(strip)
    assert [greens(width) for width in (SIDE, of_one, 2 * of_one + 19, 2 * of_one + 20)] == (
        [SIDE, 3 * SIDE, 3 * SIDE, 6 * SIDE]
    )


def listed_classes(thumbnails):
    made = ClassList(thumbnails, "classes")
    made.show_classes([ClassRow("a", 1, (PICTURE,))])
    return made


def left_out_copies(thumbnails):
    made = LeftOutList(thumbnails)
    made.show_files([left_out(PICTURE, Reason.DUPLICATE, "2.jpg")], ROOT)
    return made


def samples(thumbnails):
    made = SamplePictures(thumbnails)
    made.show_paths((PICTURE,))
    return made


PICTURE = f"{ROOT}/cats/1.jpg"


@pytest.mark.parametrize(
    "make", [listed_classes, left_out_copies, samples, lambda thumbnails: PictureStrip((PICTURE,), thumbnails)]
)
def test_a_small_picture_is_painted_as_soon_as_it_is_there(qtbot, show, make):
    thumbnails = FakeThumbnails()
    widget = show(make(thumbnails), 600)
    widget.grab()
    QApplication.processEvents()
    assert thumbnails.asked and set(thumbnails.asked) == {PICTURE}
    thumbnails.asked.clear()
    thumbnails.thumbnail_ready.emit(PICTURE)
    qtbot.waitUntil(lambda: thumbnails.asked == [PICTURE])
