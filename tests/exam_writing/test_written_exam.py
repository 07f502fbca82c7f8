"""Exam and practice share no fact in any size, and the Fault of no question has the counts."""

import json

import pytest

from runner.errors import Fault
from runner.exam_writing.written_exam import write_questions
from tests.exam_writing.given import MATERIAL, written
from tests.examiner import wrote
from tests.given import Scripted, said

ONE = "one fact"  # in the request for the questions of a fact
MODEL = Scripted(lambda prompt: wrote(said(prompt)))


def test_practice_leaves_the_facts_that_a_larger_exam_asks_about() -> None:
    settings = written(questions=1).settings
    both = write_questions(MATERIAL, settings, MODEL, (2, 2), 0)
    larger = write_questions(MATERIAL, settings, MODEL, (3, 2), 0)
    assert larger.practice == both.practice
    assert larger.questions[:2] == both.questions
    assert not {question.fact for question in larger.questions} & {question.fact for question in both.practice}
    assert both.ledgers[1].kept == 4


def test_practice_that_is_smaller_than_asked_for_is_told() -> None:
    (note,) = write_questions(MATERIAL, written(questions=1).settings, MODEL, (4, 4), 0).notes
    assert note.startswith("practice: 1 fact with questions that pass the check, and 4 were asked for")


def test_facts_that_give_fewer_questions_than_asked_for_are_told() -> None:
    def one_alone(text: str) -> str:
        return json.dumps(json.loads(wrote(text))[:1]) if ONE in text[:60] else wrote(text)

    lazy = Scripted(lambda prompt: one_alone(said(prompt)))
    (note,) = write_questions(MATERIAL, written(questions=2).settings, lazy, (2, 0), 0).notes
    assert note.startswith("2 questions pass the check, and 4 were asked for: fewer about 2 facts; exam: facts")


def test_without_a_question_the_fault_has_the_reasons() -> None:
    silent = Scripted(lambda prompt: "[]" if ONE in said(prompt)[:60] else wrote(said(prompt)))
    with pytest.raises(Fault, match=r"wrote no question that can be used.*5 fewer than asked for"):
        write_questions(MATERIAL, written().settings, silent, (1, 0), 0)


def test_without_a_question_the_fault_quotes_one_that_was_dropped() -> None:
    yes = '[{"question": "Is it so?", "answer": "Yes"}]'
    model = Scripted(lambda prompt: yes if "one fact" in said(prompt)[:60] else wrote(said(prompt)))
    with pytest.raises(
        Fault, match=r"It wrote 'Is it so\?' with the answer 'Yes' \(answered by yes or no\)\. Choose another model"
    ):
        write_questions(MATERIAL, written(again=0).settings, model, (1, 0), 0)
