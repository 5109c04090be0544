"""The data that the program stores: reads the sizes, sets the limit of the cache, and clears it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from xception_gui.domain.messages.base import Event, Failed, Finished, Message, Stopped
from xception_gui.domain.messages.machine import CacheRequest, CacheResult
from xception_gui.ui.engines.engine_client import EngineClient


@dataclass(frozen=True, slots=True)
class StoredDataState:
    """The last known sizes and limit."""

    is_busy: bool = False
    result: CacheResult | None = None
    failure: Failed | None = None


def reduce(state: StoredDataState, event: Event) -> StoredDataState:
    """Return the state after an event."""
    match event:
        case Finished(result=CacheResult() as result):
            return StoredDataState(result=result)
        case Failed():
            return replace(state, is_busy=False, failure=event)
        case Stopped():
            return replace(state, is_busy=False)
    return state


class StoredData(QObject):
    """Has the viewer process read and change the cache. One request at a time: others are ignored while it is busy.

    Signals:
        changed: the state has changed.
    """

    changed = Signal()

    def __init__(
        self,
        viewer: EngineClient,
        parent: QObject | None = None,
        *,
        spared: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._spared = spared  # names of pasted pictures that are on screen
        self.state = StoredDataState()

    def look(self) -> None:
        """Read the sizes."""
        self._ask(CacheRequest())

    def set_limit(self, limit: int) -> None:
        """Limit the cache to `limit` bytes; whatever exceeds that is removed, the oldest entries first."""
        self._ask(CacheRequest(limit=limit, spared=self._spared()))

    def clear(self) -> None:
        """Clear the cache."""
        self._ask(CacheRequest(clear=True, spared=self._spared()))

    def _ask(self, request: CacheRequest) -> None:
        if self.state.is_busy:
            return
        self.state = replace(self.state, is_busy=True, failure=None)
        self._viewer.start(request).ended.connect(self._on_ended)
        self.changed.emit()

    def _on_ended(self, end: Message) -> None:
        self.state = reduce(self.state, end)  # type: ignore[arg-type]
        self.changed.emit()
