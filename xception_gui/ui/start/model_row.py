"""A row of the list of models: pictures, name, figures and actions."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.percent import too_few
from xception_gui.domain.run_name import problem_with_run_name
from xception_gui.domain.visible import visible, without_hidden
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import BesideOrBelow, held
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.labels import ElidedLabel, label
from xception_gui.ui.kit.painting import draw_thumbnail
from xception_gui.ui.pictures.thumbnails import Thumbnails

PICTURE = 44
BETWEEN = 5
MAX_PICTURES = 4
USUAL, RENAMING, DELETING = range(3)
LEAST_WORDS = 300  # pixels for pictures and words beside figures and buttons; with less, those go below
ROOM_FOR_PICTURES = 800  # pixels: rows at least this wide show all pictures


class PictureStrip(QWidget):
    """Some pictures side by side; fewer in a narrow row."""

    def __init__(self, paths: tuple[str, ...], thumbnails: Thumbnails) -> None:
        super().__init__()
        self._paths = paths[:MAX_PICTURES]
        self._thumbnails = thumbnails
        thumbnails.thumbnail_ready.connect(self._on_ready)
        self.setFixedHeight(PICTURE)
        self.show_at_most(MAX_PICTURES)

    def show_at_most(self, count: int) -> None:
        """Set the width to that of `count` pictures."""
        self.setFixedWidth(count * (PICTURE + BETWEEN) - BETWEEN)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the pictures that fit."""
        painter = QPainter(self)
        fitting = (self.width() + BETWEEN) // (PICTURE + BETWEEN)
        for number in range(min(fitting, MAX_PICTURES)):
            place = self.rect()
            place.setLeft(number * (PICTURE + BETWEEN))
            place.setWidth(PICTURE)
            path = self._paths[number] if number < len(self._paths) else ""
            if path:
                failed = self._thumbnails.has_failed(path)
                draw_thumbnail(painter, place, self._thumbnails.pixmap(path), failed=failed)
        painter.end()

    def _on_ready(self, path: str) -> None:
        if path in self._paths:
            self.update()


class ModelRow(QWidget):
    """One model.

    Signals:
        resume_wanted, results_wanted, predict_wanted, export_wanted, share_wanted, quick_wanted, locate_wanted,
            shown_in_folder: str, path of the run.
        renamed: str path, str new name.
        thrown_away: str path; the person has confirmed.
    """

    resume_wanted = Signal(str)
    results_wanted = Signal(str)
    predict_wanted = Signal(str)
    export_wanted = Signal(str)
    share_wanted = Signal(str)
    quick_wanted = Signal(str)
    locate_wanted = Signal(str)
    shown_in_folder = Signal(str)
    renamed = Signal(str, str)
    thrown_away = Signal(str)

    def __init__(self, run: RunSummary, thumbnails: Thumbnails, *, number: int, is_training: bool) -> None:
        super().__init__()
        self.summary = run
        self.is_training = is_training
        self._number = number
        self.setObjectName(f"model_{number}")
        self.setAccessibleName(visible(Path(run.path).name))
        self._modes = QStackedWidget()
        self._modes.addWidget(self._usual(run, thumbnails))
        self._modes.addWidget(self._renaming())
        self._modes.addWidget(self._deleting(run))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 10)
        column.addWidget(self._modes)

    @property
    def half_typed_name(self) -> str | None:
        """Text in the field for the new name; None while the model isn't being renamed."""
        return self._name.text() if self._modes.currentIndex() == RENAMING else None

    def start_renaming(self, name: str) -> None:
        """Restore a half-typed new name after the list was rebuilt."""
        self._modes.setCurrentIndex(RENAMING)
        self._name.setText(name)
        self._name.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Cancel renaming or deleting on Escape."""
        if event.key() == Qt.Key.Key_Escape and self._modes.currentIndex():
            self._modes.setCurrentIndex(USUAL)
            self._more.setFocus()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show fewer pictures in a narrow window, so that the words fit."""
        self._pictures.show_at_most(MAX_PICTURES if self.width() >= ROOM_FOR_PICTURES else 2)
        super().resizeEvent(event)

    def _usual(self, run: RunSummary, thumbnails: Thumbnails) -> QWidget:
        name = ElidedLabel(Path(run.path).name, "strong")
        detail = ElidedLabel(self._detail(run), "error" if run.broken else "label")
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(name)
        words.addWidget(detail)
        if remark := self._remark(run):
            words.addLayout(self._remark_row(run, remark))
        self._pictures = PictureStrip(run.samples, thumbnails)
        what, tools = QHBoxLayout(), QHBoxLayout()
        for line in (what, tools):
            line.setSpacing(16)
        what.addWidget(self._pictures)
        what.addLayout(words, 1)
        if run.val_accuracy is not None:
            tools.addLayout(self._accuracy(run.val_accuracy, run.val_images))
        for one in self._buttons(run):
            tools.addWidget(one)
        whole = QWidget()
        both = BesideOrBelow(LEAST_WORDS, whole, to_the_right=True)
        both.setContentsMargins(4, 0, 0, 0)
        both.addWidget(held(what))
        both.addWidget(held(tools))
        return whole

    def _remark_row(self, run: RunSummary, remark: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(ElidedLabel(remark, "accent" if self._is_learning(run) else "warning"))
        if self._offers_locate(run) and run.val_accuracy is not None:
            line.addWidget(self._locate_button(run, "link"))
        line.addStretch(1)
        return line

    def _accuracy(self, share: float, pictures: int) -> QVBoxLayout:
        """Show an accuracy (0..1) measured on `pictures` pictures; 0 pictures: number unknown."""
        column = QVBoxLayout()
        column.setSpacing(0)
        few = bool(pictures) and too_few(pictures)
        figure = texts.share_of(share, pictures) if few else texts.percent(share)
        remark = self.tr("correct, but too few pictures to tell") if few else self.tr("correct on validation pictures")
        for text, role in ((figure, "heading"), (remark, "label")):
            line = label(text, role)
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            column.addWidget(line)
        return column

    def _buttons(self, run: RunSummary) -> list[QWidget]:
        made: list[QWidget] = []
        if self._offers_resume(run):
            name = f"model_{self._number}_resume"
            resume = button(self.tr("Resume"), name, "", lambda: self.resume_wanted.emit(run.path))
            resume.setToolTip(
                self.tr("Training continues where it was last saved. Until then, you can use the best model so far.")
            )
            made.append(resume)
        elif run.val_accuracy is not None and not run.broken:
            made.append(
                button(
                    self.tr("Predict"), f"model_{self._number}_predict", "", lambda: self.predict_wanted.emit(run.path)
                )
            )
        elif self._offers_locate(run):
            made.append(self._locate_button(run))
        self._more = button("⋯", f"model_{self._number}_more", "plain")
        self._more.setAccessibleName(self.tr("More actions for “{name}”").format(name=self.accessibleName()))
        self._more.setMenu(self._menu(run))
        made.append(self._more)
        return made

    def _locate_button(self, run: RunSummary, role: str = "") -> QWidget:
        name = f"model_{self._number}_locate"
        return button(self.tr("Locate folder…"), name, role, lambda: self.locate_wanted.emit(run.path))

    def _menu(self, run: RunSummary) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName(f"model_{self._number}_menu")
        is_free = not self._is_learning(run)

        def add(name: str, words: str, do: Callable[[], object], *, enabled: bool = True) -> None:
            action = menu.addAction(words, do)
            action.setObjectName(f"model_{self._number}_menu_{name}")
            action.setEnabled(enabled)

        if run.val_accuracy is not None and not run.broken:
            add("results", self.tr("Show results"), lambda: self.results_wanted.emit(run.path))
            add("predict", self.tr("Predict"), lambda: self.predict_wanted.emit(run.path))
            if run.status in ("finished", "stopped"):
                add("share", self.tr("Share as one file…"), lambda: self.share_wanted.emit(run.path))
            add("export", self.tr("Export for other programs…"), lambda: self.export_wanted.emit(run.path))
            if run.has_quick:
                add("quick", self.tr("Go back to Quick's model"), lambda: self.quick_wanted.emit(run.path))
            menu.addSeparator()
        if self._offers_resume(run):
            add("resume", self.tr("Resume training"), lambda: self.resume_wanted.emit(run.path))
        if self._offers_locate(run):
            add("locate", self.tr("Locate picture folder…"), lambda: self.locate_wanted.emit(run.path))
        if not run.broken:
            add("rename", self.tr("Rename"), self._on_rename, enabled=is_free)
        add("show_in_folder", self.tr("Show in folder"), lambda: self.shown_in_folder.emit(run.path))
        menu.addSeparator()
        add("delete", self.tr("Delete…"), self._on_delete, enabled=is_free)
        return menu

    def _renaming(self) -> QWidget:
        self._name = QLineEdit()
        self._name.setAcceptDrops(False)  # files are for the window
        self._name.setObjectName(f"model_{self._number}_name")
        self._name.setAccessibleName(self.tr("New name"))
        self._wrong = label("", "error", wrap=True)
        self._name.textChanged.connect(self._on_name_typed)
        self._name.returnPressed.connect(self._on_name_given)
        self._rename = button(self.tr("Rename"), f"model_{self._number}_rename", "", self._on_name_given)
        cancel = button(self.tr("Cancel"), f"model_{self._number}_rename_cancel", "", self._usual_again)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._name, 2)
        line.addWidget(self._wrong, 1)
        line.addWidget(self._rename)
        line.addWidget(cancel)
        return whole

    def _deleting(self, run: RunSummary) -> QWidget:
        question = self.tr("Move the model “{name}” to the trash? Your pictures are kept.").format(
            name=Path(run.path).name
        )
        words = ElidedLabel(question, "strong", Qt.TextElideMode.ElideMiddle)
        self._keep = button(self.tr("Keep model"), f"model_{self._number}_keep", "", self._usual_again)
        go = button(self.tr("Move to trash"), f"model_{self._number}_trash", "destructive", self._on_thrown_away)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(words, 1)
        line.addWidget(self._keep)
        line.addWidget(go)
        return whole

    def _detail(self, run: RunSummary) -> str:
        if run.broken:
            return texts.broken_text(run)
        parts = [
            self.tr("{k} classes").format(k=len(run.classes)),
            self.tr("{n} pictures").format(n=texts.number(run.images)),
        ]
        parts += [texts.recipe_of_model(run), texts.date(run.created), texts.size(run.bytes)]
        return " · ".join(parts)

    def _remark(self, run: RunSummary) -> str:
        if run.broken:
            return ""
        if self._is_learning(run):
            return self.tr("Training now.")
        if run.status in ("failed", "training"):
            return self._remark_on_the_end(run)
        if not run.dataset_found:
            return self.tr("The pictures can't be found. Predictions still work.")
        return ""

    def _remark_on_the_end(self, run: RunSummary) -> str:
        if not run.resumable:
            return self.tr("Training failed.")
        if not run.dataset_found:
            return self.tr("Training was interrupted, and the pictures can't be found.")
        return self.tr("Training was interrupted. You can resume it.")

    def _is_learning(self, run: RunSummary) -> bool:
        return self.is_training or run.in_training

    def _offers_resume(self, run: RunSummary) -> bool:
        return run.resumable and run.dataset_found and not self.is_training

    def _offers_locate(self, run: RunSummary) -> bool:
        is_free = not (self.is_training or run.in_training)
        return is_free and not run.broken and not run.dataset_found and bool(run.classes)

    def _usual_again(self) -> None:
        self._modes.setCurrentIndex(USUAL)
        self._more.setFocus()

    def _on_rename(self) -> None:
        self._modes.setCurrentIndex(RENAMING)
        self._name.setText(without_hidden(Path(self.summary.path).name))
        self._name.setFocus()
        self._name.selectAll()

    def _on_delete(self) -> None:
        self._modes.setCurrentIndex(DELETING)
        self._keep.setFocus()

    def _on_thrown_away(self) -> None:
        self._usual_again()  # the second half of a double click throws nothing away
        self.thrown_away.emit(self.summary.path)

    def _on_name_typed(self, name: str) -> None:
        problem = problem_with_run_name(name.strip())
        self._wrong.setText(texts.finding_text(problem) if problem else "")
        theme.set_role(self._name, "wrong" if problem else "")
        self._rename.setEnabled(not problem)

    def _on_name_given(self) -> None:
        name = self._name.text().strip()
        if problem_with_run_name(name) is not None:
            return
        self._usual_again()
        if name != Path(self.summary.path).name:
            self.renamed.emit(self.summary.path, name)
