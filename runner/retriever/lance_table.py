"""A LanceDB table: passages with embeddings in, rankings of their places out.

LanceDB (Apache-2.0) works within this process and needs no server. Both rankings are exact: a scan of all embeddings, and BM25
over the same stems as those of retriever=lexical. Whatever is read is deterministic: of equal scores the earlier passage comes
first.
"""

import importlib.util
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from runner.data.records import Passage
from runner.errors import Fault
from runner.retriever.index import stems
from runner.retriever.passages import searchable

Array = np.ndarray[Any, Any]
Hits = list[tuple[float, int]]  # distances or negated scores, and places: sorted, the best come first
NAME = "passages"
CACHE = 2**28  # bytes that LanceDB may keep of an index; by default 6 GB
BUILD_MEMORY = 512  # MB for an index of words while it is built

_COLUMNS = ("section", "text", "source")


def check_lancedb() -> None:
    """Raise a Fault if LanceDB is not installed."""
    if not importlib.util.find_spec("lancedb"):
        raise Fault(
            "retriever=lancedb needs the package lancedb, not installed here: pip install -e '.[lancedb]'. retriever=hybrid "
            "searches in the memory instead"
        )


def write_table(batches: Iterable[tuple[Sequence[Passage], Array]], folder: Path) -> None:
    """Write passages and embeddings by batches, then index the words."""
    from lancedb.index import FTS

    table, place = None, 0
    for passages, vectors in batches:
        rows = _rows(passages, vectors, place)
        place += len(passages)
        if table is None:
            table = _connect(folder).create_table(NAME, rows)
        else:
            table.add(rows)
    if table is None:
        return
    # The words are stems already, so that they are those of retriever=lexical, with the names of registers whole. LanceDB's own
    # tokenizer cuts intr_state into two words.
    plain = {"stem": False, "remove_stop_words": False, "lower_case": False, "ascii_folding": False, "max_token_length": None}
    table.create_index("words", config=FTS(base_tokenizer="whitespace", memory_limit=BUILD_MEMORY, **plain))


def _connect(folder: Path) -> Any:
    # Imported where it is needed: a study with another retriever needs no LanceDB.
    check_lancedb()
    import lancedb

    return lancedb.connect(folder, session=lancedb.Session(index_cache_size_bytes=CACHE, metadata_cache_size_bytes=CACHE))


def _rows(passages: Sequence[Passage], vectors: Array, start: int) -> pa.Table:
    columns: dict[str, Any] = {name: [vars(passage)[name] for passage in passages] for name in _COLUMNS}
    columns["place"] = np.arange(start, start + len(passages))
    columns["words"] = [" ".join(words) for words in stems([searchable(passage) for passage in passages])]
    columns["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
    return pa.table(columns)


class LanceTable:
    """The table in an index's folder; empty where there is none."""

    def __init__(self, folder: Path) -> None:
        """Open the table for reading."""
        database = _connect(folder)
        self._table: Any = database.open_table(NAME) if NAME in database.list_tables().tables else None

    def by_words(self, words: Sequence[str], depth: int) -> list[int]:
        """Return the places with the highest BM25 scores."""
        from lancedb.query import MatchQuery

        def hits(limit: int) -> Hits:
            search = self._table.search(MatchQuery(" ".join(words), "words"), query_type="fts")
            rows = search.select(["place", "_score"]).limit(limit).to_arrow()
            return [(-score, place) for score, place in zip(*_lists(rows, "_score", "place"), strict=True)]

        return _first(hits(2 * depth), hits, depth) if words and self._table is not None else []

    def by_meaning(self, vectors: Array, depth: int) -> list[list[int]]:
        """Return the most similar places for each vector."""
        if self._table is None or not len(vectors):
            return [[] for _ in vectors]

        def hits(asked: Array, limit: int) -> list[Hits]:
            search = self._table.search(asked, query_type="vector").distance_type("dot")
            rows = search.select(["place", "_distance"]).limit(limit).to_arrow()
            # The result of one vector has no column that says to which vector a row belongs.
            queries = rows["query_index"].to_pylist() if len(asked) > 1 else [0] * len(rows)
            each: list[Hits] = [[] for _ in asked]
            for query, distance, place in zip(queries, *_lists(rows, "_distance", "place"), strict=True):
                each[query].append((distance, place))
            return each

        def alone(vector: Array) -> Callable[[int], Hits]:
            return lambda limit: hits(vector[np.newaxis], limit)[0]

        # One pass over the table for all of them, and another one where equal embeddings fill the end of a list.
        pairs = zip(vectors, hits(vectors, 2 * depth), strict=True)
        return [_first(first, alone(vector), depth) for vector, first in pairs]

    def passages(self, places: Collection[int]) -> Mapping[int, Passage]:
        """Return the passages at these places."""
        if not places or self._table is None:
            return {}
        rows = self._table.take_offsets(sorted(places)).select(["place", *_COLUMNS]).to_arrow().to_pylist()
        return {row.pop("place"): Passage(**row) for row in rows}


def _lists(rows: pa.Table, *columns: str) -> list[list[Any]]:
    return [rows[name].to_pylist() for name in columns]


def _first(hits: Hits, more: Callable[[int], Hits], depth: int) -> list[int]:
    """Return the first `depth` places.

    Which of equal hits stand at the end of a limited list is not fixed. So it is made longer until it holds all that are as good
    as the last one that counts.
    """
    limit = 2 * depth
    while len(hits) >= limit and max(hits)[0] == sorted(hits)[depth - 1][0]:
        limit *= 4
        hits = more(limit)
    return [place for _, place in sorted(hits)[:depth]]
