"""Desktop notifications: a training has ended.

On Linux through org.freedesktop.Notifications, tested against a mock; on Windows and macOS through a tray icon, untested.
"""

import html
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from xception_gui.diagnostics import logger
from xception_gui.domain.visible import visible
from xception_gui.edition import desktop_id

PROGRAM = "Xception GUI"
MILLISECONDS_IN_TRAY = 15_000


def notify(title: str, text: str) -> bool:
    """Show a notification if the desktop supports them. Invisible characters are written out, markup is escaped.

    Returns:
        Whether the desktop accepted it, after half a second at most. A desktop without notifications is no error.
    """
    try:
        return _by_bus(title, text) if sys.platform == "linux" else _by_tray(title, text)
    except Exception as error:  # any error: a notification must never disturb the work
        logger.info("No notification: %r", error)
        return False


def _by_bus(title: str, text: str) -> bool:
    from jeepney import DBusAddress

    from xception_gui.ui.desktop.bus import Bus, bus_text

    name = "org.freedesktop.Notifications"
    title, text = visible(bus_text(title)), visible(bus_text(text))
    service = DBusAddress("/org/freedesktop/Notifications", bus_name=name, interface=name)
    with Bus("SESSION") as bus:
        (capabilities,) = bus.call(service, "GetCapabilities")
        # If the service interprets markup, a class named “<b>” would be taken for markup.
        body = html.escape(text, quote=False) if "body-markup" in capabilities else text
        hints = {"desktop-entry": ("s", desktop_id())}
        bus.call(service, "Notify", "susssasa{sv}i", PROGRAM, 0, desktop_id(), title, body, [], hints, -1)
    return True


def _by_tray(title: str, text: str) -> bool:
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not QSystemTrayIcon.isSystemTrayAvailable():
        return False
    tray = app.findChild(QSystemTrayIcon) or QSystemTrayIcon(app.windowIcon(), app)
    tray.show()
    tray.showMessage(visible(title), visible(text), app.windowIcon())
    QTimer.singleShot(MILLISECONDS_IN_TRAY, tray, tray.hide)
    return True
