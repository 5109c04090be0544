"""The wizard: Folder → Check → Recipe → Start. Going back is always possible."""

from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from xception_gui.domain.messages.dataset import CheckResult
from xception_gui.domain.messages.training import ForecastRequest, TrainRequest
from xception_gui.domain.recipe import PRESETS, RANDOM_WEIGHTS, Augmentation, Preset, Recipe, make_recipe
from xception_gui.domain.visible import without_hidden
from xception_gui.edition import has_keras
from xception_gui.files.absolute_paths import absolute_path
from xception_gui.ui.dataset.augmentation_preview import AugmentationPreview
from xception_gui.ui.dataset.check_step import CheckStep, failure_of
from xception_gui.ui.dataset.dataset_check import DatasetCheck
from xception_gui.ui.dataset.durations import Durations, are_too_few_to_try, pictures_taken
from xception_gui.ui.dataset.folder_step import FolderStep
from xception_gui.ui.dataset.forecasting import Forecasting
from xception_gui.ui.dataset.machine_speed import MachineSpeed
from xception_gui.ui.dataset.reading_ahead import ReadingAhead
from xception_gui.ui.dataset.recipe_step import RecipeStep
from xception_gui.ui.dataset.replaced_folder import ReplacedFolderBar
from xception_gui.ui.dataset.start_step import StartStep
from xception_gui.ui.dataset.stepper import Stepper
from xception_gui.ui.kit import texts
from xception_gui.ui.kit.buttons import button
from xception_gui.ui.kit.cards import row
from xception_gui.ui.kit.labels import label
from xception_gui.ui.kit.page import Page
from xception_gui.ui.models.training import Training
from xception_gui.ui.pictures.thumbnails import Thumbnails

FOLDER, CHECK, RECIPE, START = range(4)
MAX_LOOKED_AT = 4
"""Pictures in the preview of augmentation, each of another class."""


class DataPage(Page):
    """Leads from a folder to a request to train.

    Signals:
        folder_wanted: the person wants to choose a folder.
        samples_wanted: the person wants sample pictures.
        place_wanted: the person wants to keep the model elsewhere.
        weights_wanted: the person wants to choose a file of weights.
        shown_in_folder: str, a path.
        picture_opened: the paths of some pictures, and which of them.
        training_wanted: TrainRequest.
    """

    folder_wanted = Signal()
    samples_wanted = Signal()
    place_wanted = Signal()
    weights_wanted = Signal()
    shown_in_folder = Signal(str)
    picture_opened = Signal(list, int)
    training_wanted = Signal(object)

    def __init__(
        self,
        check: DatasetCheck,
        reading: ReadingAhead,
        speed: MachineSpeed,
        forecasting: Forecasting,
        training: Training,
        thumbnails: Thumbnails,
        augmentation: AugmentationPreview,
        place: Path,
    ) -> None:
        super().__init__("data_page", "")
        self._check = check
        self._reading = reading
        self._speed = speed
        self._forecasting = forecasting
        self._training = training
        self._augmentation = augmentation
        self._durations = Durations(speed, reading)
        self._step = FOLDER
        self._dataset = ""
        self._stepper = Stepper(
            (self.tr("Folder"), self.tr("Check"), self.tr("Recipe"), self.tr("Name")), "data_stepper"
        )
        self._stepper.step_chosen.connect(self.go_to)
        self.folder = FolderStep()
        self.check_step = CheckStep(thumbnails)
        self.recipe_step = RecipeStep()
        self.start_step = StartStep(place)
        self._steps = QStackedWidget()
        for step in (self.folder, self.check_step, self.recipe_step, self.start_step):
            self._steps.addWidget(step)
        self._trained = ""  # the folder of the last training: leaving it loses nothing
        self._replaced = ReplacedFolderBar()
        self._hint = label("", "label", wrap=True, name="data_hint")
        self._back = button(self.tr("Back"), "data_back", "", lambda: self.go_to(self._step - 1))
        self._next = button("", "data_next", "primary", self._on_next)
        self.body.addWidget(self._stepper)
        self.body.addWidget(self._replaced)
        self.body.addWidget(self._steps, 1)
        foot = row(spacing=12)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        self.body.addLayout(foot)
        self._connect()
        self.go_to(FOLDER)

    def _connect(self) -> None:
        self.folder.folder_wanted.connect(self.folder_wanted)
        self.folder.samples_wanted.connect(self.samples_wanted)
        self.check_step.another_folder_wanted.connect(self.folder_wanted)
        self.check_step.check_again_wanted.connect(self._check.check_again)
        self.check_step.folders.answered.connect(self._check.take_folders_for)
        self.check_step.shown_in_folder.connect(self.shown_in_folder)
        self.check_step.picture_opened.connect(self.picture_opened)
        self.recipe_step.edited.connect(self._show)
        self.recipe_step.weights_wanted.connect(self.weights_wanted)
        self.recipe_step.forecast.wanted.connect(self._forecast)
        self.recipe_step.forecast.stopped.connect(self._forecasting.stop)
        self.start_step.edited.connect(self._show)
        self.start_step.place_wanted.connect(self.place_wanted)
        self.start_step.entered.connect(self._on_name_entered)
        self._replaced.back_wanted.connect(self._go_back_to)
        self._check.changed.connect(self._on_check_changed)
        self._reading.changed.connect(self._on_reading_changed)
        self._speed.changed.connect(self._on_speed_changed)
        self._forecasting.changed.connect(self._on_forecast_changed)
        self._augmentation.changed.connect(lambda: self.recipe_step.show_looks(self._augmentation.looks))
        self._training.changed.connect(self._on_training_changed)

    def open_folder(self, path: str) -> None:
        """Begin with a folder. Going back to the previous folder is offered until the next step."""
        if path == self._check.state.dataset and not self.start_step.typed_name:
            self._suggest_name(path)  # the last suggestion may be taken by now
        self._leave_for(path)
        self._check.check(path)
        self.go_to(CHECK)
        self._replaced.show_replacement(path)

    def open_samples(self, folder: str) -> None:
        """Begin with sample pictures, which are drawn into a folder first."""
        self._leave_for(folder)
        self._check.draw_samples(folder)
        self.go_to(CHECK)
        self._replaced.show_replacement(folder)

    def _leave_for(self, folder: str) -> None:
        before = self._check.state
        if folder != before.dataset and before.dataset != self._trained and not before.is_drawing:
            self._replaced.remember(before.dataset, self.start_step.typed_name)

    def _go_back_to(self, folder: str, name: str) -> None:
        """Return to the folder that was replaced, with the name that was typed."""
        self.open_folder(folder)
        if name:
            self.start_step.show_typed(name)
        self._replaced.forget()

    def go_to(self, step: int) -> None:
        """Show a step. Forward is only through `Next`; back is always allowed."""
        self._step = max(FOLDER, min(step, START))
        self._steps.setCurrentIndex(self._step)
        self._stepper.show_step(self._step)
        if self._step == CHECK:
            self._read_ahead()
        if self._step == RECIPE:
            self._measure_speed()
        if self._step == START:
            self.start_step.take_focus()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Resume reading when the page is shown again."""
        super().showEvent(event)
        self._read_ahead()

    def _read_ahead(self) -> None:
        """Read the pictures ahead, unless the computer is busy with a training, a measurement or a forecast."""
        others = (self._training.is_running, self._speed.is_measuring, self._forecasting.state.is_running)
        result, is_busy = self._result, any(others)
        if result is not None and result.can_be_trained_on and not is_busy:
            self._reading.read(self._check.state.dataset, result, self._check.state.folders)

    def _measure_speed(self) -> None:
        """Measure the speed if it isn't known yet; reading is paused meanwhile."""
        if self._speed.is_wanted and not self._training.is_running and not self._forecasting.state.is_running:
            self._reading.stop()
            self._speed.measure()

    @property
    def _result(self) -> CheckResult | None:
        return self._check.state.result

    @property
    def _can_be_trained_on(self) -> bool:
        return self._result is not None and self._result.can_be_trained_on

    def _on_check_changed(self) -> None:
        if self._check.state.dataset != self._dataset:
            self._on_another_dataset()
        self.check_step.show_state(self._check.state)
        if self._result is None:
            self._reading.forget()
        self._read_ahead()
        if self._step > CHECK and failure_of(self._check.state) is not None:
            self.go_to(CHECK)
        self._show()

    def _on_another_dataset(self) -> None:
        self._dataset = self._check.state.dataset
        self._suggest_name(self._dataset)
        self.recipe_step.begin()
        if self._dataset == self._replaced.path:
            self._replaced.forget()

    def _suggest_name(self, folder: str) -> None:
        self.start_step.show_name(without_hidden(Path(folder).name) or self.tr("model"))

    def _on_training_changed(self) -> None:
        if self._step == RECIPE:
            self._measure_speed()  # not possible while a training ran
        self._show_times()
        self._show_forecast()
        self._show_start()

    def _on_reading_changed(self) -> None:
        self.check_step.show_reading(self._reading.state)
        self._show_times()
        if self._step == START:
            self._show_facts()

    def _on_speed_changed(self) -> None:
        self._read_ahead()
        self._show()

    def _on_forecast_changed(self) -> None:
        if self._step == RECIPE:
            self._measure_speed()  # which gave way to the forecast
        self._read_ahead()
        self._show_forecast()

    def _forecast(self) -> None:
        """Try out what fine-tuning with the chosen recipe would bring; reading is paused meanwhile."""
        wanted = self._forecast_request()
        if wanted is not None:
            self._reading.stop()
            self._forecasting.forecast(wanted)

    def _forecast_request(self) -> ForecastRequest | None:
        recipe, check = self.recipe_step.recipe, self._check.state
        return None if recipe is None else ForecastRequest(check.dataset, _with_absolute_weights(recipe), check.folders)

    @property
    def _known_forecast(self) -> tuple[float, float] | None:
        """What a trial of the chosen recipe has found, if there was one."""
        state = self._forecasting.state
        is_of_recipe = state.result is not None and state.request == self._forecast_request()
        return state.result.range if state.result is not None and is_of_recipe else None

    def _on_next(self) -> None:
        self._replaced.forget()
        if self._step < START:
            self.go_to(self._step + 1)
        else:
            self.start()

    def _on_name_entered(self) -> None:
        if self._may_start():
            self.start()

    def start(self) -> None:
        """Emit the request to train, if recipe and name are valid."""
        recipe = self.recipe_step.recipe
        if recipe is not None and not self.start_step.problem:
            self._speed.stop()
            self.start_step.forget_typed()
            self._replaced.forget()
            check = self._check.state
            self._trained = check.dataset
            run, recipe = str(self.start_step.run), _with_absolute_weights(recipe)
            self.training_wanted.emit(TrainRequest(check.dataset, run, recipe, check.folders, self._known_forecast))

    def _show(self) -> None:
        self._show_head()
        self._back.setVisible(self._step > FOLDER)
        self._next.setVisible(self._step > FOLDER or bool(self._check.state.dataset))
        words = (self.tr("Next: check"), self.tr("Next: recipe"), self.tr("Next: name"), self.tr("Start training"))
        self._next.setText(words[self._step])
        self._next.setAccessibleName(words[self._step])
        recipe = self.recipe_step.recipe
        ready = (bool(self._check.state.dataset), self._can_be_trained_on, recipe is not None, self._may_start())
        self._next.setEnabled(ready[self._step])
        self._hint.setText(self._hint_words())
        self._show_times()
        self._show_forecast()
        self._show_looks()
        self._show_start()

    def _show_forecast(self) -> None:
        """Show the forecast of the chosen recipe, or offer one."""
        card, state = self.recipe_step.forecast, self._forecasting.state
        if state.request is not None and (state.is_running or state.request == self._forecast_request()):
            card.show_state(state)
            return
        result, recipe = self._result, self.recipe_step.recipe
        if result is not None and recipe is not None and are_too_few_to_try(result, recipe):
            card.show_too_few()
            return
        seconds = self._durations.of_forecast(result) if result is not None else None
        time = texts.about(seconds) if seconds is not None else ""
        card.show_offer(time, is_possible=not self._training.is_running)

    def _show_looks(self) -> None:
        """Preview the augmentation of the chosen recipe on some of the person's pictures."""
        recipe, result = self.recipe_step.recipe, self._result
        if self._step != RECIPE or recipe is None:
            return
        augment = recipe.hyperparameters.augment if recipe.trains_network else Augmentation.NONE
        samples = [pictures[0] for pictures in result.samples.values() if pictures] if result is not None else []
        self._augmentation.choose(tuple(samples[:MAX_LOOKED_AT]), augment, recipe.seed)

    def _may_start(self) -> bool:
        valid = self.recipe_step.recipe is not None and not self.start_step.problem
        return valid and self._can_be_trained_on and not self._training.is_running

    def _show_head(self) -> None:
        dataset = self._check.state.dataset
        if not dataset:
            self.show_title(
                self.tr("New model"), self.tr("Turn a folder of pictures into a classifier, in four steps.")
            )
            return
        where = (
            self.tr("{path} · your files are only read, never changed").format(path=dataset)
            if self._step <= CHECK
            else self.tr("Choose how thoroughly to train.")
            if self._step == RECIPE
            else self.tr("Give your model a name.")
        )
        self.show_title(self.tr("New model from “{name}”").format(name=Path(dataset).name or dataset), where)

    def _hint_words(self) -> str:
        if self._step == CHECK and self._check.state.is_running and not self._check.state.is_drawing:
            return self.tr("You can choose a recipe once the check is done.")
        if self._step == RECIPE and self.recipe_step.recipe is None:
            return self.tr("Correct the marked value in Advanced settings.")
        if self._step == RECIPE and self._speed.result is not None:
            return self.tr("Times are based on the speed of this computer.")
        return ""

    def _show_times(self) -> None:
        self.recipe_step.show_times({preset: self._time_words(preset) for preset in Preset})

    def _time_words(self, preset: Preset) -> str:
        if self._result is None or (PRESETS[preset].trains_network and not has_keras()):
            return ""
        chosen = self.recipe_step.recipe
        recipe = chosen if chosen is not None and chosen.preset is preset else make_recipe(preset)
        seconds = self._durations.of_training(recipe, self._result)
        if seconds is not None:
            return texts.about(seconds)
        return "" if self._speed.has_failed or self._training.is_running else self.tr("measuring…")

    def _show_start(self) -> None:
        if self._training.is_running and self._training.state is not None:
            name = Path(self._training.state.run).name
            self.start_step.busy.show_message(
                self.tr("Another model is training"),
                self.tr("You can start this one when “{name}” is done.").format(name=name),
            )
        else:
            self.start_step.busy.hide()
        if self._step == START:
            self.start_step.show_problem()
            self._next.setEnabled(self._may_start())
            self._show_facts()

    def _show_facts(self) -> None:
        result, recipe = self._result, self.recipe_step.recipe
        if result is None or recipe is None:
            return
        pictures = self.tr("{n} pictures in {k} classes").format(
            n=texts.number(pictures_taken(result, recipe)), k=len(result.classes)
        )
        seconds = self._durations.of_training(recipe, result)
        time = texts.about(seconds) if seconds is not None else ""
        self.start_step.show_facts(self._check.state.dataset, pictures, texts.preset_name(recipe.preset), time)


def _with_absolute_weights(recipe: Recipe) -> Recipe:
    """Return a recipe with an absolute path to its file of weights, which may have been typed."""
    if recipe.weights in (None, RANDOM_WEIGHTS):
        return recipe
    return msgspec.structs.replace(recipe, weights=absolute_path(recipe.weights))
