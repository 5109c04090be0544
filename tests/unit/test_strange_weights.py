"""Weights of strangers, by `--weights` and in a `model.keras`: nothing gets in but finite numbers of the right shapes
that lie in the file itself, and whatever else is tried costs nothing."""

import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, ProgramError
from xception_gui.domain.messages.base import Failed
from xception_gui.domain.messages.training import TrainRequest
from xception_gui.domain.recipe import Preset, make_recipe
from xception_gui.finetune import weights_file
from xception_gui.finetune.architectures.build import build_classifier
from xception_gui.finetune.reopen import network_with_weights_of
from xception_gui.finetune.weights import HEAD, KERAS_3_NAMES, read_weights
from xception_gui.jobs import run_job
from xception_gui.words.errors import text_of

SIZE, BLOCKS, CLASSES = 71, (14,), 2
VARS = "layers/conv2d/vars"
SHAPE = (3, 3, 3, 32)
SECRET = b"pin=1234key=" * 288
"""As many bytes as a file of that shape has; read as numbers they are all finite and small."""

Change = Callable[[h5py.File], None]


@pytest.fixture(scope="module")
def shapes() -> dict[str, list[tuple[int, ...]]]:
    """What lies in a file of a whole classifier: group → shapes."""
    network = build_classifier(XCEPTION, SIZE, BLOCKS, CLASSES)
    groups = KERAS_3_NAMES | {"dense": HEAD}
    return {group: [tuple(one.shape) for one in network.get_layer(name).weights] for group, name in groups.items()}


@pytest.fixture
def write(shapes, tmp_path) -> Callable[[Change], Path]:
    """Writes a file of weights, all of them zero, and changes it; what is zero takes no room in it."""

    def written(change: Change) -> Path:
        path = tmp_path / "strange.weights.h5"
        with h5py.File(path, "w") as file:
            for group, wanted in shapes.items():
                for number, shape in enumerate(wanted):
                    file.create_dataset(f"layers/{group}/vars/{number}", shape, "f4")
            change(file)
        return path

    return written


def archived(path: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    keras_file = path.with_name("model.keras")
    with zipfile.ZipFile(keras_file, "w", compression) as archive:
        archive.write(path, "model.weights.h5")
    return keras_file


def given_as_weights(path: Path) -> str:
    with pytest.raises(ProgramError) as caught:
        read_weights(path)
    assert caught.value.code in (ErrorCode.WEIGHTS_DAMAGED, ErrorCode.WEIGHTS_OF_ANOTHER_NETWORK)
    return str(text_of(caught.value))


def found_in_a_run(keras_file: Path) -> str:
    with pytest.raises(ValueError) as caught:
        network_with_weights_of(XCEPTION, keras_file, SIZE, BLOCKS, CLASSES)
    return str(caught.value)


@pytest.fixture(params=["--weights", "model.keras"])
def refused(request, write) -> Callable[[Change], str]:
    """Writes a file of changed weights, gives it to the program one way or the other, and returns what that says."""
    if request.param == "--weights":
        return lambda change: given_as_weights(write(change))
    return lambda change: found_in_a_run(archived(write(change)))


# --- Other files --------------------------------------------------------------------------------------------------


def in_place_of_the_kernel(**options) -> Change:
    """Put another dataset where the first convolution has its kernel."""

    def change(file: h5py.File) -> None:
        del file[VARS]["0"]
        file[VARS].create_dataset("0", **options)

    return change


@pytest.fixture
def secret(tmp_path) -> Path:
    """Somebody's private file."""
    (tmp_path / "private").mkdir()
    path = tmp_path / "private" / "key"
    path.write_bytes(SECRET)
    return path


@pytest.fixture
def secret_numbers(secret) -> Path:
    """The same as HDF5."""
    path = secret.with_name("private.h5")
    with h5py.File(path, "w") as file:
        numbers = np.frombuffer(SECRET, "<f4").reshape(SHAPE)
        file.create_dataset("numbers", data=numbers, maxshape=(None, *SHAPE[1:]))
    return path


def external_storage(secret: Path) -> Change:
    return in_place_of_the_kernel(shape=SHAPE, dtype="f4", external=[(str(secret), 0, len(SECRET))])


def virtual(source: Path, *, growing: bool) -> Change:
    """A view of another file's numbers; HDF5 opens that file to tell the shape of a growing one."""
    rows = h5py.h5s.UNLIMITED if growing else SHAPE[0]
    most = (None if growing else SHAPE[0], *SHAPE[1:])
    layout = h5py.VirtualLayout(SHAPE, "f4", maxshape=most)
    layout[0:rows, :, :, :] = h5py.VirtualSource(source, "numbers", SHAPE, maxshape=most)[0:rows, :, :, :]

    def change(file: h5py.File) -> None:
        del file[VARS]["0"]
        file[VARS].create_virtual_dataset("0", layout)

    return change


def test_numbers_of_any_other_file_are_refused(refused, secret, secret_numbers):
    assert "are in another file" in refused(external_storage(secret))
    for growing in (False, True):
        assert "are in another file" in refused(virtual(secret_numbers, growing=growing))


@pytest.mark.parametrize("place", [f"{VARS}/0", VARS, "layers/conv2d", "layers", "model_weights", "anything"])
def test_links_are_not_followed_wherever_they_are(place, refused, secret_numbers):
    for link in (h5py.SoftLink("/layers/conv2d_1/vars/0"), h5py.ExternalLink(str(secret_numbers), "/numbers")):

        def change(file: h5py.File, link: object = link) -> None:
            if place in file:
                del file[place]
            file[place] = link

        assert "link to another place" in refused(change)


def test_a_link_of_a_kind_that_only_a_plug_in_can_follow_is_refused(write):
    path = write(lambda file: file.__setitem__("anything", h5py.ExternalLink("private.h5", "/numbers")))
    external, other = (b"\x01\x08" + bytes([kind]) + b"\x08anything" for kind in (h5py.h5l.TYPE_EXTERNAL, 99))
    assert path.read_bytes().count(external) == 1
    path.write_bytes(path.read_bytes().replace(external, other))
    assert "link to another place" in given_as_weights(path)


def test_a_training_with_weights_that_hold_a_secret_writes_it_nowhere(write, secret, own_home, tiny_dataset, tmp_path):
    recipe = make_recipe(Preset.QUICK, image_size=SIZE, weights=str(write(external_storage(secret))))
    events: list = []
    run_job(TrainRequest(str(tiny_dataset), str(tmp_path / "run"), recipe), events.append, lambda: False)
    assert isinstance(events[-1], Failed)
    assert events[-1].code == ErrorCode.WEIGHTS_DAMAGED
    written = [path for folder in (tmp_path, own_home) for path in folder.rglob("*") if path.is_file()]
    assert [path for path in written if SECRET[:24] in path.read_bytes()] == [secret]


# --- Shapes, types, numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(10**12,), (3, 3, 3, 33), (3, 3, 3, 10**9), (), (1,) * 32])
def test_a_shape_that_is_not_the_networks_is_refused_before_anything_is_read(shape, refused):
    chunks = tuple(min(side, 1000) for side in shape) or None
    says = refused(in_place_of_the_kernel(shape=shape, dtype="f4", chunks=chunks))
    assert "block1_conv1 has the shapes" in says


@pytest.mark.parametrize(
    "dtype",
    [
        np.dtype([("real", "f4"), ("imaginary", "f4")]),
        h5py.string_dtype(),
        h5py.ref_dtype,
        h5py.regionref_dtype,
        h5py.vlen_dtype("f4"),
        "i4",
        "?",
        "c8",
        "S4",
        "V4",
        np.longdouble,
    ],
    ids=str,
)
def test_what_is_no_plain_number_is_refused(dtype, refused):
    assert "not float16, float32 or float64" in refused(in_place_of_the_kernel(shape=SHAPE, dtype=dtype))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_are_not_finite_are_refused(number, refused):
    numbers = np.zeros(SHAPE)
    numbers[1, 2, 0, 31] = number  # 1e300 is infinite as soon as it is a float32
    assert "some numbers of block1_conv1 are not finite" in refused(in_place_of_the_kernel(data=numbers))


# --- Bombs --------------------------------------------------------------------------------------------------------


def packed_zeros(count: int) -> bytes:
    packer = zlib.compressobj()
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(count // 1_000_000)) + packer.flush()


def test_a_chunk_that_unpacks_to_more_than_it_should_is_not_unpacked(refused):
    def change(file: h5py.File) -> None:
        place = "layers/separable_conv2d_7/vars"
        shape = file[place]["1"].shape
        del file[place]["1"]
        kernel = file[place].create_dataset("1", shape, "f4", chunks=shape, compression="gzip")
        kernel.id.write_direct_chunk((0, 0, 0, 0), packed_zeros(100_000_000))

    assert "a chunk of block5_sepconv2 unpacks to the wrong size" in refused(change)


def test_a_chunk_that_holds_less_than_it_should_is_refused(refused):
    """What HDF5 then takes for numbers was somewhere in the memory of the program."""

    def change(file: h5py.File) -> None:
        in_place_of_the_kernel(shape=SHAPE, dtype="f4", chunks=SHAPE, compression="gzip")(file)
        file[VARS]["0"].id.write_direct_chunk((0, 0, 0, 0), zlib.compress(bytes(100)))

    assert "unpacks to the wrong size" in refused(change)


def test_chunks_and_filters_that_no_such_file_has_are_refused(refused):
    enormous = in_place_of_the_kernel(shape=SHAPE, dtype="f4", chunks=(100,) * 4, maxshape=(None,) * 4)
    assert "chunks larger than itself" in refused(enormous)
    assert "too many chunks" in refused(in_place_of_the_kernel(data=np.zeros(SHAPE), chunks=(1,) * 4))
    assert "compressed in an unsupported way" in refused(
        in_place_of_the_kernel(data=np.zeros(SHAPE), compression="lzf")
    )

    def foreign_filter(file: h5py.File) -> None:
        """One that HDF5 would look for in a folder of plug-ins."""
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk(SHAPE)
        plan.set_filter(32_001, h5py.h5z.FLAG_OPTIONAL)
        del file[VARS]["0"]
        space = h5py.h5s.create_simple(SHAPE)
        h5py.h5d.create(file[VARS].id, b"0", h5py.h5t.IEEE_F32LE, space, plan)

    assert "compressed in an unsupported way" in refused(foreign_filter)


def test_groups_of_thousands_or_in_circles_end_at_once(refused):
    def many(place: str) -> Change:
        return lambda file: [file[place].create_group(f"group {number}") for number in range(1_001)] and None

    for place in ("/", "layers", VARS):
        assert "members" in refused(many(place))

    def circle(file: h5py.File) -> None:
        del file["layers/conv2d"]["vars"]
        file["layers/conv2d"]["vars"] = file["layers"]

    assert "members" in refused(circle)


def test_names_that_deceive_or_are_no_text_are_shown_as_what_they_are(refused):
    for name, shown in ((b"\xff\xfe", r"\xff\xfe"), ("evil\x1b[2J\u202e".encode(), "evil‹U+001B›[2J‹U+202E›")):

        def change(file: h5py.File, name: bytes = name) -> None:
            file["layers"].create_group(name).create_dataset("vars/0", (1,))

        says = refused(change)
        assert f"unknown layer {shown}" in says


def test_objects_of_another_kind_are_refused(refused):
    def group_for_numbers(file: h5py.File) -> None:
        del file[VARS]["0"]
        file[VARS].create_group("0")

    def type_for_numbers(file: h5py.File) -> None:
        del file[VARS]["0"]
        file[VARS]["0"] = np.dtype("f4")

    def numbers_for_group(file: h5py.File) -> None:
        del file["layers"]
        file["layers"] = np.zeros(3)

    assert "block1_conv1 contains no numbers" in refused(group_for_numbers)
    assert "block1_conv1 contains no numbers" in refused(type_for_numbers)
    assert "layers are missing" in refused(numbers_for_group)


# --- What is fine -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8"])
@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"chunks": (2, 2, 2, 20)},
        {"fletcher32": True},
        {"compression": "gzip"},
        {"compression": "gzip", "shuffle": True, "fletcher32": True},
    ],
)
def test_packed_numbers_of_any_float_are_read_exactly(dtype, packed, write):
    numbers = np.random.default_rng(4).normal(size=SHAPE).astype(dtype)
    found = read_weights(write(in_place_of_the_kernel(data=numbers, **packed)))["block1_conv1"][0]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, numbers.astype(np.float32))


def test_a_chunk_that_was_not_worth_packing_is_read_as_it_is(write):
    numbers = np.random.default_rng(4).normal(size=SHAPE).astype("<f4")

    def change(file: h5py.File) -> None:
        in_place_of_the_kernel(shape=SHAPE, dtype="f4", chunks=SHAPE, compression="gzip")(file)
        file[VARS]["0"].id.write_direct_chunk((0, 0, 0, 0), numbers.tobytes(), filter_mask=1)

    np.testing.assert_array_equal(read_weights(write(change))["block1_conv1"][0], numbers)


def test_attributes_and_what_is_not_wanted_are_not_read(write):
    def change(file: h5py.File) -> None:
        file.attrs["layer_names"] = ["nonsense"] * 4_000
        file[VARS].attrs["name"] = h5py.Empty("f4")
        file["optimizer/vars/0"] = h5py.SoftLink("/nowhere")

    keras_file = archived(write(change), zipfile.ZIP_DEFLATED)
    assert (
        not network_with_weights_of(XCEPTION, keras_file, SIZE, BLOCKS, CLASSES)
        .get_layer("block1_conv1")
        .get_weights()[0]
        .any()
    )


# --- What is no file ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["pipe", "device", "folder", "link to a pipe", "link to a device"])
def no_file(request, tmp_path) -> Path:
    path = tmp_path / "model.keras"
    real = tmp_path / "real" if "link" in request.param else path
    if "pipe" in request.param:
        os.mkfifo(real)
    elif "device" in request.param:
        real = Path("/dev/zero")
    else:
        path.mkdir()
    if real != path:
        path.symlink_to(real)
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no such pipes and devices")
def test_what_is_no_regular_file_is_refused_at_once(no_file):
    assert "not a regular file" in given_as_weights(no_file)
    assert "not a regular file" in found_in_a_run(no_file)


def test_what_is_larger_than_any_such_file_is_refused(write):
    path = write(lambda file: None)
    os.truncate(path, weights_file.MAX_BYTES + 1)
    assert "larger than" in given_as_weights(path)
    os.truncate(path, 400_000_000)
    assert "when unpacked" in found_in_a_run(archived(path, zipfile.ZIP_DEFLATED))


def test_an_archive_that_says_less_than_it_holds_is_unpacked_as_far_as_it_says(write, tmp_path):
    path = write(lambda file: None)
    keras_file = archived(path, zipfile.ZIP_DEFLATED)
    size = path.stat().st_size
    archive = keras_file.read_bytes()
    keras_file.write_bytes(archive.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    assert found_in_a_run(keras_file)
