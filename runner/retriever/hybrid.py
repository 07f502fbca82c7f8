"""Hybrid search: lexical and dense ranks joined by reciprocal rank fusion (Cormack et al., SIGIR 2009)."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.retriever.dense import dense_scores
from runner.retriever.lexical import lexical_scores
from runner.retriever.passages import best, cut, searchable

Array = np.ndarray[Any, Any]


@component
class Hybrid:
    """The `passages` best passages of `sentences` sentences each (0: whole sections); `constant` damps the top ranks.

    A passage that shares no word with the question has no lexical rank.
    """

    version: ClassVar[int] = 3

    passages: PositiveInt
    sentences: NonNegativeInt
    constant: PositiveInt = 60

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """By the sum of 1 / (constant + rank) over both searches."""
        pieces = cut(sections, self.sentences)
        texts = searchable(pieces, sections)
        lexical, dense = lexical_scores(questions, texts), dense_scores(questions, texts)
        fused = np.where(lexical > 0, self._parts(lexical), 0) + self._parts(dense)
        return best(pieces, fused, self.passages)

    def _parts(self, scores: Array) -> Array:
        ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
        return 1 / (self.constant + 1 + ranks)
