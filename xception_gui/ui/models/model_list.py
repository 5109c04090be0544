"""The list of models: reads, renames and deletes them, goes back to Quick's, and locates their pictures."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFile, QObject, QSettings, Signal

from xception_gui import paths
from xception_gui.diagnostics import logger
from xception_gui.domain.errors import ProgramError
from xception_gui.domain.messages.base import Failed, Finished, Message
from xception_gui.domain.messages.models import (
    ListRunsRequest,
    LocateDatasetRequest,
    LocateDatasetResult,
    RenameRunRequest,
    RenameRunResult,
    RunsResult,
    RunSummary,
    SeparateQuickRequest,
    SeparateQuickResult,
)
from xception_gui.files.absolute_paths import absolute_path
from xception_gui.ui.engines.engine_client import EngineClient
from xception_gui.ui.kit import texts

OTHER_PLACES = "models/other_places"
"""Setting: paths of runs outside the models folder that were made or opened on this computer."""


class ModelList(QObject):
    """The list of models: those in the models folder, and others that were made or opened elsewhere.

    The viewer lists and renames them, which takes a moment; the reader looks for pictures, which may take minutes.

    Signals:
        changed: the list was read again.
        failed: Failed, renaming, deleting, locating or going back to Quick failed.
        renamed: str old path, str new path.
        separated: str path of a run, str path of the new run with its Quick model.
        located: str path of the run, str folder of its pictures, LocateDatasetResult.
        thrown_away: str path of a run that was moved to the trash.
        trash_refused: str path of a run that the system could not move to the trash.
        cant_be_opened: str path of the run, str why, a sentence.
    """

    changed = Signal()
    failed = Signal(object)
    renamed = Signal(str, str)
    separated = Signal(str, str)
    located = Signal(str, str, object)
    cant_be_opened = Signal(str, str)
    thrown_away = Signal(str)
    trash_refused = Signal(str)

    def __init__(
        self, viewer: EngineClient, reader: EngineClient, settings: QSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._reader = reader
        self._settings = settings
        self.is_listing = False  # whether the list is being read
        self._list_again = False
        self._to_remember: list[str] = []  # runs to remember once the list confirms that they are models
        self.runs: tuple[RunSummary, ...] = ()
        self._to_open: list[tuple[str, Callable[[RunSummary], None]]] = []
        self.is_known = False  # whether the list has been read at least once
        self.failure: Failed | None = None

    @staticmethod
    def folder() -> Path:
        """Return the folder that models are saved in by default."""
        return paths.data_folder() / "models"

    def find(self, path: str) -> RunSummary | None:
        """Return the run with a path, or None."""
        return next((run for run in self.runs if run.path == path), None)

    def open(self, run: str, do: Callable[[RunSummary], None]) -> None:
        """Call `do` with a run that has a model. A run that isn't in the list yet is read first, and added if it is a
        model."""
        run = absolute_path(run)  # as in the list
        found = self.find(run)
        if found is not None and found.broken is None and found.val_accuracy is not None:
            do(found)
            return
        self._to_open.append((run, do))
        self.remember(run)

    def with_models(self) -> list[RunSummary]:
        """Return the runs that can predict."""
        return [run for run in self.runs if run.broken is None and run.val_accuracy is not None]

    def refresh(self) -> None:
        """Read the list again."""
        if self.is_listing:
            self._list_again = True
            return
        self.is_listing, self._list_again = True, False
        elsewhere = tuple(dict.fromkeys([*self._other_places(), *self._to_remember]))
        job = self._viewer.start(ListRunsRequest((str(self.folder()),), elsewhere))
        job.ended.connect(self._on_listed)

    def remember(self, run: str) -> None:
        """Add a run outside the models folder to the list, once it is confirmed to be a model."""
        if Path(run).parent != self.folder() and run not in self._other_places():
            self._to_remember.append(run)
        self.refresh()

    def rename(self, run: str, name: str) -> None:
        """Rename a run."""
        job = self._viewer.start(RenameRunRequest(run, name))
        job.ended.connect(lambda end: self._on_renamed(run, end))

    def separate_quick(self, run: str) -> None:
        """Make a run of its own from the Quick model that a fine-tuned run keeps."""
        job = self._viewer.start(SeparateQuickRequest(run))
        job.ended.connect(lambda end: self._on_separated(run, end))

    def throw_away(self, run: str) -> bool:
        """Move a run to the system's trash, unless it is in use. Returns whether that worked."""
        try:
            moved = move_to_trash(run)
        except ProgramError as error:
            self.failed.emit(Failed(error.code, error.details))
            return False
        if not moved:
            self.trash_refused.emit(run)
            return False
        self._forget(run)
        self.thrown_away.emit(run)
        self.runs = tuple(one for one in self.runs if one.path != run)
        self.changed.emit()
        self.refresh()
        return True

    def locate(self, run: str, dataset: str) -> None:
        """Record in a run where its pictures are now."""
        job = self._reader.start(LocateDatasetRequest(run, dataset))
        job.ended.connect(lambda end: self._on_located(run, dataset, end))

    def _other_places(self) -> list[str]:
        kept = self._settings.value(OTHER_PLACES, [])
        if isinstance(kept, str):  # Qt returns a list of one as a string
            return [kept]
        return list(kept) if isinstance(kept, list) else []

    def _forget(self, run: str) -> None:
        self._change_other_places(lambda places: [place for place in places if place != run])

    def _change_other_places(self, change: Callable[[list[str]], list[str]]) -> None:
        """Change the stored list, which is read again first: another window may have changed it."""
        self._settings.sync()
        self._settings.setValue(OTHER_PLACES, change(self._other_places()))
        self._settings.sync()

    def _remember_what_is_there(self) -> None:
        """Store the runs that are in the list now. Folders without a usable run aren't stored, or every start would check them."""
        waiting, self._to_remember = dict.fromkeys(self._to_remember), []
        new = [run for run in waiting if (found := self.find(run)) is not None and found.broken is None]
        if new:
            self._change_other_places(lambda places: [*places, *(run for run in new if run not in places)])

    def _on_listed(self, end: Message) -> None:
        self.is_listing = False
        if self._list_again:  # the list has changed since this job started
            self.refresh()
            return
        self.is_known = True
        self.failure = end if isinstance(end, Failed) else None
        if isinstance(end, Finished) and isinstance(end.result, RunsResult):
            self.runs = end.result.runs
        self.changed.emit()
        if self.failure is None:
            self._remember_what_is_there()
        self._open_what_waits()

    def _open_what_waits(self) -> None:
        waiting, self._to_open = self._to_open, []
        for run, do in waiting:
            found = self.find(run)
            if found is not None and found.broken is None and found.val_accuracy is not None:
                do(found)
            else:
                self.cant_be_opened.emit(run, self._why_not(found))

    def _why_not(self, found: RunSummary | None) -> str:
        if found is None:
            return self.tr("There is no model in this folder.")
        return texts.broken_text(found) or self.tr(
            "The folder has no finished model: training ended before there was one to keep."
        )

    def _on_renamed(self, run: str, end: Message) -> None:
        if isinstance(end, Failed):
            self.failed.emit(end)
        elif isinstance(end, Finished) and isinstance(end.result, RenameRunResult):
            self._follow_renaming(run, end.result.run)
            self.renamed.emit(run, end.result.run)
        self.refresh()

    def _follow_renaming(self, old: str, new: str) -> None:
        if old in self._other_places():
            self._change_other_places(lambda places: [*(place for place in places if place != old), new])
        self._to_remember = [new if run == old else run for run in self._to_remember]
        self._to_open = [(new if run == old else run, do) for run, do in self._to_open]

    def _on_separated(self, run: str, end: Message) -> None:
        if isinstance(end, Failed):
            self.failed.emit(end)
        elif isinstance(end, Finished) and isinstance(end.result, SeparateQuickResult):
            self.separated.emit(run, end.result.run)
            self.remember(end.result.run)

    def _on_located(self, run: str, dataset: str, end: Message) -> None:
        if isinstance(end, Failed):
            self.failed.emit(end)
        elif isinstance(end, Finished) and isinstance(end.result, LocateDatasetResult):
            self.located.emit(run, dataset, end.result)
        self.refresh()


def move_to_trash(run: str) -> bool:
    """Move a run to the system's trash. Done in the window's process, as the trash is the desktop's. Returns whether it worked.

    Raises:
        ProgramError: RUN_IN_USE, NOT_A_RUN: there is no such folder.
    """
    from xception_gui.runs.lock import (
        NO_PATIENCE,
        move_run,
    )  # rarely needed; imported late, so that the window starts faster

    is_moved = False

    def move() -> Path:
        nonlocal is_moved
        is_moved, place = to_trash(run)
        return place

    try:
        move_run(Path(run), move, NO_PATIENCE)
    except OSError as error:  # of the lock
        logger.warning("%s can't be moved to the trash: %s", run, error)
    return is_moved


def to_trash(path: str) -> tuple[bool, Path]:
    """Have the system move a folder to its trash. Returns whether it did, and where the folder is now."""
    file = QFile(path)
    is_moved = file.moveToTrash()
    return is_moved, Path(file.fileName())
