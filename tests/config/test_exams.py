"""The exam that a group makes is checked, and joins the corpus that it is for."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.exams import any_exam, made, with_exam
from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.errors import Fault
from runner.exam.file import File
from tests.given import GivenExam, Scripted, question, section, study

CUP = Material(sections=(section(),), questions=(question(),))
LINE = '{"question": "Who won?", "answer": "Ada"}\n'
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


def test_without_any_question_labels_alone_are_compared_with_none_and_a_faulty_exam_is_still_a_fault(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.config.exams._untested", [])  # a process tells it once
    empty = Material(sections=(), questions=())
    assert any_exam(empty, lambda: made(File(), empty, SILENT)) == ExamSet(questions=())
    assert "no label is compared with an exam: the corpus has no exam question" in caplog.text
    twice = replace(empty, questions=(question("a"), question("a")))
    with pytest.raises(Fault, match="several questions"):
        any_exam(twice, lambda: made(File(), twice, SILENT))


@pytest.mark.parametrize(
    ("exam", "compared"),
    [("", "no label is compared with an exam"), (LINE, "labels are compared with the corpus's own questions alone")],
)
def test_labels_alone_before_a_model_has_written_the_exam_say_what_they_are_compared_with(
    exam: str, compared: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.config.exams._untested", [])  # a process tells it once
    (tmp_path / "cup.md").write_text("# Cup\n\nAda won.\n")
    if exam:
        (tmp_path / "exam.jsonl").write_text(exam)
    teacher = ["model@teacher=compatible", "teacher.base_url=http://localhost:9/v1", "teacher.id=m"]
    chosen = ["corpus=folder", f"corpus.path={tmp_path}", f"store={tmp_path}/store", "exam=written", "task=label", *teacher]
    for size in ("1x", "5x"):
        assert len(study(*chosen, f"size={size}").material.questions) == bool(exam)
    told = [message for message in caplog.messages if "compared" in message]
    assert told == [f"{compared}: exam=written is not written yet; a study (task=study) writes it"]


def test_questions_about_withdrawn_facts_leave_the_exam() -> None:
    gone = replace(question("gone"), extra={"edition": "withdrawn"})
    joined = with_exam(CUP, ExamSet(questions=(question(), gone)))
    assert joined.questions == (question(),)


def test_an_exam_about_withdrawn_facts_alone_is_refused() -> None:
    with pytest.raises(Fault, match="each question of the exam has edition=withdrawn"):
        with_exam(CUP, ExamSet(questions=(replace(question(), extra={"edition": "withdrawn"}),)))
