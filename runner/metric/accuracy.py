"""Measure the accuracy of an arm and its uncertainty."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import stdev
from typing import Annotated, ClassVar

from pydantic import Field

from runner.component import component
from runner.data.editions import EDITION
from runner.data.extra_columns import columns, words
from runner.data.records import Outcome, Question
from runner.errors import Fault
from runner.statistics import bounds, exam_error
from runner.statistics.accuracy import GradedAnswer, accuracy, accuracy_by_category, accuracy_by_training


@component
class Accuracy:
    """Divide the passed answers by the graded answers.

    Ungraded answers are counted apart. They are neither a pass nor a fail. `by` names further columns of the exam. The edition of
    a fact, where the exam gives it, needs no naming.
    """

    later: ClassVar[frozenset[str]] = frozenset({"by"})

    error: Annotated[float, Field(gt=0, lt=1)]
    by: tuple[str, ...] = ()

    def check(self, questions: Sequence[Question]) -> None:
        """Refuse a column that no question has."""
        known = columns(questions)
        if unknown := [name for name in self.by if name not in known]:
            there = ", ".join(known) or "none beside those that every exam may have"
            raise Fault(f"metric.accuracy.by names {', '.join(unknown)}; further columns of the exam: {there}")

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Return `accuracy` with its interval, overall and by category.

        `questions` counts the questions, overall and by category. `spread/exam` is the standard deviation between exams
        of as many facts, and `spread/training` is that between trainings. If some questions are near-duplicates of a
        label, `near` counts them and `accuracy_without_near` leaves them out. `ungraded` counts ungraded answers. `stale`
        is the share of questions about withdrawn facts that are still answered as before. Each of these numbers is left
        out if it can't be computed.
        """
        answers = _answers(outcome, outcome.questions)
        by_category = accuracy_by_category(answers, self.error)
        # The accuracy comes first, since MLflow's pages open on the first number of a run.
        numbers: dict[str, float] = {**bounds("accuracy", accuracy(answers, self.error)), "questions": len(outcome.questions)}
        # Categories are counted from the questions, since a category may have no graded answer.
        for category, count in sorted(Counter(question.category for question in outcome.questions).items()):
            numbers |= {f"questions/{category}": count, **bounds("accuracy", by_category.get(category), f"/{category}")}
        for name in grouping(self.by, outcome.questions):
            numbers |= self._by_column(outcome, name)
        if outcome.near:
            far = _answers(outcome, [question for question in outcome.questions if question.id not in outcome.near])
            numbers |= {"near": len(outcome.near), **bounds("accuracy_without_near", accuracy(far, self.error))}
        if ungraded := sum(answer.passed is None for answer in answers):
            numbers["ungraded"] = ungraded
        return numbers | self._stale(outcome) | _spread(answers)

    def _stale(self, outcome: Outcome) -> dict[str, float]:
        """Return the share of former answers to withdrawn questions."""
        if not (former := outcome.withdrawn):
            return {}
        return {**bounds("stale", accuracy(_answers(former, former.questions), self.error)), "withdrawn": len(former.questions)}

    def _by_column(self, outcome: Outcome, name: str) -> dict[str, float]:
        """Return counts and accuracies by the values of a column."""
        values = {question.id: words(question.extra).get(name, "") for question in outcome.questions}
        numbers: dict[str, float] = {}
        for value, count in sorted(Counter(values.values()).items()):
            if value:
                answers = _answers(outcome, [question for question in outcome.questions if values[question.id] == value])
                part = f"/{name}/{value}"
                numbers |= {f"questions{part}": count, **bounds("accuracy", accuracy(answers, self.error), part)}
        return numbers


def grouping(by: Sequence[str], questions: Iterable[Question]) -> list[str]:
    """Return the columns that accuracy is reported by."""
    return list(dict.fromkeys([*by, *(name for name in columns(questions) if name == EDITION)]))


def _answers(outcome: Outcome, questions: Iterable[Question]) -> list[GradedAnswer]:
    """Join the grades of every training with their questions."""
    asked = {question.id: question for question in questions}
    return [
        GradedAnswer(grade.passed, question.cluster, question.category, training)
        for training, grades in enumerate(outcome.grades, start=1)
        for grade in grades
        if (question := asked.get(grade.question))
    ]


def _spread(answers: Sequence[GradedAnswer]) -> dict[str, float]:
    exam = exam_error([answer.passed for answer in answers], [answer.cluster for answer in answers])
    spread = {} if exam is None else {"spread/exam": exam}
    trainings = accuracy_by_training(answers)
    known = [training for training in trainings if training is not None]
    # The deviation is meant to cover all trainings, so it is left out if one of them has no grade.
    if 1 < len(known) == len(trainings):
        spread["spread/training"] = stdev(known)
    return spread
