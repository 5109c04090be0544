"""The page *Predict*: pictures are dropped, and their predictions are listed."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
)

from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.predictions import PicturePrediction
from xception_gui.ui.kit import texts, theme
from xception_gui.ui.kit.beside_or_below import held
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.drop_zone import DropZone
from xception_gui.ui.kit.empty_state import EmptyState
from xception_gui.ui.kit.labels import tool_tip
from xception_gui.ui.kit.message_bar import MessageBar
from xception_gui.ui.kit.message_card import MessageCard
from xception_gui.ui.kit.page import FittingArea, Page
from xception_gui.ui.models.model_box import ModelBox
from xception_gui.ui.pictures.thumbnails import Thumbnails
from xception_gui.ui.predict.model_predictions import Offer
from xception_gui.ui.predict.predict_words import (
    class_words,
    cleared_words,
    model_words,
    offer_words,
    same_words,
    split_after_first_sentence,
)
from xception_gui.ui.predict.prediction_filters import PredictionFilters
from xception_gui.ui.predict.prediction_list import ROOM_FOR_SCROLLING, PredictionList
from xception_gui.ui.predict.prediction_list_model import Order, Wanted
from xception_gui.ui.predict.prediction_queue import PredictionQueue
from xception_gui.ui.predict.progress_line import ProgressLine
from xception_gui.ui.predict.sample_pictures import SamplePictures

LEAST_BELOW = 150  # pixels: a row of predictions, or a sentence


class PredictPage(Page):
    """Where pictures are classified.

    Signals:
        model_chosen: str, the path of the model to classify with.
        files_wanted: the person wants to choose pictures.
        folder_wanted: the person wants to choose a folder.
        new_model_wanted: there is no model, and the person wants to make one.
        picture_opened: list[str] paths and list[str] captions of all pictures shown, and int, the index of the opened one.
        shown_in_folder: str, the path of a picture whose folder the person wants to see.
        table_wanted: the person wants the results as a table.
    """

    model_chosen = Signal(str)
    files_wanted = Signal()
    folder_wanted = Signal()
    new_model_wanted = Signal()
    picture_opened = Signal(list, list, int)
    shown_in_folder = Signal(str)
    table_wanted = Signal()

    def __init__(self, queue: PredictionQueue, thumbnails: Thumbnails) -> None:
        title = QCoreApplication.translate("PredictPage", "Predict")
        right = theme.PAGE_MARGIN - ROOM_FOR_SCROLLING  # the scroll bar is in the margin
        super().__init__("predict_page", title, between=theme.BETWEEN_CARDS, right=right, bottom=0)
        self._queue = queue
        self._models: tuple[RunSummary, ...] | None = None  # None: not known yet
        self._wanted_before = Wanted()  # before the results were cleared
        self._saved_as = ""
        self._make_header()
        self._make_zone()
        self._make_messages()
        self._progress = ProgressLine(queue)
        self._filters = PredictionFilters()
        self._list = PredictionList(thumbnails)
        self._samples = SamplePictures(thumbnails)
        self._make_body()
        self._connect()
        self._on_changed()

    def show_models(self, models: Sequence[RunSummary], selected: str | None) -> None:
        """Show the models to choose from.

        Args:
            models: that can classify, the newest first.
            selected: path of the chosen one, None if none was chosen.
        """
        self._models = tuple(models)
        self._models_box.show_models(models, selected)
        self._on_changed()

    def show_refusal(self, sentence: str) -> None:
        """Say why something dropped or pasted is not used, until the next drop."""
        self._refusal.show_message(*split_after_first_sentence(sentence))
        self._above.fit()

    def show_saved(self, path: str, count: int) -> None:
        """Say that predictions were saved as a table, until the next drop or until the page is left."""
        self._saved_as = path
        words = (
            self.tr("Saved {n} predictions to “{name}”") if count != 1 else self.tr("Saved 1 prediction to “{name}”")
        )
        self._saved.show_words(words.format(n=texts.number(count), name=PurePath(path).name))
        self._saved.setToolTip(tool_tip(path))

    def forget_messages(self) -> None:
        """Hide messages that were of use only a moment ago."""
        self._refusal.hide()
        self._saved.hide()

    def clear(self) -> None:
        """Clear all results. The focus moves to Undo, as the widget that had it is hidden now."""
        self._queue.clear()
        if self._undo.isVisible():
            self._undo.setFocus()

    def undo_clear(self) -> None:
        """Bring back the cleared results, with the filter they had."""
        self._queue.undo_clear()
        self._filters.show_wanted(self._wanted_before)

    def search(self) -> None:
        """Move the focus to the search field."""
        self._filters.start_search()

    def show_hovering(self, hovering: bool) -> None:
        """Highlight the drop zone while something that may be dropped hovers over the window."""
        self._zone.show_hovering(hovering)

    # --- Parts of the page ----------------------------------------------------------------------------------------

    def _make_header(self) -> None:
        self._models_box = ModelBox("predict_model")
        self._save = button(self.tr("Save CSV…"), "predict_save", on_click=self.table_wanted.emit)
        self.actions_row.addWidget(self._models_box)
        self.actions_row.addWidget(self._save)

    def _make_zone(self) -> None:
        self._choose = button(self.tr("Choose…"), "predict_choose")
        self._choose.setAccessibleName(self.tr("Choose pictures or a folder"))
        menu = QMenu(self._choose)
        menu.setObjectName("predict_choose_menu")
        for name, text, wanted in (
            ("predict_choose_files", self.tr("Pictures…"), self.files_wanted),
            ("predict_choose_folder", self.tr("Folder and subfolders…"), self.folder_wanted),
        ):
            menu.addAction(text, wanted.emit).setObjectName(name)
        self._choose.setMenu(menu)
        self._zone = DropZone(
            "predict_zone",
            self.tr("Drop pictures to classify them"),
            self.tr("or a folder, or paste with Ctrl+V · nothing is uploaded"),
            (self._choose,),
            flat=True,
        )

    def _make_messages(self) -> None:
        self._refusal = MessageCard("predict_refusal", role="notice", on_dismissed=lambda: self._refusal.hide())
        self._waiting = MessageCard("predict_waiting", role="news")
        self._notice = MessageCard("predict_notice", role="notice")
        again = button(self.tr("Try again"), "predict_again", on_click=self._queue.retry)
        self._failure = MessageCard("predict_failure", (again,), on_dismissed=self._queue.give_up)
        self._make_offer()
        self._undo = button(self.tr("Undo"), "predict_undo", on_click=self.undo_clear)
        self._cleared = MessageBar("predict_cleared", self._undo, on_dismissed=self._queue.forget_cleared)
        show = button(self.tr("Show in folder"), "predict_saved_show_in_folder", on_click=self._on_show_saved)
        self._saved = MessageBar("predict_saved", show)

    def _make_offer(self) -> None:
        self._same = button(
            self.tr("Classify the same pictures"), "predict_offer_same", on_click=self._queue.take_offer
        )
        self._back = button(self.tr("Go back"), "predict_offer_back", on_click=self._on_back)
        decline = self._queue.decline_offer
        self._offer = MessageBar("predict_offer", self._back, below=self._same, on_dismissed=decline)

    def _make_body(self) -> None:
        new_model = button(self.tr("New model…"), "predict_new_model", "primary", self.new_model_wanted.emit)
        self._no_model = EmptyState(
            "predict_no_model",
            self.tr("No model yet"),
            self.tr("Train a model on your pictures first. Then it can classify new ones."),
            (new_model,),
        )
        self._no_results = EmptyState("predict_no_results", "", "", picture=self._samples)
        self._none_match = EmptyState("predict_none_match", self.tr("No matching pictures"), "")
        self._below = QStackedWidget()
        for state in (self._no_model, self._no_results, self._none_match, self._list):
            self._below.addWidget(state)
        top = QVBoxLayout()
        self._above = FittingArea(held(top), "predict_above")
        top.setSpacing(theme.BETWEEN_CARDS)
        told = (self._refusal, self._waiting, self._notice, self._failure, self._offer, self._cleared, self._saved)
        for widget in (*told, self._zone, self._filters):
            top.addWidget(widget)
        self._end_at_cards(top)
        self.body.addWidget(self._above)
        self._below.setMinimumHeight(LEAST_BELOW)
        self._below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is above goes first
        self.body.addWidget(self._below, 1)
        self.body.addWidget(self._progress)

    def _end_at_cards(self, top: QVBoxLayout) -> None:
        """Align the right edge of everything else with the cards, beside the scroll bar."""
        head = self.body.itemAt(0)
        for layout in (head.layout() if head is not None else None, top):
            assert layout is not None
            layout.setContentsMargins(0, 0, ROOM_FOR_SCROLLING, 0)

    def _connect(self) -> None:
        self._models_box.chosen.connect(self.model_chosen)
        self._filters.wanted_changed.connect(self._on_wanted_changed)
        self._filters.order_changed.connect(self._on_order_changed)
        self._filters.clearing_wanted.connect(self.clear)
        self._list.picture_opened.connect(self._on_picture_opened)
        self._list.shown_in_folder.connect(self.shown_in_folder)
        self._queue.taken.connect(self._on_taken)
        self._queue.results_added.connect(self._on_results_added)
        self._queue.answered.connect(self._on_answered)
        self._queue.switched.connect(self._on_switched)
        self._queue.cleared.connect(self._on_cleared)
        self._queue.changed.connect(self._on_changed)
        QShortcut(QKeySequence.StandardKey.Find, self, self._filters.start_search)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the model box the room that is left."""
        super().resizeEvent(event)
        self._models_box.leave_room(event.size().width())

    # --- Actions of the person ------------------------------------------------------------------------------------

    def _on_wanted_changed(self, wanted: Wanted) -> None:
        self._list.results.show_wanted(wanted)
        self._show_below()

    def _on_order_changed(self, order: Order) -> None:
        self._list.results.show_order(order)
        self._list.scrollToTop()

    def _on_picture_opened(self, place: int) -> None:
        shown = self._list.results.shown()
        self.picture_opened.emit([row.prediction.path for row in shown], [row.result for row in shown], place)

    # --- Changes of the predictions -------------------------------------------------------------------------------

    def _on_taken(self) -> None:
        self.forget_messages()

    def _on_results_added(self, results: list[PicturePrediction]) -> None:
        self._list.results.add(results)
        self._show_counts()

    def _on_answered(self, path: str) -> None:
        """Scroll to the new result; filters that would hide it are reset."""
        if self._list.results.place_of(path) is None:
            self._filters.show_everything()
        place = self._list.results.place_of(path)
        if place is not None:
            self._list.bring_into_sight(place)

    def _on_switched(self) -> None:
        """Keep the filter for another model's results, unless that model doesn't have the class."""
        self._saved.hide()
        self._list.results.clear()
        self._filters.keep_to(self._queue.classes)
        self._show_counts()

    def _on_cleared(self) -> None:
        self._saved.hide()
        self._wanted_before = self._filters.wanted
        self._list.results.clear()
        self._filters.show_everything()
        self._show_counts()

    def _on_back(self) -> None:
        if self._queue.offer is not None:
            self.model_chosen.emit(self._queue.offer.model.path)

    def _on_show_saved(self) -> None:
        self.shown_in_folder.emit(self._saved_as)

    def _on_changed(self) -> None:
        self._show_head()
        self._show_messages()
        self._progress.show_progress()
        self._show_below()

    # --- Drawing the state ----------------------------------------------------------------------------------------

    def _show_counts(self) -> None:
        self._filters.show_counts(self._queue.classes, self._list.results)
        self._show_below()

    def _show_head(self) -> None:
        model = self._queue.model
        self.show_title(self.tr("Predict"), model_words(model) if model is not None else "")

    def _show_messages(self) -> None:
        self._failure.show_failure(self._queue.failure)
        notice = self._queue.notice
        self._notice.show_sentences([texts.notice_text(notice)] if notice is not None else [])
        self._waiting.setVisible(self._queue.is_waiting_for_model)
        if self._queue.is_waiting_for_model:
            self._waiting.show_message(*self._waiting_words())
        self._show_offer(self._queue.offer)
        self._cleared.show_words(cleared_words(self._queue.cleared_count) if self._queue.can_undo else "")
        self._above.fit()

    def _show_offer(self, offer: Offer | None) -> None:
        model = self._queue.model
        if offer is None or model is None:
            self._offer.hide()
            return
        self._offer.show_words(offer_words(offer))
        words = same_words(offer, model)
        self._same.setText(words.replace("&", "&&"))
        self._same.setAccessibleName(words)
        is_there = offer.model.path in {one.path for one in self._models or ()}
        self._back.setVisible(is_there and not offer.is_older)

    def _waiting_words(self) -> tuple[str, str]:
        what = self.tr("Your pictures are waiting for a model.")
        if self._models:
            return what, self.tr("Choose a model at the top to classify them.")
        return what, self.tr("Train a model to classify them.")

    def _show_below(self) -> None:
        results = self._list.results
        has_none = self._models == () and self._queue.model is None
        self._zone.setVisible(not has_none)
        self._filters.setVisible(results.total > 0)
        self._save.setVisible(not has_none)
        self._save.setEnabled(results.total > 0)
        is_first_step = results.total == 0 and self._queue.model is not None and not self._queue.is_running
        theme.set_role(self._choose, "primary" if is_first_step else "")
        if has_none:
            self._below.setCurrentWidget(self._no_model)
        elif results.total == 0:
            self._samples.show_paths(self._samples_to_show())
            self._no_results.show_words(*self._no_results_words())
            self._below.setCurrentWidget(self._no_results)
        elif results.rowCount() == 0:
            self._none_match.show_words(self.tr("No matching pictures"), self._none_match_words())
            self._below.setCurrentWidget(self._none_match)
        else:
            self._below.setCurrentWidget(self._list)

    def _samples_to_show(self) -> tuple[str, ...]:
        """Return some training pictures; none beside an offer, as a low window has no room for both."""
        model = self._queue.model
        return model.samples if model is not None and self._queue.offer is None else ()

    def _no_results_words(self) -> tuple[str, str]:
        if self._queue.is_preparing:
            why = self.tr("Its training was interrupted, so the model needs about half a minute of preparation, once.")
            return self.tr("Preparing the model…"), why
        if self._queue.is_running:
            return self.tr("The first predictions will appear here"), ""
        if self._queue.is_waiting_for_model:
            return "", ""  # a card says so
        if self._queue.model is None:
            return self.tr("No model chosen"), self.tr("Choose a model at the top to classify your pictures.")
        names = self.tr("This model was trained on {classes}.").format(classes=class_words(self._queue.classes))
        return self.tr("No pictures yet"), names

    def _none_match_words(self) -> str:
        words = self._list.results.wanted.words
        if not words:
            return self.tr("Choose “All” to see all pictures.")
        return self.tr("No file name contains “{words}”.").format(words=words)
