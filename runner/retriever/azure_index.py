"""An index of Azure AI Search: documents and questions in, places of documents out."""

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.errors import Fault
from runner.retriever.azure_service import AGAIN, Service
from runner.terminal.progress import progress

if TYPE_CHECKING:
    from azure.search.documents import SearchClient
    from azure.search.documents.indexes import SearchIndexClient
    from azure.search.documents.indexes.models import SearchIndex

log = logging.getLogger("runner")

DOCUMENTS, BYTES = 1000, 15_000_000  # the most of a batch; the service takes 1,000 documents and 16 MB
NEIGHBOURS = 50  # vectors that are joined with the words, as Microsoft advises for a hybrid search
BUSY = (409, 422, 429, 503)  # statuses of a document whose index is changed or busy, which passes by itself
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds between two looks at what takes its time
OPERATORS = re.compile(r"""[-+|"()'\\*~]""")  # of the service's simple query syntax
EXACT = "exact"


@contextmanager
def opened(service: Service, name: str, analyzer: str) -> Iterator["Index"]:
    """Open an index, which need not exist."""
    with service.indexes() as indexes, service.documents(name) as documents:
        yield Index(service, name, analyzer, indexes, documents)


@dataclass(frozen=True)
class Index:
    """An index of a service, with its clients."""

    service: Service
    name: str
    analyzer: str  # how the service cuts texts into words
    indexes: "SearchIndexClient"
    documents: "SearchClient"

    def complete(self, documents: Iterable[dict[str, Any]], count: int, dimensions: int) -> None:
        """Make the index and upload the documents where missing.

        The service counts a document some seconds after its upload, and a killed command may have uploaded only some. So the
        index is whole when it counts `count` documents. If it counts fewer, all are uploaded, and replace those that are there.
        """
        self._make(dimensions)
        if (counted := self._count()) == count:
            return
        if counted < count:
            counted = self._fill(documents, count)
        if counted != count:
            raise Fault(
                f"{self.service.endpoint}, {self.name}: counts {counted} documents, expected {count}. "
                + (
                    f"All were uploaded {self.service.patience:g} s ago (retriever.patience). Run again later"
                    if counted < count
                    else "Something else wrote into this index. Remove it, and it is made again"
                )
            )
        log.info("%s holds the index %s of %d passages", self.service.endpoint, self.name, count)

    def search(self, question: str, vector: Sequence[float], count: int) -> list[int]:
        """Return the places of the `count` best documents."""
        from azure.search.documents.models import VectorizedQuery

        # A question is no query: its quotes, brackets and dashes are text.
        words = OPERATORS.sub(r"\\\g<0>", question)
        near = VectorizedQuery(vector=list(vector), k_nearest_neighbors=max(NEIGHBOURS, count), fields="vector")
        with self.service.faults(self.name):
            # Global statistics: the score of a document does not depend on the part of the service that holds it.
            results = self.documents.search(
                words, vector_queries=[near], select=["id"], top=count, scoring_statistics="global", **AGAIN
            )
            places = [int(document["id"]) for document in results]
        if len(places) < count:
            raise Fault(
                f"{self.service.endpoint}, {self.name}: found {len(places)} passages for {question!r}, expected {count}. "
                "The index was changed while it was searched. Run again"
            )
        return places

    def remove(self) -> None:
        """Remove the index."""
        with self.service.faults(self.name):
            self.indexes.delete_index(self.name, **AGAIN)
        log.info("removed the index %s of %s", self.name, self.service.endpoint)

    def _fill(self, documents: Iterable[dict[str, Any]], count: int) -> int:
        """Upload documents; return how many the service counts then."""
        with progress(f"uploading to {self.name}", count) as advance:
            for batch in batches(documents):
                self._upload(batch)
                advance(len(batch))
        for _ in pauses(self.service.patience):
            if (counted := self._count()) >= count:
                break
        return counted

    def _make(self, dimensions: int) -> None:
        """Make the index, or compare its fields."""
        from azure.core.exceptions import ResourceNotFoundError

        wanted = self._definition(dimensions)
        with self.service.faults(self.name):
            try:
                present = _fields(self.indexes.get_index(self.name, **AGAIN))
            except ResourceNotFoundError:
                # A PUT, since another machine may make the same index now.
                self.indexes.create_or_update_index(wanted, **AGAIN)
                return
        if present != _fields(wanted):
            raise Fault(
                f"{self.service.endpoint}, {self.name}: the index has the fields {present}, expected {_fields(wanted)}. "
                "Something else made or changed it. Remove it, and it is made again"
            )

    def _definition(self, dimensions: int) -> "SearchIndex":
        from azure.search.documents.indexes import models

        return models.SearchIndex(
            name=self.name,
            fields=[
                models.SimpleField(name="id", type="Edm.String", key=True),
                models.SearchableField(name="text", analyzer_name=self.analyzer),
                models.SearchField(
                    name="vector",
                    type="Collection(Edm.Single)",
                    searchable=True,
                    retrievable=False,
                    stored=False,  # a second copy, to be read and not searched
                    vector_search_dimensions=dimensions,
                    vector_search_profile_name=EXACT,
                ),
            ],
            # Every vector is compared. An approximate search would find other passages in another index of the same corpus.
            vector_search=models.VectorSearch(
                profiles=[models.VectorSearchProfile(name=EXACT, algorithm_configuration_name=EXACT)],
                algorithms=[
                    models.ExhaustiveKnnAlgorithmConfiguration(
                        name=EXACT, parameters=models.ExhaustiveKnnParameters(metric="cosine")
                    )
                ],
            ),
        )

    def _count(self) -> int:
        with self.service.faults(self.name):
            return int(self.documents.get_document_count(**AGAIN))

    def _upload(self, documents: Sequence[dict[str, Any]]) -> None:
        """Upload documents; those that the service has no time for again."""
        waiting, failed = list(documents), dict[str, Any]()
        for _ in pauses(self.service.patience):
            with self.service.faults(self.name):
                results = self.documents.upload_documents(waiting, **AGAIN)
                failed = {result.key: result for result in results if not result.succeeded}
            waiting = [document for document in waiting if document["id"] in failed]
            if not waiting:
                return
            if any(result.status_code not in BUSY for result in failed.values()):
                break
        worst = next((result for result in failed.values() if result.status_code not in BUSY), failed[waiting[0]["id"]])
        text = next(document["text"] for document in waiting if document["id"] == worst.key)
        raise Fault(
            f"{self.service.endpoint}, {self.name}: {len(waiting)} of {len(documents)} passages were not taken. One begins with "
            f"{text[:80]!r}: {worst.status_code} {worst.error_message}"
        )


def _fields(index: "SearchIndex") -> dict[str, str]:
    """Describe what decides whether documents and questions fit."""
    parts = {field.name: (field.type, field.analyzer_name, str(field.vector_search_dimensions or "")) for field in index.fields}
    return {name: " ".join(filter(None, described)) for name, described in parts.items()}


def batches(documents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield documents in parts that one request may have."""
    batch, size = list[dict[str, Any]](), 0
    for document in documents:
        length = len(json.dumps(document)) + 50  # with the name of the action
        if batch and (len(batch) == DOCUMENTS or size + length > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += length
    if batch:
        yield batch


def pauses(seconds: float) -> Iterator[None]:
    """Yield at once, then after growing pauses, for some seconds."""
    until, pause = time.monotonic() + seconds, FIRST_PAUSE
    while True:
        yield
        if time.monotonic() >= until:
            return
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
