"""What runs a backbone: LiteRT everywhere, OpenVINO where it is installed."""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from xception_gui import paths
from xception_gui.data.pictures.open_picture import Pixels, resize
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.runtime import LITERT, OPENVINO_BFLOAT16, OPENVINO_FLOAT32, RuntimeChoice
from xception_gui.inference import openvino, runtimes
from xception_gui.inference.activation_map import activation_map
from xception_gui.inference.backbone import Backbone, MappedBackbone
from xception_gui.inference.head import Head, columns_of, probabilities
from xception_gui.inference.openvino import openvino_runtime
from xception_gui.inference.runtimes import open_backbone, open_shipped_backbone
from xception_gui.inference.softmax_regression import fit_head
from xception_gui.paths import HOME_VARIABLE
from xception_gui.samples.sample_set import draw_scene
from xception_gui.words.errors import text_of


def reopen(image_size: int, runtime: str) -> MappedBackbone:
    """Open the shipped backbone anew."""
    return open_backbone(XCEPTION, paths.shipped_backbone(), image_size, sha256="of the shipped one", runtime=runtime)


def draw(number: int, size: int = 299) -> Pixels:
    return resize(draw_scene(("clear", "busy")[number % 2], np.random.default_rng(number)), size)


def run_python(program: str, *places: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in a process of its own, which finds modules in these places first."""
    found = [*map(str, places), str(Path(paths.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    around = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(found)}
    return subprocess.run([sys.executable, "-c", program], env=around, capture_output=True, text=True)


@pytest.fixture(params=[LITERT, pytest.param("openvino", marks=pytest.mark.openvino)])
def runtime(request) -> str:
    """Each runtime that this machine has."""
    return request.param if request.param == LITERT else openvino_runtime()


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("image_size", [71, 160, 299])
def test_it_takes_pictures_of_any_size_from_71_pixels_on(image_size, runtime):
    embedding = open_shipped_backbone(XCEPTION, image_size, runtime).embed(draw(1, image_size))
    assert embedding.shape == (XCEPTION.embedding_size,)
    assert embedding.dtype == np.float16
    assert np.isfinite(embedding).all()


def test_the_same_picture_has_the_same_embedding_to_the_bit(runtime):
    first, second = reopen(160, runtime), reopen(160, runtime)
    assert first.runtime == second.runtime == runtime
    picture, another = draw(3, 160), draw(4, 160)
    wanted = first.embed(picture)
    np.testing.assert_array_equal(second.embed(picture), wanted)
    first.embed(another)
    np.testing.assert_array_equal(first.embed(picture), wanted)


@pytest.mark.parametrize("image_size", [71, 160, 299])
def test_the_maps_of_a_pass_average_to_its_embedding(image_size, runtime):
    backbone = open_shipped_backbone(XCEPTION, image_size, runtime)
    picture = draw(2, image_size)
    embedding, maps = backbone.embed_with_maps(picture)
    backbone.embed(draw(5, image_size))  # what was returned doesn't change with the next picture
    np.testing.assert_array_equal(embedding, backbone.embed(picture))
    assert [one.shape[-1] for one in maps] == [channels for _, channels in XCEPTION.embedding_channels]
    assert all(one.dtype == np.float32 and one.shape[0] == one.shape[1] for one in maps)
    averages = np.concatenate([one.mean(axis=(0, 1)) for one in maps])
    np.testing.assert_allclose(averages, embedding.astype(np.float32), rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("blocks", [XCEPTION.embedding_blocks, (14,), (12, 14)])
def test_an_activation_map_adds_up_to_the_score_it_belongs_to(blocks, runtime):
    """Within 0.02 of a logit, which rounding the embedding to float16 takes."""
    backbone = open_shipped_backbone(XCEPTION, 160, runtime)
    found = [backbone.embed_with_maps(draw(number, 160)) for number in range(12)]
    embeddings = np.stack([embedding for embedding, _ in found])
    fitted = fit_head(XCEPTION, embeddings, np.arange(12) % 2, 2).head
    columns = columns_of(XCEPTION, blocks)
    head = Head(XCEPTION, blocks, fitted.kernel[columns], fitted.bias)
    for embedding, maps in found:
        explained = activation_map(head, maps)
        assert explained.shape == (5, 5, 2) if blocks == (14,) else (10, 10, 2)
        logits = embedding[columns].astype(np.float32) @ head.kernel + head.bias
        np.testing.assert_allclose(explained.mean(axis=(0, 1)) + head.bias, logits, atol=0.02)


def test_a_file_that_is_no_network_is_told_in_words(runtime, tmp_path):
    path = tmp_path / "backbone.tflite"
    path.write_bytes(b"no network" * 100)
    with pytest.raises(ProgramError) as caught:
        open_backbone(XCEPTION, path, 299, sha256="of no network", runtime=runtime)
    assert caught.value.code is ErrorCode.BACKBONE_UNUSABLE


@pytest.mark.openvino
def test_a_signal_is_answered_after_networks_were_closed(tmp_path):
    """With the stack of signals that OpenVINO leaves behind, Ctrl-C would end in a crash."""
    program = (
        "import faulthandler, signal\n"
        "import numpy\n"
        "from xception_gui import paths\n"
        "from xception_gui.domain.architecture import XCEPTION\n"
        "from xception_gui.inference.openvino import openvino_runtime\n"
        "from xception_gui.inference.runtimes import open_backbone\n"
        "faulthandler.enable()\n"
        "def open_one(size):\n"
        "    path = paths.shipped_backbone()\n"
        "    return open_backbone(XCEPTION, path, size, sha256='shipped', runtime=openvino_runtime())\n"
        "first, second = open_one(71), open_one(72)\n"
        "first.embed(numpy.zeros((71, 71, 3), numpy.uint8))\n"
        "del first, second\n"
        "signal.signal(signal.SIGINT, lambda *_: print('answered'))\n"
        "signal.raise_signal(signal.SIGINT)\n"
    )
    done = run_python(program, **{HOME_VARIABLE: str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "answered\n"), done.stderr


@pytest.mark.openvino
def test_predictions_agree_within_a_hundredth():
    """On pictures that the head was not fitted to, where its probabilities are not all 0 and 1."""
    both = [open_shipped_backbone(XCEPTION, 160, name) for name in (LITERT, openvino_runtime())]
    pictures = [draw(number, 160) for number in range(24)]
    litert, other = (np.stack([backbone.embed(picture) for picture in pictures]) for backbone in both)
    assert not np.array_equal(litert, other)
    for one, another in zip(litert.astype(np.float32), other.astype(np.float32), strict=True):
        assert np.linalg.norm(one - another) / np.linalg.norm(one) < 5e-3
    head = fit_head(XCEPTION, litert[:12], np.arange(12) % 2, 2).head
    np.testing.assert_allclose(probabilities(head, other[12:]), probabilities(head, litert[12:]), atol=1e-2)


@pytest.mark.openvino
def test_a_compiled_network_is_kept_and_a_damaged_one_compiled_again(home):
    first = reopen(71, openvino_runtime()).embed(draw(1, 71))
    kept = sorted((home / "cache" / "compiled").iterdir())
    whole = [file.read_bytes() for file in kept]
    middle = len(whole[-1]) // 2
    other_weights = whole[-1][:middle] + bytes(4000) + whole[-1][middle + 4000 :]  # which OpenVINO would run
    for damaged in (b"", whole[-1][:middle], bytes(1000), other_weights, whole[0]):
        kept[-1].write_bytes(damaged)
        np.testing.assert_array_equal(reopen(71, openvino_runtime()).embed(draw(1, 71)), first)
        assert all(file.stat().st_size > len(data) / 2 for file, data in zip(kept, whole, strict=True))
    before = [file.stat().st_mtime_ns for file in kept]
    np.testing.assert_array_equal(reopen(71, openvino_runtime()).embed(draw(1, 71)), first)
    assert [file.stat().st_mtime_ns for file in kept] == before


@pytest.mark.openvino
def test_openvino_tells_nobody_that_it_is_used(tmp_path):
    """Its package of that purpose is there, and everything that opens a connection ends the process."""
    telemetry = tmp_path / "openvino_telemetry" / "__init__.py"
    telemetry.parent.mkdir()
    telemetry.write_text("raise SystemExit('telemetry was imported')")
    program = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event.startswith('socket.'):\n"
        "        raise SystemExit(event)\n"
        "sys.addaudithook(watch)\n"
        "import numpy\n"
        "from xception_gui.domain.architecture import XCEPTION\n"
        "from xception_gui.inference.openvino import openvino_runtime\n"
        "from xception_gui.inference.runtimes import open_shipped_backbone\n"
        "open_shipped_backbone(XCEPTION, 71, openvino_runtime()).embed(numpy.zeros((71, 71, 3), numpy.uint8))\n"
        "assert 'openvino' in sys.modules\n"
    )
    done = run_python(program, tmp_path)
    assert done.returncode == 0, done.stderr


def test_another_runtime_is_chosen_where_it_is_clearly_faster():
    assert runtimes.choose({LITERT: 0.1}) == LITERT
    assert runtimes.choose({LITERT: 0.1, "other": 0.03}) == "other"
    assert runtimes.choose({LITERT: 0.1, "other": 0.09}) == LITERT
    assert runtimes.choose({LITERT: 0.1, "other": 0.2}) == LITERT


def test_the_choice_is_measured_once_on_each_machine(home, monkeypatch):
    measured = []
    monkeypatch.setattr(runtimes, "find_spec", lambda name: object())
    monkeypatch.setattr(runtimes, "_other_runtime", lambda: "other")
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: measured.append(1) or {LITERT: 0.1, "other": 0.03})
    assert runtimes.fastest_runtime(XCEPTION) == runtimes.fastest_runtime(XCEPTION) == "other"
    assert len(measured) == 1
    monkeypatch.setattr(runtimes, "device_name", lambda: "another machine")
    assert runtimes.fastest_runtime(XCEPTION) == "other"
    assert len(measured) == 2
    (home / "cache" / "runtimes.json").write_bytes(b'{"depends_on": 3')
    assert runtimes.fastest_runtime(XCEPTION) == "other"
    assert len(measured) == 3


def test_the_choice_follows_an_openvino_that_breaks_and_is_repaired(home, monkeypatch):
    """Trainings and doctor failed for ever where it had worked once."""
    works = True
    monkeypatch.setattr(runtimes, "find_spec", lambda name: object())
    monkeypatch.setattr(runtimes, "_other_runtime", lambda: "other" if works else None)
    monkeypatch.setattr(runtimes, "_measure", lambda _: {LITERT: 0.1, "other": 0.03} if works else {LITERT: 0.1})
    assert runtimes.choose_runtime(XCEPTION).runtime == "other"
    works = False
    assert runtimes.choose_runtime(XCEPTION) == RuntimeChoice(LITERT, {LITERT: 0.1})
    works = True
    assert runtimes.choose_runtime(XCEPTION).runtime == "other"


@pytest.mark.parametrize("damaged", [{}, {"other": 0.1}])
def test_a_kept_measurement_without_litert_is_made_again(home, monkeypatch, damaged):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: object())
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: {LITERT: 0.1, "other": 0.2})
    runtimes.keep(runtimes.NAME, runtimes.depends_on(XCEPTION), damaged)
    assert runtimes.fastest_runtime(XCEPTION) == LITERT


def test_an_openvino_that_cant_open_the_network_isnt_chosen(monkeypatch):
    def open_it(architecture, size, name):
        if name != LITERT:
            raise ProgramError(ErrorCode.INSTALLATION_DAMAGED, path="/models", found="no frontend")
        return Timed(1.0, [0.0])

    monkeypatch.setattr(runtimes, "_other_runtime", lambda: "other")
    monkeypatch.setattr(runtimes, "open_shipped_backbone", open_it)
    assert runtimes._measure(XCEPTION).keys() == {LITERT}


@pytest.mark.openvino
def test_the_real_measurement_times_both(home):
    assert runtimes.fastest_runtime(XCEPTION) in (LITERT, openvino_runtime())
    seconds = runtimes._measure(XCEPTION)
    assert seconds.keys() == {LITERT, openvino_runtime()}
    assert all(0 < value < 60 for value in seconds.values())


def test_a_runtime_that_this_machine_lacks_is_replaced_by_the_one_that_all_have():
    assert runtimes.usable_runtime(LITERT) == LITERT
    assert runtimes.usable_runtime("of another machine") == LITERT


def test_a_runtime_is_worth_it_from_four_fifths_of_litert_on():
    assert runtimes.WORTH_IT == 0.8
    assert runtimes.choose({LITERT: 1.0, "other": 0.8}) == "other"
    assert runtimes.choose({LITERT: 1.0, "other": 0.81}) == LITERT
    assert runtimes.choose({LITERT: 1.0, "other": 0.7, "third": 0.6}) == "third"


class Timed(Backbone):
    """One that takes as long as a clock says that it does, and longer with its first picture."""

    sha256 = "0"

    def __init__(self, seconds: float, clock: list[float]) -> None:
        self.seen: list[Pixels] = []
        self._seconds, self._clock = seconds, clock

    def embed(self, picture: Pixels) -> np.ndarray:
        self.seen.append(picture)
        self._clock[0] += self._seconds * (100 if len(self.seen) == 1 else len(self.seen))
        return np.zeros(XCEPTION.embedding_size, np.float16)


def test_runtimes_are_timed_in_turns_on_the_same_pictures_without_the_first_one(monkeypatch):
    clock = [0.0]
    opened = {LITERT: Timed(2.0, clock), "other": Timed(1.0, clock)}
    sizes: list[int] = []
    monkeypatch.setattr(runtimes, "_other_runtime", lambda: "other")
    monkeypatch.setattr(runtimes, "open_shipped_backbone", lambda _, size, name: sizes.append(size) or opened[name])
    monkeypatch.setattr(runtimes.time, "perf_counter", lambda: clock[0])
    assert runtimes._measure(XCEPTION) == {LITERT: 2.0 * 3.5, "other": 3.5}  # the median of 2, 3, 4 and 5 times as much
    assert sizes == [299, 299]
    for first, second in zip(opened[LITERT].seen, opened["other"].seen, strict=True):
        assert first is second and first.shape == (299, 299, 3) and first.dtype == np.uint8
        assert (first.min(), first.max()) == (0, 255)
    monkeypatch.setattr(runtimes, "_other_runtime", lambda: None)
    assert runtimes._measure(XCEPTION).keys() == {LITERT}


def test_a_runtime_is_used_where_this_machine_has_that_very_one(monkeypatch):
    monkeypatch.setattr(runtimes, "_other_runtime", lambda: "other")
    assert [runtimes.usable_runtime(name) for name in ("other", "third", LITERT)] == ["other", LITERT, LITERT]


def test_what_is_measured_depends_on_machine_versions_and_backbone(home, monkeypatch):
    kept: list[dict[str, str]] = []
    monkeypatch.setattr(runtimes, "find_spec", lambda name: {"openvino": object()}.get(name))
    monkeypatch.setattr(runtimes, "_measure", lambda architecture: {LITERT: 0.1, "other": 0.03})
    monkeypatch.setattr(runtimes, "recall", lambda name, depends_on, kind: kept.append({"": name, **depends_on}))
    monkeypatch.setattr(runtimes, "keep", lambda name, depends_on, value: kept.append({"": name, **depends_on}))
    assert runtimes.fastest_runtime(XCEPTION) == "other"
    backbone = paths.shipped_sha256(paths.shipped_backbone())
    wanted = {"": "runtimes", **runtimes.versions(), "device": runtimes.device_name(), "backbone": backbone}
    assert kept == [wanted, wanted]
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None)
    assert runtimes.fastest_runtime(XCEPTION) == LITERT
    assert len(kept) == 2


def test_the_shipped_backbone_stays_open_until_another_is_wanted():
    first = open_shipped_backbone(XCEPTION, 71, LITERT)
    assert open_shipped_backbone(XCEPTION, 71, LITERT) is first
    assert first.sha256 == paths.shipped_sha256(paths.shipped_backbone())
    open_shipped_backbone(XCEPTION, 72, LITERT)
    assert open_shipped_backbone(XCEPTION, 71, LITERT) is not first


def test_a_shipped_backbone_that_is_damaged_is_told_as_a_damaged_installation(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "shipped_backbone", lambda architecture: tmp_path / "nothing.tflite")
    for sha256 in (lambda path: "0", lambda path: {}["a file that isn't listed"]):
        monkeypatch.setattr(paths, "shipped_sha256", sha256)
        with pytest.raises(ProgramError) as caught:
            open_shipped_backbone(XCEPTION, 73, LITERT)
        assert caught.value.code is ErrorCode.INSTALLATION_DAMAGED
        assert caught.value.details["path"] == str(tmp_path / "nothing.tflite")
        assert ErrorCode.BACKBONE_UNUSABLE not in str(text_of(caught.value))


def test_of_another_file_only_the_numbers_are_run(tmp_path, monkeypatch):
    opened: list[tuple[object, ...]] = []
    monkeypatch.setattr(runtimes, "_in_shipped_network", lambda architecture, path: b"network of " + path.name.encode())
    monkeypatch.setattr(
        runtimes,
        "LiteRTBackbone",
        lambda architecture, path, size, *, sha256, content: opened.append((path, size, sha256, content)),
    )
    reopen(160, LITERT)
    open_backbone(XCEPTION, tmp_path / "own", 71, sha256="own", runtime=LITERT)
    assert opened == [
        (paths.shipped_backbone(), 160, "of the shipped one", None),
        (tmp_path / "own", 71, "own", b"network of own"),
    ]


# --- OpenVINO, part by part -------------------------------------------------------------------------------------------


@pytest.mark.openvino
@pytest.mark.parametrize(("name", "precisions"), [(OPENVINO_BFLOAT16, ["f32", "bf16"]), (OPENVINO_FLOAT32, ["f32"])])
def test_a_network_is_compiled_in_parts_of_one_precision_each(home, monkeypatch, name, precisions):
    core, asked = openvino._load().Core, []

    class Watching:
        def __init__(self) -> None:
            self._core = core()

        def __getattr__(self, attribute):
            return getattr(self._core, attribute)

        def compile_model(self, model, device, settings):
            asked.append((device, settings, [list(output.shape) for output in model.outputs]))
            return self._core.compile_model(model, device, settings)

    monkeypatch.setattr(openvino._load(), "Core", Watching)
    embedding = reopen(71, name).embed(draw(1, 71))
    assert embedding.shape == (XCEPTION.embedding_size,)
    assert [settings["INFERENCE_PRECISION_HINT"] for _, settings, _ in asked] == precisions
    assert {settings["PERFORMANCE_HINT"] for _, settings, _ in asked} == {"LATENCY"}
    assert {device for device, _, _ in asked} == {"CPU"}
    shapes = [[1, 728, 5, 5]] if len(precisions) == 2 else []
    maps = [[1, 5, 5, 728]] * 5 + [[1, 3, 3, 1024], [1, 3, 3, 2048]]
    assert [shape for *_, outputs in asked for shape in outputs] == [*shapes, [1, XCEPTION.embedding_size], *maps]
    files = sorted(file.name for file in (home / "cache" / "compiled").glob("*.blob"))
    assert [file[16:] for file in files] == [f"-{number}.blob" for number in range(len(precisions))]
    asked.clear()
    np.testing.assert_array_equal(reopen(71, name).embed(draw(1, 71)), embedding)
    assert asked == []


@pytest.mark.openvino
def test_compiled_networks_are_told_apart_and_kept_within_bounds(home, monkeypatch):
    tidied: list[str] = []
    monkeypatch.setattr(openvino, "keep_within_share", tidied.append)
    keys = ("a litert 71 1", "b litert 71 1", "a other 71 1", "a litert 72 1", "a litert 71 2")
    files = [file for key in keys for file in openvino._files_of_compiled(key, 2)]
    assert len(set(files)) == 10
    assert {file.parent for file in files} == {home / "cache" / "compiled"}
    assert all(len(file.name) == len("0123456789abcdef-0.blob") for file in files)
    reopen(71, OPENVINO_FLOAT32)
    assert tidied == ["compiled"]
    monkeypatch.setattr(openvino, "write_private", lambda *_: (_ for _ in ()).throw(OSError("no room")))
    assert reopen(72, OPENVINO_FLOAT32).embed(draw(1, 72)).shape == (XCEPTION.embedding_size,)
    assert len(tidied) == 1


@pytest.mark.openvino
def test_a_network_that_isnt_the_one_is_refused_with_what_is_odd(home, monkeypatch):
    smaller = replace(XCEPTION, embedding_channels=((14, 7),))
    with pytest.raises(ProgramError, match=r"sizes \[6712, 728, .*\] instead of \[7, 7\]"):
        open_backbone(smaller, paths.shipped_backbone(), 71, sha256="of the shipped one", runtime=OPENVINO_FLOAT32)
    monkeypatch.setattr(openvino, "RESIDUAL_SUMS", 11)
    with pytest.raises(ProgramError, match="12 residual connections instead of 11") as caught:
        reopen(71, OPENVINO_BFLOAT16)
    assert caught.value.code is ErrorCode.BACKBONE_UNUSABLE


@pytest.mark.openvino
def test_what_is_run_instead_of_a_file_lies_among_the_temporary_ones_for_a_moment(home, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with openvino._as_file(b"network") as path:
        assert path.parent == tmp_path and path.suffix == ".tflite" and path.name.startswith("xception-gui-")
        assert path.read_bytes() == b"network"
    assert not path.exists()
    shipped = paths.shipped_backbone()
    own = openvino.OpenVINOBackbone(
        XCEPTION, tmp_path / "own", 71, sha256="own", runtime=OPENVINO_FLOAT32, content=shipped.read_bytes()
    )
    np.testing.assert_array_equal(own.embed(draw(1, 71)), reopen(71, OPENVINO_FLOAT32).embed(draw(1, 71)))
    assert (own.sha256, own.runtime) == ("own", OPENVINO_FLOAT32)
    assert not list(tmp_path.glob("*.tflite"))


def test_without_openvino_or_with_a_broken_one_there_is_no_such_runtime(monkeypatch):
    for found, wanted in (
        (["FP32", "BF16"], OPENVINO_BFLOAT16),
        (["FP32"], OPENVINO_FLOAT32),
        (ModuleNotFoundError(), None),
        (OSError(), None),
    ):

        def load(found=found):
            if isinstance(found, Exception):
                raise found
            properties = {("CPU", "OPTIMIZATION_CAPABILITIES"): found}
            return SimpleNamespace(Core=lambda: SimpleNamespace(get_property=lambda *words: properties[words]))

        monkeypatch.setattr(openvino, "_load", load)
        assert openvino.openvino_runtime.__wrapped__() == wanted
    assert (OPENVINO_BFLOAT16, OPENVINO_FLOAT32) == ("openvino-mixed-bfloat16", "openvino-float32")  # in every run.json
