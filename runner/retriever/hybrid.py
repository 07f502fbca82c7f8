"""Hybrid search: lexical and dense ranks joined by reciprocal rank fusion (Cormack et al., SIGIR 2009)."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.records import Passage, Section
from runner.retriever.dense import dense_scores
from runner.retriever.lexical import lexical_scores
from runner.retriever.passages import best, cut, searchable


@component
class Hybrid:
    """The `passages` best passages of `sentences` sentences each (0: whole sections); `constant` damps the top ranks."""

    version: ClassVar[int] = 2

    passages: PositiveInt
    sentences: NonNegativeInt
    constant: PositiveInt = 60

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """By the sum of 1 / (constant + rank) over both searches."""
        pieces = cut(sections, self.sentences)
        texts = searchable(pieces, sections)
        searches = (lexical_scores(questions, texts), dense_scores(questions, texts))
        ranks = (np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) for scores in searches)
        fused = np.sum([1 / (self.constant + 1 + rank) for rank in ranks], axis=0)
        return best(pieces, fused, self.passages)
