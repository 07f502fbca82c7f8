"""Recall check: labels and an exam in, training questions out.

They are asked again after training. A model that answers them but not the exam has learned the labels' words, not the facts.
"""

from collections.abc import Sequence

from runner.data.records import Label, Question
from runner.data.text import normal


def repeated(labels: Sequence[Label], questions: Sequence[Question], most: int) -> list[Question]:
    """Choose up to `most` training questions that can be graded.

    They are spread evenly over the labels. A label's answer is a sentence, which no other answer would contain; the exam's
    reference answers are a few words. So a label is chosen if an exam question's reference answer can be its own.
    """
    # Each reference is put in normal form once: a large corpus has hundreds of thousands of labels.
    known = [(question, f" {normal(question.answer)} ") for question in questions]
    pairs = [(label, reference) for label in labels if label.question and (reference := _reference(label, known))]
    # Evenly, since labels are ordered by section: the first ones would all be about the same document.
    step = max(len(pairs) / most, 1) if most else 0
    chosen = [pairs[int(place * step)] for place in range(min(most, len(pairs)))]
    return [
        Question(
            id=f"label-{number}",
            question=label.question,
            answer=label.answer,
            category=label.category,
            # The label's answer is a whole sentence, which few replies contain. So the short reference counts as correct too.
            aliases=(reference,),
            section=label.section,
            fact=label.fact,
        )
        for number, (label, reference) in enumerate(chosen, start=1)
    ]


def _reference(label: Label, questions: Sequence[tuple[Question, str]]) -> str:
    """Return the reference answer that a label's answer contains.

    The exam question must be on the label's section, if both name one. Of several references the longest is returned; an empty
    string if there is none.
    """
    # Spaces at the ends, so that only whole words match.
    asked, answered = f" {normal(label.question)} ", f" {normal(label.answer)} "
    references = [
        question.answer
        for question, words in questions
        if question.section in {label.section, ""} or not label.section
        # A reference that the label's question contains could be repeated without knowing anything.
        if words in answered and words not in asked
    ]
    return max(references, key=len, default="")
