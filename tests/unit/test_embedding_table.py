"""Embeddings put together: in memory, or in a file where there are too many."""

import numpy as np

from xception_gui.domain.architecture import XCEPTION
from xception_gui.files.deletion import MARKER
from xception_gui.inference import embedding_table
from xception_gui.inference.embedding_table import EmbeddingTable


def rows(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 1, (count, XCEPTION.embedding_size)).astype(np.float16)


def filled(capacity: int, embeddings: np.ndarray) -> EmbeddingTable:
    table = EmbeddingTable(capacity, XCEPTION.embedding_size)
    for embedding in embeddings:
        table.add(embedding)
    return table


def test_what_was_added_is_there_in_its_order():
    embeddings = rows(5)
    table = filled(8, embeddings)
    assert len(table) == 5
    np.testing.assert_array_equal(table.embeddings, embeddings)


def test_a_table_too_large_for_the_memory_lies_in_the_cache_and_leaves_nothing_there(tmp_path, monkeypatch):
    monkeypatch.setenv("XCEPTION_GUI_HOME", str(tmp_path))
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    embeddings = rows(5)
    table = filled(8, embeddings)
    assert isinstance(table.embeddings, np.memmap)
    np.testing.assert_array_equal(table.embeddings, embeddings)
    del table
    assert [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()] == [MARKER]


def test_it_is_in_memory_up_to_so_many_rows(monkeypatch):
    assert embedding_table.ROWS_IN_MEMORY == 20_000
    monkeypatch.setattr(embedding_table, "ROWS_IN_MEMORY", 3)
    for capacity, is_mapped in ((3, False), (4, True)):
        table = filled(capacity, rows(2))
        assert isinstance(table.embeddings, np.memmap) is is_mapped
        assert table.embeddings.shape == (2, XCEPTION.embedding_size) and table.embeddings.dtype == np.float16
