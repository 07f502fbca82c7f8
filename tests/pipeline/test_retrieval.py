"""An index is made once, a question is searched once, and a forecast searches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Passage, Section, write
from runner.pipeline.retrieval import RANKED, FoundBefore, search
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.retriever.lexical import Lexical
from runner.retriever.passages import cut


@identified
@dataclass
class CountingSearch:
    """A retriever with an index, which notes its work."""

    incidental: ClassVar[frozenset[str]] = frozenset({"indexed", "searched", "passages"})

    passages: int = 1
    sentences: int = 1
    indexed: list[int] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Never be called: an index is searched."""
        raise AssertionError("searched without an index")

    def cut(self, sections: Sequence[Section]) -> Sequence[Passage]:
        """Cut into sentences."""
        return cut(sections, self.sentences, 200)

    def indexed_by(self) -> Any:
        """Return the size of the passages."""
        return ["counting", self.sentences]

    def index(self, sections: Sequence[Section], folder: Path) -> None:
        """Write the passages."""
        self.indexed.append(len(sections))
        write(folder / "passages.jsonl", self.cut(sections))

    def search(self, questions: Sequence[str], folder: Path, count: int) -> list[tuple[Passage, ...]]:
        """Return a passage that names the question."""
        assert (folder / "passages.jsonl").exists()
        self.searched += questions
        return [(Passage(section="s", text=question),) * count for question in questions]


@pytest.fixture
def counting(study: Study) -> tuple[Study, CountingSearch]:
    """A study with a retriever that notes its work."""
    retriever = CountingSearch()
    return replace(study, retriever=retriever), retriever


def test_only_a_question_that_is_new_is_searched_and_the_index_is_made_once(counting: tuple[Study, CountingSearch]) -> None:
    study, retriever = counting
    search(study, StoreExecutor(study), study.retriever, ["Who won?", "Who lost?"])
    found = search(study, StoreExecutor(study), study.retriever, ["Who won?", "Who saw it?", "Who lost?"])
    assert (len(retriever.indexed), retriever.searched) == (1, ["Who won?", "Who lost?", "Who saw it?"])
    assert [(ranking.question, ranking.passages[0].text) for ranking in found.rankings.value] == [
        ("Who won?", "Who won?"),
        ("Who saw it?", "Who saw it?"),
        ("Who lost?", "Who lost?"),
    ]
    assert found.seconds.keys() == {"index", "search"}


def test_other_passages_are_another_index_and_another_ranking(counting: tuple[Study, CountingSearch]) -> None:
    study, _ = counting
    search(study, StoreExecutor(study), study.retriever, ["Who won?"])
    other = CountingSearch(sentences=3)
    study = replace(study, retriever=other)
    search(study, StoreExecutor(study), study.retriever, ["Who won?"])
    assert (len(other.indexed), other.searched) == (1, ["Who won?"])


def test_more_are_ranked_than_a_prompt_holds(study: Study) -> None:
    study = replace(study, retriever=Lexical(passages=2, sentences=1))
    rankings = search(study, StoreExecutor(study), study.retriever, ["Who won?"]).rankings.value
    assert len(rankings[0].passages) == RANKED
    sections = study.material.sections
    prompts = FoundBefore(study.retriever, sections, rankings).find(["Who won?"], sections)
    assert prompts == [rankings[0].passages[:2]] == study.retriever.find(["Who won?"], sections)


def test_a_search_for_other_words_is_made_by_the_retriever(study: Study) -> None:
    retriever, sections = Lexical(passages=1, sentences=1), study.material.sections
    other = FoundBefore(retriever, sections, ()).find(["Which country won?"], sections)
    assert other == retriever.find(["Which country won?"], sections)
    assert FoundBefore(retriever, sections, ()).find(["Who?"], sections[:1])[0][0].section == sections[0].id


def test_a_forecast_searches_nothing_until_the_search_is_kept(counting: tuple[Study, CountingSearch]) -> None:
    study, retriever = counting
    before = search(study, ForecastExecutor(study, Forecast(), {}), study.retriever, ["Who won?", "Who lost?"]).rankings
    assert (retriever.indexed, retriever.searched, len(before.value), bool(before.guess)) == ([], [], 2, True)
    assert {len(ranking.passages) for ranking in before.value} == {RANKED}
    kept = search(study, StoreExecutor(study), study.retriever, ["Who won?", "Who lost?"]).rankings
    after = search(study, ForecastExecutor(study, Forecast(), {}), study.retriever, ["Who won?", "Who lost?"]).rankings
    assert (after.value, after.guess) == (kept.value, "")


@identified
@dataclass
class OwnSearch:
    """A retriever of one's own, without an index."""

    incidental: ClassVar[frozenset[str]] = frozenset({"calls"})

    calls: list[int] = field(default_factory=list)

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Return a passage for each question."""
        self.calls.append(len(questions))
        return [(Passage(section=sections[0].id, text=question),) for question in questions]


def test_a_retriever_without_an_index_searches_once_each_question_once(study: Study) -> None:
    study = replace(study, retriever=OwnSearch())
    found = [search(study, StoreExecutor(study), study.retriever, ["Who?", "When?", "Who?"]).rankings.value for _ in range(2)]
    assert found[0] == found[1]
    assert [ranking.question for ranking in found[0]] == ["Who?", "When?"]
    assert study.retriever.calls == [2]
