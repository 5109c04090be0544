"""Calls over D-Bus, which desktops on Linux answer. Nobody waits for a bus or a service that hangs."""

import time
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

PATIENCE = 0.5
"""Seconds for everything together, from connecting to the last answer."""


class Bus(DBusConnection):  # type: ignore[misc]  # jeepney has no types
    """A connection on which everything is over by one deadline.

    jeepney waits as long as it takes for the bus to say hello; the window can't.
    """

    def __init__(self, name: str, *, descriptors: bool = False) -> None:
        """Connect.

        Args:
            name: SESSION, SYSTEM or an address.
            descriptors: whether answers may hold file descriptors.

        Raises:
            Exception: there is no such bus, or it doesn't answer; jeepney has many ways to say so.
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
        """Call a method and give what it returns.

        Raises:
            DBusErrorResponse, TimeoutError, OSError: it said no, it didn't answer, the bus has gone.
        """
        reply = self.send_and_get_reply(new_method_call(service, method, signature or None, arguments))
        if reply.header.message_type is MessageType.error:
            raise DBusErrorResponse(reply)
        return tuple(reply.body)

    def tell(self, service: DBusAddress, method: str, signature: str, *arguments: object) -> None:
        """Call a method without waiting for what comes of it."""
        self.send(new_method_call(service, method, signature, arguments))


def bus_text(text: str) -> str:
    """Make a text fit for D-Bus, which takes no NUL and nothing that isn't UTF-8: names of files may be neither."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
