"""Lexical search: BM25 (bm25s) over the stems of English words (Snowball's, through PyStemmer)."""

import logging
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.retriever.passages import best, cut, searchable


def lexical_scores(questions: Sequence[str], texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """BM25 scores, shape (questions, texts); zeros where a question, or all of the texts, hold no word to search for."""
    import bm25s
    import Stemmer

    everything, stemmer = [*texts, *questions], Stemmer.Stemmer("english")
    words = bm25s.tokenize(everything, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    scores = np.zeros((len(questions), len(texts)))
    if any(words[: len(texts)]):
        index = bm25s.BM25()
        index.index(words[: len(texts)], show_progress=False)
        for row, asked in zip(scores, words[len(texts) :], strict=True):
            row[:] = index.get_scores(asked) if asked else 0
    return scores


@component
class Lexical:
    """The `passages` best passages of `sentences` sentences each (0: whole sections)."""

    version: ClassVar[int] = 2

    passages: PositiveInt
    sentences: NonNegativeInt

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """By BM25 score."""
        pieces = cut(sections, self.sentences)
        scores = lexical_scores(questions, searchable(pieces, sections))
        return best(pieces, scores, self.passages)
