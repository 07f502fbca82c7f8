"""A corpus in, texts that its student may read out."""

from collections.abc import Sequence

from runner.data.records import Material, Question


def read_texts(material: Material, withdrawn: Sequence[Question], instruction: str, labels: bool, documents: bool) -> list[str]:
    """List texts that a student reads, in training or prompts.

    `labels` is true for a student that is trained, `documents` for one that may read what sections say.
    """
    # Labels that a teacher writes are not known yet, but repeat the sections.
    sections = [section.text for section in material.sections] if documents else []
    written = [text for label in material.labels for text in (label.question, label.answer)] if labels else []
    questions = (question.question for question in (*material.questions, *withdrawn))
    return [instruction, *sections, *written, *questions]
