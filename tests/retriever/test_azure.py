"""Search by a service: what is kept, what is found, and what is left there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runner.component import identity
from runner.errors import Fault
from runner.retriever import CheckedRetriever, Indexed, azure_index
from runner.retriever.azure import AzureSearch
from runner.retriever.index import read_passages
from tests import azure_search, given
from tests.azure_search import KEY, search_service
from tests.given import section

SECTIONS = [
    section("The feline slept on a rug.", heading="A"),
    section("Part QX-7 ships in March.", heading="B"),
    section("Shares fell on the exchange.", heading="C"),
]
QUESTIONS = ["When does QX-7 ship?", "Where did the cat nap?"]


@dataclass
class Place:
    """A service of the tests' own, its address, and where an index is kept."""

    azure: azure_search.AzureSearch
    url: str
    folder: Path

    def retriever(self, **other: Any) -> AzureSearch:
        ours = {"passages": 1, "sentences": 0, "endpoint": self.url, "key": "A_KEY", "analyzer": "en.lucene"}
        return AzureSearch(**{**ours, "keep": True, "retries": 0, "patience": 600, **other})

    def found(self, **other: Any) -> list[str]:
        """The sections that the questions find, of the kept index."""
        return [passages[0].section for passages in self.retriever(**other).search(QUESTIONS, self.folder, 1)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place with an index of three passages."""
    monkeypatch.setenv("A_KEY", KEY)
    monkeypatch.setattr(azure_index, "FIRST_PAUSE", 0.001)
    with search_service() as (azure, url):
        place = Place(azure, url, tmp_path)
        place.retriever().index(SECTIONS, tmp_path)
        yield place
    assert azure.refused == []


def test_it_finds_by_word_and_by_meaning(place: Place) -> None:
    assert place.found() == ["cup.md#B", "cup.md#A"]
    (passages,) = place.retriever().search(QUESTIONS[:1], place.folder, 10)
    assert len({passage.section for passage in passages}) == 3


def test_it_finds_at_once_in_an_index_of_the_same_name(place: Place) -> None:
    found = place.retriever().find(QUESTIONS, SECTIONS)
    assert [passages[0].section for passages in found] == ["cup.md#B", "cup.md#A"]
    assert len(place.azure.indexes) == 1
    assert place.retriever().find([], SECTIONS) == []


def test_the_kept_folder_names_the_index_and_what_made_it_and_holds_no_key(place: Place) -> None:
    kept = json.loads((place.folder / "azure.json").read_text())
    assert [kept["index"]] == [*place.azure.indexes]
    assert (kept["passages"], kept["made_of"]) == (3, place.retriever().indexed_by())
    assert len(read_passages(place.folder)) == 3
    assert not any(KEY.encode() in file.read_bytes() for file in place.folder.iterdir())


def test_an_index_that_was_removed_is_made_again_from_what_is_kept(place: Place) -> None:
    place.azure.indexes.clear()
    place.azure.documents.clear()
    assert place.found() == ["cup.md#B", "cup.md#A"]


def test_another_store_finds_the_index_and_uploads_nothing(place: Place, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    place.azure.asked.clear()
    place.retriever(passages=3).index(SECTIONS, tmp_path / "other")
    assert not any(asked.endswith("search.index") for asked in place.azure.asked)
    place.retriever(analyzer="de.lucene").index(SECTIONS, tmp_path / "other")
    place.retriever().index(SECTIONS[:2], tmp_path / "other")
    assert len(place.azure.indexes) == 3


@pytest.mark.parametrize("keep", [True, False])
def test_an_index_is_left_on_the_service_unless_it_is_not_to_be_kept(place: Place, keep: bool) -> None:
    for _ in range(2):
        assert place.found(keep=keep) == ["cup.md#B", "cup.md#A"]
        assert bool(place.azure.indexes) is keep


def test_a_service_that_goes_away_leaves_what_it_holds_to_the_next_command(place: Place) -> None:
    place.azure.before = azure_search.failing(503, 1, "post.search")
    with pytest.raises(Fault, match="503 wait"):
        place.found(keep=False)
    assert len(place.azure.indexes) == 1
    assert place.found(keep=False) == ["cup.md#B", "cup.md#A"]


def test_service_and_analyzer_make_another_index_and_how_it_is_reached_does_not() -> None:
    def made(**other: Any) -> AzureSearch:
        return Place(azure_search.AzureSearch(), "https://a.b", Path()).retriever(**other)

    same = made(key="OTHER", keep=False, retries=9, patience=1)
    assert (same.indexed_by(), identity(same)) == (made().indexed_by(), identity(made()))
    assert made(passages=3).indexed_by() == made().indexed_by()
    others = [made(endpoint="https://c.d"), made(analyzer="de.lucene"), made(sentences=1), made(tokens=90)]
    assert all(made().indexed_by() != other.indexed_by() for other in others)


def test_it_is_checked_before_any_work(place: Place) -> None:
    assert isinstance(place.retriever(), CheckedRetriever)
    assert isinstance(place.retriever(), Indexed)
    place.azure.asked.clear()
    place.retriever().check()
    assert place.azure.asked == ["GET /servicestats"]
    with pytest.raises(Fault, match="OTHER_KEY, which is not set"):
        place.retriever(key="OTHER_KEY").check()


def test_the_command_line_chooses_it_for_rag_and_for_the_tuned_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_SEARCH_ENDPOINT", "https://ours.search.windows.net/")
    study = given.study("retriever=azure", "retrieval=azure", "retriever.passages=3", "retrieval.passages=3")
    assert isinstance(study.retriever, AzureSearch)
    assert study.retriever == study.retrieval
