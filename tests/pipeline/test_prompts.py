"""Questions to requests: bare ones, and those of a baseline with what it retrieves."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Grade, Request, chat, write
from runner.model.huggingface import HuggingFace
from runner.pipeline.prompts import bare_prompt, bare_requests, baseline_requests, exam_requests, read_each
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


def test_a_tuned_student_is_asked_as_it_was_trained_or_as_rag_is(tmp_path: Path) -> None:
    common = [f"store={tmp_path}/store", "retriever=lexical"]
    bare, reading = (given.study(*common, f"retrieval={name}") for name in ("none", "lexical"))
    asked = exam_requests(bare, StoreExecutor(bare))
    assert asked == bare_requests(bare, Output(value=bare.material.questions))
    read, rag = exam_requests(reading, StoreExecutor(reading)), baseline_requests(bare, StoreExecutor(bare), "rag")
    assert (read.value, read.key) == (rag.value, rag.key)
    assert all(request.passages for request in read.value)


def test_rag_is_asked_with_passages_and_base_without() -> None:
    study = given.study("retriever=lexical", "retriever.passages=2")
    base, rag = (
        study.baseline[name].ask(study.material.questions, study.material.sections, study.retriever) for name in study.baseline
    )
    assert {len(request.passages) for request in base} == {0}
    assert {len(request.passages) for request in rag} == {2}


def test_a_prompt_beyond_the_context_gets_fewer_passages_and_that_is_said(
    study: Study, brief_model: HuggingFace, caplog: pytest.LogCaptureFixture
) -> None:
    retriever = given.study("retriever=lexical", "retriever.passages=5").retriever
    study = replace(study, model=brief_model, retriever=retriever)
    with caplog.at_level("WARNING", logger="runner"):
        shortened = baseline_requests(study, StoreExecutor(study), "rag").value
    counts = [len(request.passages) for request in shortened]
    assert min(counts) < max(counts) <= 5
    assert study.model.too_long([(request.prompt, None) for request in shortened]) == {}
    changed = sum(count < 5 for count in counts)
    assert f"rag: {changed} of {len(counts)} prompts are longer than the 128 tokens" in caplog.text


def test_a_file_that_lost_its_last_line_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "grades.jsonl", [Grade(question=name, passed=True) for name in "ab"])
    assert len(read_each(tmp_path / "grades.jsonl", Grade, 2)) == 2
    with pytest.raises(ValueError, match="has 2 lines, expected 3"):
        read_each(tmp_path / "grades.jsonl", Grade, 3)
