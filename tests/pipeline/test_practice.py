"""Practice questions: those that were kept apart, else labels that were not trained on, else the trained ones."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.data.records import Labelling, Subset
from runner.errors import Fault
from runner.pipeline.practice import check_practice, practice_questions
from tests.given import label
from tests.pipeline.practising import LABELS, question

MORE = tuple(
    label(f"Number of pin {number}?", answer=str(number), section="chip.md#Pins", fact=f"Pin {number}") for number in (1, 7)
)


def with_practice(study: Study, *texts: str) -> Study:
    """The study with practice questions of these words."""
    study = replace(study)
    practice = tuple(question(number, question=text) for number, text in enumerate(texts))
    vars(study)["exam_set"] = ExamSet(questions=study.material.questions, practice=practice)
    return study


def test_questions_that_were_kept_apart_come_first(study: Study) -> None:
    practice = practice_questions(with_practice(study, "Which?"), Labelling(labels=(*LABELS, *MORE)), Subset(labels=LABELS))
    assert [each.question for each in practice.questions] == ["Which?"]
    assert "on other facts" in practice.source


def test_labels_beyond_the_trained_ones_about_the_same_facts_come_next(study: Study) -> None:
    practice = practice_questions(study, Labelling(labels=(*LABELS, *MORE)), Subset(labels=LABELS))
    assert [(each.question, each.answer, each.fact) for each in practice.questions] == [("Number of pin 1?", "1", "Pin 1")]
    assert "not trained on" in practice.source


def test_the_trained_labels_come_last_and_texts_are_no_questions(study: Study) -> None:
    text = label("", answer="A text about pins.")
    practice = practice_questions(study, Labelling(labels=(*LABELS, text)), Subset(labels=(*LABELS, text)))
    assert [each.question for each in practice.questions] == [each.question for each in LABELS]
    assert len({each.id for each in practice.questions}) == len(LABELS)
    assert "as there are no others" in practice.source


def test_a_practice_question_that_the_exam_asks_is_a_fault(study: Study) -> None:
    asked = study.material.questions[0].question.upper()
    with pytest.raises(Fault, match="1 of 2 practice questions are in the exam too"):
        check_practice(with_practice(study, "Which?", asked))
    check_practice(with_practice(study, "Which?"))
