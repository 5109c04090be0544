"""Names of strangers are text and nothing else, wherever the window shows them: never HTML, and nothing in them hidden.

One test walks the whole window, its dialogs and boxes, with such names everywhere; one reads the source, so that what
is built next is built of the same parts.
"""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from tests.recordings import TUTORIAL, recording
from tests.ui.evaluated import evaluated, picture, say
from tests.ui.predicted import report, said, unreadable
from tests.ui.test_start_page import run
from tests.ui.whole_window import job_of, settle, whole_window
from tests.ui.wizard import checked
from xception_gui import app
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.dataset import CheckRequest, EmbedRequest, PreviewReady, PreviewRequest, Problem
from xception_gui.domain.messages.exporting import ExportRequest, ExportResult
from xception_gui.domain.messages.machine import CacheRequest, CacheResult
from xception_gui.domain.messages.models import (
    LocateDatasetResult,
    RunsResult,
    RunSummary,
    ShareModelRequest,
    ShareModelResult,
)
from xception_gui.domain.messages.training import EpochFinished, LearningOutlook, Notice, NoticeCode
from xception_gui.domain.messages.using import PredictRequest
from xception_gui.domain.reasons import Reason, left_out
from xception_gui.domain.visible import visible, visible_lines
from xception_gui.ui.dataset.feature import DATA
from xception_gui.ui.desktop.unexpected import Mistake, UnexpectedErrorDialog
from xception_gui.ui.export.feature import EXPORT
from xception_gui.ui.kit.labels import ElidedLabel, label, tool_tip, window_title
from xception_gui.ui.kit.painting import draw_text
from xception_gui.ui.predict.feature import PREDICT
from xception_gui.ui.preferences.feature import PREFERENCES
from xception_gui.ui.preferences.preferences_dialog import PreferencesDialog
from xception_gui.ui.shell.closing import ClosingQuestion
from xception_gui.ui.start.feature import START

pytestmark = pytest.mark.usefixtures("undressed")

NAME = "R&D <img src=spy.png> <b>bold &lt; \u202egpj\n\x1b[2J\u200b[*]"
"""What opens a picture, stands out, is something else than it says, turns around, begins a line, clears a terminal."""

SPOKEN = "‹U+202E›gpj"
"""A part of it, as it is to be seen."""

CLASSES = (NAME, f"other {NAME}", "dogs")
FOLDER = f"/home/ada/{NAME}"
HERE = f"{FOLDER}/{NAME}.jpg"
MODEL = f"/home/ada/models/{NAME}"
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
)


@pytest.fixture
def program(qapp, settings, monkeypatch):
    with whole_window(qapp, settings, monkeypatch) as made:
        yield made


# --- What the window says -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """A text of the window, and where it stands."""

    where: str
    text: str
    is_tool_tip: bool = False
    has_mnemonics: bool = False  # “&” underlines what follows


def words_in(window: QWidget) -> Iterator[Words]:
    for widget in [window, *window.findChildren(QWidget)]:
        yield from words_of(widget)
    for action in window.findChildren(QAction):
        if not isinstance(action.parent(), QLineEdit):  # Qt's own: undo, copy
            yield Words(f"action {action.objectName()}", action.text(), has_mnemonics=True)


def words_of(widget: QWidget) -> Iterator[Words]:
    where = f"{type(widget).__name__} {widget.objectName()}"
    yield Words(where, widget.toolTip(), is_tool_tip=True)
    for text in (
        widget.windowTitle(),
        widget.statusTip(),
        widget.whatsThis(),
        widget.accessibleName(),
        widget.accessibleDescription(),
    ):
        yield Words(where, text)
    match widget:
        case QLabel():
            assert widget.textFormat() is Qt.TextFormat.PlainText or not widget.text(), where
            yield Words(where, widget.text())
        case QAbstractButton():
            yield Words(where, widget.text(), has_mnemonics=True)
        case QMenu():
            yield Words(where, widget.title(), has_mnemonics=True)
        case QLineEdit():
            yield Words(where, widget.text())
            yield Words(where, widget.placeholderText())
        case QPlainTextEdit():
            yield Words(where, widget.toPlainText())
        case QTextEdit():
            pytest.fail(f"{where} reads HTML")
        case QComboBox():
            yield from (Words(where, widget.itemText(index)) for index in range(widget.count()))
        case QHeaderView():
            pass  # its model is its view's
        case QAbstractItemView():
            yield from words_of_model(where, widget.model())


def words_of_model(where: str, model: QAbstractItemModel) -> Iterator[Words]:
    top = QModelIndex()
    for role in ROLES:
        is_tool_tip = role is Qt.ItemDataRole.ToolTipRole
        cells = [model.index(row, n).data(role) for row in range(model.rowCount(top)) for n in range(columns_of(model))]
        cells += [model.headerData(n, Qt.Orientation.Horizontal, role) for n in range(columns_of(model))]
        if columns_of(model) > 1:
            cells += [model.headerData(n, Qt.Orientation.Vertical, role) for n in range(model.rowCount(top))]
        yield from (Words(f"{where}, {role.name}", cell, is_tool_tip) for cell in cells if isinstance(cell, str))


def columns_of(model: QAbstractItemModel) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())


def as_seen(words: Words) -> str:
    """What a person sees of a text, whatever Qt makes of it."""
    if words.is_tool_tip and QtGui.Qt.mightBeRichText(words.text):
        assert set(re.findall(r"<[^>]*>", words.text)) <= {"<qt>", "</qt>", "<br>"}, words
        return html.unescape(words.text.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "\n"))
    return words.text.replace("&&", "\0").replace("&", "").replace("\0", "&") if words.has_mnemonics else words.text


def check(window: QWidget) -> int:
    """Look at everything that a window says. Returns how often the name is in it."""
    count = 0
    for words in words_in(window):
        seen = as_seen(words)
        assert visible_lines(seen) == seen, words  # nothing is hidden
        assert f"\n{visible(chr(27))}" not in seen, words  # a name begins no line
        assert "D <img" not in seen.replace("R&D <img", ""), words  # nothing of it is lost
        count += SPOKEN in seen
    return count


# --- Names everywhere ---------------------------------------------------------------------------------------------


def fill_start(program):
    broken = RunSummary(f"{MODEL} 4", 10, broken=f"“{NAME}” is damaged.")
    models = (
        run(NAME, classes=CLASSES, samples=(HERE,)),
        replace(run(f"{NAME} 2", status="training", resumable=True, preset=NAME, created=NAME), val_accuracy=None),
        run(f"{NAME} 3", dataset_found=False),
        broken,
    )
    program.services.models.refresh()
    program.engines.viewer.job.finish(RunsResult(models))
    settle()
    menu = program.window.findChild(QMenu, "model_1_menu")
    for name in ("rename", "delete"):
        menu.findChild(QAction, f"model_1_menu_{name}").trigger()
        assert check(program.window)


def fill_data(program):
    left = (left_out(HERE, Reason.DUPLICATE, NAME), left_out(f"{HERE}.txt", Reason.NOT_A_PICTURE))
    left += (replace(left[0], code=NAME, reason=f"It is {NAME}."),)
    problems = tuple(Problem(NAME, (HERE,), message=f"“{NAME}” is odd.") for _ in range(2))
    program.navigator.open_dataset(FOLDER)
    job_of(program.engines.reader, CheckRequest).finish(checked({NAME: 60, CLASSES[1]: 40}, left, problems))
    epochs = [event for event in recording("quick") if isinstance(event, EpochFinished)]
    outlook = LearningOutlook(9, 0.9, 18, 0.9, 0.95, NAME)
    job_of(program.engines.reader, EmbedRequest).say(*epochs, outlook)
    program.window.findChild(QAbstractButton, "check_tab_left_out").click()
    settle()
    for step in (2, 3):
        program[DATA].page.go_to(step)


def fill_train(program):
    notices = [Notice(NoticeCode.OWN_BACKBONE, text=f"From “{NAME}”.") for _ in range(2)]
    program.services.training.start(replace(TUTORIAL, out=MODEL, dataset=FOLDER))
    program.engines.trainer.job.say(*recording("tutorial")[:-1], *notices, LearningOutlook(9, 0.9, 18, 0.9, 0.95, NAME))


def fill_results(program):
    pictures = [
        picture(HERE, NAME, (CLASSES[1], 0.8), (NAME, 0.2), classes=CLASSES),
        picture("/p/1.jpg", CLASSES[1], (CLASSES[1], 0.7), classes=CLASSES),
    ]
    result = replace(evaluated(pictures, CLASSES), left_out=(left_out(HERE, Reason.MISSING),))
    program.navigator.show_results(f"{MODEL}")
    say(program.engines.reader.job, pictures, result)
    program.window.findChild(QAbstractButton, "results_show_classes").click()


def fill_predict(program):
    program.navigator.predict_with(MODEL)
    assert check(program[PREDICT].page)  # which says what the model knows
    program.navigator.predict([HERE, "/p/2.jpg"])
    results = [said(HERE, NAME, 0.9, CLASSES), replace(unreadable("/p/2.jpg"), error=f"It is a link to {NAME}.")]
    job = job_of(program.engines.predictor, PredictRequest)
    report(job, results)
    job.be_stopped()
    program[PREDICT].page.show_refusal(f"“{NAME}” is no picture. It is {NAME}.")
    program.window.resize(900, 700)  # chips that don't fit are in the menu
    program.window.findChild(QMenu, "predict_filter_menu").aboutToShow.emit()
    program[PREDICT].page.search()


PAGES = {
    "start": fill_start,
    "data": fill_data,
    "train": fill_train,
    "results": fill_results,
    "predict": fill_predict,
}


@pytest.mark.parametrize("page", PAGES)
def test_on_every_page_names_are_text_and_nothing_in_them_is_hidden(program, page):
    if page in ("results", "predict"):
        fill_start(program)
    before = check(program.window)
    PAGES[page](program)
    program.window.show_page(page)
    settle()
    assert check(program.window) > before + 3


def failure(code: ErrorCode = ErrorCode.RUN_DAMAGED) -> Failed:
    return Failed(code, {"path": MODEL, "file": NAME, "found": f"It is\n{NAME}"})


@pytest.mark.parametrize(
    "happen",
    [
        lambda program: program.services.models.cant_be_opened.emit(MODEL, f"“{NAME}” is damaged."),
        lambda program: program.services.models.located.emit(MODEL, "/pictures", LocateDatasetResult(1, 2)),
        lambda program: program.services.models.failed.emit(failure()),
        lambda program: program.services.models.trash_refused.emit(MODEL),
    ],
    ids=["cant be opened", "located", "failed", "no trash"],
)
def test_in_every_message_names_are_text(program, happen):
    happen(program)
    assert check(program.window)


def test_a_training_that_failed_says_so_in_text(program):
    fill_train(program)
    program.engines.trainer.job.say(failure())
    program.window.show_page("train")
    assert check(program.window)


# --- Boxes and dialogs --------------------------------------------------------------------------------------------


def closing(program):
    fill_train(program)
    program.leaving.ask()


def shared(program):
    program[START].sharing.share(MODEL, f"/out/{NAME}.xcmodel")
    job_of(program.engines.viewer, ShareModelRequest).finish(ShareModelResult(f"/out/{NAME}.xcmodel", 1000))


def not_shared(program):
    program[START].sharing.share(MODEL, f"/out/{NAME}.xcmodel")
    job_of(program.engines.viewer, ShareModelRequest).say(failure(ErrorCode.CANNOT_WRITE))


def not_written(program):
    program.services.files.write(Path("/out", f"{NAME}.csv"), lambda place: place.write_text(""))


BOXES = {
    "closing_question": closing,
    "shared": shared,
    "shared, failed": not_shared,
    "writing_failed": not_written,
}


@pytest.mark.parametrize("name", BOXES)
def test_in_every_box_names_are_text(program, name):
    BOXES[name](program)
    box = program.window.findChild(QMessageBox, name.partition(",")[0])
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert check(box)
    box.reject()
    settle()


def test_the_question_at_closing_names_the_model_as_it_is(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    question = ClosingQuestion("<img src=file:%2Fspy.png>", window)
    words = question.findChild(QLabel, "qt_msgbox_label")
    assert words.text() == "“<img src=file:%2Fspy.png>” is still training. What do you want to do?"
    assert words.textFormat() is Qt.TextFormat.PlainText


def viewer(program):
    program.services.viewer.show_pictures([HERE, "/p/1.jpg"], [f"{NAME} 90 %", ""], 0)
    job_of(program.engines.viewer, PreviewRequest).say(PreviewReady(HERE, None, f"It is {NAME}."))
    return program.services.viewer


def export(program):
    fill_start(program)
    program.navigator.export(MODEL)
    program[EXPORT].exports.start(ExportRequest(MODEL, ExportFormat.LITERT, f"/out/{NAME}"))
    program.engines.trainer.job.finish(ExportResult(f"/out/{NAME}", ExportFormat.LITERT, 1000))
    return program[EXPORT].dialog


def preferences(program):
    dialog = PreferencesDialog(program[PREFERENCES].stored, program.window)
    program[PREFERENCES].stored.look()
    job_of(program.engines.viewer, CacheRequest).finish(CacheResult(1, 2, FOLDER))
    return dialog


def unexpected(program):
    dialog = UnexpectedErrorDialog(program.window)
    dialog.show_mistakes([Mistake(f"OSError: “{' '.join(NAME.split())}”", 1)])
    return dialog


@pytest.mark.parametrize("make", [viewer, export, preferences, unexpected])
def test_in_every_dialog_names_are_text(program, make):
    dialog = make(program)
    assert check(dialog)
    dialog.close()


def test_what_stands_in_the_place_of_a_picture_hides_nothing(program):
    assert SPOKEN in viewer(program).words
    program.services.viewer.close()


# --- The parts ----------------------------------------------------------------------------------------------------


def test_names_in_any_script_and_direction_stay_as_they_are(qapp):
    for name in ("قطط", "חתולים 12", "می\u200cخواهم", "👩\u200d🚒", "R&D"):
        assert label(name).text() == ElidedLabel(name).text() == window_title(name) == name
        assert as_seen(Words("", tool_tip(name), is_tool_tip=True)) == name


@pytest.mark.parametrize("text", ["<b>x</b>", "a &lt; b", "a & b", "<?xml", "two\nlines <i>", "plain", ""])
def test_a_tool_tip_shows_what_is_in_it(qapp, text):
    lines = [*text.split("\n"), "<u>last</u>"]
    tip = tool_tip(*lines)
    assert QtGui.Qt.mightBeRichText(tip)
    assert as_seen(Words("", tip, is_tool_tip=True)) == "\n".join(lines)


def test_no_part_of_a_name_is_lost_in_a_title(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowTitle(window_title("cat[*].jpg"))
    window.show()
    assert window.windowHandle().title() == "cat[*].jpg"


def drawn(text: str) -> QImage:
    image = QImage(400, 24, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_text(painter, QRect(0, 0, 400, 24), text, QApplication.font())
    painter.end()
    return image


def test_what_is_painted_hides_nothing(qapp):
    assert drawn("a\u202egpj.exe") == drawn("a‹U+202E›gpj.exe") != drawn("agpj.exe")
    assert drawn("cats\u200b") != drawn("cats")


# --- The source ---------------------------------------------------------------------------------------------------

WINDOW = Path(app.__file__).parent
SOURCES = [WINDOW / "app.py", *sorted((WINDOW / "ui").rglob("*.py"))]
READ_HTML = {"QTextEdit", "QTextBrowser", "QErrorMessage", "QInputDialog", "QProgressDialog", "QToolTip", "QWhatsThis"}
MADE_IN = {"QLabel": "labels.py", "QMessageBox": "message_box.py"}
"""The only file that makes such a thing, of which all others take it."""
ONLY_IN = {
    "setTextFormat": set(MADE_IN.values()),
    "toLocalFile": {"incoming.py"},
    # Names were made visible there, or there are none.
    "drawText": {"painting.py", "prediction_card.py", "picture_viewer.py", "confusion_matrix.py", "legend.py"},
}
NOWHERE = {"setHtml", "setStatusTip", "setWhatsThis", "setOpenExternalLinks", "addLegend", "LabelItem", "TextItem"}


def name_of(node: ast.expr) -> str:
    """`QMessageBox` of `QMessageBox` and of `QMessageBox.warning`, `setToolTip` of `x.setToolTip`."""
    if isinstance(node, ast.Attribute):
        inside = name_of(node.value)
        return inside if inside in MADE_IN and node.attr[:1].islower() else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_safe(node: ast.expr, helper: str) -> bool:
    """Whether an argument is a text of the program itself, or was made by a helper."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return is_safe(node.body, helper) and is_safe(node.orelse, helper)
        case ast.Call():
            own = name_of(node.func) in ("tr", "_tr") and all(isinstance(one, ast.Constant) for one in node.args)
            return own or name_of(node.func) in (helper, "windowTitle")
    return False


def wrong_in(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        where = f"{source.name}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.ImportFrom():
                yield from (f"{where} {one.name}" for one in node.names if one.name in READ_HTML)
            case ast.ClassDef():
                yield from (f"{where} {base}" for base in map(name_of, node.bases) if wrong_place(base, source))
            case ast.Call():
                called = name_of(node.func)
                if wrong_place(called, source):
                    yield f"{where} {called}"
                if called == "setToolTip" and not is_safe(node.args[0], "tool_tip"):
                    yield f"{where} {called}"
                if called == "setWindowTitle" and not is_safe(node.args[0], "window_title"):
                    yield f"{where} {called}"
                if called in NOWHERE or source.name not in ONLY_IN.get(called, {source.name}):
                    yield f"{where} {called}"


def wrong_place(name: str, source: Path) -> bool:
    return name in MADE_IN and source.name != MADE_IN[name]


def test_labels_boxes_tool_tips_and_titles_come_from_where_they_are_made_safe():
    assert [wrong for source in SOURCES for wrong in wrong_in(source)] == []


@pytest.mark.parametrize(
    "line",
    [
        "QLabel(name)",
        "QMessageBox(self)",
        "QMessageBox.warning(self, title, name)",
        "class Box(QMessageBox): pass",
        "from PySide6.QtWidgets import QTextBrowser",
        "card.setToolTip(path)",
        'card.setToolTip(self.tr("{name}").format(name=name))',
        'card.setToolTip(path if path else "")',
        "dialog.setWindowTitle(name)",
        "painter.drawText(place, name)",
        "url.toLocalFile()",
        "words.setTextFormat(Qt.TextFormat.RichText)",
    ],
)
def test_what_is_forbidden_is_found(tmp_path, line):
    (tmp_path / "new.py").write_text(line, encoding="utf-8")
    assert list(wrong_in(tmp_path / "new.py"))
