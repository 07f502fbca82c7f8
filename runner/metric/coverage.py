"""Coverage: an arm's labels and grades in, numbers about facts out.

They show how many facts the labels and the answers reach, how even the accuracy is over facts, and whether facts that were taught
are answered better than others.
"""

from collections.abc import Sequence
from statistics import pstdev
from typing import Annotated, ClassVar

from pydantic import Field

from runner.component import component
from runner.data.records import Ledger, Outcome, Question
from runner.exam_checks.fact_links import stated
from runner.statistics import bounds, interval, shares


@component
class Coverage:
    """Numbers about the facts of the exam.

    A question without a fact is a fact of its own. `runner.exam_checks.fact_links` decides which facts a label states.
    """

    version: ClassVar[int] = 2  # 2: a text states every fact in it

    error: Annotated[float, Field(gt=0, lt=1)]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Compute the numbers, all named `coverage/...`.

        `examined` counts the facts of the exam, `answered` those with a correct answer. `unevenness` is the standard deviation of
        accuracy over facts. A tuned arm also has `found` and `kept`, the facts that the method listed and its filter kept;
        `labelled`, the facts of the exam that a label states; and accuracies with intervals: `taught` on labelled facts,
        `untaught` on the others, and `trained` on training questions.
        """
        questions = outcome.questions
        numbers = _reach(outcome, questions)
        if accuracies := shares(*outcome.graded(questions)):
            # pstdev and not stdev: these are all facts of the exam, not a sample of them.
            numbers["coverage/unevenness"] = pstdev(accuracies.values())
        for category in sorted({question.category for question in questions}):
            numbers |= _reach(outcome, [question for question in questions if question.category == category], f"/{category}")
        return numbers | self._taught(outcome) if outcome.labels else numbers

    def _taught(self, outcome: Outcome) -> dict[str, float]:
        """Compute the numbers of a tuned arm."""
        # By the rule on words, not by `Label.fact`: only some methods name the fact, and all must be measured alike.
        labels = stated(outcome.labels, outcome.questions)
        taught = [question for question in outcome.questions if labels[question.cluster]]
        untaught = [question for question in outcome.questions if not labels[question.cluster]]
        numbers: dict[str, float] = {"coverage/labelled": len({question.cluster for question in taught})}
        for category in sorted({question.category for question in outcome.questions}):
            # A fact may have questions in several categories, so it may count in each of them.
            labelled = {question.cluster for question in taught if question.category == category}
            numbers[f"coverage/labelled/{category}"] = len(labelled)
        for name, chosen in (("taught", taught), ("untaught", untaught)):
            numbers |= self._accuracy(name, outcome, chosen)
        # Training questions about one fact are not independent either, so their interval is clustered too.
        facts = {lesson.id: lesson.cluster for lesson in outcome.lessons}
        trained = [grade.passed for grade in outcome.trained], [facts[grade.question] for grade in outcome.trained]
        numbers |= bounds("coverage/trained", interval(*trained, self.error))
        if outcome.labelling:
            numbers |= _named(outcome.labelling.ledgers)
        return numbers

    def _accuracy(self, name: str, outcome: Outcome, chosen: Sequence[Question]) -> dict[str, float]:
        """Compute accuracy and interval on some questions."""
        asked = {question.id for question in chosen}
        trainings = [number for number, grades in enumerate(outcome.grades) for grade in grades if grade.question in asked]
        return bounds(f"coverage/{name}", interval(*outcome.graded(chosen), self.error, trainings))


def _reach(outcome: Outcome, chosen: Sequence[Question], suffix: str = "") -> dict[str, float]:
    """Count the facts of some questions, and those answered."""
    return {
        f"coverage/examined{suffix}": len({question.cluster for question in chosen}),
        # Above 0: one correct answer counts, to any question on the fact in any training. Accuracy measures how often.
        f"coverage/answered{suffix}": sum(share > 0 for share in shares(*outcome.graded(chosen)).values()),
    }


def _named(ledgers: Sequence[Ledger]) -> dict[str, float]:
    """Return the facts that the method listed and kept.

    A method that lists no facts has no such numbers.
    """
    for ledger in ledgers:
        if ledger.stage == "facts":
            return {"coverage/found": ledger.requested, "coverage/kept": ledger.kept}
    return {}
