"""The dialog Preferences: how much disk the program uses, and the limit of the cache."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from xception_gui.domain.messages.machine import CacheResult, StoredKind
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import Card, row, section
from xception_gui.ui.kit.dialog import FittingDialog
from xception_gui.ui.kit.fields import NumberBox
from xception_gui.ui.kit.labels import ElidedLabel, label, tool_tip
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.progress_bar import ProgressBar
from xception_gui.ui.preferences.stored_data import StoredData

GIGABYTE = 1_000_000_000
LEAST, MOST = 0.1, 1000.0  # gigabytes
WIDTH = 560  # pixels
LEAST_SIZE = 56  # pixels
IN_CACHE = (StoredKind.PICTURES, StoredKind.PREVIEWS, StoredKind.PASTED, StoredKind.NETWORKS)
BESIDE_IT = (StoredKind.LOGS, StoredKind.MODELS, StoredKind.SAMPLES)


class PreferencesDialog(FittingDialog):
    """Draws the sizes of the stored data.

    Signals:
        shown_in_folder: str, a path.
    """

    shown_in_folder = Signal(str)

    def __init__(self, stored: StoredData, parent: QWidget | None = None) -> None:
        super().__init__("preferences", WIDTH, parent)
        self._stored = stored
        self._shown: CacheResult | None = None
        self.setWindowTitle(self.tr("Preferences"))
        self._failure = MessageCard(
            "preferences_failure", (button(self.tr("Try again"), "preferences_again", "", stored.look),)
        )
        self._words = label(role="strong", name="preferences_used")
        self._bar = ProgressBar()
        self._bar.setObjectName("preferences_used_bar")
        self._bar.setAccessibleName(self.tr("Cache used"))
        self._bar.setTextVisible(False)
        self._place = ElidedLabel("", "label", Qt.TextElideMode.ElideMiddle)
        self._place.setObjectName("preferences_place")
        self._show_place = button(self.tr("Show in folder"), "preferences_show_in_folder", "link", self._on_show_place)
        self._make_parts()
        self._make_limit()
        self._make_clearing()
        self._lay_out()
        stored.changed.connect(self._on_changed)
        self._on_changed()

    def _make_parts(self) -> None:
        """Make the labels of each kind of data and its size: the cache on the left, the rest on the right."""
        self._parts = QGridLayout()
        self._parts.setHorizontalSpacing(12)
        self._parts.setVerticalSpacing(4)
        self._parts.setColumnMinimumWidth(2, 24)
        self._parts.setColumnStretch(0, 1)
        self._parts.setColumnStretch(3, 1)
        self._sizes: dict[StoredKind, QLabel] = {}
        for first, title, kinds in (
            (0, self.tr("In the cache"), IN_CACHE),
            (3, self.tr("Outside the cache"), BESIDE_IT),
        ):
            self._parts.addWidget(label(title, "label"), 0, first, 1, 2)
            for line, kind in enumerate(kinds, start=1):
                self._sizes[kind] = label("–", role="label", name=f"preferences_stored_{kind}")
                self._parts.addWidget(label(self._name_of(kind), name=f"preferences_stored_{kind}_name"), line, first)
                self._sizes[kind].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._parts.addWidget(self._sizes[kind], line, first + 1)
            self._parts.setColumnMinimumWidth(first + 1, LEAST_SIZE)

    def _name_of(self, kind: StoredKind) -> str:
        names = {
            StoredKind.PICTURES: self.tr("Analysed pictures"),
            StoredKind.PREVIEWS: self.tr("Thumbnails"),
            StoredKind.PASTED: self.tr("Pasted pictures"),
            StoredKind.NETWORKS: self.tr("Prepared networks"),
            StoredKind.LOGS: self.tr("Logs"),
            StoredKind.MODELS: self.tr("Models"),
            StoredKind.SAMPLES: self.tr("Sample pictures"),
        }
        return names[kind]

    def _make_limit(self) -> None:
        self._limit = NumberBox()
        self._limit.setObjectName("preferences_limit")
        self._limit.setAccessibleName(self.tr("Cache limit in gigabytes"))
        self._limit.setRange(LEAST, MOST)
        self._limit.setDecimals(1)
        self._limit.setSuffix(self.tr(" GB"))
        self._limit.setStepType(NumberBox.StepType.AdaptiveDecimalStepType)
        self._limit.lineEdit().setTextMargins(8, 0, 0, 0)
        self._limit.valueChanged.connect(self._show_possible)
        self._limit.lineEdit().returnPressed.connect(self._on_set_limit)
        self._set_limit = button(self.tr("Set"), "preferences_set_limit", "", self._on_set_limit)
        self._set_limit.setAccessibleName(self.tr("Set cache limit"))
        self._limit_words = label(role="label", wrap=True, name="preferences_limit_words")

    def _make_clearing(self) -> None:
        self._clear = button(self.tr("Clear…"), "preferences_clear", "destructive", self._on_clear)
        self._question = QWidget()
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 0, 0, 0)
        asked = self.tr(
            "Every picture will have to be analysed again, and pasted pictures that are not shown now will be deleted. "
            "Your models and your own pictures are kept."
        )
        column.addWidget(label(asked, wrap=True, name="preferences_clear_question"))
        self._keep = button(self.tr("Keep cache"), "preferences_keep", "", self._on_keep)
        really = button(self.tr("Clear cache"), "preferences_clear_really", "destructive", self._on_clear_really)
        column.addLayout(row(self._keep, really, None))
        self._question.hide()

    def _lay_out(self) -> None:
        card = Card()
        column = card.column
        column.addWidget(section(self.tr("Picture cache")))
        why = self.tr(
            "Analysing a picture takes a moment, so the results are kept for next time, with thumbnails and pasted "
            "pictures."
        )
        column.addWidget(label(why, "muted", wrap=True))
        column.addSpacing(8)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        place = row(spacing=8)
        place.addWidget(self._place, 1)
        place.addWidget(self._show_place)
        column.addLayout(place)
        column.addSpacing(8)
        column.addLayout(self._parts)
        column.addSpacing(8)
        column.addLayout(row(label(self.tr("Limit")), self._limit, self._set_limit, None))
        column.addWidget(self._limit_words)
        column.addSpacing(8)
        column.addLayout(row(self._clear, None))
        column.addWidget(self._question)
        self.body.addWidget(self._failure)
        self.body.addWidget(card)
        self.foot.addStretch(1)
        self.foot.addWidget(button(self.tr("Close"), "preferences_close", "", self.accept))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read the sizes again."""
        super().showEvent(event)
        self._stored.look()

    def _on_changed(self) -> None:
        state = self._stored.state
        self._failure.show_failure(state.failure)
        if state.result is not None and (self._shown is None or state.result.limit != self._shown.limit):
            self._limit.setValue(state.result.limit / GIGABYTE)
        self._shown = state.result
        self._show_use()
        self._show_possible()
        self.fit()

    def _show_use(self) -> None:
        state = self._stored.state
        result = state.result
        if result is None or state.is_busy:
            self._words.setText(self.tr("One moment…") if state.is_busy else "–")
            self._bar.show_progress(0, 0 if state.is_busy else 1)
        else:
            words = self.tr("{used} of {limit} used")
            self._words.setText(words.format(used=texts.size(result.bytes), limit=texts.size(result.limit)))
            self._bar.show_progress(round(1000 * min(1.0, result.bytes / result.limit)), 1000)
        self._place.setText(result.folder if result is not None else "")
        for stored in result.stored if result is not None else ():
            self._sizes[stored.kind].setText(texts.size(stored.bytes))
            self._sizes[stored.kind].setToolTip(tool_tip(stored.folder))

    def _show_possible(self) -> None:
        """Enable the possible actions, and show the effect of the limit."""
        state = self._stored.state
        result = state.result
        is_ready = result is not None and not state.is_busy
        wanted = self._wanted_limit()
        self._limit.setEnabled(is_ready)
        self._set_limit.setEnabled(is_ready and result is not None and wanted != result.limit)
        self._clear.setEnabled(is_ready and result is not None and result.bytes > 0)
        self._show_place.setEnabled(result is not None)
        over = result.bytes - wanted if result is not None else 0
        words = self.tr("About {size} will be removed, the oldest entries first.").format(size=texts.size(max(0, over)))
        self._limit_words.setText(
            words if over > 0 else self.tr("When the cache is full, the oldest entries are removed first.")
        )

    def _wanted_limit(self) -> int:
        """Return the limit in the field, in bytes."""
        return round(self._limit.value() * 10) * (GIGABYTE // 10)

    def _on_set_limit(self) -> None:
        if self._set_limit.isEnabled():
            self._stored.set_limit(self._wanted_limit())

    def _on_clear(self) -> None:
        self._clear.hide()
        self._question.show()
        self._keep.setFocus()
        self.fit()

    def _on_keep(self) -> None:
        self._question.hide()
        self._clear.show()
        self.fit()
        self._clear.setFocus()

    def _on_clear_really(self) -> None:
        self._on_keep()
        self._stored.clear()

    def _on_show_place(self) -> None:
        if self._shown is not None:
            self.shown_in_folder.emit(self._shown.folder)
