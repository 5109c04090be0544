"""Reading and writing a run's folder."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from numpy.typing import NDArray

from xception_gui.diagnostics import logger
from xception_gui.domain.embedding import CHANNELS, EMBEDDING_SIZE
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.runs.archives import refuse_archive
from xception_gui.runs.atomic import cannot_write, replacing, write_text
from xception_gui.runs.model_card import model_card
from xception_gui.runs.schema import RunRecord, Status

MAX_RECORD_BYTES = 200_000_000
"""Of `run.json`, that is some million pictures: what is larger was not written by this program."""


class RunFolder:
    """A run's folder and the names in it."""

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

    def model(self, status: Status) -> "RunFolder":
        """Say where the model lies: head and backbone. While a network is trained, it is the one that the training
        started from, in a folder of its own: so that at no moment one half is of one model and one of the other. Of
        a training that was interrupted, it is the latest best epoch that somebody wanted to use."""
        if status in (Status.FINISHED, Status.STOPPED) or not self.checkpoint.is_dir():
            return self
        converted = {
            int(path.name.removeprefix("best-")): path
            for path in self.checkpoint.glob("best-*")
            if path.name.removeprefix("best-").isdecimal() and path.is_dir()
        }
        return RunFolder(converted[max(converted)] if converted else self.checkpoint)

    def create(self, record: RunRecord) -> None:
        """Make the folder, with its record: at no moment is it there without one.

        Raises:
            ProgramError: RUN_EXISTS, CANNOT_WRITE.
        """
        try:
            if not self.path.parent.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.path.parent, prefix=".new-", ignore_cleanup_errors=True) as folder:
                new = RunFolder(Path(folder) / "run")
                new.path.mkdir()  # which, unlike the folder around it, has the usual rights
                new.write_record(record, self.path.name)
                write_text(new.labels, labels_text(record.classes))
                self._refuse_existing()
                new.path.rename(self.path)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def _refuse_existing(self) -> None:
        if not os.path.lexists(self.path):
            return
        try:
            self.path.rmdir()  # an empty folder that was made for the run
        except OSError as error:
            raise ProgramError(ErrorCode.RUN_EXISTS, path=self.path) from error

    def write_record(self, record: RunRecord, name: str | None = None) -> None:
        """Replace `run.json`, and the model card with it; it gives the run's name, that of its folder unless told."""
        write_text(self.record_file, record.as_json())
        write_text(self.card, model_card(name or self.path.name, record))

    def read_record(self) -> RunRecord:
        """Read `run.json`.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED.
        """
        try:
            if not self.record_file.is_file():
                found = "This folder holds none." if self.path.is_dir() else "There is no such folder."
                raise ProgramError(ErrorCode.NOT_A_RUN, path=self.path, found=found)
            size = self.record_file.stat().st_size
            if size > MAX_RECORD_BYTES:
                raise self.damaged(self.record_file, f"it is larger than {MAX_RECORD_BYTES // 1_000_000} MB")
            fields = json.loads(self.record_file.read_text(encoding="utf-8"))
            return msgspec.convert(fields, RunRecord)
        except (OSError, ValueError, RecursionError) as error:
            raise self.damaged(self.record_file, error) from error

    def rename(self, name: str) -> "RunFolder":
        """Give the folder another name, one that `problem_with_run_name` has nothing against.

        Raises:
            ProgramError: NOT_A_RUN, RUN_DAMAGED, RUN_EXISTS, CANNOT_WRITE.
        """
        record = self.read_record()
        old = self.path.absolute()
        new = RunFolder(old.with_name(name))
        try:
            # Where capitals don't count, a name that differs in them alone is taken by the run itself.
            if os.path.lexists(new.path) and not (new.path.exists() and new.path.samefile(old)):
                raise ProgramError(ErrorCode.RUN_EXISTS, path=new.path)
            old.rename(new.path)
        except OSError as error:
            raise cannot_write(new.path, error) from error
        try:
            write_text(new.card, model_card(name, record))
        except OSError as error:  # on a full disk, say: the card goes on telling the old name
            logger.warning("The model card couldn't be written: %s", error)
        return new

    def write_head(self, blocks: tuple[int, ...], kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        """Write `head.npz`: blocks, kernel (D, classes), bias (classes,)."""
        with replacing(self.head) as temporary, temporary.open("wb") as file:
            np.savez(file, blocks=np.array(blocks, np.int32), kernel=kernel, bias=bias)

    def read_head(self, class_count: int) -> tuple[tuple[int, ...], NDArray[np.float32], NDArray[np.float32]]:
        """Read `head.npz`: blocks, kernel (D, classes), bias (classes,).

        Raises:
            ProgramError: RUN_DAMAGED.
        """
        try:
            refuse_archive(self.head, _most_bytes_of_a_head(class_count))
            with np.load(self.head, allow_pickle=False) as file:
                blocks = tuple(int(block) for block in file["blocks"])
                kernel, bias = file["kernel"], file["bias"]
            wanted = (sum(CHANNELS[block] for block in blocks), class_count)
        except Exception as error:  # numpy and zipfile meet damaged files with almost any exception
            raise self.damaged(self.head, error) from error
        if kernel.shape != wanted or bias.shape != wanted[1:]:
            raise self.damaged(self.head, f"its kernel has the shape {kernel.shape} instead of {wanted}")
        for numbers in (kernel, bias):
            if numbers.dtype != np.float32:
                raise self.damaged(self.head, f"its numbers are {numbers.dtype} instead of float32")
        if not (np.isfinite(kernel).all() and np.isfinite(bias).all()):
            raise self.damaged(self.head, "some of its numbers are not finite")
        return blocks, kernel, bias

    def remove(self) -> None:
        """Delete a run that came to nothing."""
        shutil.rmtree(self.path)

    def damaged(self, file: Path, found: object) -> ProgramError:
        """Say that a file of this run can't be used."""
        in_one_line = " ".join(str(found).split())[:200]
        return ProgramError(ErrorCode.RUN_DAMAGED, path=self.path, file=file.name, found=in_one_line)


def _most_bytes_of_a_head(class_count: int) -> int:
    """Twice what its numbers take, and room for what is around them."""
    return 2 * 4 * (EMBEDDING_SIZE + 1) * class_count + 1_000_000


def labels_text(classes: Iterable[str]) -> str:
    """Write one class a line, in the order of the model's probabilities."""
    return "".join(f"{' '.join(name.splitlines())}\n" for name in classes)
