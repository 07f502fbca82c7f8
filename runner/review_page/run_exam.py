"""A run's answers and today's exam in, its questions out."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from runner.config.components import component
from runner.config.exams import corrected, exam_inputs, kept_exam, made
from runner.config.reviews import read_standings
from runner.corpus import Corpus
from runner.data.editions import apart
from runner.data.exam_set import ExamSet, own_exam
from runner.data.records import Material, Question, digest
from runner.errors import Fault
from runner.store import Store

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ExamsOfToday:
    """A corpus's present exam, before and after corrections."""

    questions: tuple[Question, ...] = ()  # before: people's reviews are about these
    editions: tuple[tuple[Question, ...], ...] = ()  # both, as arms take them

    def taken(self, exam: str) -> tuple[Question, ...] | None:
        """Return the questions of an exam by its digest; None if it is another one."""
        return next((questions for questions in self.editions if digest(questions) == exam), None)

    def same_id(self, name: str) -> list[Question]:
        """Return the questions of an id; they may differ from those of a run."""
        return [question for questions in self.editions for question in questions if question.id == name]


def exams_of_today(config: Any, corpus: Corpus, material: Material, store: Store) -> ExamsOfToday:
    """Read the exam that a run's settings give today."""
    exam = _exam(config, material, store)
    editions = [exam.questions]
    with suppress(Fault):  # where people rejected all questions, and no arm took what is left
        editions.append(corrected(exam, read_standings(corpus, material.sections, labels=False)).questions)
    return ExamsOfToday(exam.questions, tuple(apart(questions)[0] for questions in editions))


def _exam(config: Any, material: Material, store: Store) -> ExamSet:
    exam = component(config, "exam", "exam", []) if "exam" in config else None
    if exam is None:
        return own_exam(material)
    examiner = (
        component(config, "examiner", "examiner", []) if config.get("examiner") else component(config, "teacher", "teacher", [])
    )
    if not exam.asks:
        return made(exam, material, examiner)
    return kept_exam(store, exam_inputs(exam, material, examiner)) or ExamSet(questions=())


def as_asked(rows: Iterable[Row], exam: str, today: ExamsOfToday) -> dict[str, Question]:
    """Return a run's questions by id, as it was asked.

    `exam` is the digest of that exam. Where the exam is another one by now, each answer tells its question and reference.
    """
    # The grade stands beside it, and is about the reference of then.
    if (taken := today.taken(exam)) is not None:
        return {question.id: question for question in taken}
    return {str(row["id"]): _as_asked(row, today.same_id(str(row["id"]))) for row in rows}


def _as_asked(row: Row, today: Sequence[Question]) -> Question:
    words, reference, fact = str(row["question"]), str(row.get("reference") or ""), str(row.get("fact") or "")
    if same := [each for each in today if (each.question, each.answer) == (words, reference)]:
        return same[0]
    # No answer tells its section or other right answers. An id may be that of quite another question by now.
    if edited := [each for each in today if each.question == words or each.answer == reference]:
        return replace(edited[0], question=words, answer=reference, aliases=())
    return Question(id=str(row["id"]), question=words, answer=reference, category=str(row["category"]), fact=fact)


def change_note(names: Sequence[str], asked: Iterable[Question], today: ExamsOfToday) -> str:
    """Write that the exam has changed since."""
    former = list(dict.fromkeys(asked))
    known = {(each.id, each.question, each.answer) for questions in today.editions for each in questions}
    differ = sum((each.id, each.question, each.answer) not in known for each in former)
    return (
        f"the exam has changed since {', '.join(names)} took it. Questions and reference answers are shown as they were then; "
        f"{differ} of {len(former)} are others today. With the rest, the further right answers of today's exam are shown"
    )
