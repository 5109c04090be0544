"""From files to embeddings: each file its own, in order, whatever is known already and however many pass at once."""

import gc
import hashlib
import itertools
import os
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.conftest import draw_picture
from xception_gui import paths
from xception_gui.data.cache import stores as cache
from xception_gui.data.cache.known_files import KnownFile
from xception_gui.data.file_state import FileState
from xception_gui.domain.architecture import XCEPTION
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.inference import embedder, embeddings
from xception_gui.inference.backbone import Backbone, Embedding
from xception_gui.inference.embedder import Embedder
from xception_gui.inference.embedding_cache import EmbeddingCache
from xception_gui.inference.embeddings import embed_files

FILES = 9
DAMAGED = 4
"""Which of the files is no picture."""


class AverageColour(Backbone):
    """A network that can be computed by hand, and that remembers how many pictures came at once."""

    sha256 = "0"
    runtime = "by hand"

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.opened = 0

    def embed(self, picture: np.ndarray) -> Embedding:
        return np.resize(picture.mean((0, 1)), XCEPTION.embedding_size).astype(np.float16)

    def embed_all(self, pictures):
        self.batches.append(len(pictures))
        return super().embed_all(pictures)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    files = [draw_picture(folder / f"{n}.png", (20 * n, 60, 250 - 20 * n), n) for n in range(FILES)]
    files[DAMAGED].write_bytes(b"no picture")
    return files


fresh = itertools.count()


def embed(files, backbone, key, batch_size=1, stop=lambda: False):
    """Embed files with what was embedded before under the same key."""

    def open_backbone():
        backbone.opened += 1
        return backbone

    known = EmbeddingCache(
        cache.embeddings(),
        embedding_size=XCEPTION.embedding_size,
        backbone_sha256=key,
        runtime=backbone.runtime,
        image_size=71,
    )
    return embed_files(
        files,
        open_backbone=open_backbone,
        cache=known,
        known_files=cache.known_files(),
        image_size=71,
        batch_size=batch_size,
        stop=stop,
    )


@given(known=st.sets(st.integers(0, FILES - 1)), batch_size=st.integers(1, FILES + 1))
def test_each_file_has_its_own_embedding_in_its_turn(files, known, batch_size):
    wanted = list(embed(files, AverageColour(), f"one by one {next(fresh)}"))
    key = f"in batches {next(fresh)}"
    list(embed([files[n] for n in sorted(known)], AverageColour(), key))
    backbone = AverageColour()
    found = list(embed(files, backbone, key, batch_size))
    assert [one.path for one in found] == files
    for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
        assert one.sha256 == other.sha256
        assert (one.embedding is None) is (one.error is not None) is (number == DAMAGED)
        if number != DAMAGED:
            np.testing.assert_array_equal(one.embedding, other.embedding)
    assert max(backbone.batches, default=0) <= batch_size
    assert sum(backbone.batches) == len(set(range(FILES)) - known - {DAMAGED})  # nothing twice, nothing left out
    assert backbone.opened == len(backbone.batches)


def test_pictures_pass_together_as_many_as_the_backbone_takes(files):
    backbone, key = AverageColour(), f"together {next(fresh)}"
    whole = [*files[:DAMAGED], *files[DAMAGED + 1 :]]
    assert len(list(embed(whole, backbone, key, 4))) == 8
    assert backbone.batches == [4, 4]


def test_what_is_known_waits_for_nobody_and_opens_nothing(files):
    backbone, key = AverageColour(), f"known {next(fresh)}"
    list(embed(files[:3], backbone, key, 3))
    assert backbone.opened == 1
    found = embed(files[:DAMAGED], backbone, key, 3)
    assert [next(found).path for _ in range(3)] == files[:3]
    assert backbone.opened == 1
    assert next(found).path == files[3]
    assert backbone.opened == 2


def test_a_stop_ends_it_and_keeps_what_passed(files):
    key, backbone = f"stopped {next(fresh)}", AverageColour()
    asked = itertools.count()
    with pytest.raises(JobStopped):
        list(embed(files[:DAMAGED], backbone, key, 3, stop=lambda: next(asked) == 3))
    assert backbone.batches == [3]
    list(embed(files[:DAMAGED], backbone, key, 3))
    assert backbone.batches == [3, 1]


def test_a_backbone_goes_with_its_embedder(files):
    """An interpreter takes some 100 MB: those that nobody needs don't wait for the garbage collection."""
    gc.disable()
    try:
        embedder = Embedder(XCEPTION, 71, runtime="by hand", opener=AverageColour)
        backbone = weakref.ref(embedder.open_backbone())
        plain = weakref.ref(Embedder(XCEPTION, 71))
        del embedder
        assert (backbone(), plain()) == (None, None)
    finally:
        gc.enable()


# --- An embedder ------------------------------------------------------------------------------------------------------


def refusal_of(**options: object) -> ProgramError:
    with pytest.raises(ProgramError) as caught:
        Embedder(XCEPTION, 71, **options)
    return caught.value


def test_an_embedder_opens_its_backbone_once_and_by_what_it_was_told(tmp_path, monkeypatch):
    opened: list[tuple[object, ...]] = []
    monkeypatch.setattr(embedder, "open_shipped_backbone", lambda *words: opened.append(words) or AverageColour())
    monkeypatch.setattr(
        embedder,
        "open_backbone",
        lambda _, path, size, *, sha256, runtime: opened.append((path, size, sha256, runtime)),
    )
    monkeypatch.setattr(embedder, "fastest_runtime", lambda architecture: "the fastest")
    shipped = Embedder(XCEPTION, 71)
    assert (shipped.sha256, shipped.runtime) == (paths.shipped_sha256(paths.shipped_backbone()), "the fastest")
    assert shipped.open_backbone() is shipped.open_backbone()
    (tmp_path / "own").write_bytes(b"own")
    own = Embedder(XCEPTION, 72, tmp_path / "own", runtime="told")
    own.open_backbone()
    sha256 = hashlib.sha256(b"own").hexdigest()
    assert (own.sha256, own.own, own.image_size) == (sha256, tmp_path / "own", 72)
    assert opened == [(XCEPTION, 71, "the fastest"), (tmp_path / "own", 72, sha256, "told")]


def test_what_another_backbone_runtime_or_size_gave_isnt_found(files, monkeypatch, tmp_path):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    (tmp_path / "own").write_bytes(b"own")
    first = Embedder(XCEPTION, 71, runtime="by hand", opener=AverageColour)
    (found,) = first.embed(files[:1])
    assert found.sha256 is not None and found.sha256 in first.cache
    for other in (
        Embedder(XCEPTION, 72, runtime="by hand"),
        Embedder(XCEPTION, 71, runtime="another"),
        Embedder(XCEPTION, 71, tmp_path / "own", runtime="by hand"),
    ):
        assert found.sha256 not in other.cache


def test_pictures_pass_through_an_embedder_in_batches_until_it_is_stopped(files):
    opened = AverageColour()
    batches = Embedder(XCEPTION, 71, runtime=f"in batches {next(fresh)}", opener=lambda: opened, batch_size=2)
    assert len(list(batches.embed(files[:DAMAGED]))) == DAMAGED
    assert opened.batches == [2, 2]
    singles = AverageColour()
    list(Embedder(XCEPTION, 71, runtime=f"one by one {next(fresh)}", opener=lambda: singles).embed(files[:2]))
    assert singles.batches == [1, 1]
    with pytest.raises(JobStopped):
        list(batches.embed(files, stop=lambda: True))


def test_a_backbone_that_cant_be_read_is_told_as_whose_it_is(tmp_path, monkeypatch):
    error = refusal_of(own=tmp_path / "none.tflite")
    assert (error.code, error.details["path"]) == (ErrorCode.BACKBONE_UNUSABLE, str(tmp_path))
    monkeypatch.setattr(paths, "shipped_sha256", lambda path: {}["a file that isn't listed"])
    error = refusal_of()
    assert (error.code, error.details["path"]) == (ErrorCode.INSTALLATION_DAMAGED, str(paths.shipped_backbone()))


@pytest.mark.parametrize(("batch_size", "cores", "ahead"), [(1, 4, 2), (8, 4, 2), (9, 4, 3), (16, 2, 8)])
def test_as_many_pictures_are_read_ahead_as_a_batch_takes(files, monkeypatch, batch_size, cores, ahead):
    asked: list[int] = []
    read_ahead = embeddings.read_ahead
    monkeypatch.setattr(embeddings, "usable_cores", lambda: cores)
    monkeypatch.setattr(
        embeddings, "read_ahead", lambda work, items, *, ahead: asked.append(ahead) or read_ahead(work, items)
    )
    list(embed(files[:1], AverageColour(), f"ahead {next(fresh)}", batch_size))
    assert asked == [ahead]


def remembered(file: Path) -> str:
    """Have it known what picture is in a file."""
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    cache.known_files().remember([KnownFile(file, FileState.of(file), sha256)])
    return sha256


def test_a_known_file_isnt_opened_and_one_whose_embedding_is_lost_is_read_again(files, tmp_path, monkeypatch):
    key = f"known files {next(fresh)}"
    file = draw_picture(tmp_path / "a.png", (9, 200, 9), 1)
    sha256 = remembered(file)
    (first,) = embed([file], AverageColour(), key)
    opened: list[Path] = []
    really = embeddings.open_file
    monkeypatch.setattr(embeddings, "open_file", lambda path: opened.append(path) or really(path))
    (second,) = embed([file], AverageColour(), key)
    assert (first.sha256, second.sha256, opened) == (sha256, sha256, [])
    np.testing.assert_array_equal(first.embedding, second.embedding)
    (third,) = embed([file], AverageColour(), f"lost {next(fresh)}")
    assert (third.sha256, opened) == (sha256, [file])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell when a file was written over in place")
def test_a_picture_rewritten_with_its_size_and_its_time_has_another_embedding(tmp_path):
    key = f"rewritten {next(fresh)}"
    red, blue = (tmp_path / f"{name}.bmp" for name in ("red", "blue"))
    Image.new("RGB", (80, 80), (220, 40, 40)).save(red)
    Image.new("RGB", (80, 80), (40, 40, 220)).save(blue)
    os.utime(red, (10**9, 10**9))
    remembered(red)
    (before,) = embed([red], AverageColour(), key)
    red.write_bytes(blue.read_bytes())
    os.utime(red, (10**9, 10**9))
    (after, of_blue) = embed([red, blue], AverageColour(), key)
    np.testing.assert_array_equal(after.embedding, of_blue.embedding)
    assert after.sha256 == of_blue.sha256 != before.sha256


def test_what_is_no_picture_is_told_without_its_history(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    (found,) = embed([tmp_path / "a.png"], AverageColour(), f"history {next(fresh)}")
    assert (found.sha256, found.embedding) == (None, None) and found.error is not None
    assert found.error.__traceback__ is None and found.error.__cause__ is None


def test_a_file_that_moved_is_known_by_its_content(files, tmp_path):
    key, backbone = f"moved {next(fresh)}", AverageColour()
    (first,) = embed(files[:1], backbone, key)
    copy = tmp_path / "copy.png"
    copy.write_bytes(files[0].read_bytes())
    (second,) = embed([copy], backbone, key)
    assert (second.path, second.sha256, second.error) == (copy, first.sha256, None)
    np.testing.assert_array_equal(second.embedding, first.embedding)
    assert backbone.batches == [1]
