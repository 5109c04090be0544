"""An export in its order: made aside, checked, brought to the disk, and given its place only where nothing is by then.

What Keras would write is stood in for by a few bytes; the predictor that it is compared with is real.
"""

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import draw_dataset, draw_picture
from tests.unit.power_cut import cut_after_each_change
from xception_gui import paths
from xception_gui.data.pictures.open_picture import content_hash
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Event, Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.finetune import convert, network, reopen
from xception_gui.finetune.exporting import converter_to, to_onnx, to_saved_model
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.head import Head
from xception_gui.jobs import run_job
from xception_gui.jobs.exporting import export, export_check
from xception_gui.jobs.reporting import never
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import RecordedPicture, SplitRecord
from xception_gui.words.errors import failure_text

LITERT, LITERT_F16, SAVED_MODEL, ONNX, KERAS = ExportFormat
SIZE = 71


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A real model of three unequal classes, without the pictures of one for the check."""
    root = tmp_path_factory.mktemp("export")
    for name, colour, count in (("red", (220, 60, 60), 9), ("blue", (60, 60, 220), 6), ("grey", (90, 90, 90), 5)):
        draw_dataset(root / "pictures", {name: colour}, count=count)
    events: list[Event] = []
    recipe = make_recipe(Preset.QUICK, image_size=SIZE)
    run_job(TrainRequest(str(root / "pictures"), str(root / "run"), recipe), events.append, never)
    assert isinstance(events[-1], Finished), events[-1]
    return root / "run"


class Written:
    """In the place of the converters: what Keras writes and opens again. `at` holds what is done at a moment."""

    def __init__(self, run: Path) -> None:
        self.at: dict[str, Callable[[], None]] = {}
        self.classifier = Classifier.open(run)
        self.offset = np.zeros(3, np.float32)  # by which it says something else
        self.seen: list[np.ndarray] = []
        self.converter = None

    def convert_to(self, export_format):
        self.converter = converter_to(export_format)
        return self

    def write(self, network, path: Path, *, image_size: int, head: Head) -> None:
        self.at.get("write", lambda: None)()
        if self.converter is to_saved_model:
            (path / "variables").mkdir(parents=True)
            (path / "saved_model.pb").write_bytes(b"a network")
            (path / "variables" / "variables.index").write_bytes(b"its numbers")
        else:
            path.write_bytes(b"a network")

    def add_labels(self, path: Path, labels: bytes) -> None:
        self.converter.add_labels(path, labels)

    def open_exported(self, path: Path):
        self.at.get("open", lambda: None)()
        return self.says

    def says(self, pixels: np.ndarray) -> np.ndarray:
        assert pixels.dtype == np.float32
        self.seen.append(pixels)
        embedding = self.classifier.embedder.open_backbone().embed(pixels[0].astype(np.uint8))
        return self.classifier.probabilities(embedding[np.newaxis]) + self.offset


@pytest.fixture
def written(monkeypatch, trained) -> Written:
    written = Written(trained)
    monkeypatch.setattr(export, "require_keras", lambda: None)
    monkeypatch.setattr(export, "_converter_to", written.convert_to)
    monkeypatch.setattr(export, "_network", lambda classifier, run: (None, classifier.head))
    monkeypatch.setattr(export, "_free_memory", lambda: None)
    return written


def exported(run: Path, out: Path, export_format: ExportFormat = LITERT, stop=never) -> list[Event]:
    events: list[Event] = []
    run_job(ExportRequest(str(run), export_format, str(out)), events.append, stop)
    return events


def below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("export_format", [LITERT, SAVED_MODEL])
def test_it_is_written_checked_and_told(export_format, written, trained, tmp_path):
    out = tmp_path / "new" / "model"
    events = exported(trained, out, export_format)
    result = events[-1].result
    phases = [(event.phase, event.total) for event in events if isinstance(event, PhaseStarted)]
    val = RunFolder(trained).read_record().split.val
    assert phases == [(Phase.LOADING, None), (Phase.EXPORTING, None), (Phase.TESTING, len(val))]
    assert [event for event in events if isinstance(event, Progress)][-1].done == len(val) == len(written.seen)
    is_folder = export_format is SAVED_MODEL
    files = [path for path in out.rglob("*") if path.is_file()] if is_folder else [out]
    assert (result.path, result.format, result.check_file) == (str(out), export_format, f"{out}.check.json")
    assert result.bytes == sum(path.stat().st_size for path in files)
    assert (result.pictures_checked, result.same_top_class, result.pictures_generated) == (len(val), len(val), False)
    assert sorted(path.name for path in out.parent.iterdir()) == ["model", "model.check.json"]
    told = json.loads(Path(result.check_file).read_text())
    names = {path.relative_to(out).as_posix() for path in files} if is_folder else {"model"}
    assert set(told["files"]) == names and (told["name"], told["format"]) == ("model", export_format)
    assert ("assets.extra/labels.txt" in names) is is_folder
    assert told["classes"] == ["blue", "grey", "red"] and told["input"]["shape"][1:] == [SIZE, SIZE, 3]
    assert told["check"]["pictures"] == len(val) and told["check"]["tolerance"] == 0.01


@pytest.mark.parametrize("export_format", [LITERT, SAVED_MODEL])
@pytest.mark.parametrize("name", ["model", "model.check.json"])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
@pytest.mark.parametrize("moment", ["write", "open"])
def test_what_came_there_meanwhile_stays_as_it_is(export_format, name, kind, moment, written, trained, tmp_path):
    def come() -> None:
        match kind:
            case "file":
                (tmp_path / name).write_text("mine")
            case "folder":
                (tmp_path / name).mkdir()
            case "link":
                (tmp_path / name).symlink_to("nowhere")

    written.at[moment] = come
    ended = exported(trained, tmp_path / "model", export_format)[-1]
    assert isinstance(ended, Failed) and ended.code == ErrorCode.OUTPUT_EXISTS
    assert below(tmp_path) == [name]
    if kind == "file":
        assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("export_format", [LITERT, SAVED_MODEL])
def test_whenever_the_power_is_cut_it_is_there_whole_with_its_check_or_not_at_all(
    export_format, written, trained, tmp_path
):
    def work(folder: Path) -> None:
        run_job(ExportRequest(str(trained), export_format, str(folder / "model")), lambda event: None, never)

    for folder, is_done in cut_after_each_change(work, tmp_path):
        out = folder / "model"
        files = [out] if out.is_file() else [path for path in out.rglob("*") if path.is_file()]
        content = b"".join(path.read_bytes() for path in files)
        if content:  # its name is taken before it
            told = json.loads((folder / "model.check.json").read_text())
            assert sum(file["bytes"] for file in told["files"].values()) == len(content)
            assert b"a network" in content and b"grey" in content
        assert content or not is_done
        seen = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
        assert seen <= {"model", "model.check.json"}


@pytest.mark.parametrize("moment", range(2, 9))
def test_stopped_at_any_moment_nothing_is_left(moment, written, trained, tmp_path):
    """The last time that it asks is when all is written and has only to get its place."""
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) == moment

    assert exported(trained, tmp_path / "new" / "deep" / "model", stop=stop)[-1] == Stopped()
    assert list(tmp_path.iterdir()) == []


def test_it_asks_before_each_step_whether_to_go_on(written, trained, tmp_path):
    asked = []
    val = RunFolder(trained).read_record().split.val
    assert isinstance(exported(trained, tmp_path / "model", stop=lambda: bool(asked.append(1)))[-1], Finished)
    assert len(asked) == 4 + 2 * len(val)  # around loading, writing and placing; reading and comparing each picture


@pytest.mark.parametrize("step", ["write", "add_labels", "open_exported", "write_text", "_bring_to_disk", "place"])
def test_a_disk_that_is_full_at_any_moment_is_told_and_nothing_is_left(step, written, trained, tmp_path, monkeypatch):
    def full(*words, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export if hasattr(export, step) else written, step, full)
    for export_format in (LITERT, SAVED_MODEL):
        ended = exported(trained, tmp_path / "new" / "deep" / "model", export_format)[-1]
        assert (
            isinstance(ended, Failed)
            and ended.code == ErrorCode.CANNOT_WRITE
            and "no space left" in failure_text(ended).why
        )
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("message", "number", "told"),
    [
        (
            "{{function_node __wrapped__SaveV2_dtypes_237_device_/job:localhost/device:CPU:0}} /disk/.exporting-1/"
            "model/part-0; No space left on device [Op:SaveV2]",
            errno.ENOSPC,
            "No space left on device",
        ),
        ("/no/No such device/model; Permission denied", errno.EACCES, "Permission denied"),
        (
            "Failed to create a file: C:\\model : There is not enough space on the disk. [Op:SaveV2]",
            None,
            "Failed to create a file: C:\\model : There is not enough space on the disk.",
        ),
    ],
    ids=["full", "refused", "in words of Windows"],
)
def test_what_the_system_refuses_tensorflow_is_told_in_the_systems_words(message, number, told):
    refused = convert.refusal_in(message)
    assert (refused.errno, refused.strerror or str(refused)) == (number, told)


def test_a_check_whose_model_finds_no_place_goes_with_it(written, trained, tmp_path, monkeypatch):
    place = export.place

    def full(made: Path, path: Path) -> None:
        if path.name == "model":
            raise OSError(28, "No space left on device")
        place(made, path)

    monkeypatch.setattr(export, "place", full)
    assert exported(trained, tmp_path / "model")[-1].code == ErrorCode.CANNOT_WRITE
    assert list(tmp_path.iterdir()) == []


def test_what_says_something_else_is_not_kept(written, trained, tmp_path):
    written.offset[:] = 0.011, -0.011, 0
    ended = exported(trained, tmp_path / "new" / "model")[-1]
    assert ended.code == ErrorCode.EXPORT_DIFFERS and ended.details["difference"] == "0.011"
    assert list(tmp_path.iterdir()) == []
    written.offset[:] = 0.0099, -0.0099, 0
    assert isinstance(exported(trained, tmp_path / "new" / "model")[-1], Finished)


def test_the_memory_of_networks_is_freed_however_it_ends(written, trained, tmp_path, monkeypatch):
    freed = []
    monkeypatch.setattr(export, "_free_memory", lambda: freed.append(1))
    exported(trained, tmp_path / "a")
    written.offset[:] = 0.5, -0.5, 0
    exported(trained, tmp_path / "b")
    assert len(freed) == 2


# --- What it is compared on -----------------------------------------------------------------------------------------


@pytest.fixture
def copied(trained, tmp_path_factory) -> RunFolder:
    """The run, with a record that may be changed."""
    folder = tmp_path_factory.mktemp("copied") / "run"
    folder.mkdir()
    for name in ("run.json", "head.npz"):
        (folder / name).write_bytes((trained / name).read_bytes())
    return RunFolder(folder)


def test_pictures_that_are_gone_or_changed_are_passed_over_and_others_take_their_places(
    copied, written, tmp_path, monkeypatch
):
    monkeypatch.setattr(export_check, "CHECKED_PICTURES", 3)
    record = copied.read_record()
    pictures = tmp_path / "pictures"
    entries = [
        RecordedPicture(f"red/{number}.png", draw_picture_of(pictures / "red" / f"{number}.png", number), 0)
        for number in range(9)
    ]
    copied.write_record(record.replaced(dataset=str(pictures), split=SplitRecord(record.split.train, tuple(entries))))
    assert exported(copied.path, tmp_path / "a")[-1].result.pictures_checked == 3
    for number in (0, 4, 8):  # those that would have been looked at
        draw_picture_of(pictures / "red" / f"{number}.png", number + 100)
    result = exported(copied.path, tmp_path / "b")[-1].result
    assert (result.pictures_checked, result.pictures_generated) == (3, False)
    for number in range(1, 9):
        (pictures / "red" / f"{number}.png").unlink(missing_ok=True)
    result = exported(copied.path, tmp_path / "c")[-1].result
    assert (result.pictures_checked, result.pictures_generated) == (3, True)


def draw_picture_of(path: Path, seed: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    return content_hash(draw_picture(path, (220, 60, 60), seed).read_bytes())


# --- What is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_own_network", [False, True])
@pytest.mark.parametrize(
    ("export_format", "wanted"),
    [
        (KERAS, ("keras", SIZE)),
        (LITERT, ("litert", False)),
        (LITERT_F16, ("litert", True)),
        (SAVED_MODEL, ("saved model",)),
        (ONNX, ("onnx",)),
    ],
)
def test_each_format_is_written_of_the_network_that_the_run_has(
    export_format, wanted, has_own_network, trained, tmp_path, monkeypatch
):
    done: list[tuple] = []
    trained_head = Head(XCEPTION, (14,), np.ones((2048, 3), np.float32), np.zeros(3, np.float32))
    classifier = Classifier.open(trained)

    def started(*words, **options):
        assert words == (XCEPTION, SIZE, classifier.head.blocks, 3) and options == {"weights": paths.shipped_weights()}
        return "shipped"

    def reopened(architecture, path, size, blocks, count):
        assert (path.name, size, blocks, count) == ("model.keras", SIZE, classifier.head.blocks, 3)
        return "own"

    monkeypatch.setattr(network, "starting_network", started)
    monkeypatch.setattr(reopen, "network_with_weights_of", reopened)
    monkeypatch.setattr(network, "head_of", lambda architecture, built, blocks: trained_head)
    monkeypatch.setattr(
        convert,
        "write_keras_model",
        lambda built, path, *, image_size, head: done.append((built, path, head, "keras", image_size)),
    )
    monkeypatch.setattr(
        convert, "explained", lambda built, *, image_size, head: (built, head) if image_size == SIZE else None
    )
    monkeypatch.setattr(
        convert, "write_litert", lambda made, path, *, float16: done.append((made[0], path, made[1], "litert", float16))
    )
    for module, write, kind in ((to_saved_model, "write_archive", "saved model"), (to_onnx, "write_model", "onnx")):
        monkeypatch.setattr(module, write, lambda made, path, kind=kind: done.append((made[0], path, made[1], kind)))
    run = RunFolder(tmp_path)
    if has_own_network:
        run.keras_model.touch()
    export._write(converter_to(export_format), classifier, run, tmp_path / "out")
    head = trained_head if has_own_network else classifier.head
    assert done == [("own" if has_own_network else "shipped", tmp_path / "out", head, *wanted)]


def test_an_export_is_checked_on_pictures_of_all_classes(trained, written, tmp_path, monkeypatch):
    """Also where it isn't checked on all of them: records list one class after the other."""
    run = RunFolder(Path(shutil.copytree(trained, tmp_path / "run")))
    record = run.read_record()
    entries = sorted((*record.split.train, *record.split.val), key=lambda entry: entry.relative)
    of_class = [[entry for entry in entries if entry.label == label] for label in range(len(record.classes))]
    val = tuple(entry for some in of_class for entry in some[:3])
    run.write_record(record.replaced(split=SplitRecord(record.split.train, val, record.split.test)))
    monkeypatch.setattr(export_check, "CHECKED_PICTURES", 3)
    assert isinstance(exported(run.path, tmp_path / "model.tflite")[-1], Finished)
    red_and_blue = [tuple(np.round(pixels.mean(axis=(0, 1, 2))[[0, 2]] / 100)) for pixels in written.seen]
    assert sorted(red_and_blue) == [(1, 1), (1, 2), (2, 1)]


# --- What it takes --------------------------------------------------------------------------------------------------


def test_each_format_has_a_converter():
    for export_format in ExportFormat:
        converter = converter_to(export_format)
        assert all(callable(getattr(converter, name)) for name in ("write", "add_labels", "open_exported"))


def test_packages_that_are_missing_are_named_before_anything_is_loaded(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "require_keras", lambda: pytest.fail("it was loaded"))
    monkeypatch.setattr(export.edition, "missing_of", lambda modules: [*modules][:1])
    ended = exported(trained, tmp_path / "model.onnx", ONNX)[-1]
    assert ended.code == ErrorCode.EXTRA_MISSING
    assert ended.details == {"format": "ONNX", "found": "onnx", "extra": "onnx"}
    assert list(tmp_path.iterdir()) == []


def test_a_format_for_which_there_is_too_little_memory_is_refused_before_it_is_tried(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "require_keras", lambda: pytest.fail("it was loaded"))
    monkeypatch.setattr(export.edition, "missing_of", lambda modules: [])
    monkeypatch.setattr(export, "available_memory", lambda: ONNX.about.free_memory - 1)
    ended = exported(trained, tmp_path / "model.onnx", ONNX)[-1]
    assert ended.code == ErrorCode.EXPORT_NEEDS_MEMORY and "7 GB" in failure_text(ended).why
    assert list(tmp_path.iterdir()) == []
