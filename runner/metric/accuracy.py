"""Accuracy: the share of graded answers that passed, overall and per category."""

from collections.abc import Sequence

from runner.component import component
from runner.records import Grade, Question


@component
class Accuracy:
    """Passed over graded; ungraded answers are counted apart, never as a pass nor as a fail."""

    def measure(self, questions: Sequence[Question], grades: Sequence[Grade]) -> dict[str, float]:
        """`accuracy` and `questions`, each also by category, and `ungraded`; no accuracy where nothing was graded."""
        verdicts = {grade.question: grade.passed for grade in grades}
        numbers: dict[str, float] = {"ungraded": sum(passed is None for passed in verdicts.values())}
        categories = sorted({question.category for question in questions})
        for suffix, chosen in [("", questions)] + [
            (f"/{category}", [question for question in questions if question.category == category]) for category in categories
        ]:
            graded = [passed for question in chosen if (passed := verdicts[question.id]) is not None]
            numbers[f"questions{suffix}"] = len(chosen)
            if graded:
                numbers[f"accuracy{suffix}"] = sum(graded) / len(graded)
        return numbers
