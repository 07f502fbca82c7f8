"""Labels and the exam in; training questions whose answers the exam asks for too, to be asked again after training, out."""

from collections.abc import Sequence

from runner.data.records import Label, Question
from runner.data.text import normal


def repeated(labels: Sequence[Label], questions: Sequence[Question], most: int) -> list[Question]:
    """Up to `most` training questions, evenly from first to last, that are graded as the exam is.

    A label answers in a sentence, an exam in a word; so a label is taken where its answer, and not its question, holds the
    reference of an exam question on its section (on any, where one of them names none). That reference is looked for, the longest
    where there are several. What a model gets right here and wrong in the exam it has learned, but not in other words.
    """
    found = [(label, reference) for label in labels if (reference := _reference(label, questions))]
    step = max(len(found) / most, 1) if most else 0
    chosen = [found[int(place * step)] for place in range(min(most, len(found)))]
    return [
        Question(
            id=f"label-{number}",
            question=label.question,
            answer=label.answer,
            category=label.category,
            aliases=(reference,),
            section=label.section,
            fact=label.fact,
        )
        for number, (label, reference) in enumerate(chosen, start=1)
    ]


def _reference(label: Label, questions: Sequence[Question]) -> str:
    asked, answered = f" {normal(label.question)} ", f" {normal(label.answer)} "
    held = [
        question.answer
        for question in questions
        if question.section in {label.section, ""} or not label.section
        if (words := f" {normal(question.answer)} ") in answered and words not in asked
    ]
    return max(held, key=len, default="")
