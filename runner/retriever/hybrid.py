"""Hybrid search: questions in, passages by two joined rankings out.

The lexical and the dense ranking are joined by reciprocal rank fusion (Cormack et al., SIGIR 2009).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.embedding.minilm import check_installed
from runner.retriever.dense import embedded_by
from runner.retriever.index import Array, cosines, find_at_once, read_passages, word_scores, write_vectors
from runner.retriever.passages import PassageTokens, best, cut


@component
class Hybrid:
    """The `passages` best passages of both rankings.

    A passage has `sentences` sentences (0: a whole section), and `tokens` tokens at most. A larger `constant` makes the first
    ranks count less.
    """

    version: ClassVar[int] = 4  # 4: passages follow tables, code and sentences, and the embedding model reads all of each

    passages: PositiveInt
    sentences: NonNegativeInt
    tokens: PassageTokens = 200
    constant: PositiveInt = 60  # the value of the paper

    def check(self) -> None:
        """Raise a Fault if the embedding model is not installed."""
        check_installed()

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by the sum of their reciprocal ranks."""
        return find_at_once(self, questions, sections)

    def cut(self, sections: Sequence[Section]) -> Iterator[Passage]:
        """Cut the sections into passages."""
        return cut(sections, self.sentences, self.tokens)

    def indexed_by(self) -> Any:
        """Return the sizes of the passages, and the embedding model."""
        return embedded_by(self.sentences, self.tokens)  # the index of retriever=dense too

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write the passages, their words and embeddings."""
        write_vectors(self.cut(sections), folder)

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the passages with the best joined ranks."""
        passages, lexical, similar = read_passages(folder), word_scores(questions, folder), cosines(questions, folder)
        return [best(passages, self._fused(lexical(place), similar(place)), count) for place in range(len(questions))]

    def _fused(self, lexical: Array, similar: Array) -> Array:
        # A passage without a word of the question gets nothing from the lexical ranking. It would otherwise be ranked by its
        # place in the corpus.
        fused: Array = np.where(lexical > 0, self._parts(lexical), 0) + self._parts(similar)
        return fused

    def _parts(self, scores: Array) -> Array:
        """Return 1 / (constant + rank) for each score."""
        # The ranks are those of the sorted order, inverted; argsort of argsort. They count from 0, so 1 is added.
        ranks = np.argsort(np.argsort(-scores, kind="stable"))
        parts: Array = 1 / (self.constant + 1 + ranks)
        return parts
