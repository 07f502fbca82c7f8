"""What a student's context does not hold is left out, counted and said, or refused before anything is paid for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.pipeline.context import check_questions
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests import given
from tests.pipeline.given import LABELS, ListedLabels


def test_a_label_beyond_the_context_is_left_out_counted_and_said(
    study: Study, brief_model: HuggingFace, caplog: pytest.LogCaptureFixture
) -> None:
    long = given.label("What is said?", answer="Much was said. " * 100)
    study = replace(study, model=brief_model, method=ListedLabels(labels=(*LABELS, long)))
    with caplog.at_level("WARNING", logger="runner"):
        labelling = label(study, StoreExecutor(study)).value
    assert labelling.labels == LABELS
    assert (labelling.ledgers[-1].requested, labelling.ledgers[-1].kept) == (11, 10)
    assert labelling.ledgers[-1].filtered == {"longer than the context of the model": 1}
    assert f"1 of 11 labels are left out: {brief_model.name} reads 128 tokens" in caplog.text


def test_labels_that_fit_have_no_ledger_of_their_own(study: Study, brief_model: HuggingFace) -> None:
    study = replace(study, model=brief_model, method=ListedLabels(labels=LABELS))
    assert [ledger.stage for ledger in label(study, StoreExecutor(study)).value.ledgers] == ["leaks"]


def test_a_question_that_leaves_no_room_for_its_reply_is_a_fault(study: Study, brief_model: HuggingFace) -> None:
    study = replace(study, model=brief_model)
    check_questions(study)
    wordy = study.settings.model_copy(update={"reply_tokens": 120})
    with pytest.raises(Fault, match=r"needs \d+ tokens with its reply, and brief\d* reads 128 .*reply_tokens \(now 120\)"):
        check_questions(replace(study, settings=wordy))


def test_a_passage_beyond_the_context_is_a_fault(study: Study, brief_model: HuggingFace) -> None:
    study = replace(study, model=brief_model)
    (question,) = study.knowledge.questions
    object.__setattr__(study.knowledge, "questions", (replace(question, prompt="It is ice. " * 100),))
    with pytest.raises(Fault, match="the question 'what is ice' needs"):
        check_questions(study)


def test_a_pair_to_replay_beyond_the_context_is_a_fault(study: Study, brief_model: HuggingFace, tmp_path: Path) -> None:
    keep = given.study("keep=replay", "retention=none").keep
    study = replace(study, model=brief_model, keep=keep)
    check_questions(study)
    long = json.dumps({"question": "What is salt?", "answer": "It is salt. " * 100})
    (tmp_path / "general" / "replay.jsonl").write_text(f"{long}\n")
    with pytest.raises(Fault, match="the general pair"):
        check_questions(replace(study))  # a copy reads them again


def test_a_preferred_reply_beyond_the_context_is_a_fault_where_it_is_learned(study: Study, brief_model: HuggingFace) -> None:
    pair = HumanPreference(question="Say it?", chosen="briefly", rejected="at great length " * 100)
    source = replace(study.source, preferences=(pair,))
    plain = replace(study, model=brief_model)
    refined = replace(plain, refine=given.study("refine=dpo").refine)
    for each in (plain, refined):
        vars(each)["source"] = source
    check_questions(plain)
    with pytest.raises(Fault, match=r"a reply of preferences or grades to 'Say it\?' needs \d+ tokens .* reads 128"):
        check_questions(refined)


def test_a_model_that_is_not_on_this_machine_yet_has_no_limit(study: Study) -> None:
    labels = (given.label("What is said?", answer="Much was said. " * 9999),)
    study = replace(study, method=ListedLabels(labels=labels))
    assert label(study, StoreExecutor(study)).value.labels == labels
