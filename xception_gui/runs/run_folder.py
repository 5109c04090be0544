"""Reading and writing a run's folder."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import ARCHITECTURES, Architecture, UnknownArchitectureError
from xception_gui.domain.errors import ErrorCode, Finding, ProgramError, cannot_write, system_finding
from xception_gui.files.atomic import place, replacing, write_text
from xception_gui.files.deletion import (
    delete_empty_folder,
    delete_made_folder,
    have_made,
    is_real_folder,
    temporary_folder,
)
from xception_gui.files.own_names import NEW_RUN, RUN
from xception_gui.files.regular_files import open_regular, read_regular
from xception_gui.runs.arrays import Described, StoredArrays, open_arrays
from xception_gui.runs.lock import RunLock, Work, move_run
from xception_gui.runs.model_card import model_card
from xception_gui.runs.record_json import FORMAT, NewerFormatError, from_json, head_from_json, to_json
from xception_gui.runs.schema import ENDED, MAX_BYTES, RunHead, RunRecord, SplitOutline, Status


class RunFolder:
    """A run's folder and the paths in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record_file = path / "run.json"
        self.events = path / "events.jsonl"
        self.metrics = path / "metrics.csv"
        self.head = path / "head.npz"
        self.backbone = path / "backbone.tflite"
        self.keras_model = path / "model.keras"
        self.labels = path / "labels.txt"
        self.card = path / "README.md"
        self.checkpoint = path / "checkpoint"
        self.quick = path / "quick"  # a run in itself: the model that the network was trained from
        self._held: tuple[int, int] | None = None

    def hold(self) -> None:
        """From now on, write into this very folder only, even if another one gets its path.

        Raises:
            OSError: it doesn't exist.
        """
        self._held = self._identity()

    @property
    def is_another(self) -> bool:
        """Whether the path leads to another folder than the one that is held, if one is."""
        try:
            return self._held is not None and self._held != self._identity()
        except OSError:
            return True

    def refuse_another(self) -> None:
        """Check that the path still leads to the folder that is held, if one is.

        Raises:
            ProgramError: CANNOT_WRITE.
        """
        if self.is_another:
            raise ProgramError(ErrorCode.CANNOT_WRITE, path=self.path, found="the folder was moved in the meantime")

    def _identity(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_dev, status.st_ino

    def model(self, status: Status) -> "RunFolder":
        """Return the folder that contains the model: head and backbone. During training, that is the model that the
        training started from, in its own folder, so that head and backbone always belong together. For an interrupted
        training, it is the latest best epoch that has been used."""
        if status in ENDED or not is_real_folder(self.checkpoint):
            return self
        converted = {
            int(path.name.removeprefix("best-")): path
            for path in self.checkpoint.glob("best-*")
            if path.name.removeprefix("best-").isdecimal() and is_real_folder(path)
        }
        return RunFolder(converted[max(converted)] if converted else self.checkpoint)

    def create(self, record: RunRecord) -> None:
        """Make the folder together with its record, in one step.

        Raises:
            ProgramError: RUN_EXISTS, CANNOT_WRITE.
        """
        try:
            if not self.path.parent.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with temporary_folder(self.path.parent, ".new-", NEW_RUN) as folder:
                new = RunFolder(folder / "run")
                new.path.mkdir()  # with the usual permissions, unlike its parent
                have_made(new.path)
                new.write_record(record, self.path.name)
                write_text(new.labels, labels_text(record.classes))
                self._refuse_existing()
                place(new.path, self.path)
        except FileExistsError as error:
            raise ProgramError(ErrorCode.RUN_EXISTS, path=self.path) from error
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def _refuse_existing(self) -> None:
        if not os.path.lexists(self.path):
            return
        try:
            delete_empty_folder(self.path)  # an empty one was made for this run
        except OSError as error:
            raise ProgramError(ErrorCode.RUN_EXISTS, path=self.path) from error

    def write_record(self, record: RunRecord, name: str | None = None) -> None:
        """Replace `run.json` and the model card, which names the run: by default as its folder."""
        self.refuse_another()
        write_text(self.record_file, to_json(record))
        write_text(self.card, model_card(name or self.path.name, record))

    def read_record(self) -> RunRecord:
        """Read `run.json`.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_OF_NEWER_RELEASE.
        """
        with self._told_in_words():
            return from_json(read_regular(self.record_file, MAX_BYTES))

    def read_outline(self) -> tuple[RunHead, SplitOutline]:
        """Read the part of `run.json` that a list of models shows; the pictures only if necessary.

        Damage in the pictures is reported when they are read.

        Raises:
            ProgramError: as `read_record`.
        """
        with self._told_in_words():
            with open_regular(self.record_file) as file:
                is_too_large = os.fstat(file.fileno()).st_size > MAX_BYTES
                found = None if is_too_large else head_from_json(file)
            if found is not None:
                return found
        record = self.read_record()
        return record, record.split.outline

    @contextlib.contextmanager
    def _told_in_words(self) -> Iterator[None]:
        """Convert errors in reading `run.json` to errors of the program."""
        if not self.record_file.is_file():
            found = Finding.NO_RECORD if self.path.is_dir() else Finding.NO_SUCH_FOLDER
            raise ProgramError(ErrorCode.NOT_A_RUN, path=self.path, found=found)
        try:
            yield
        except NewerFormatError as error:
            details = {"hint": Finding.NEWER_FORMAT, "found": error.found, "known": FORMAT}
            raise ProgramError(ErrorCode.RUN_OF_NEWER_RELEASE, path=self.path, **details) from error
        except UnknownArchitectureError as error:
            name, known = _in_one_line(error.found), tuple(ARCHITECTURES)
            details = {"hint": Finding.UNKNOWN_ARCHITECTURE, "architecture": name, "known": known}
            raise ProgramError(ErrorCode.RUN_OF_NEWER_RELEASE, path=self.path, **details) from error
        except (OSError, ValueError, RecursionError) as error:
            raise self.damaged(self.record_file, error) from error

    def change_record(self, **fields: Any) -> None:
        """Change fields of the current `run.json`, while holding the lock.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_IN_USE, CANNOT_WRITE.
        """
        self.read_record()  # before the lock writes a file beside it
        try:
            with RunLock(self.path, Work.WRITING):
                self.write_record(self.read_record().replaced(**fields))
        except OSError as error:
            raise cannot_write(self.record_file, error) from error

    def rename(self, name: str) -> "RunFolder":
        """Rename the folder, to a name that `problem_with_run_name` accepts.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_IN_USE, RUN_EXISTS, CANNOT_WRITE.
        """
        self.read_record()  # before the lock writes a file beside it
        old = RunFolder(self.path.absolute())
        new = RunFolder(old.path.with_name(name))
        try:
            move_run(old.path, lambda: old._move_to(new))
        except FileExistsError as error:
            raise ProgramError(ErrorCode.RUN_EXISTS, path=new.path) from error
        except OSError as error:
            raise cannot_write(new.path, error) from error
        return new

    def _move_to(self, new: "RunFolder") -> Path:
        record = self.read_record()
        if new.path.exists() and new.path.samefile(self.path):  # only the case changes, on a system that ignores it
            self.path.rename(new.path)
        else:
            place(self.path, new.path)
        try:
            write_text(new.card, model_card(new.path.name, record))
        except OSError as error:  # a full disk, for instance: the card keeps the old name
            logger.warning("The model card couldn't be written: %s", error)
        return new.path

    def write_head(self, blocks: tuple[int, ...], kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        """Write `head.npz`: blocks, kernel (D, classes), bias (classes,)."""
        self.refuse_another()
        with replacing(self.head) as temporary, temporary.open("wb") as file:
            np.savez(file, blocks=np.array(blocks, np.int32), kernel=kernel, bias=bias)

    def read_head(
        self, architecture: Architecture, class_count: int
    ) -> tuple[tuple[int, ...], NDArray[np.float32], NDArray[np.float32]]:
        """Read `head.npz`: blocks of the architecture, kernel (D, classes), bias (classes,).

        Raises:
            ProgramError: RUN_DAMAGED.
        """
        try:
            with open_arrays(self.head, _most_bytes_of_a_head(architecture, class_count)) as arrays:
                blocks = _blocks_in(architecture, arrays)
                wanted = (architecture.size_of(blocks), class_count)
                for name, shape in (("kernel", wanted), ("bias", wanted[1:])):
                    _refuse_other_numbers(name, arrays.describe(name), shape)
                kernel, bias = arrays.read("kernel"), arrays.read("bias")
        except Exception as error:  # numpy and zipfile raise almost any exception for damaged files
            raise self.damaged(self.head, error) from error
        if not (np.isfinite(kernel).all() and np.isfinite(bias).all()):
            raise self.damaged(self.head, "some numbers are not finite")
        return blocks, kernel, bias

    def delete(self) -> None:
        """Delete what this process has made of a failed run. Files from elsewhere stay."""
        delete_made_folder(self.path, RUN)

    def damaged(self, file: Path, found: object) -> ProgramError:
        """Return the error for a file of this run that can't be used."""
        return ProgramError(ErrorCode.RUN_DAMAGED, path=self.path, file=file.name, found=_in_one_line(_said(found)))

    def without_model(self, status: Status) -> ProgramError:
        """Return the error for a run without a head: it never had one, or lost it."""
        found, hint = Finding.ENDED_EARLY, Finding.RESUME_OR_TRAIN_AGAIN
        if status in ENDED:
            found, hint = Finding.HEAD_MISSING, Finding.COPY_OR_TRAIN_AGAIN
        details = {"status": status, "file": self.head.name, "found": found, "hint": hint}
        return ProgramError(ErrorCode.RUN_WITHOUT_MODEL, path=self.path, **details)


def _said(found: object) -> object:
    return system_finding(found) if isinstance(found, OSError) else found


def _in_one_line(found: object) -> str:
    return " ".join(str(found).split())[:200]


def _blocks_in(architecture: Architecture, arrays: StoredArrays) -> tuple[int, ...]:
    if arrays.describe("blocks").bytes > 8 * len(architecture.embedding_blocks):
        raise ValueError("more blocks than the network has")
    blocks = tuple(int(block) for block in arrays.read("blocks"))
    if not blocks or len(set(blocks)) != len(blocks):
        raise ValueError(f"impossible blocks {blocks}")
    return blocks


def _refuse_other_numbers(name: str, found: Described, shape: tuple[int, ...]) -> None:
    if found.shape != shape:
        raise ValueError(f"{name} has the shape {found.shape} instead of {shape}")
    if found.dtype != np.float32:
        raise ValueError(f"{name} has {found.dtype} numbers instead of float32")


def _most_bytes_of_a_head(architecture: Architecture, class_count: int) -> int:
    """Return twice the size of its numbers, with room for metadata."""
    return 2 * 4 * (architecture.embedding_size + 1) * class_count + 1_000_000


def labels_text(classes: Iterable[str]) -> str:
    """Return one class a line, in the order of the model's probabilities."""
    return "".join(f"{' '.join(name.splitlines())}\n" for name in classes)
