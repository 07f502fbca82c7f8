"""Questions in, ranked passages of the corpus out.

An index is made once for a corpus and the sizes of its passages, and a question is searched once in each index.
"""

from collections.abc import Sequence
from pathlib import Path

from runner.component import identity
from runner.config.contracts import returned_each
from runner.config.study import Study
from runner.data.records import Passage, Section, digest, read, write
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import Ranking, Retrieval
from runner.retriever import Indexed, Retriever

RANKED = 10  # passages that are kept for each question: more than most prompts hold, to see how deep the answers lie
SEARCHES, FILE = "searches", "rankings.jsonl"


def search(study: Study, executor: Executor, retriever: Retriever, questions: Sequence[str]) -> Retrieval:
    """Search the study's corpus."""
    sections = study.material.sections
    if isinstance(retriever, Indexed):
        return _search_index(study, executor, retriever, list(dict.fromkeys(questions)))
    asked = list(dict.fromkeys(questions))

    def make(folder: Path, access: ModelAccess) -> None:
        _write(folder, asked, returned_each(retriever, "find", retriever.find(asked, sections), tuple, len(asked)))

    inputs = [identity(retriever), sections, *study.encoded_as, asked]
    output = executor.do(Stage(name=SEARCHES, inputs=inputs, make=make, read=lambda folder: _read(folder, len(asked))))
    return Retrieval(rankings=output, seconds={"search": output.seconds})


def _search_index(study: Study, executor: Executor, retriever: Indexed, asked: Sequence[str]) -> Retrieval:
    """Make the index where it is missing, and search it."""
    sections, count = study.material.sections, max(RANKED, retriever.passages)
    index = executor.do(
        Stage(
            name="indexes",
            inputs=[retriever.indexed_by(), sections, *study.encoded_as],
            make=lambda folder, access: retriever.index(sections, folder),
            read=lambda folder: folder,
            stand_in=Path,
        )
    )
    common = [identity(retriever), index.key]

    def make(folder: Path, access: ModelAccess) -> None:
        known = _found_before(study, common, count)
        new = [question for question in asked if question not in known]
        rankings = retriever.search(new, index.value, count) if new else []
        known |= dict(zip(new, returned_each(retriever, "search", rankings, tuple, len(new)), strict=True))
        _write(folder, asked, [known[question] for question in asked])

    searches = executor.do(
        Stage(
            name=SEARCHES,
            inputs=[*common, count, asked],
            make=make,
            read=lambda folder: _read(folder, len(asked)),
            stand_in=lambda: _of_usual_sizes(list(retriever.cut(sections)), asked, count),
            after=[index],
        )
    )
    return Retrieval(rankings=searches, seconds={"index": index.seconds, "search": searches.seconds})


def _of_usual_sizes(passages: Sequence[Passage], questions: Sequence[str], count: int) -> Sequence[Ranking]:
    """Return passages from all of the corpus for a forecast."""
    # A forecast embeds nothing: which passages a prompt holds decides its size on average only by theirs.
    step = len(passages) / max(len(questions), 1)
    starts = [min(int(place * step), max(len(passages) - count, 0)) for place in range(len(questions))]
    pairs = zip(questions, starts, strict=True)
    return [Ranking(question=question, passages=tuple(passages[start : start + count])) for question, start in pairs]


def _found_before(study: Study, common: Sequence[object], count: int) -> dict[str, tuple[Passage, ...]]:
    """Return the passages of earlier questions to the same index."""
    kept = study.store.finished(SEARCHES, _read)
    # Of the inputs of another search, only those of an index are as many.
    alike = [search for inputs, search in kept if len(inputs) == 4 and digest(inputs[:3]) == digest([*common, count])]
    return {ranking.question: ranking.passages for search in alike for ranking in _read(search.folder)}


def _write(folder: Path, questions: Sequence[str], found: Sequence[tuple[Passage, ...]]) -> None:
    pairs = zip(questions, found, strict=True)
    write(folder / FILE, (Ranking(question=question, passages=passages) for question, passages in pairs))


def _read(folder: Path, count: int | None = None) -> Sequence[Ranking]:
    rankings = read(folder / FILE, Ranking)
    if count is not None and len(rankings) != count:
        raise ValueError(f"{folder / FILE} has {len(rankings)} lines, expected {count}")
    return rankings


class FoundBefore:
    """A retriever that returns what was found already."""

    def __init__(self, retriever: Retriever, sections: Sequence[Section], rankings: Sequence[Ranking]) -> None:
        """Answer for `retriever`; it searches only what is asked beyond the rankings."""
        self.retriever, self.sections = retriever, sections
        self.found = {ranking.question: ranking.passages for ranking in rankings}

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Return the passages of a prompt for each question."""
        # A baseline of one's own may search for other words than the question's.
        if sections != self.sections or not self.found.keys() >= set(questions):
            return self.retriever.find(questions, sections)
        count = self.retriever.passages if isinstance(self.retriever, Indexed) else None
        return [self.found[question][:count] for question in questions]
