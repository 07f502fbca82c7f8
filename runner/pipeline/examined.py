"""A study in, the questions of its exam out."""

from runner.config.study import Study
from runner.data.text import normal


def examined(study: Study) -> frozenset[str]:
    """Return the questions of the exam in normal form.

    Those on withdrawn facts are among them: a tuned model is asked them too.
    """
    # Compared as normal forms, or a capital letter would hide a leak.
    return frozenset(normal(question.question) for question in (*study.material.questions, *study.withdrawn))
