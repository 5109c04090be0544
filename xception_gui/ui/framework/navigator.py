"""Commands: pages, menus and drops call a feature's functions without knowing the feature."""

from collections.abc import Callable, Sequence
from typing import Generic, ParamSpec

from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.run_state import RunState

Parameters = ParamSpec("Parameters")


class Command(Generic[Parameters]):
    """A command that any part of the window may call, and that one feature handles."""

    def __init__(self) -> None:
        self._handler: Callable[Parameters, object] | None = None

    @property
    def has_handler(self) -> bool:
        """Whether a handler is set."""
        return self._handler is not None

    def handle_with(self, handler: Callable[Parameters, object]) -> None:
        """Set the handler. A command has exactly one."""
        assert self._handler is None, "the command already has a handler"
        self._handler = handler

    def __call__(self, *arguments: Parameters.args, **named: Parameters.kwargs) -> None:
        """Call the handler."""
        assert self._handler is not None, "the command has no handler"
        self._handler(*arguments, **named)


class Navigator:
    """All commands between features. A run is given as the path of its folder; an empty path does nothing."""

    def __init__(self) -> None:
        # The window
        self.open_paths = Command[[list[str]]]()  # of any kind, as if dropped on the visible page
        self.show_precision = Command[[str]]()  # the number format that networks are trained in on this computer
        self.show_preferences = Command[[]]()

        # A new model
        self.show_dataset = Command[[]]()  # the page Data
        self.choose_dataset = Command[[]]()
        self.open_dataset = Command[[str]]()  # its folder
        self.draw_samples = Command[[]]()

        # Training
        self.start_training = Command[[TrainRequest, RunState | None]]()  # and the state of reading ahead
        self.resume_training = Command[[str]]()  # a run
        self.copy_log = Command[[]]()
        self.save_plot = Command[[str]]()  # “loss” or “accuracy”

        # Models
        self.show_models = Command[[]]()  # the page Start
        self.choose_model = Command[[]]()
        self.choose_shared_models = Command[[]]()
        self.open_shared_models = Command[[Sequence[str], Sequence[str]]]()  # files, and pictures for the last model
        self.share = Command[[str]]()  # a run
        self.locate = Command[[str]]()  # a run whose pictures have moved
        self.show_refusal = Command[[str]]()  # a sentence: why nothing was started
        self.show_results = Command[[str]]()  # of a run
        self.export = Command[[str]]()  # a run

        # Predictions
        self.predict_with = Command[[str]]()  # a run
        self.open_model = Command[[str, list[str]]]()  # a run, and the pictures to classify
        self.predict = Command[[list[str]]]()  # files and folders, with the current model
        self.choose_pictures = Command[[]]()
        self.choose_picture_folder = Command[[]]()
        self.show_unpredicted = Command[[str]]()  # a sentence: why something is not classified
        self.search_predictions = Command[[]]()
        self.clear_predictions = Command[[]]()
        self.undo_clearing = Command[[]]()
        self.save_table = Command[[]]()
