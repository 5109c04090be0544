"""From files to embeddings: each file its own, in order, whatever is known already and however many pass at once."""

import gc
import itertools
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import draw_picture
from xception_gui.data import cache
from xception_gui.domain.embedding import EMBEDDING_SIZE
from xception_gui.domain.errors import JobStopped
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
        return np.resize(picture.mean((0, 1)), EMBEDDING_SIZE).astype(np.float16)

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

    known = EmbeddingCache(cache.embeddings(), backbone_sha256=key, runtime=backbone.runtime, image_size=71)
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
        embedder = Embedder(71, runtime="by hand", opener=AverageColour)
        backbone = weakref.ref(embedder.open_backbone())
        plain = weakref.ref(Embedder(71))
        del embedder
        assert (backbone(), plain()) == (None, None)
    finally:
        gc.enable()
