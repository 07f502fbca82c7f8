"""The exam that a group makes is checked, and joins the corpus that it is for."""

import logging

import pytest

from runner.config.exams import made, with_exam
from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.errors import Fault
from tests.given import GivenExam, Scripted, question, section, study

CUP = Material(sections=(section(),), questions=(question(),))
SILENT = Scripted(lambda prompt: "")


def test_a_class_that_returns_no_exam_is_named() -> None:
    with pytest.raises(Fault, match=r"GivenExam\.write returned \[\], expected ExamSet"):
        made(GivenExam(exam=[]), CUP, SILENT)


def test_two_questions_of_one_id_are_refused_in_exam_and_practice_together() -> None:
    with pytest.raises(Fault, match=r"gave 1 ids to several questions, such as 'q1'"):
        made(GivenExam(exam=ExamSet(questions=(question(),), practice=(question(),))), CUP, SILENT)


def test_a_note_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "runner"):
        for _ in range(2):
            made(GivenExam(exam=ExamSet(questions=(question(),), notes=("look at it",))), CUP, SILENT)
    assert caplog.messages == ["exam: look at it"]


def test_the_corpuss_own_questions_leave_the_material_as_it_was() -> None:
    assert with_exam(CUP, ExamSet(questions=CUP.questions)) is CUP
    assert with_exam(CUP, ExamSet(questions=(question("q2"),))).questions == (question("q2"),)


def test_an_examiner_may_be_chosen_beside_the_teacher() -> None:
    studied = study("model@examiner=openai", "examiner.id=gpt-5")
    assert (studied.examiner.name, studied.teacher.name) == ("gpt-5", "recorded")
