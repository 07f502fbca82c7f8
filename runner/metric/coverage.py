"""How far labels reach over the facts, how even the answers are, and whether what was taught was learned."""

from collections.abc import Sequence
from statistics import pstdev
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Ledger, Outcome, Question
from runner.exam_checks.fact_links import stated
from runner.statistics import bounds, interval, shares


@component
class Coverage:
    """Facts are those that the exam names, and a question without one is a fact of its own; labels are linked to them by rule."""

    error: Annotated[float, Field(gt=0, lt=1)]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """`coverage/examined`, `answered` (facts with a right answer) and `unevenness` (deviation of the accuracy over facts).

        Of a tuned arm also `found` and `kept` facts of the method, `labelled` facts of the exam, and the accuracies `taught` (on
        these), `untaught` (on the others) and `trained` (on training questions), with their intervals.
        """
        questions = outcome.questions
        numbers = _reach(outcome, questions)
        if right := shares(*outcome.graded(questions)):
            numbers["coverage/unevenness"] = pstdev(right.values())
        for category in sorted({question.category for question in questions}):
            numbers |= _reach(outcome, [question for question in questions if question.category == category], f"/{category}")
        return numbers | self._taught(outcome) if outcome.labels else numbers

    def _taught(self, outcome: Outcome) -> dict[str, float]:
        labels = stated(outcome.labels, outcome.questions)
        taught = [question for question in outcome.questions if labels[question.cluster]]
        untaught = [question for question in outcome.questions if not labels[question.cluster]]
        numbers: dict[str, float] = {"coverage/labelled": len({question.cluster for question in taught})}
        for category in sorted({question.category for question in outcome.questions}):
            of = {question.cluster for question in taught if question.category == category}
            numbers[f"coverage/labelled/{category}"] = len(of)
        for name, chosen in (("taught", taught), ("untaught", untaught)):
            numbers |= self._accuracy(name, outcome, chosen)
        facts = {lesson.id: lesson.cluster for lesson in outcome.lessons}
        trained = [grade.passed for grade in outcome.trained], [facts[grade.question] for grade in outcome.trained]
        numbers |= bounds("coverage/trained", interval(*trained, self.error))
        if outcome.labelling:
            numbers |= _named(outcome.labelling.ledgers)
        return numbers

    def _accuracy(self, name: str, outcome: Outcome, chosen: Sequence[Question]) -> dict[str, float]:
        return bounds(f"coverage/{name}", interval(*outcome.graded(chosen), self.error))


def _reach(outcome: Outcome, chosen: Sequence[Question], suffix: str = "") -> dict[str, float]:
    """How many facts these questions are about, and how many of them they found an answer to."""
    return {
        f"coverage/examined{suffix}": len({question.cluster for question in chosen}),
        f"coverage/answered{suffix}": sum(share > 0 for share in shares(*outcome.graded(chosen)).values()),
    }


def _named(ledgers: Sequence[Ledger]) -> dict[str, float]:
    """The facts that the method found and that its filter kept, where it names facts."""
    for ledger in ledgers:
        if ledger.stage == "facts":
            return {"coverage/found": ledger.requested, "coverage/kept": ledger.kept}
    return {}
