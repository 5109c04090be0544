"""D-Bus calls to Linux desktops, with a deadline for a bus or a service that hangs."""

import time
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

PATIENCE = 0.5
"""Seconds in all, from connecting to the last answer."""


class Bus(DBusConnection):  # type: ignore[misc]  # jeepney has no types
    """A connection with one deadline for all calls.

    jeepney waits for the bus without a limit; the window can't.
    """

    def __init__(self, name: str, *, descriptors: bool = False) -> None:
        """Connect.

        Args:
            name: SESSION, SYSTEM or an address.
            descriptors: whether answers may contain file descriptors.

        Raises:
            Exception: there is no such bus, or the bus doesn't answer; jeepney raises many types.
        """
        self._deadline = time.monotonic() + PATIENCE
        socket = prep_socket(get_bus(name), descriptors, timeout=PATIENCE)
        try:
            super().__init__(socket, descriptors)
        except BaseException:
            socket.close()
            raise

    def send_and_get_reply(self, message: Any, *, timeout: float | None = None) -> Any:
        """Send a message and wait for its answer, at most until the deadline."""
        return super().send_and_get_reply(message, timeout=max(0.0, self._deadline - time.monotonic()))

    def call(self, service: DBusAddress, method: str, signature: str = "", *arguments: object) -> tuple[Any, ...]:
        """Call a method and return its result.

        Raises:
            DBusErrorResponse: the service refused.
            TimeoutError: the service didn't answer.
            OSError: the bus has gone.
        """
        reply = self.send_and_get_reply(new_method_call(service, method, signature or None, arguments))
        if reply.header.message_type is MessageType.error:
            raise DBusErrorResponse(reply)
        return tuple(reply.body)

    def tell(self, service: DBusAddress, method: str, signature: str, *arguments: object) -> None:
        """Call a method without waiting for an answer."""
        self.send(new_method_call(service, method, signature, arguments))


def bus_text(text: str) -> str:
    """Return a text that D-Bus accepts: without NUL and in valid UTF-8, which file names may not be."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
