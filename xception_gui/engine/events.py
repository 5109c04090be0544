"""The one door out of the engine."""

import threading
import time
from typing import IO

from xception_gui.diagnostics import logger
from xception_gui.domain.lines import encode
from xception_gui.domain.messages.base import Message


class EventWriter:
    """Writes events as lines, whole and one at a time, from any thread.

    Once nobody listens any more it drops them: the job is stopped by the end of stdin, which comes with it.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._closed = False
        self.last_event = time.monotonic()  # seconds, of the clock that never goes back

    def __call__(self, event: Message, request_id: str | None = None) -> None:
        """Write one event."""
        self.last_event = time.monotonic()
        line = encode(event, request_id) + "\n"
        with self._lock:
            if self._closed:
                return
            try:
                self._stream.write(line)
                self._stream.flush()
            except OSError as error:
                self._closed = True
                logger.info("Nobody listens any more: %s", error)
