"""The record of an exam: its questions, and who wrote them."""

from dataclasses import dataclass

from runner.data.records import Ledger, Material, Question


@dataclass(frozen=True, kw_only=True)
class ExamSet:
    """The questions of an exam, and who wrote them.

    `origin` is empty for an exam that people wrote. Tables, notes, cards and reports show it.
    """

    questions: tuple[Question, ...]
    practice: tuple[Question, ...] = ()  # about other facts; work may look at these, and at the exam never
    ledgers: tuple[Ledger, ...] = ()
    origin: str = ""  # such as: written by gpt-5-mini, not checked by a person
    notes: tuple[str, ...] = ()  # for people


def own_exam(material: Material) -> ExamSet:
    """Return the questions that a corpus came with."""
    return ExamSet(questions=material.questions, origin=material.exam_origin)
