"""The results of one model, kept small: tens of thousands of pictures with a hundred probabilities each."""

from array import array

from xception_gui.domain.messages.using import PicturePrediction, Prediction

SHOWN_CLASSES = 3


class PredictionStore:
    """Results by path, in the order in which they came.

    An object for each probability would take 300 MB for 20,000 pictures of 120 classes, and Python would pause again
    and again to look through them; numbers side by side take 20 MB.
    """

    def __init__(self) -> None:
        self._shown: dict[str, PicturePrediction] = {}  # with their most probable classes alone
        self._probabilities: dict[str, array[float]] = {}  # of all classes; empty where a picture can't be read
        self._names: dict[str, str] = {}  # each class once, and not once a picture; in the order of their names

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, path: str) -> bool:
        return path in self._shown

    def put(self, prediction: PicturePrediction) -> PicturePrediction:
        """Keep a result, in the place of an earlier one of the same picture. Gives what a list shows of it."""
        said = {one.class_name: one.probability for one in prediction.predictions}
        if said and not self._names:  # the first result; all of one model name the same classes
            self._names = {name: name for name in sorted(said)}
        best = prediction.predictions[:SHOWN_CLASSES]
        top = tuple(Prediction(self._names[one.class_name], one.probability) for one in best)
        shown = PicturePrediction(prediction.path, top, prediction.error)
        self._shown[prediction.path] = shown
        self._probabilities[prediction.path] = array("d", [said[name] for name in self._names] if said else [])
        return shown

    def paths(self) -> list[str]:
        """Give the pictures of which there are results."""
        return list(self._shown)

    def shown(self) -> list[PicturePrediction]:
        """Give what a list shows of all results: their most probable classes alone."""
        return list(self._shown.values())

    def find(self, path: str) -> PicturePrediction | None:
        """Give the result of a picture with all its classes; None where there is none."""
        shown = self._shown.get(path)
        return self._whole(shown) if shown is not None else None

    def all(self) -> list[PicturePrediction]:
        """Give all results with all their classes."""
        return [self._whole(shown) for shown in self._shown.values()]

    def _whole(self, shown: PicturePrediction) -> PicturePrediction:
        probabilities = self._probabilities[shown.path]
        ranked = sorted(zip(self._names, probabilities, strict=False), key=lambda one: -one[1])
        said = tuple(Prediction(name, probability) for name, probability in ranked)
        return PicturePrediction(shown.path, said, shown.error)
