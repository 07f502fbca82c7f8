"""An index is searched only when the service counts all of its documents, and then by words and vectors."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from runner.errors import Fault
from runner.retriever import azure_index
from runner.retriever.azure_index import Index, batches, opened, pauses
from runner.retriever.azure_service import Service
from tests.azure_search import KEY, AzureSearch, answer, failing, search_service

TEXTS = ["a cat slept", "part QX-7 ships", "shares fell"]
VECTORS = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[AzureSearch, Index]]:
    """A service of the tests' own, and an index there that is not made yet."""
    monkeypatch.setenv("A_KEY", KEY)
    monkeypatch.setattr(azure_index, "FIRST_PAUSE", 0.001)
    with search_service() as (azure, url), opened(Service(url, "A_KEY", 1, 600.0), "runner-1", "en.lucene") as index:
        yield azure, index
    assert azure.refused == []  # every request was as the published API wants it


def documents(texts: Sequence[str] = TEXTS) -> list[dict[str, Any]]:
    return [{"id": str(at), "text": text, "vector": VECTORS[at % 3]} for at, text in enumerate(texts)]


def uploads(azure: AzureSearch) -> int:
    return sum(asked.endswith("search.index") for asked in azure.asked)


def fault(index: Index, count: int = 3) -> str:
    with pytest.raises(Fault) as caught:
        index.complete(documents(), count, 2)
    return str(caught.value)


def impatient(index: Index) -> Index:
    return Index(Service(index.service.endpoint, "A_KEY", 0, 0), index.name, index.analyzer, index.indexes, index.documents)


def test_an_index_is_made_and_filled_once(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    index.complete(iter(()), 3, 2)
    assert (uploads(service), [asked[:3] for asked in service.asked].count("PUT")) == (1, 1)
    assert service.documents["runner-1"]["1"]["text"] == "part QX-7 ships"
    fields = {field["name"]: field for field in service.indexes["runner-1"]["fields"]}
    assert (fields["text"]["analyzer"], fields["vector"]["dimensions"]) == ("en.lucene", 2)


def test_a_half_filled_index_is_completed(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    del service.documents["runner-1"]["2"]
    index.complete(documents(), 3, 2)
    assert [*service.documents["runner-1"]] == ["0", "1", "2"]


def test_an_upload_that_broke_off_in_the_middle_is_completed_and_not_searched_before(
    azure: tuple[AzureSearch, Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, index = azure
    monkeypatch.setattr(azure_index, "DOCUMENTS", 1)
    service.before = lambda asked: answer({}, 503) if asked.body.get("value") and uploads(service) > 2 else None
    with pytest.raises(Fault, match="The same command goes on with what was uploaded"):
        index.complete(documents(), 3, 2)
    assert [*service.documents["runner-1"]] == ["0", "1"]
    service.before = lambda asked: None
    index.complete(documents(), 3, 2)
    assert [*service.documents["runner-1"]] == ["0", "1", "2"]


def test_an_index_is_finished_when_the_service_has_counted_all(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.slow = 4
    index.complete(documents(), 3, 2)
    assert service.slow == 0
    assert service.asked.count("GET /indexes('runner-1')/docs/$count") == 5


def test_documents_that_are_never_counted_are_told(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.slow = 99
    message = fault(impatient(index))
    assert "runner-1: counts 2 documents, expected 3. All were uploaded 0 s ago (retriever.patience). Run again later" in message


def test_documents_of_something_else_are_told(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents([*TEXTS, "another"]), 4, 2)
    assert "counts 4 documents, expected 3. Something else wrote into this index. Remove it" in fault(index)
    assert uploads(service) == 1


def test_an_index_with_other_fields_is_not_searched(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    service.indexes["runner-1"]["fields"][1]["analyzer"] = "de.lucene"
    message = fault(index)
    assert "'text': 'Edm.String de.lucene'" in message
    assert "expected {'id': 'Edm.String', 'text': 'Edm.String en.lucene', 'vector': 'Collection(Edm.Single) 2'}" in message


def test_only_what_the_service_had_no_time_for_is_sent_again(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.busy = Counter({"1": 2, "2": 1})
    index.complete(documents(), 3, 2)
    assert (uploads(service), sorted(service.documents["runner-1"])) == (3, ["0", "1", "2"])


def test_a_service_that_stays_busy_is_told(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.busy = Counter({"1": 99})
    assert "1 of 3 passages were not taken. One begins with 'part QX-7 ships': 503 too busy" in fault(impatient(index))


def test_a_passage_that_is_refused_is_named_at_once(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.busy = Counter({"0": 99})
    with pytest.raises(Fault, match=r"2 of 2 passages were not taken\. One begins with 'x+': 400 a term is too large"):
        index.complete(documents(["a cat slept", "x" * 33000]), 2, 2)
    assert uploads(service) == 1


def test_no_room_for_another_index_is_told(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.tier = 0
    message = fault(index)
    assert "429 Index quota has been exceeded for this service. (the service holds as many indexes" in message


def test_a_request_that_is_too_large_is_sent_in_parts(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.most_bytes = 180
    index.complete(documents(), 3, 2)
    assert len(service.documents["runner-1"]) == 3
    assert uploads(service) > 1


def test_a_lost_upload_is_sent_again(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    service.before = failing(502, 1, "search.index")
    index.complete(documents(), 3, 2)
    assert uploads(service) == 2


def test_words_and_vectors_are_joined_by_the_service(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    # The last one is second by both rankings, and first by their sum.
    texts = ["shares rose", "shares fell", "a cat slept"]
    index.complete(documents(texts), 3, 2)
    service.documents["runner-1"] = {document["id"]: document for document in documents(texts)}
    assert index.search("what fell, shares?", [0.1, 1.0], 3)[0] == 1
    (query,) = service.searches[0]["vectorQueries"]
    assert (query["k"], query["vector"], service.searches[0]["top"]) == (50, [0.1, 1.0], 3)


@pytest.mark.parametrize("question", ['Is "QX-7" (or its part) -not- +shipped | ~2*?', r"C:\new\table isn't", "-", "*", '"'])
def test_a_question_is_text_and_no_query(azure: tuple[AzureSearch, Index], question: str) -> None:
    _, index = azure
    index.complete(documents(), 3, 2)
    assert index.search(question, [0.0, 1.0], 2)[0] == 1


def test_fewer_passages_than_there_are_is_told(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    service.documents["runner-1"].clear()
    with pytest.raises(Fault, match=r"found 0 passages for 'Who won\?', expected 3\. The index was changed"):
        index.search("Who won?", [0.0, 1.0], 3)


@pytest.mark.parametrize("reply", [{}, [], {"value": [{"@search.score": 1}]}, {"value": [{"id": "first"}]}])
def test_an_answer_of_another_form_is_told(azure: tuple[AzureSearch, Index], reply: Any) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    service.before = lambda asked: answer(reply)
    with pytest.raises(Fault, match="does not speak as Azure AI Search"):
        index.search("Who won?", [0.0, 1.0], 3)


def test_an_index_that_is_gone_is_told_while_it_is_searched_and_can_be_removed(azure: tuple[AzureSearch, Index]) -> None:
    service, index = azure
    index.complete(documents(), 3, 2)
    index.remove()
    assert service.indexes == {}
    with pytest.raises(Fault, match="404 No index with the name 'runner-1' was found"):
        index.search("Who won?", [0.0, 1.0], 3)


def test_a_batch_is_within_the_limits_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"id": str(at)} for at in range(2001)]
    assert [len(batch) for batch in batches(many)] == [1000, 1000, 1]
    monkeypatch.setattr(azure_index, "BYTES", 300)
    large = [{"id": str(at), "text": "x" * size} for at, size in enumerate([10, 100, 100, 900, 10])]
    assert [[document["id"] for document in batch] for batch in batches(large)] == [["0", "1"], ["2"], ["3"], ["4"]]
    assert list(batches([])) == []


def test_a_look_without_patience_is_one_look() -> None:
    assert len(list(pauses(0))) == 1
