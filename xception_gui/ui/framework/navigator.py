"""How a page, a menu or a drop asks for what a feature does, without knowing which feature that is."""

from collections.abc import Callable, Sequence
from typing import Generic, ParamSpec

from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.run_state import RunState

Parameters = ParamSpec("Parameters")


class Command(Generic[Parameters]):
    """Something that anybody may ask for, by calling it, and that one feature does."""

    def __init__(self) -> None:
        self._handler: Callable[Parameters, object] | None = None

    @property
    def has_handler(self) -> bool:
        """Whether somebody does it."""
        return self._handler is not None

    def handle_with(self, handler: Callable[Parameters, object]) -> None:
        """Have it done by this from now on. A command has one handler."""
        assert self._handler is None, "somebody does it already"
        self._handler = handler

    def __call__(self, *arguments: Parameters.args, **named: Parameters.kwargs) -> None:
        """Have it done."""
        assert self._handler is not None, "nobody does it"
        self._handler(*arguments, **named)


class Navigator:
    """All that can be asked for across features. A run is named by its folder; an empty name asks for nothing."""

    def __init__(self) -> None:
        # The window
        self.open_paths = Command[[list[str]]]()  # whatever they are, as a drop on the page in sight
        self.show_precision = Command[[str]]()  # what networks are trained in on this computer
        self.show_preferences = Command[[]]()

        # A new model
        self.show_dataset = Command[[]]()  # the page where one begins
        self.choose_dataset = Command[[]]()
        self.open_dataset = Command[[str]]()  # its folder
        self.draw_samples = Command[[]]()

        # Training
        self.start_training = Command[[TrainRequest, RunState | None]]()  # and what was learned ahead of it
        self.resume_training = Command[[str]]()  # a run
        self.copy_log = Command[[]]()
        self.save_plot = Command[[str]]()  # “loss” or “accuracy”

        # Models
        self.show_models = Command[[]]()  # the list
        self.choose_model = Command[[]]()
        self.choose_shared_models = Command[[]]()
        self.open_shared_models = Command[[Sequence[str], Sequence[str]]]()  # files, and pictures for the last model
        self.share = Command[[str]]()  # a run
        self.locate = Command[[str]]()  # a run whose pictures are elsewhere
        self.show_refusal = Command[[str]]()  # a sentence: why nothing was begun
        self.show_results = Command[[str]]()  # of a run
        self.export = Command[[str]]()  # a run

        # Predictions
        self.predict_with = Command[[str]]()  # a run
        self.open_model = Command[[str, list[str]]]()  # a run, and what it is to predict
        self.predict = Command[[list[str]]]()  # files and folders, with the current model
        self.choose_pictures = Command[[]]()
        self.choose_picture_folder = Command[[]]()
        self.show_unpredicted = Command[[str]]()  # a sentence: why something is not predicted
        self.search_predictions = Command[[]]()
        self.clear_predictions = Command[[]]()
        self.undo_clearing = Command[[]]()
        self.save_table = Command[[]]()
