"""What stands around the window, played by the test: the system's dialogs, file manager, notifications, and sleep."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from pytest import MonkeyPatch

from xception_gui.ui.desktop import file_dialogs, file_manager
from xception_gui.ui.desktop.file_dialogs import Purpose
from xception_gui.ui.train import feature as training


class FakeDesktop:
    """Answers every dialog at once, and notes what the window wants of the desktop."""

    def __init__(self, monkeypatch: MonkeyPatch) -> None:
        self.answers: dict[Purpose, list[Path] | None] = {}  # None: the dialog is given up
        self.kind = 0  # which of several kinds of files is chosen
        self.asked: list[Purpose] = []
        self.shown: list[str] = []  # folders
        self.told: list[tuple[str, str]] = []  # title and text of notifications
        one, several = lambda *words, **_: self._one(words[2]), lambda *words: self._all(words[2])
        for name, choose in (("choose_folder", one), ("choose_files", several), ("choose_save_file", one)):
            monkeypatch.setattr(file_dialogs, name, choose)
        monkeypatch.setattr(file_dialogs, "choose_save_kind", lambda *words: self._one_of_kind(words[2], words[5]))
        monkeypatch.setattr(file_manager, "QDesktopServices", self)
        monkeypatch.setattr(training, "notify", lambda title, text: self.told.append((title, text)))

    def openUrl(self, url: QUrl) -> None:  # noqa: N802 - Qt's name
        self.shown.append(url.toLocalFile())

    def _one_of_kind(self, purpose: Purpose, kinds: Sequence[str]) -> tuple[Path, str] | None:
        place = self._one(purpose)
        return None if place is None else (place, kinds[self.kind])

    def _all(self, purpose: Purpose) -> list[Path]:
        self.asked.append(purpose)
        return self.answers.get(purpose, [Path(f"/chosen/{purpose}")]) or []

    def _one(self, purpose: Purpose) -> Path | None:
        return next(iter(self._all(purpose)), None)


class FakeSleep:
    """Keeps no computer awake."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.released = 0

    def inhibit(self, reason: str) -> bool:
        self.reasons.append(reason)
        return True

    def release(self) -> None:
        self.released += 1
