"""The backbone in OpenVINO, if that is installed: faster on processors that compute in bfloat16."""

import contextlib
import hashlib
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from xception_gui import paths
from xception_gui.data.cache.folders import keep_within_share
from xception_gui.data.pictures.open_picture import Pixels
from xception_gui.diagnostics import logger
from xception_gui.domain.architecture import Architecture
from xception_gui.domain.runtime import OPENVINO_BFLOAT16, OPENVINO_FLOAT32
from xception_gui.files.atomic import write_private
from xception_gui.files.deletion import delete_written
from xception_gui.files.regular_files import map_regular
from xception_gui.inference.backbone import Embedding, MappedBackbone, Maps, rounded, unusable
from xception_gui.inference.signal_stack import signal_stack_kept

NEVER_LOADED = ("openvino_telemetry", "openvino.tools.ovc")
"""Modules that report over the network that OpenVINO was imported, and those that call them. OpenVINO works without
them; only conversion from other formats is lost."""

RESIDUAL_SUMS = 12
"""Residual connections in Xception: they end blocks 2 to 13."""

SUM_OF_BLOCK_4 = 2
"""Index of the one that ends the entry flow."""

CHECKSUM_BYTES = 4
MAX_BYTES_OF_COMPILED = 500_000_000
"""Limit of a cached part of a network: 40 MB in bfloat16, 80 MB in float32."""


@cache
def openvino_runtime() -> str | None:
    """Return the name of OpenVINO's runtime on this machine, None if it can't be used.

    On processors with bfloat16, the middle and exit flows compute in it and the entry flow in float32: most of the
    error of bfloat16 arises there, and probabilities would differ from LiteRT's by more than the hundredth allowed.
    """
    try:
        openvino = _load()
        capabilities = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except ModuleNotFoundError:
        return None
    except Exception as error:  # a broken installation, or an unknown processor
        logger.warning("OpenVINO can't be used: %s", error)
        return None
    return OPENVINO_BFLOAT16 if "BF16" in capabilities else OPENVINO_FLOAT32


class OpenVINOBackbone(MappedBackbone):
    """A backbone, run by OpenVINO on the processor.

    Reading and compiling it takes half a second, so the compiled network is cached.

    Args:
        architecture: what the network is.
        path: file of its weights.
        image_size: pixels.
        sha256: hash of that file.
        runtime: as `openvino_runtime` names it.
        content: the LiteRT file to run, if that isn't the file itself.

    Raises:
        ProgramError: BACKBONE_UNUSABLE, the file is no such network.
    """

    def __init__(
        self,
        architecture: Architecture,
        path: Path,
        image_size: int,
        *,
        sha256: str,
        runtime: str,
        content: bytes | None = None,
    ) -> None:
        self.sha256 = sha256
        self.runtime = runtime
        self._path = path
        openvino = _load()
        precisions = ("f32", "bf16") if runtime == OPENVINO_BFLOAT16 else ("f32",)
        kept = _files_of_compiled(f"{sha256} {runtime} {image_size} {openvino.__version__} maps crc", len(precisions))
        with signal_stack_kept():
            compiled = self._recall(openvino, kept, precisions)
            if compiled is None:
                with contextlib.nullcontext(path) if content is None else _as_file(content) as network:
                    compiled = self._compile(openvino, architecture, network, image_size, precisions)
                _keep(compiled, kept)
            self._requests = [part.create_infer_request() for part in compiled]
        for before, after in pairwise(self._requests):
            after.set_input_tensor(before.get_output_tensor())
        self._pixels = self._requests[0].get_input_tensor().data  # float32 (1, size, size, 3)
        embedding, *maps = self._requests[-1].output_tensors
        self._embedding = embedding.data  # float32 (1, D)
        self._maps = [one.data for one in maps]  # float32 (1, rows, columns, channels)

    def embed(self, picture: Pixels) -> Embedding:
        """Return the embedding of one picture, uint8 (size, size, 3)."""
        self._pixels[0] = picture
        for request in self._requests:
            request.infer()
        return rounded(self._embedding[0], self._path)

    def embed_with_maps(self, picture: Pixels) -> tuple[Embedding, Maps]:
        """Return the embedding of one picture, uint8 (size, size, 3), and the maps of the same pass."""
        return self.embed(picture), tuple(one[0].copy() for one in self._maps)

    def _recall(self, openvino: Any, kept: Sequence[Path], precisions: Sequence[str]) -> list[Any] | None:
        """Load a cached compiled network; OpenVINO checks that it was compiled for this processor and release."""
        core = openvino.Core()
        try:
            self._mapped = [_mapped(file) for file in kept]  # for as long as this exists: OpenVINO may still read it
            return [
                core.import_model(_as_tensor(openvino, part), "CPU", _settings(precision))
                for part, precision in zip(self._mapped, precisions, strict=True)
            ]
        except (OSError, ValueError, RuntimeError):
            return None

    def _compile(
        self, openvino: Any, architecture: Architecture, network: Path, image_size: int, precisions: Sequence[str]
    ) -> list[Any]:
        """Read a network for batches of one picture and compile it in parts, one for each precision."""
        core = openvino.Core()
        try:
            read = _read(openvino, core, architecture, network, image_size)
            parts = [read] if len(precisions) == 1 else _cut_in_two(openvino, read)
            return [
                core.compile_model(part, "CPU", _settings(precision))
                for part, precision in zip(parts, precisions, strict=True)
            ]
        except (RuntimeError, ValueError) as error:
            raise unusable(self._path, error) from error


def _load() -> ModuleType:
    for name in NEVER_LOADED:
        sys.modules[name] = None  # type: ignore[assignment] # from now on, importing it fails
    import openvino

    module: ModuleType = openvino
    return module


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """Write a LiteRT file for as long as the context lasts: OpenVINO reads them from files only.

    Raises:
        OSError: it can't be written.
    """
    descriptor, name = tempfile.mkstemp(prefix="xception-gui-", suffix=".tflite")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        yield Path(name)
    finally:
        delete_written(Path(name))


def _read(openvino: Any, core: Any, architecture: Architecture, path: Path, image_size: int) -> Any:
    """Read a network: (1, size, size, 3) → its embedding (1, D) and its blocks' maps (1, rows, columns, channels).

    The maps are always outputs: they take no time, and so they add up to the embedding of the same pass.
    """
    network = core.read_model(path)
    order = {operation: place for place, operation in enumerate(network.get_ordered_ops())}
    # The names of the outputs are lost on the way. Maps have four axes, and each block reads the one before.
    outputs = sorted(network.outputs, key=lambda output: (_axes(output), order[_block_of(output)]))
    network = openvino.Model(outputs, network.get_parameters())
    network.reshape([1, image_size, image_size, 3])
    sizes = [output.shape[-1] for output in network.outputs]
    wanted = [architecture.embedding_size, *(channels for _, channels in architecture.embedding_channels)]
    if sizes != wanted:
        raise ValueError(f"outputs of the sizes {sizes} instead of {wanted}")
    return network


def _axes(output: Any) -> int:
    return int(output.partial_shape.rank.get_length())


def _block_of(output: Any) -> Any:
    """Return the operation whose result an output is, before its axes are put in LiteRT's order."""
    transpose = output.get_node().input(0).get_source_output().get_node()
    return transpose.input(0).get_source_output().get_node()


def _cut_in_two(openvino: Any, network: Any) -> tuple[Any, Any]:
    """Cut a network after block 4: (1, size, size, 3) → (1, 728, rows, columns) → embedding and maps."""
    sums = [operation for operation in network.get_ordered_ops() if _is_residual_sum(operation)]
    if len(sums) != RESIDUAL_SUMS:
        raise ValueError(f"{len(sums)} residual connections instead of {RESIDUAL_SUMS}")
    after_block_4 = sums[SUM_OF_BLOCK_4].output(0)
    readers = list(after_block_4.get_target_inputs())
    maps = openvino.op.Parameter(openvino.Type.f32, after_block_4.partial_shape)
    for reader in readers:
        reader.replace_source_output(maps.output(0))
    return openvino.Model([after_block_4], network.get_parameters()), openvino.Model(network.get_results(), [maps])


def _is_residual_sum(operation: Any) -> bool:
    """Return whether an operation adds two branches that are split again; the other sums add a constant."""
    return (
        operation.get_type_name() == "Add"
        and operation.input(1).get_source_output().get_node().get_type_name() != "Constant"
        and len(operation.output(0).get_target_inputs()) > 1
    )


def _settings(precision: str) -> dict[str, str]:
    return {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",  # one picture at a time, on all cores
    }


def _files_of_compiled(key: str, parts: int) -> list[Path]:
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    return [paths.cache_folder() / "compiled" / f"{name}-{number}.blob" for number in range(parts)]


def _mapped(file: Path) -> memoryview:
    """Map a cached part of a network into memory: copying it would take longer than its first picture.

    Raises:
        OSError: it can't be read.
        ValueError: it is damaged, or another part. OpenVINO would run damaged weights without a word.
    """
    content = memoryview(map_regular(file, MAX_BYTES_OF_COMPILED))
    compiled, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
    if checksum != _checksum(file, compiled):
        raise ValueError("damaged")
    return compiled


def _as_tensor(openvino: Any, content: memoryview) -> Any:
    return openvino.Tensor(np.frombuffer(content, np.uint8), shared_memory=True)


def _checksum(file: Path, compiled: bytes | memoryview) -> bytes:
    return zlib.crc32(compiled, zlib.crc32(file.name.encode())).to_bytes(CHECKSUM_BYTES)


def _keep(compiled: Sequence[Any], kept: Sequence[Path]) -> None:
    """Cache a compiled network. If the disk is full or read-only, it is compiled again next time."""
    try:
        for part, file in zip(compiled, kept, strict=True):
            content = part.export_model().getvalue()
            write_private(file, content + _checksum(file, content))
        keep_within_share("compiled")
    except OSError as error:
        logger.warning("A compiled network can't be kept in %s: %s", kept[0].parent, error)
