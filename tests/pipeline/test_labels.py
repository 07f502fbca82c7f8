"""Sections to labels: they are made once, and none asks what the exam asks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.errors import Fault
from runner.pipeline.labels import label, labelling_locks
from runner.pipeline.store_executor import StoreExecutor
from tests import given
from tests.batching import Host, answered, refused
from tests.pipeline.given import LABELS, ListedLabels
from tests.server import completion, refusal, serving
from tests.teacher import corpus, taught_by


def test_labels_that_ask_what_the_exam_asks_are_left_out_and_counted(study: Study) -> None:
    leak = given.label(f"{study.material.questions[0].question.upper()} ")
    study = replace(study, method=ListedLabels(labels=(*LABELS, leak)))
    labelling = label(study, StoreExecutor(study)).value
    assert labelling.labels == LABELS
    assert (labelling.ledgers[-1].requested, labelling.ledgers[-1].kept) == (11, 10)
    assert labelling.ledgers[-1].filtered == {"asked in the exam": 1}


def test_a_text_that_was_written_around_a_question_of_the_exam_is_left_out_and_counted(study: Study) -> None:
    asked = study.material.questions[0].question
    leak, safe = (given.label("", answer="A whole text.", around=around) for around in (f"{asked.upper()} ", "Who else?"))
    study = replace(study, method=ListedLabels(labels=(leak, safe)))
    labelling = label(study, StoreExecutor(study)).value
    assert labelling.labels == (safe,)
    assert labelling.ledgers[-1].filtered == {"asked in the exam": 1}


@pytest.mark.parametrize(
    ("labels", "words"), [(("a",), "returned 'a', expected Label"), ({"a": 1}, "returned {'a': 1}, expected Sequence")]
)
def test_a_labelling_of_other_things_is_refused_by_class_and_method(study: Study, labels: Any, words: str) -> None:
    study = replace(study, method=ListedLabels(labels=labels))
    with pytest.raises(Fault, match=rf"ListedLabels\.label {words}"):
        label(study, StoreExecutor(study))


def test_labels_are_made_once(study: Study) -> None:
    study = replace(study, method=ListedLabels(labels=LABELS))
    executor = StoreExecutor(study)
    assert label(study, executor) == label(study, executor)
    assert study.method.calls == 1


def test_the_sizes_of_a_method_share_a_lock_and_methods_do_not() -> None:
    one_x, five_x, token = (given.study(*chosen) for chosen in (["size=1x"], ["size=5x"], ["method=token"]))
    assert labelling_locks(one_x) == labelling_locks(five_x) != labelling_locks(token)


def test_a_mix_has_the_locks_of_the_methods_whose_requests_it_sends() -> None:
    fact, document, mixed = (given.study(f"method={method}") for method in ("fact", "document", "mixed"))
    assert labelling_locks(mixed) == sorted([*labelling_locks(fact), *labelling_locks(document)])
    assert labelling_locks(given.study("method=mixed", "method.share=0.5")) == labelling_locks(mixed)


def test_another_teacher_makes_new_labels_only_where_the_method_asks(study: Study) -> None:
    study = replace(study, method=ListedLabels(labels=LABELS))
    other = replace(study, teacher=given.Scripted(lambda prompt: "[]"))
    assert label(study, StoreExecutor(study)).key == label(other, StoreExecutor(other)).key
    asking, others = (replace(chosen, method=ListedLabels(labels=LABELS, asks=True)) for chosen in (study, other))
    assert label(asking, StoreExecutor(asking)).key != label(others, StoreExecutor(others)).key


def test_a_label_like_a_question_is_left_out_only_where_a_program_wrote_the_exam(study: Study) -> None:
    near = given.label(f"So, {study.material.questions[0].question}")
    chosen = replace(study, method=ListedLabels(labels=(*LABELS, near)))
    assert label(chosen, StoreExecutor(chosen)).value.labels == (*LABELS, near)
    written = replace(chosen, exam=given.GivenExam(exam=ExamSet(questions=study.material.questions, origin="written by m")))
    labelling = label(written, StoreExecutor(written)).value
    assert labelling.labels == LABELS
    assert labelling.ledgers[-1].filtered == {"asked in the exam": 0, "like an exam question": 1}
    # The same labels are trained on otherwise, so the arms are others.
    assert written.key("tuned") != chosen.key("tuned")


@pytest.mark.parametrize("batch", [False, True])
def test_a_refused_request_names_its_section_and_what_to_do(batch: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    why = "This model's maximum context length is 8192 tokens"
    singly = lambda asked: refusal(400, why) if "Bergen" in asked.said else completion("[]")  # noqa: E731
    by_batch = Host(answer=lambda said: refused(400, why) if "Bergen" in said else answered("[]"))
    with serving(by_batch if batch else singly) as server:
        settings = taught_by(f"{server.url}", f"teacher.batch={batch}", "teacher.batch_poll=0.01")
        study = given.study(*corpus(tmp_path), *settings)
        with pytest.raises(Fault, match=r"the section 'cup\.md#Final' of 13 tokens.*longest=50.*method\.reply_tokens") as fault:
            label(study, StoreExecutor(study))
    assert why in str(fault.value)
