"""Models for other programs: what is exported, runs without this one and says the same, or isn't kept."""

import contextlib
import hashlib
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from tests.programs import NOT_ISOLATED, PATIENCE, json_of, run_program
from tests.runs import SIZE
from xception_gui.data.pictures.open_picture import decode
from xception_gui.domain.errors import ErrorCode
from xception_gui.domain.export_formats import ExportFormat
from xception_gui.domain.messages.base import Failed, Finished, Phase, PhaseStarted, Progress, Stopped
from xception_gui.domain.messages.exporting import ExportRequest
from xception_gui.finetune import convert
from xception_gui.inference.classifier import Classifier
from xception_gui.inference.head import softmax
from xception_gui.jobs import run_job
from xception_gui.samples.sample_set import SampleSet
from xception_gui.words.errors import failure_text

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"


def pictures_of(samples: SampleSet) -> list[Path]:
    return sorted(samples.new_pictures.iterdir())


def size_of(written: Path) -> int:
    return sum(path.stat().st_size for path in (written, *written.rglob("*")) if path.is_file())


def pixels_of(samples: SampleSet) -> np.ndarray:
    return np.stack([decode(path.read_bytes(), SIZE) for path in pictures_of(samples)]).astype(np.float32)


def program_says(run: Path, samples: SampleSet) -> np.ndarray:
    classifier = Classifier.open(run)
    embeddings = np.stack([one.embedding for one in classifier.embedder.embed(pictures_of(samples))])
    return classifier.probabilities(embeddings)


def litert_says(path: Path, pixels: np.ndarray) -> dict[str, np.ndarray]:
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path)).get_signature_runner()(pixels=pixels)


def saved_model_says(path: Path, pixels: np.ndarray) -> dict[str, np.ndarray]:
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    return {name: found.numpy() for name, found in serve(pixels=tf.constant(pixels)).items()}


def onnx_says(path: Path, pixels: np.ndarray) -> dict[str, np.ndarray]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"pixels": pixels}), strict=True))


def labels_in(path: Path) -> str:
    if path.is_dir():
        return (path / "assets.extra" / "labels.txt").read_text()
    if not zipfile.is_zipfile(path):
        import onnx

        (labels,) = (entry.value for entry in onnx.load(path).metadata_props if entry.key == "labels.txt")
        return labels
    return zipfile.ZipFile(path).read("labels.txt").decode()


SAYS = {
    ExportFormat.LITERT: litert_says,
    ExportFormat.LITERT_F16: litert_says,
    ExportFormat.SAVED_MODEL: saved_model_says,
    ExportFormat.ONNX: onnx_says,
}


def export(run: Path, export_format: ExportFormat, out: Path, stop=lambda: False) -> list:
    events = []
    run_job(ExportRequest(str(run), export_format, str(out)), events.append, stop)
    return events


@pytest.fixture(scope="module")
def exported(quick_run, tmp_path_factory):
    """Export the Quick run in a format, once: gives where to, and what was told."""
    made = {}

    def exported_as(export_format: ExportFormat) -> tuple[Path, list]:
        if export_format not in made:
            out = tmp_path_factory.mktemp("exported") / "new folder" / "模型"
            made[export_format] = out, export(quick_run, export_format, out)
        return made[export_format]

    return exported_as


def assert_explains(says: dict[str, np.ndarray], expected: np.ndarray, bias: np.ndarray) -> None:
    """What an export says is what the program says, and its map adds up to it."""
    assert set(says) == {"probabilities", "activation_map"}
    assert np.abs(says["probabilities"] - expected).max() <= 1e-2
    count, height, width, classes = says["activation_map"].shape
    assert (count, classes) == expected.shape
    assert height == width > 1
    assert np.abs(softmax(says["activation_map"].mean(axis=(1, 2)) + bias) - says["probabilities"]).max() <= 1e-3


@pytest.fixture
def copied_litert(exported, monkeypatch) -> None:
    """Have a conversion to LiteRT write what was converted before, instead of taking 8 seconds."""
    out, _ = exported(ExportFormat.LITERT)
    with zipfile.ZipFile(out) as labels:
        written = out.read_bytes()[: labels.infolist()[0].header_offset]
    monkeypatch.setattr(convert, "write_litert", lambda network, path, *, float16: path.write_bytes(written))


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Have the system refuse to write more into a file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "export_format",
    [
        ExportFormat.LITERT,
        ExportFormat.LITERT_F16,
        ExportFormat.SAVED_MODEL,
        pytest.param(ExportFormat.ONNX, marks=pytest.mark.onnx),
    ],
)
def test_an_export_says_what_the_program_says_and_where_it_sees_it(export_format, exported, quick_run, samples):
    out, events = exported(export_format)
    end = events[-1]
    assert isinstance(end, Finished), end
    says = SAYS[export_format](out, pixels_of(samples))
    assert_explains(says, program_says(quick_run, samples), Classifier.open(quick_run).head.bias)
    assert sorted(path.name for path in out.parent.iterdir()) == ["模型", "模型.check.json"]
    phases = [(event.phase, event.total) for event in events if isinstance(event, PhaseStarted)]
    assert phases == [(Phase.LOADING, None), (Phase.EXPORTING, None), (Phase.TESTING, 6)]
    assert [event for event in events if isinstance(event, Progress)][-1].done == 6
    assert end.result.pictures_checked == end.result.same_top_class == 6
    assert end.result.largest_difference <= 1e-2
    assert not end.result.pictures_generated
    assert labels_in(out) == "busy\nclear\njammed\n"
    full = 40e6 if export_format is ExportFormat.LITERT_F16 else 80e6
    assert full < end.result.bytes == size_of(out) < 1.1 * full  # every weight is in it, and once
    told = json.loads(Path(end.result.check_file).read_text(encoding="utf-8"))
    assert told["classes"] == ["busy", "clear", "jammed"]
    assert told["input"]["shape"] == ["pictures", SIZE, SIZE, 3]
    assert told["check"]["largest_difference"] == end.result.largest_difference
    assert sum(file["bytes"] for file in told["files"].values()) == end.result.bytes
    for name, file in told["files"].items():
        path = out / name if out.is_dir() else out
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]


def test_a_trained_network_with_one_block_is_exported_from_the_command_line(tutorial_run, samples, tmp_path):
    out = tmp_path / "model.tflite"
    result = json_of("export", tutorial_run, "--format", "litert", "--out", out)
    assert result == {
        "path": str(out),
        "format": "litert",
        "bytes": out.stat().st_size,
        "pictures_checked": result["pictures_checked"],
        "pictures_generated": False,
        "largest_difference": result["largest_difference"],
        "same_top_class": result["pictures_checked"],
        "check_file": f"{out}.check.json",
    }
    assert result["pictures_checked"] > 0
    says = litert_says(out, pixels_of(samples))
    assert_explains(says, program_says(tutorial_run, samples), Classifier.open(tutorial_run).head.bias)


def test_an_export_for_keras_is_checked_as_well_and_opens_with_its_labels(quick_run, samples, tmp_path):
    out = tmp_path / "model.keras"
    done = run_program("export", quick_run, "--format", "keras", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "Compared with the model on 6 validation pictures" in done.stdout
    assert json.loads((tmp_path / "model.keras.check.json").read_text())["check"]["same_top_class"] == 6
    assert zipfile.ZipFile(out).read("labels.txt").decode() == "busy\nclear\njammed\n"
    assert 80e6 < out.stat().st_size < 88e6  # no optimizer's numbers beside the weights
    import keras

    said = keras.models.load_model(out).predict(pixels_of(samples), verbose=0)
    assert np.abs(said - program_says(quick_run, samples)).max() <= 1e-2


@pytest.mark.parametrize(
    ("export_format", "kind"), [(ExportFormat.KERAS, "tutorial_run"), (ExportFormat.LITERT, "quick_run")]
)
def test_what_does_not_say_the_same_is_refused_and_not_kept(export_format, kind, request, copied_litert, tmp_path):
    """What is exported has the head as it was; what predicts has another one."""
    run = shutil.copytree(request.getfixturevalue(kind), tmp_path / "run")
    with np.load(run / "head.npz") as head:
        parts = dict(head)
    parts["bias"] = parts["bias"] + np.array([2, 0, -2], np.float32)
    np.savez(run / "head.npz", **parts)
    end = export(run, export_format, tmp_path / "new" / "model.keras")[-1]
    assert isinstance(end, Failed)
    assert end.code == ErrorCode.EXPORT_DIFFERS
    assert float(end.details["difference"]) > 0.01
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_without_the_pictures_it_is_checked_on_drawn_ones_and_says_so(quick_run, samples, tmp_path):
    run = shutil.copytree(quick_run, tmp_path / "run")
    record = (run / "run.json").read_text(encoding="utf-8")
    (run / "run.json").write_text(record.replace(str(samples.dataset), str(tmp_path / "gone")), encoding="utf-8")
    out = tmp_path / "model.keras"
    end = export(run, ExportFormat.KERAS, out)[-1]
    assert isinstance(end, Finished)
    assert end.result.pictures_generated
    assert end.result.pictures_checked == 50
    assert json.loads(Path(end.result.check_file).read_text())["check"]["generated"] is True


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.EXPORTING, Phase.TESTING])
def test_stopping_leaves_nothing_behind(phase, quick_run, tmp_path):
    events = []

    def stop() -> bool:
        return any(isinstance(event, PhaseStarted) and event.phase is phase for event in events)

    request = ExportRequest(str(quick_run), ExportFormat.KERAS, str(tmp_path / "new" / "deep" / "model.keras"))
    run_job(request, events.append, stop)
    assert events[-1] == Stopped()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("taken", ["model.tflite", "model.tflite.check.json"])
def test_nothing_is_ever_overwritten(taken, quick_run, tmp_path):
    (tmp_path / taken).write_text("mine")
    done = run_program("export", quick_run, "--format", "litert", "--out", tmp_path / "model.tflite")
    assert done.returncode == 1
    assert "already exists" in done.stderr
    assert (tmp_path / taken).read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [taken]


@pytest.mark.parametrize("export_format", [ExportFormat.LITERT, ExportFormat.SAVED_MODEL, ExportFormat.KERAS])
def test_a_disk_that_takes_no_more_is_told_in_words(export_format, quick_run, copied_litert, tmp_path):
    with files_no_larger_than(20_000_000):
        end = export(quick_run, export_format, tmp_path / "model.keras")[-1]
    assert isinstance(end, Failed)
    assert end.code == ErrorCode.CANNOT_WRITE
    assert "can't be written" in failure_text(end).what
    assert not list(tmp_path.iterdir())


def test_a_run_without_a_model_is_told_before_keras_is_loaded(quick_run, tmp_path):
    run = shutil.copytree(quick_run, tmp_path / "run")
    (run / "head.npz").unlink()
    events = export(run, ExportFormat.LITERT, tmp_path / "model.tflite")
    assert [type(event) for event in events] == [Failed]
    assert events[0].code == ErrorCode.RUN_WITHOUT_MODEL


def test_without_keras_it_is_told_in_words(quick_run, tmp_path):
    (tmp_path / "tensorflow.py").write_text("raise ImportError('no TensorFlow here')")
    found_first = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run_program(
        *("export", quick_run, "--format", "litert", "--out", tmp_path / "new" / "model.tflite"),
        program=NOT_ISOLATED,
        env={**os.environ, "PYTHONPATH": found_first, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 1
    assert "needs the full Xception GUI" in done.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["tensorflow.py"]


def test_a_damaged_network_of_the_run_is_told_in_words(tutorial_run, tmp_path):
    run = shutil.copytree(tutorial_run, tmp_path / "run")
    (run / "model.keras").write_bytes(b"no archive")
    for export_format in (ExportFormat.KERAS, ExportFormat.LITERT):
        end = export(run, export_format, tmp_path / "out.keras")[-1]
        assert isinstance(end, Failed)
        assert end.code == ErrorCode.RUN_DAMAGED
        assert end.details["file"] == "model.keras"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_network_that_names_a_private_file_is_refused_and_nothing_of_that_file_is_written(tutorial_run, tmp_path):
    """HDF5 takes a dataset's numbers from whatever file it names."""
    run = shutil.copytree(tutorial_run, tmp_path / "run")
    secret = b"pin=1234key=" * 288
    (tmp_path / "private").write_bytes(secret)
    with zipfile.ZipFile(run / "model.keras") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    numbers = io.BytesIO(entries["model.weights.h5"])
    with h5py.File(numbers, "r+") as file:
        variables = file["layers/conv2d/vars"]
        shape = variables["0"].shape
        del variables["0"]
        variables.create_dataset("0", shape, "f4", external=[(str(tmp_path / "private"), 0, len(secret))])
    entries["model.weights.h5"] = numbers.getvalue()
    with zipfile.ZipFile(run / "model.keras", "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    done = run_program("export", run, "--format", "keras", "--out", tmp_path / "out.keras")
    assert done.returncode == 1
    assert "model.keras is missing or damaged: the numbers of block1_conv1 are in another file" in done.stderr
    with_secret = [path for path in tmp_path.rglob("*") if path.is_file() and secret[:24] in path.read_bytes()]
    assert with_secret == [tmp_path / "private"]


def test_the_example_in_the_guide_works(exported, quick_run, samples, tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    picture = tmp_path / "picture.jpg"
    Image.open(pictures_of(samples)[0]).resize((SIZE, SIZE)).save(picture)  # nobody has to stretch it
    shutil.copy(exported(ExportFormat.LITERT_F16)[0], tmp_path / "model.tflite")
    done = subprocess.run(
        [sys.executable, "-c", example.replace("299", str(SIZE))],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    best = json_of("predict", quick_run, picture)[0]["predictions"][0]
    name, probability = done.stdout.split()[:2]
    assert name == best["class"]
    assert float(probability) == pytest.approx(best["probability"], abs=1e-2)


@pytest.mark.onnx
def test_what_writes_onnx_opens_no_socket():
    script = (
        "import sys; made = []; sys.addaudithook(lambda event, words: made.append(words) if event == 'socket.__new__' "
        "else None); from xception_gui.finetune.exporting import to_onnx; "
        "import onnx, onnxruntime, tf2onnx; print(len(made), 'urllib3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True"]
