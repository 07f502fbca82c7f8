"""A study in, the questions of its exam out."""

from runner.config.study import Study
from runner.data.text import normal


def examined(study: Study) -> frozenset[str]:
    """Return the questions of the exam in normal form.

    Those on withdrawn facts are among them: a tuned model is asked them too. So are the former words of questions that people
    corrected or rejected, since they ask the same.
    """
    # Labels that are made alone need no exam. One that nobody corrected is the same object.
    former = () if study.settings.labels_only or study.exam_set is study.raw_exam else study.raw_exam.questions
    # Compared as normal forms, or a capital letter would hide a leak.
    return frozenset(normal(question.question) for question in (*study.material.questions, *study.withdrawn, *former))
