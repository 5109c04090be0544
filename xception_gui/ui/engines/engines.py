"""The engines of the window, started when first needed."""

from PySide6.QtCore import QObject

from xception_gui.ui.engines.engine_client import EngineClient


class Engines(QObject):
    """Four processes, so that short jobs don't queue behind long ones.

    reader: checks data sets, finds moved ones, evaluates models. viewer: previews and the list of models; answers at once.
    predictor: classifies pictures. trainer: trains and exports, with Keras; the others load Keras only to convert the best
    epoch of an interrupted training.
    They run at lower priority than the window, the trainer at the lowest.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader = EngineClient("reader", niceness=5, parent=self)
        self.viewer = EngineClient("viewer", niceness=1, parent=self)
        self.predictor = EngineClient("predictor", niceness=3, parent=self)
        self.trainer = EngineClient("trainer", niceness=10, parent=self)

    @property
    def all(self) -> tuple[EngineClient, ...]:
        """Return all engines; the trainer, which may have to save a training, last."""
        return self.viewer, self.predictor, self.reader, self.trainer

    def close(self) -> None:
        """End all processes, each at its own pace; a training is saved."""
        for engine in self.all:
            engine.ask_to_end()
        for engine in self.all:
            engine.close()
