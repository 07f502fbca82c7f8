"""Search on disk: questions in, passages of a LanceDB table out.

Two rankings are joined as by retriever=hybrid. Neither the words nor the embeddings of the corpus are held in memory.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.embedding.minilm import MANY, check_installed, embed, encoder
from runner.retriever.dense import embedded_by
from runner.retriever.index import find_at_once, fitting, stems
from runner.retriever.lance_table import LanceTable, check_lancedb, write_table
from runner.retriever.passages import PassageTokens, cut, searchable
from runner.retriever.rank_fusion import fused
from runner.terminal.progress import Advance, progress

DEPTH = 1000  # passages of each ranking that are joined: one below adds less than 1/1060 to a sum
ASKED = 64  # questions whose embeddings are compared in one pass over the table


@component
class LanceDB:
    """The `passages` best passages of both rankings.

    A passage has `sentences` sentences (0: a whole section), and `tokens` tokens at most. A larger `constant` makes the first
    ranks count less.
    """

    passages: PositiveInt
    sentences: NonNegativeInt
    tokens: PassageTokens = 200
    constant: PositiveInt = 60  # the value of the paper

    def check(self) -> None:
        """Raise a Fault if LanceDB or the model is missing."""
        check_lancedb()
        check_installed()

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by the sum of their reciprocal ranks."""
        return find_at_once(self, questions, sections)

    def cut(self, sections: Sequence[Section]) -> Iterator[Passage]:
        """Cut the sections into passages."""
        return cut(sections, self.sentences, self.tokens)

    def indexed_by(self) -> Any:
        """Return the sizes of the passages, and the embedding model."""
        return {**embedded_by(self.sentences, self.tokens), "index": "lancedb"}

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write passages, words and embeddings, some at a time."""
        loaded = encoder()
        with progress("indexing sections", len(sections)) as advance:
            passages = fitting(cut(_counted(sections, advance), self.sentences, self.tokens), loaded)
            write_table(
                ((batch, embed([searchable(passage) for passage in batch], loaded)) for batch in _batches(passages)), folder
            )

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the passages with the best joined ranks."""
        table, loaded, rankings = LanceTable(folder), encoder(), list[list[int]]()
        for start in range(0, len(questions), ASKED):
            asked = questions[start : start + ASKED]
            # The first ranking holds passages with a word of the question alone, as that of retriever=hybrid.
            by_words = [table.by_words(words, DEPTH) for words in stems(asked)]
            by_meaning = table.by_meaning(embed(asked, loaded), DEPTH)
            rankings += [fused(pair, self.constant)[:count] for pair in zip(by_words, by_meaning, strict=True)]
        passages = table.passages({place for places in rankings for place in places})
        return [tuple(passages[place] for place in places) for places in rankings]


def _counted(sections: Sequence[Section], advance: Advance) -> Iterator[Section]:
    for section in sections:
        yield section
        advance()


def _batches(passages: Iterator[Passage]) -> Iterator[list[Passage]]:
    # As many as are embedded without a progress line of their own.
    while batch := list(islice(passages, MANY)):
        yield batch
