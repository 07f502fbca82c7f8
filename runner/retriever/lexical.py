"""Lexical search: BM25 (bm25s) over passages."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.records import Passage, Section
from runner.retriever.passages import cut, searchable


def lexical_scores(questions: Sequence[str], texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """BM25 scores, shape (questions, texts)."""
    import bm25s

    words = bm25s.tokenize([*texts, *questions], stopwords="en", return_ids=False, show_progress=False)
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    index = bm25s.BM25()
    index.index(words[: len(texts)], show_progress=False)
    return np.stack([index.get_scores(asked) for asked in words[len(texts) :]])


@component
class Lexical:
    """The `passages` best passages of `sentences` sentences each (0: whole sections)."""

    passages: PositiveInt
    sentences: NonNegativeInt

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """By BM25 score."""
        pieces = cut(sections, self.sentences)
        scores = lexical_scores(questions, searchable(pieces, sections))
        return [tuple(pieces[at] for at in np.argsort(-row, kind="stable")[: self.passages]) for row in scores]
