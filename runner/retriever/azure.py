"""Search by Azure AI Search: questions in, passages by two rankings out, which the service joins.

Passages are embedded on this machine and uploaded to an index of the service. It ranks by words (BM25) and by vectors, and joins
both by reciprocal rank fusion.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field, NonNegativeFloat, NonNegativeInt

from runner.component import component
from runner.data.records import Passage, Section, digest
from runner.embedding.minilm import check_installed, embed, encoder
from runner.retriever.azure_index import opened
from runner.retriever.azure_service import Service
from runner.retriever.dense import embedded_by
from runner.retriever.index import VECTORS, find_at_once, read_passages, write_embedded
from runner.retriever.passages import PassageTokens, cut, searchable
from runner.terminal.progress import progress

INDEX = "azure.json"


@component
class AzureSearch:
    """The `passages` best passages by words and vectors.

    A passage has `sentences` sentences (0: a whole section), and `tokens` tokens at most. `key` names the environment variable
    with an admin key of the service. `analyzer` is how the service cuts texts into words. The index stays on the service. Without
    `keep` it is removed after each search, and made again from the kept embeddings where a new question comes.
    """

    # How the service is reached changes no answer. Its address does count: another service may be of another release.
    incidental: ClassVar[frozenset[str]] = frozenset({"key", "keep", "retries", "patience"})

    passages: Annotated[int, Field(ge=1, le=1000)]  # the service returns at most 1,000 at once
    sentences: NonNegativeInt
    tokens: PassageTokens = 200
    endpoint: str
    key: str
    analyzer: str
    keep: bool
    retries: NonNegativeInt
    patience: NonNegativeFloat

    def check(self) -> None:
        """Raise a Fault if the service can't be asked.

        Reasons are a package that is not installed, no endpoint or key, and a service that is out of reach or refuses the key.
        """
        check_installed()
        self._service().check()

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by the service's joined ranking."""
        return find_at_once(self, questions, sections)

    def cut(self, sections: Sequence[Section]) -> Iterator[Passage]:
        """Cut the sections into passages."""
        return cut(sections, self.sentences, self.tokens)

    def indexed_by(self) -> Any:
        """Return service, analyzer, sizes of passages and embedding model."""
        return {**embedded_by(self.sentences, self.tokens), "index": "azure", "service": self.endpoint, "analyzer": self.analyzer}

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write passages and embeddings, and upload them."""
        passages = write_embedded(self.cut(sections), folder)
        # Named for its content, so that another store or another machine finds it.
        name = f"runner-{digest([self.indexed_by(), passages])}"
        record = {"index": name, "passages": len(passages), "made_of": self.indexed_by()}
        (folder / INDEX).write_text(json.dumps(record), encoding="utf-8")
        with opened(self._service(), name, self.analyzer) as index:
            index.complete(_documents(folder), len(passages), np.load(folder / VECTORS).shape[1])

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return the best passages of each question.

        The index is looked at first: one that was removed, or is not whole, is made again from the kept embeddings.
        """
        passages, name = read_passages(folder), json.loads((folder / INDEX).read_text("utf-8"))["index"]
        vectors, rankings = embed(questions, encoder()), list[tuple[Passage, ...]]()
        with opened(self._service(), name, self.analyzer) as index:
            index.complete(_documents(folder), len(passages), vectors.shape[1])
            with progress(f"searching, {name}", len(questions)) as advance:
                for question, vector in zip(questions, vectors, strict=True):
                    places = index.search(question, vector.tolist(), min(count, len(passages)))
                    rankings.append(tuple(passages[place] for place in places))
                    advance()
            # Not after a fault: the same command goes on with what was uploaded.
            if not self.keep:
                index.remove()
        return rankings

    def _service(self) -> Service:
        return Service(self.endpoint.strip().rstrip("/"), self.key, self.retries, self.patience)


def _documents(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield documents whose keys are places of passages."""
    for place, (passage, vector) in enumerate(zip(read_passages(folder), np.load(folder / VECTORS, mmap_mode="r"), strict=True)):
        yield {"id": str(place), "text": searchable(passage), "vector": vector.tolist()}
