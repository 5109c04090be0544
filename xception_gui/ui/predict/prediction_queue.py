"""What pictures show: drops are predicted one after the other, and their results kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_fields
from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Event, Failed, Message, Phase, PhaseStarted, Progress
from xception_gui.domain.messages.models import RunSummary
from xception_gui.domain.messages.training import Notice
from xception_gui.domain.messages.using import ModelOpened, PicturePredicted, PredictRequest
from xception_gui.domain.predictions import PicturePrediction
from xception_gui.ui.engines.current_job import CurrentJob
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.predict.drops import Drop, DropProgress, still_missing
from xception_gui.ui.predict.model_predictions import Cleared, ModelPredictions, Offer, figures_of, predictions_of
from xception_gui.ui.predict.opening_ahead import OpeningAhead
from xception_gui.ui.predict.result_feed import ResultFeed


class PredictionQueue(QObject):
    """Has pictures predicted by the predictor, and keeps the results of each model while the window is open.

    Drops queue up: each is predicted once those before it are, with the model for which it was dropped, also when
    another one is chosen meanwhile; those of the chosen model come first. A picture that is dropped again is predicted
    again, since its file may have changed, and its new result takes the place of the old one: nobody expects the same
    file twice in a list or a table. What is dropped before there is a model waits for one. After a failure, what is
    missing waits for `retry` or the next drop.

    Signals:
        taken: a drop was taken.
        results_added: list[PicturePrediction], new ones and ones that replace those of the same path, with their three
            most probable classes; at most ten times a second.
        answered: str, the path of the first result of a drop; it was added just before.
        switched: the results are others: none, until those of the model that was chosen are added, or those that come
            back.
        cleared: the results of the model were forgotten; `undo_clear` brings them back.
        changed: something else than the results is another.
    """

    taken = Signal()
    results_added = Signal(list)
    answered = Signal(str)
    switched = Signal()
    cleared = Signal()
    changed = Signal()

    def __init__(self, predictor: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: list[ModelPredictions] = []
        self._current: ModelPredictions | None = None
        self._at_work: ModelPredictions | None = None  # whose drop is being predicted
        self._earlier: ModelPredictions | None = None  # whose results were looked at before
        self._prepared: ModelPredictions | None = None  # whose model was opened ahead
        self._cleared: Cleared | None = None
        self._unclaimed: list[Drop] = []  # there is no model for them yet
        self.offer: Offer | None = None
        self._drop: Drop = ()  # that is being predicted
        self._classes: tuple[str, ...] = ()  # of the model that predicts it
        self._job = CurrentJob(predictor, self)
        self._job.reported.connect(self._on_reported)
        self._job.ended.connect(self._on_ended)
        self._opening = OpeningAhead(predictor, self)
        self._opening.changed.connect(self.changed)
        self._stop_asked = False
        self._is_converting = False  # what the drop needs first
        self._last: str | None = None  # path of the drop's newest result
        self._progress = DropProgress()
        self._feed = ResultFeed(self)
        self._feed.results_added.connect(self.results_added)
        self._feed.answered.connect(self.answered)
        self._feed.told.connect(self.changed)

    @property
    def model(self) -> RunSummary | None:
        """The model that predicts what is dropped now, and whose results are shown."""
        return self._current.model if self._current is not None else None

    @property
    def model_at_work(self) -> RunSummary | None:
        """The model for which something is being predicted."""
        return self._at_work.model if self._at_work is not None else None

    @property
    def classes(self) -> tuple[str, ...]:
        """What the model tells apart."""
        return self._current.model.classes if self._current is not None else ()

    @property
    def results(self) -> list[PicturePrediction]:
        """All results of the model with all their classes, in the order in which they came."""
        return self._current.results.all() if self._current is not None else []

    @property
    def has_results(self) -> bool:
        """Whether there are any of the model."""
        return self._current is not None and len(self._current.results) > 0

    def finder(self) -> Callable[[str], PicturePrediction | None]:
        """Return what finds the results of the model that is chosen now by their paths, with all their classes."""
        return self._current.results.find if self._current is not None else lambda _path: None

    @property
    def is_running(self) -> bool:
        """Whether something is being predicted, with whatever model."""
        return self._job.is_running

    @property
    def is_preparing(self) -> bool:
        """Whether the model is made of what its training had saved, which takes half a minute."""
        return self._is_converting or self._opening.is_converting

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and hasn't yet."""
        return self._stop_asked

    @property
    def is_waiting_for_model(self) -> bool:
        """Whether something was dropped and there is no model to predict it."""
        return bool(self._unclaimed)

    @property
    def failure(self) -> Failed | None:
        """Why what was dropped for the model is not predicted."""
        return self._current.failure if self._current is not None else None

    @property
    def notice(self) -> Notice | None:
        """What to know about the model's predictions."""
        return self._current.notice if self._current is not None and self.has_results else None

    @property
    def cleared_count(self) -> int:
        """How many results of the model `undo_clear` would bring back; with 0 there may be drops to bring back."""
        return len(self._cleared.results) if self._cleared is not None and self.can_undo else 0

    @property
    def can_undo(self) -> bool:
        """Whether the results of the model were cleared, and nothing was dropped since."""
        return self._cleared is not None and self._cleared.of is self._current

    @property
    def done(self) -> int:
        """Pictures that were looked at since it began to run."""
        return self._progress.done_before + self._progress.done

    @property
    def total(self) -> int:
        """Pictures to look at since it began to run; a folder that waits counts as one."""
        waiting = sum(map(len, self._unclaimed)) + sum(len(drop) for one in self._models for drop in one.waiting)
        return self._progress.done_before + self._progress.total + waiting

    @property
    def images_per_second(self) -> float | None:
        """How fast it goes; None where that can't be said yet."""
        return self._progress.pace.per_second

    @property
    def seconds_left(self) -> float | None:
        """How long it will take; None where that can't be said yet."""
        return self._progress.pace.seconds_for(self.total - self.done)

    # --- Models ---------------------------------------------------------------------------------------------------

    def choose_model(self, summary: RunSummary | None) -> None:
        """Predict with this model from now on, and show its results. Those of the one before are kept, and what was
        dropped for it goes on. None: there is no model any more."""
        chosen = predictions_of(self._models, summary) if summary is not None else None
        if chosen is not self._current:
            self._switch_to(chosen)
        elif chosen is not None and chosen.is_of_an_older_model:
            self.offer = Offer(chosen.model, tuple(chosen.results.paths()), is_older=True)
        if chosen is not None:
            chosen.waiting.extend(self._unclaimed)
            self._unclaimed.clear()
        self._start_next()
        self.changed.emit()

    def prepare(self) -> None:
        """Have the model opened, so that the first drop finds everything started."""
        if self._current is None or self._current is self._prepared or self.is_running:
            return
        self._prepared = self._current
        self._opening.open(self._current.model.path)

    def follow_renaming(self, old: str, new: str) -> None:
        """Keep on with a model when its folder has got another name.

        What hasn't opened the model yet is asked for anew: it may wait in the queue, with the old name.
        """
        at_work = self._at_work is not None and self._at_work.model.path == old
        was_opening = self._opening.is_running and self.model is not None and self.model.path == old
        for one in self._models:
            if one.model.path == old:
                one.model = replace_fields(one.model, path=new)
        self.offer = self.offer and self.offer.after_renaming(old, new)
        if was_opening:
            self._give_up_opening()
        if at_work and self._last is None and not self._stop_asked:
            self._begin_drop_anew()
        if was_opening:
            self.prepare()
        self.changed.emit()

    def forget_model(self, run: str) -> None:
        """Let go of a model that is not there any more. Its results are kept, should it come back."""
        for one in self._models:
            if one.model.path == run:
                self._take_drops(one)
                one.failure = None
        if self._current is not None and self._current.model.path == run:
            self._switch_to(None)
        self._start_next()
        self.changed.emit()

    def _switch_to(self, chosen: ModelPredictions | None) -> None:
        if self.has_results:
            self._earlier = self._current
        self._give_up_opening()
        self._current = chosen
        self.offer = self._offer_of_earlier()
        self._show_all()

    def _offer_of_earlier(self) -> Offer | None:
        if self._current is None or self._earlier is None or self._earlier is self._current:
            return None
        lacking = self._current.lacks(self._earlier.results.paths())
        return Offer(self._earlier.model, lacking) if lacking else None

    def _give_up_opening(self) -> None:
        """Stop opening a model that isn't wanted any more."""
        if self._opening.is_running:
            self._opening.give_up()
            self._prepared = None

    # --- Drops ----------------------------------------------------------------------------------------------------

    def predict(self, paths: Sequence[str]) -> None:
        """Predict a drop: files, and folders with everything below them."""
        if not paths:
            return
        self._cleared = self.offer = None
        drop = tuple(dict.fromkeys(paths))
        if self._current is None:
            self._unclaimed.append(drop)
        else:
            self._current.waiting.append(drop)
            self._current.failure = None
        self.taken.emit()
        self._start_next()
        self.changed.emit()

    def take_offer(self) -> None:
        """Predict the same pictures with the model that is chosen now."""
        if self.offer is not None and self._current is not None:
            self._current.made_by = figures_of(self._current.model)
            self.predict(self.offer.pictures)

    def decline_offer(self) -> None:
        """Offer the same pictures no more."""
        self.offer = None
        self.changed.emit()

    def retry(self) -> None:
        """Predict what a failure left."""
        if self._current is not None:
            self._current.failure = None
        self._start_next()
        self.changed.emit()

    def give_up(self) -> None:
        """Leave what a failure left."""
        if self._current is not None and self._current.failure is not None:
            self._current.failure = None
            self._current.waiting.clear()
        self.changed.emit()

    def stop(self) -> None:
        """Stop, and keep the results. Drops that wait are forgotten, but for those that wait after a failure."""
        for one in self._models:
            if one.failure is None:
                one.waiting.clear()
        if self.is_running:
            self._job.stop()
            self._stop_asked = True
        self.changed.emit()

    def clear(self) -> None:
        """Stop, and forget the results of the model, until `undo_clear`."""
        one = self._current
        if one is None:
            return
        self._cleared = one.clear(self._take_drops(one)) or self._cleared
        self.offer = None
        self._feed.begin_anew([])
        self.cleared.emit()
        self._start_next()
        self.changed.emit()

    def undo_clear(self) -> None:
        """Bring back what was cleared, and go on with what was at work."""
        back = self._cleared
        if back is None or back.of is not self._current:
            return
        self._cleared = None
        back.bring_back()
        self._show_all()
        self._start_next()
        self.changed.emit()

    def forget_cleared(self) -> None:
        """Let go of what was cleared."""
        self._cleared = None
        self.changed.emit()

    def _take_drops(self, one: ModelPredictions) -> tuple[Drop, ...]:
        """Have nothing more predicted for a model. Returns what was left to do, without what has its result already."""
        left = list(one.waiting)
        one.waiting.clear()
        if self._at_work is one:
            left = [*filter(None, [still_missing(self._drop, self._last)]), *left]
            self._job.give_up()
            self._end_drop()
        return tuple(left)

    def _start_next(self) -> None:
        ready = [one for one in self._models if one.is_ready]
        if self.is_running or not ready:
            return
        self._at_work = self._current if self._current in ready else ready[0]
        assert self._at_work is not None
        self._drop = self._at_work.waiting.popleft()
        self._progress = replace(self._progress, total=len(self._drop))
        self._job.start(PredictRequest(self._at_work.model.path, self._drop))

    def _end_drop(self) -> None:
        """Get ready for the next drop; what was counted counts until the last one has ended, or one has failed."""
        goes_on = any(one.is_ready for one in self._models)
        self._progress = self._progress.ended(goes_on=goes_on)
        self._at_work, self._drop, self._last = None, (), None
        self._stop_asked = False
        self._is_converting = False

    def _begin_drop_anew(self) -> None:
        assert self._at_work is not None
        self._job.give_up()
        self._at_work.waiting.appendleft(self._drop)
        self._start_next()

    # --- What the engine tells ------------------------------------------------------------------------------------

    def _on_reported(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase=phase, total=total):
                self._progress = replace(self._progress, total=total or self._progress.total)
                self._is_converting = phase is Phase.CONVERTING
            case Progress():
                self._progress = self._progress.after(event)
            case Notice() if self._at_work is not None:
                self._at_work.notice = event
            case ModelOpened(classes=classes):
                self._classes = classes
            case PicturePredicted():
                self._on_predicted(event)
        self._feed.tell_soon()

    def _on_predicted(self, told: PicturePredicted) -> None:
        one = self._at_work
        assert one is not None
        if len(one.results) == 0:
            one.made_by = figures_of(one.model)
        shown = one.results.put(told, self._classes)
        if one is self._current:
            self._feed.add(shown, answers=self._last is None)
        self._last = told.path

    def _show_all(self) -> None:
        """Have the results of the model listed, in the place of whatever is."""
        self._feed.begin_anew(self._current.results.shown() if self._current is not None else [])
        self.switched.emit()
        self._feed.tell_now()

    def _on_ended(self, end: Message) -> None:
        one = self._at_work
        assert one is not None
        if isinstance(end, Failed):
            one.failure = end
            one.waiting.extendleft(filter(None, [still_missing(self._drop, self._last)]))
        self._end_drop()
        self._start_next()
        self._feed.tell_now()
