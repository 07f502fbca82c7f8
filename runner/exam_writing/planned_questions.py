"""The size of an exam in, stand-ins for questions out."""

from itertools import cycle, islice

from runner.data.records import Material, Question
from runner.data.text import count
from runner.exam_writing.drawing import drawn

SENTENCE = 8  # words and punctuation marks of a short one


def planned_questions(material: Material, facts: int, each: int, seed: int) -> tuple[Question, ...]:
    """Stand in for an exam that is not written yet.

    Number, categories and lengths are those of the exam that is asked for, as far as the documents may have so many facts. The
    words are nothing.
    """
    # About a fact in each sentence; a forecast must not suppose more of them than there can be.
    there = len(material.facts) + sum(-(-count(section.text) // SENTENCE) for section in material.sections)
    sections = islice(cycle(drawn(material.sections, seed)), min(facts, there))
    return tuple(
        Question(
            id=f"planned {place}-{number}",
            question=f"In which part of the document, and by what, is number {number} of {place} set?",
            answer="Bergen in Norway",
            category=section.category,
            section=section.id,
            fact=f"planned {place}",
        )
        for place, section in enumerate(sections)
        for number in range(each)
    )
