"""Hybrid search: questions in, passages by two joined rankings out.

The lexical and the dense ranking are joined by reciprocal rank fusion (Cormack et al., SIGIR 2009).
"""

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
    """The `passages` best passages of both rankings.

    A passage has `sentences` sentences; 0 is a whole section. A larger `constant` makes the first ranks count less.
    """

    version: ClassVar[int] = 3  # 3: passages without a shared word have no lexical rank

    passages: PositiveInt
    sentences: NonNegativeInt
    constant: PositiveInt = 60  # the value of the paper

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by the sum of their reciprocal ranks."""
        pieces = cut(sections, self.sentences)
        texts = searchable(pieces, sections)
        lexical, dense = lexical_scores(questions, texts), dense_scores(questions, texts)
        # A passage without a word of the question gets nothing from the lexical ranking. It would otherwise be ranked by its
        # place in the corpus.
        fused = np.where(lexical > 0, self._parts(lexical), 0) + self._parts(dense)
        return best(pieces, fused, self.passages)

    def _parts(self, scores: Array) -> Array:
        """Return 1 / (constant + rank) for each score."""
        # The ranks are those of the sorted order, inverted; argsort of argsort. They count from 0, so 1 is added.
        ranks = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
        return 1 / (self.constant + 1 + ranks)
