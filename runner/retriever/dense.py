"""Dense search: questions in, passages with similar embeddings out.

The embeddings are those of all-MiniLM-L6-v2. Similarity is their cosine.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.embedding.minilm import NAME, READS, check_installed
from runner.retriever.index import cosines, find_at_once, read_passages, write_vectors
from runner.retriever.passages import VERSION, PassageTokens, best, cut


def embedded_by(sentences: int, tokens: int) -> Any:
    """Return all that decides an index of words and embeddings."""
    return {"index": "words and vectors", "model": [NAME, READS], "passages": VERSION, "sentences": sentences, "tokens": tokens}


@component
class Dense:
    """The `passages` most similar passages.

    A passage has `sentences` sentences (0: a whole section), and `tokens` tokens at most.
    """

    version: ClassVar[int] = 2  # 2: no passage is longer than the embedding model reads

    passages: PositiveInt
    sentences: NonNegativeInt
    tokens: PassageTokens = 200

    def check(self) -> None:
        """Raise a Fault if the embedding model is not installed."""
        check_installed()

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by cosine."""
        return find_at_once(self, questions, sections)

    def cut(self, sections: Sequence[Section]) -> Iterator[Passage]:
        """Cut the sections into passages."""
        return cut(sections, self.sentences, self.tokens)

    def indexed_by(self) -> Any:
        """Return the sizes of the passages, and the embedding model."""
        return embedded_by(self.sentences, self.tokens)

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write the passages and their embeddings."""
        write_vectors(self.cut(sections), folder)

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the most similar passages."""
        passages, similar = read_passages(folder), cosines(questions, folder)
        return [best(passages, similar(place), count) for place in range(len(questions))]
