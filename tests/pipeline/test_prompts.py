"""Questions to requests: bare ones, and those of a baseline with what it retrieves."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Request, chat
from runner.pipeline.prompts import bare_prompt, bare_requests, baseline_requests
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from tests import given


@identified
@dataclass
class CountingBaseline:
    """A baseline that counts its calls."""

    incidental: ClassVar[frozenset[str]] = frozenset({"calls"})

    retrieves: bool = False
    calls: list[int] = field(default_factory=list)

    def ask(self, questions: Any, sections: Any, retriever: Any) -> list[Request]:
        """Put each question without an instruction."""
        self.calls.append(len(questions))
        return [Request(prompt=chat(question.question, "", 5)) for question in questions]


def test_a_student_reads_instruction_and_question_and_may_answer_at_length_asked_for(study: Study) -> None:
    assert bare_prompt(study, "Who won?") == chat("Who won?", "Be brief.", 8)
    questions = Output(value=[given.question("a")], guess="labels")
    assert bare_requests(study, questions) == Output(value=[Request(prompt=chat("Who won a?", "Be brief.", 8))], guess="labels")


def test_a_baselines_requests_are_made_once(study: Study) -> None:
    study = replace(study, baseline={"ours": CountingBaseline()})
    first, again = (baseline_requests(study, StoreExecutor(study), "ours") for _ in range(2))
    assert first.value == again.value
    assert study.baseline["ours"].calls == [len(study.material.questions)]


def test_another_retriever_counts_only_where_a_baseline_retrieves(study: Study) -> None:
    lexical, hybrid = (given.study(f"retriever={name}").retriever for name in ("lexical", "hybrid"))
    for retrieves, kept in ((False, 1), (True, 2)):
        chosen = CountingBaseline(retrieves=retrieves)
        for retriever in (lexical, hybrid):
            point = replace(study, baseline={"ours": chosen}, retriever=retriever)
            baseline_requests(point, StoreExecutor(point), "ours")
        assert len(chosen.calls) == kept


def test_rag_is_asked_with_passages_and_base_without() -> None:
    study = given.study("retriever=lexical", "retriever.passages=2")
    base, rag = (
        study.baseline[name].ask(study.material.questions, study.material.sections, study.retriever) for name in study.baseline
    )
    assert {len(request.passages) for request in base} == {0}
    assert {len(request.passages) for request in rag} == {2}
