"""Second step: what the folder contains, what can be used, and what is skipped."""

from collections import Counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.dataset import CheckResult
from xception_gui.domain.run_state import RunState
from xception_gui.ui.dataset.class_list import ClassList, ClassRow, Share
from xception_gui.ui.dataset.dataset_check import CheckState
from xception_gui.ui.dataset.folder_question import FolderQuestion
from xception_gui.ui.dataset.learning_card import LearningCard
from xception_gui.ui.dataset.left_out_list import LeftOutList
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, FigureCard, row
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import scrolled
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.kit.responsive_grid import ResponsiveGrid
from xception_gui.ui.pictures.thumbnails import Thumbnails

ROOM_FOR_BOTH = 620  # pixels, for the classes and the learning preview side by side
MAX_BESIDE = 14
"""Most classes beside the learning preview: their rows are then about three times as high as the preview."""
HARMLESS = frozenset({"duplicates", "system-files"})
"""Problems that need no attention: neither duplicates nor system files would add anything to learn."""


class CheckStep(QWidget):
    """Draws the check of a folder, and the learning preview.

    Signals:
        check_again_wanted.
        another_folder_wanted.
        shown_in_folder: str, a path.
        picture_opened: the paths of some pictures, and which of them.
    """

    check_again_wanted = Signal()
    another_folder_wanted = Signal()
    shown_in_folder = Signal(str)
    picture_opened = Signal(list, int)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._failure = MessageCard(
            "check_failure",
            (
                button(self.tr("Choose another folder…"), "check_another_folder", "", self.another_folder_wanted.emit),
                button(self.tr("Check again"), "check_again", "", self.check_again_wanted.emit),
            ),
        )
        self._problems = MessageCard("check_problems", role="notice")
        self._reading = Card()
        self._words = ElidedLabel("", "strong")
        self._words.setObjectName("check_progress_words")
        self._why = label("", "label", wrap=True)
        self._progress = ProgressBar()
        self._progress.setObjectName("check_progress")
        self._progress.setAccessibleName(self.tr("Progress of the check"))
        self._progress.setTextVisible(False)
        self._reading.column.addWidget(self._words)
        self._reading.column.addWidget(self._progress)
        self._reading.column.addWidget(self._why)
        self.folders = FolderQuestion()
        self._figures = QWidget()
        grid = ResponsiveGrid(150, self._figures)
        self._classes = FigureCard(self.tr("Classes"), "check_classes")
        self._used = FigureCard(self.tr("Pictures used"), "check_used")
        self._left_out = FigureCard(self.tr("Skipped"), "check_left_out_count")
        for card in (self._classes, self._used, self._left_out):
            grid.addWidget(card)
        self._lists = Card()
        self._number_of_classes = 0
        self._tabs = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._shares: dict[str, Share] = {}  # recall of each class, once it is known
        self._class_list = ClassList(thumbnails, "check_class_list")
        self._class_list.picture_opened.connect(self.picture_opened)
        self._left_out_list = LeftOutList(thumbnails)
        self._left_out_list.shown_in_folder.connect(self.shown_in_folder)
        self._build_lists()
        self.learning = LearningCard()
        self.learning.check_again_wanted.connect(self.check_again_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        outside = QVBoxLayout(self)  # first: a widget that gets a new parent is styled again, with its children
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(scrolled(content, "check_scroll"))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.BETWEEN_CARDS)
        for part in (self._failure, self.folders, self._reading, self._figures, self._problems):
            column.addWidget(part)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(theme.BETWEEN_CARDS)
        self._both.addWidget(self._lists, 1)
        self._both.addWidget(self.learning, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self._both, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Move the learning preview above the classes in a narrow window."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Choose the preview's place: above the classes, too, where it would leave a long list's side mostly empty."""
        is_beside = self.width() >= theme.text_size(ROOM_FOR_BOTH) and self._number_of_classes <= MAX_BESIDE
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.BottomToTop)

    def _build_lists(self) -> None:
        self._lists.column.setContentsMargins(theme.INSIDE, 12, theme.INSIDE, 12)
        self._tab_buttons: list[QPushButton] = []
        names = ((self.tr("Classes"), "check_tab_classes"), (self.tr("Skipped"), "check_tab_left_out"))
        for index, (words, name) in enumerate(names):
            tab = button(words, name, "chip")
            tab.setCheckable(True)
            self._tabs.addButton(tab, index)
            self._tab_buttons.append(tab)
        self._tabs.idToggled.connect(self._on_tab_toggled)
        self._right_so_far = label(self.tr("correct so far"), "label")
        self._right_so_far.hide()
        self._lists.column.addLayout(row(*self._tab_buttons, None, self._right_so_far, 8, spacing=8))
        self._stack.addWidget(self._class_list)
        self._stack.addWidget(self._left_out_list)
        self._show_list(0)
        self._lists.column.addWidget(self._stack)
        self._lists.column.addStretch(1)

    def _on_tab_toggled(self, index: int, checked: bool) -> None:
        if checked:
            self._show_list(index)
            self._show_right_so_far()

    def _show_list(self, index: int) -> None:
        """Show one of the lists. The page is as long as that list, however long the other is."""
        for number, one in enumerate((self._class_list, self._left_out_list)):
            vertical = QSizePolicy.Policy.Fixed if number == index else QSizePolicy.Policy.Ignored
            one.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        self._stack.setCurrentIndex(index)

    def show_state(self, state: CheckState) -> None:
        """Draw a state."""
        result = state.result
        self._reading.setVisible(state.is_running)
        failure = failure_of(state)
        self._failure.show_failure(failure)
        is_told = failure is not None and failure.code == ErrorCode.DATASET_EMPTY  # nothing else to show
        has_classes = result is not None and bool(result.classes or result.left_out) and not is_told
        self._figures.setVisible(has_classes)
        self._lists.setVisible(has_classes)
        self._rest.setVisible(not has_classes)
        self._show_progress(state)
        self._show_problems(result)
        self.folders.show_result(result, state.folders)
        if result is not None:
            self._show_result(result, state.dataset)

    def show_reading(self, state: RunState | None) -> None:
        """Draw the learning preview; None: hide it."""
        self.learning.show_state(state)
        last = state.epochs[-1] if state is not None and state.epochs else None
        self._shares = {}
        if state is not None and last is not None:
            of = last.recalls_of or (0,) * len(last.recalls)
            self._shares = dict(zip(state.classes, map(Share, last.recalls, of), strict=False))
        self._class_list.show_shares(self._shares)
        self._show_right_so_far()

    def _show_right_so_far(self) -> None:
        self._right_so_far.setVisible(bool(self._shares) and self._stack.currentIndex() == 0)

    def _show_progress(self, state: CheckState) -> None:
        self._progress.show_progress(state.done, state.total or 0)
        self._why.setText(
            self.tr("Sample pictures are drawn once and kept for next time.")
            if state.is_drawing
            else self.tr("Checking every file, so that training won't fail halfway.")
        )
        if state.total is None:
            self._words.setText(
                self.tr("Drawing sample pictures…") if state.is_drawing else self.tr("Looking for pictures…")
            )
            return
        words = (
            self.tr("Drawing sample pictures: {n} of {m}")
            if state.is_drawing
            else self.tr("Checking pictures: {n} of {m}")
        )
        self._words.setText(words.format(n=texts.number(state.done), m=texts.number(state.total)))

    def _show_problems(self, result: CheckResult | None) -> None:
        problems = [p for p in result.problems if p.severity != "error"] if result else []
        is_warned = any(p.code not in HARMLESS for p in problems)
        self._problems.show_sentences([texts.problem_text(p) for p in problems], "notice" if is_warned else "news")

    def _show_result(self, result: CheckResult, dataset: str) -> None:
        self._number_of_classes = len(result.classes)
        self._arrange()
        self._classes.show_figure(texts.number(len(result.classes)), self._split_words(result))
        self._used.show_figure(texts.number(result.used), _smallest_words(result, self))
        counts = Counter(file.code for file in result.left_out)
        named = (f"{texts.number(count)} {texts.reason_name(code, count)}" for code, count in counts.most_common())
        remark = " · ".join(named)
        self._left_out.show_figure(texts.number(len(result.left_out)), remark or self.tr("all files can be used"))
        samples = result.samples
        self._class_list.show_classes([ClassRow(n, c, samples.get(n, ())) for n, c in result.classes.items()])
        # Thousands of files take a moment to list; the figures are painted first.
        QTimer.singleShot(0, self, lambda: self._left_out_list.show_files(result.left_out, dataset))
        classes, left_out = self._tab_buttons
        left_out.setText(self.tr("Skipped ({n})").format(n=texts.number(len(result.left_out))))
        left_out.setEnabled(bool(result.left_out))
        left_out.setAccessibleName(left_out.text())
        (classes if result.classes else left_out).setChecked(True)

    def _split_words(self, result: CheckResult) -> str:
        if not result.has_parts:
            return self.tr("a fifth of each is set aside for validation")
        if "val" in result.part_folders.values() or not result.part_folders:
            return self.tr("uses the folder's own split")
        return self.tr("a fifth of the training folder is set aside for validation")


def failure_of(state: CheckState) -> Failed | None:
    """Return what prevents a training, if anything does: a failure of the check, or an error among its problems."""
    problems = state.result.problems if state.result is not None else ()
    error = next((problem for problem in problems if problem.severity == "error"), None)
    return state.failure if error is None else Failed(error.code, error.details)


def _smallest_words(result: CheckResult, step: CheckStep) -> str:
    if len(result.classes) < 2:
        return ""
    fewest, most = min(result.classes.values()), max(result.classes.values())
    if fewest == most:
        return step.tr("{n} per class").format(n=texts.number(fewest))
    return step.tr("{n} to {m} per class").format(n=texts.number(fewest), m=texts.number(most))
