"""A corpus and its exam in, checked questions out."""

import logging
from collections import Counter
from dataclasses import replace

from runner.component import full_name, identity
from runner.config.contracts import returned
from runner.data.exam_set import ExamSet
from runner.data.records import Material, digest
from runner.errors import Fault
from runner.exam import ExamSource
from runner.model import Model

log = logging.getLogger("runner")

# The exams that this process has made: the runs of a sweep share one. Each keeps its corpus, whose id is part of the key.
_made = dict[tuple[int, str], tuple[Material, ExamSet]]()


def made(exam: ExamSource, material: Material, examiner: Model) -> ExamSet:
    """Return the exam of a corpus, made and checked once."""
    place = id(material), digest(identity(exam))
    if place not in _made:
        _made[place] = material, _checked(exam, material, examiner)
    return _made[place][1]


def _checked(exam: ExamSource, material: Material, examiner: Model) -> ExamSet:
    questions: ExamSet = returned(exam, "write", exam.write(material, examiner), ExamSet)
    # Answers and grades are joined by the id of their question.
    counts = Counter(question.id for question in (*questions.questions, *questions.practice))
    if repeated := [name for name, count in counts.items() if count > 1]:
        example = f"such as {repeated[0]!r}. Expected an id of its own for each"
        raise Fault(f"{full_name(exam)}.write gave {len(repeated)} ids to several questions, {example}")
    for note in questions.notes:
        log.warning("exam: %s", note)
    return questions


def with_exam(material: Material, exam: ExamSet) -> Material:
    """Give a corpus the questions of an exam."""
    # The same object where the questions are the corpus's own: all studies of a sweep then share it.
    return material if exam.questions is material.questions else replace(material, questions=exam.questions)
