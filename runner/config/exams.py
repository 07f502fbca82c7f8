"""A corpus and its exam in, checked questions out."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.component import full_name, identity
from runner.config.contracts import returned
from runner.config.told_once import warn_once
from runner.data.editions import apart
from runner.data.exam_set import ExamSet, own_exam
from runner.data.records import Material, Question, Section, digest, read
from runner.data.reviews import Standing, question_item
from runner.errors import Fault
from runner.exam import ExamSource, Planned
from runner.model import Model
from runner.store import Store

log = logging.getLogger("runner")

STAGE = "exams"
FILE = "exam.jsonl"
NOT_COMPARED = "no label is compared with an exam"

# The exams that this process has made: the runs of a sweep share one. Each keeps its corpus, whose id is part of the key.
_made = dict[tuple[int, str], tuple[Material, ExamSet]]()
_untested = list[Sequence[Section]]()  # the corpora whose labels were compared with no exam


def made(exam: ExamSource, material: Material, examiner: Model) -> ExamSet:
    """Return the exam of a corpus, made and checked once."""
    place = id(material), digest(identity(exam))
    if place not in _made:
        _made[place] = material, checked_exam(exam, material, examiner)
        tell(_made[place][1])
    return _made[place][1]


def tell(exam: ExamSet) -> None:
    """Log the notes of an exam."""
    for note in exam.notes:
        log.warning("exam: %s", note)


def exam_inputs(exam: ExamSource, material: Material, examiner: Model) -> list[Any]:
    """Return all that decides the exam that a model writes."""
    corpus = [material.sections, material.facts, material.labels, material.purpose]
    return [identity(exam), identity(examiner), *corpus]


def kept_exam(store: Store, inputs: Sequence[Any]) -> ExamSet | None:
    """Find an exam that a model wrote before."""
    kept = store.find(STAGE, inputs, stored_exam)
    return stored_exam(kept.folder) if kept else None


def stored_exam(folder: Path) -> ExamSet:
    """Read the exam of a finished stage."""
    return read(folder / FILE, ExamSet)[0]


def planned_exam(exam: ExamSource, material: Material) -> ExamSet:
    """Stand in for an exam that is not written yet."""
    if isinstance(exam, Planned):
        return exam.planned(material)
    questions = (
        Question(id=section.id, question=f"What does {section.id} state?", answer="It states that.", category=section.category)
        for section in material.sections
    )
    return ExamSet(questions=tuple(questions))


def checked_exam(exam: ExamSource, material: Material, examiner: Model) -> ExamSet:
    """Make an exam, and refuse one that can't be taken."""
    questions: ExamSet = returned(exam, "write", exam.write(material, examiner), ExamSet)
    # Answers and grades are joined by the id of their question.
    counts = Counter(question.id for question in (*questions.questions, *questions.practice))
    if repeated := [name for name, count in counts.items() if count > 1]:
        example = f"such as {repeated[0]!r}. Expected an id of its own for each"
        raise Fault(f"{full_name(exam)}.write gave {len(repeated)} ids to several questions, {example}")
    return questions


def corrected(exam: ExamSet, reviews: Mapping[str, Standing]) -> ExamSet:
    """Apply people's reviews to the questions of an exam.

    Edited questions are taken over, rejected ones left out. Raise a Fault if none is left. The same object is returned where
    nothing changes.
    """
    if not reviews:
        return exam
    before = [(question, reviews.get(question_item(question).id)) for question in exam.questions]
    kept = [_edited(question, standing) for question, standing in before if not standing or standing.verdict != "reject"]
    edited = sum(standing is not None and standing.after is not None for _, standing in before)
    if not edited and len(kept) == len(before):
        return exam
    note = f"people's reviews corrected {edited} of {len(before)} questions and removed {len(before) - len(kept)}"
    if not kept:
        raise Fault(f"exam: {note}, so none is left. Expected some that are not rejected; corpus.reviews=null reads no reviews")
    warn_once(f"exam: {note}")
    return replace(exam, questions=tuple(kept))


def _edited(question: Question, standing: Standing | None) -> Question:
    after = standing.after if standing else None
    return replace(question, question=after.question, answer=after.answer, aliases=after.aliases) if after else question


def with_exam(material: Material, exam: ExamSet) -> Material:
    """Give a corpus the exam's questions, but withdrawn ones."""
    questions, withdrawn = apart(exam.questions)
    # The same object where the questions are the corpus's own: all studies of a sweep then share it.
    if exam.questions is material.questions and not withdrawn:
        return material
    if withdrawn and not questions:
        raise Fault(
            "each question of the exam has edition=withdrawn. Expected others beside them, about facts that documents state"
        )
    return replace(material, questions=questions)


def no_exam(material: Material, reason: str) -> ExamSet:
    """Return the corpus's own questions, if any; warn of it."""
    if material.sections not in _untested:  # told once, not for each run of a sweep
        _untested.append(material.sections)
        compared = "labels are compared with the corpus's own questions alone" if material.questions else NOT_COMPARED
        log.warning("%s: %s", compared, reason)
    return own_exam(material)


def any_exam(material: Material, exam: Callable[[], ExamSet]) -> ExamSet:
    """Return an exam, or else an empty one.

    Labels that are made alone need none. But those that ask what it asks are left out.
    """
    try:
        return exam()
    except Fault as fault:
        if material.questions:
            raise
        return no_exam(material, str(fault).partition(". ")[0])
