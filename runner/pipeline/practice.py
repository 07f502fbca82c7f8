"""Labels in, a tuned model's practice questions out.

Those that the exam's writer kept apart; else those of labels beyond the trained ones, about the same facts; else those of the
trained labels. They are never those of the exam.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runner.config.study import Study
from runner.data.records import Label, Labelling, Question, Subset
from runner.data.text import normal
from runner.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Practice:
    """Practice questions, and which they are."""

    questions: Sequence[Question] = ()
    source: str = ""


def practice_questions(study: Study, labelling: Labelling, subset: Subset) -> Practice:
    """Choose practice questions: the first of three kinds that is there."""
    if study.exam_set.practice:
        return Practice(questions=study.exam_set.practice, source="practice questions of the exam's writer, on other facts")
    if beyond := _questions(_beyond(labelling, subset)):
        return Practice(questions=beyond, source="questions of labels that were not trained on, about the facts that were")
    return Practice(questions=_questions(subset.labels), source="the questions of the trained labels, as there are no others")


def practice_apart(study: Study, labelling: Labelling, subset: Subset, multiples: float) -> Practice:
    """Choose practice questions that no training reads, if possible.

    They are those of the labels after the trained ones, up to so many multiples of each fact or section. Without any, they are
    the practice questions of any training.
    """
    units: dict[tuple[str, str], list[Label]] = {}
    for label in _beyond(labelling, subset):
        units.setdefault(_unit(label), []).append(label)
    firsts = {unit: min(label.position for label in labels) for unit, labels in units.items()}
    apart = [label for unit, labels in units.items() for label in labels if label.position < firsts[unit] + multiples]
    if questions := _questions(apart):
        return Practice(questions=questions, source="questions of labels that are kept apart from training")
    return practice_questions(study, labelling, subset)


def check_practice(study: Study) -> None:
    """Raise a Fault if practice and exam overlap."""
    exam = study.examined
    if shared := [question for question in study.exam_set.practice if normal(question.question) in exam]:
        raise Fault(
            f"exam={study.choices['exam']}: {len(shared)} of {len(study.exam_set.practice)} practice questions are in the exam "
            f"too, such as {shared[0].question!r}. Expected others: a model may be trained on its answers to them"
        )


def _beyond(labelling: Labelling, subset: Subset) -> list[Label]:
    trained, units = {*subset.labels}, {_unit(label) for label in subset.labels}
    return [label for label in labelling.labels if label not in trained and _unit(label) in units]


def _unit(label: Label) -> tuple[str, str]:
    return label.section, label.fact


def _questions(labels: Iterable[Label]) -> tuple[Question, ...]:
    """Make questions of labels; a text has none."""
    asked = {normal(label.question): label for label in labels if label.question}
    return tuple(
        Question(
            id=f"practice-{number}",
            question=label.question,
            answer=label.answer,
            category=label.category,
            section=label.section,
            fact=label.fact,
        )
        for number, label in enumerate(asked.values(), start=1)
    )
