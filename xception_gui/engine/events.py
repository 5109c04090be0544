"""The engine's output: one writer for all events."""

import threading
import time
from typing import IO

from xception_gui.diagnostics import logger
from xception_gui.domain.lines import encode
from xception_gui.domain.messages.base import Message


class EventWriter:
    """Writes events as whole lines, one at a time, from any thread.

    Once the reader is gone, events are dropped; stdin ends at the same time, which stops the job.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._closed = False
        self.last_event = time.monotonic()  # seconds of the monotonic clock

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
