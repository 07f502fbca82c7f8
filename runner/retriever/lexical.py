"""Lexical search: questions in, passages that share their words out.

The score is BM25 (bm25s) over the stems of English words (Snowball, by PyStemmer).
"""

import logging
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.retriever.passages import best, cut, searchable


def lexical_scores(questions: Sequence[str], texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Compute BM25 scores, shape (questions, texts).

    A row is 0 if its question has no word that can be searched for, as are all rows if the texts have none.
    """
    # Imported here, so that a study without RAG does not load them.
    import bm25s
    import Stemmer

    everything, stemmer = [*texts, *questions], Stemmer.Stemmer("english")
    # Texts and questions are tokenized together, so that both get the same stems and stop words.
    words = bm25s.tokenize(everything, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
    # bm25s logs each step at DEBUG, and sets that level itself when it is imported.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    scores = np.zeros((len(questions), len(texts)))
    # bm25s raises an error for texts or a question without any word.
    if any(words[: len(texts)]):
        index = bm25s.BM25()
        index.index(words[: len(texts)], show_progress=False)
        for row, question_words in zip(scores, words[len(texts) :], strict=True):
            row[:] = index.get_scores(question_words) if question_words else 0
    return scores


@component
class Lexical:
    """The `passages` passages with the highest BM25 scores.

    A passage has `sentences` sentences; 0 is a whole section.
    """

    version: ClassVar[int] = 2  # 2: words are stemmed

    passages: PositiveInt
    sentences: NonNegativeInt

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by BM25."""
        pieces = cut(sections, self.sentences)
        scores = lexical_scores(questions, searchable(pieces, sections))
        return best(pieces, scores, self.passages)
