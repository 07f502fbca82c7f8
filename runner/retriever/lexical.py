"""Lexical search: questions in, passages that share their words out.

The score is BM25 (bm25s) over the stems of English words (Snowball, by PyStemmer).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.retriever.index import find_at_once, read_passages, word_scores, write_words
from runner.retriever.passages import VERSION, PassageTokens, best, cut


@component
class Lexical:
    """The `passages` passages with the highest BM25 scores.

    A passage has `sentences` sentences (0: a whole section), and `tokens` tokens at most.
    """

    version: ClassVar[int] = 3  # 3: passages follow tables, code and sentences of any language

    passages: PositiveInt
    sentences: NonNegativeInt
    tokens: PassageTokens = 200

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by BM25."""
        return find_at_once(self, questions, sections)

    def cut(self, sections: Sequence[Section]) -> Iterator[Passage]:
        """Cut the sections into passages."""
        return cut(sections, self.sentences, self.tokens)

    def indexed_by(self) -> Any:
        """Return the sizes of the passages."""
        return {"index": "words", "passages": VERSION, "sentences": self.sentences, "tokens": self.tokens}

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write the passages and their words."""
        write_words(self.cut(sections), folder)

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the passages with the highest scores."""
        passages, scores = read_passages(folder), word_scores(questions, folder)
        return [best(passages, scores(place), count) for place in range(len(questions))]
