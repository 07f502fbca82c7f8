"""Exam and practice come from one order of facts, and the Fault of no question has the counts."""

import pytest

from runner.errors import Fault
from runner.exam_writing.written_exam import write_questions
from tests.exam_writing.given import MATERIAL, written
from tests.examiner import wrote
from tests.given import Scripted, said

MODEL = Scripted(lambda prompt: wrote(said(prompt)))


def test_practice_has_the_facts_that_a_larger_exam_would_have() -> None:
    settings = written(questions=1).settings
    both = write_questions(MATERIAL, settings, MODEL, (2, 2), 0)
    larger = write_questions(MATERIAL, settings, MODEL, (4, 0), 0)
    assert (*both.questions, *both.practice) == larger.questions
    assert both.ledgers[1].kept == 4


def test_practice_that_is_smaller_than_asked_for_is_told() -> None:
    (note,) = write_questions(MATERIAL, written(questions=1).settings, MODEL, (4, 4), 0).notes
    assert note.startswith("practice: 1 facts give questions that pass the check, and 4 were asked for")


def test_without_a_question_the_fault_has_the_reasons() -> None:
    silent = Scripted(lambda prompt: "[]" if "one fact" in said(prompt)[:60] else wrote(said(prompt)))
    with pytest.raises(Fault, match=r"wrote no question that can be used.*5 fewer than asked for"):
        write_questions(MATERIAL, written().settings, silent, (1, 0), 0)
