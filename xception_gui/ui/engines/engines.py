"""The engines of the window, started when first needed."""

from PySide6.QtCore import QObject

from xception_gui.ui.engines.engine_client import EngineClient


class Engines(QObject):
    """Four processes, so that nothing that a person waits for stands in a queue behind something long.

    reader: looks through data sets, finds moved ones, measures models. viewer: previews, the list of models; answers at
    once. predictor: says what pictures show. trainer: trains and exports, with Keras; the others load that only to use the
    best epoch of a training that was interrupted.
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
        """Return all of them; the trainer, which may have something to save, last."""
        return self.viewer, self.predictor, self.reader, self.trainer

    def close(self) -> None:
        """End all processes, each at its own pace; a training is saved."""
        for engine in self.all:
            engine.ask_to_end()
        for engine in self.all:
            engine.close()
