"""The results of one model, kept small: tens of thousands of pictures with a hundred probabilities each."""

from array import array

from xception_gui.domain.messages.using import PicturePredicted
from xception_gui.domain.predictions import PicturePrediction, ranked
from xception_gui.ui.kit import texts

SHOWN_CLASSES = 3


class PredictionStore:
    """Results by path, in the order in which they came.

    An object for each probability would take 300 MB for 20,000 pictures of 120 classes, and Python would pause again
    and again to look through them; numbers side by side take 20 MB.
    """

    def __init__(self) -> None:
        self._shown: dict[str, PicturePrediction] = {}  # with their most probable classes alone
        self._probabilities: dict[str, array[float]] = {}  # of all classes; empty where a picture can't be read
        self._classes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, path: str) -> bool:
        return path in self._shown

    def put(self, told: PicturePredicted, classes: tuple[str, ...]) -> PicturePrediction:
        """Keep a result, in the place of an earlier one of the same picture. Returns what a list shows of it.

        Args:
            told: by an engine.
            classes: of its probabilities; all results of one model have the same.
        """
        self._classes = classes
        error = texts.refusal_text(told.error, {"detail": told.detail}) if told.error is not None else None
        shown = PicturePrediction(told.path, ranked(classes, told.probabilities, SHOWN_CLASSES), error)
        self._shown[told.path] = shown
        self._probabilities[told.path] = array("d", told.probabilities)
        return shown

    def paths(self) -> list[str]:
        """Return the pictures of which there are results."""
        return list(self._shown)

    def shown(self) -> list[PicturePrediction]:
        """Return what a list shows of all results: their most probable classes alone."""
        return list(self._shown.values())

    def find(self, path: str) -> PicturePrediction | None:
        """Return the result of a picture with all its classes; None where there is none."""
        shown = self._shown.get(path)
        return self._whole(shown) if shown is not None else None

    def all(self) -> list[PicturePrediction]:
        """Return all results with all their classes."""
        return [self._whole(shown) for shown in self._shown.values()]

    def _whole(self, shown: PicturePrediction) -> PicturePrediction:
        said = ranked(self._classes, self._probabilities[shown.path])
        return PicturePrediction(shown.path, said, shown.error)
