"""The results of one model in little memory: tens of thousands of pictures with a hundred probabilities each."""

from array import array

from xception_gui.domain.messages.using import PicturePredicted
from xception_gui.domain.predictions import PicturePrediction, ranked
from xception_gui.ui.kit import texts

SHOWN_CLASSES = 3


class PredictionStore:
    """Results by path, in the order in which they came.

    One object per probability would take 300 MB for 20,000 pictures of 120 classes, and slow down garbage collection;
    arrays take 20 MB.
    """

    def __init__(self) -> None:
        self._shown: dict[str, PicturePrediction] = {}  # with their most probable classes only
        self._probabilities: dict[str, array[float]] = {}  # of all classes; empty if a picture can't be read
        self._classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, path: str) -> bool:
        return path in self._shown

    def put(self, told: PicturePredicted, classes: tuple[str, ...]) -> PicturePrediction:
        """Store a result, replacing an earlier one of the same picture. Returns it with its most probable classes only.

        Args:
            told: the result from an engine.
            classes: in the order of the probabilities, the same for all results of a model.
        """
        self._classes = classes
        error = texts.refusal_text(told.error, {"detail": told.detail}) if told.error is not None else None
        shown = PicturePrediction(told.path, ranked(classes, told.probabilities, SHOWN_CLASSES), error)
        self._shown[told.path] = shown
        self._probabilities[told.path] = array("d", told.probabilities)
        return shown

    def paths(self) -> list[str]:
        """Return the paths of all pictures with results."""
        return list(self._shown)

    def shown(self) -> list[PicturePrediction]:
        """Return all results with their most probable classes only."""
        return list(self._shown.values())

    def find(self, path: str) -> PicturePrediction | None:
        """Return the result of a picture with all classes, None if there is none."""
        shown = self._shown.get(path)
        return self._whole(shown) if shown is not None else None

    def all(self) -> list[PicturePrediction]:
        """Return all results with all classes."""
        return [self._whole(shown) for shown in self._shown.values()]

    def _whole(self, shown: PicturePrediction) -> PicturePrediction:
        said = ranked(self._classes, self._probabilities[shown.path])
        return PicturePrediction(shown.path, said, shown.error)
