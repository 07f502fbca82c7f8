"""Accuracy over all questions and by category, each with its interval, and what its uncertainty comes from."""

from collections.abc import Iterable
from statistics import mean, stdev
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Outcome, Question
from runner.statistics import bounds, exam_error, interval


@component
class Accuracy:
    """Passed over graded; ungraded answers are counted apart, never as a pass nor as a fail."""

    error: Annotated[float, Field(gt=0, lt=1)]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """`accuracy` with its interval and `questions`, each also by category, and the spread; the rest where there is any.

        `spread/exam` is the standard deviation that another exam of as many facts would bring, `spread/training` that between
        trainings; `accuracy_without_near` leaves out the questions that a label comes near to.
        """
        numbers = {"questions": len(outcome.questions), **self._accuracy(outcome, outcome.questions)}
        for category in sorted({question.category for question in outcome.questions}):
            chosen = [question for question in outcome.questions if question.category == category]
            numbers |= {f"questions/{category}": len(chosen), **self._accuracy(outcome, chosen, suffix=f"/{category}")}
        if outcome.near:
            far = [question for question in outcome.questions if question.id not in outcome.near]
            numbers |= {"near": len(outcome.near), **self._accuracy(outcome, far, "accuracy_without_near")}
        if ungraded := sum(grade.passed is None for grades in outcome.grades for grade in grades):
            numbers["ungraded"] = ungraded
        return numbers | _spread(outcome)

    def _accuracy(
        self, outcome: Outcome, chosen: Iterable[Question], name: str = "accuracy", suffix: str = ""
    ) -> dict[str, float]:
        return bounds(name, interval(*outcome.graded(chosen), self.error), suffix)


def _spread(outcome: Outcome) -> dict[str, float]:
    exam = exam_error(*outcome.graded(outcome.questions))
    found = {} if exam is None else {"spread/exam": exam}
    each = [[grade.passed for grade in grades if grade.passed is not None] for grades in outcome.grades]
    if len(each) > 1 and all(each):
        found["spread/training"] = stdev(mean(passed) for passed in each)
    return found
