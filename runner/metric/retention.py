"""Retention: general questions before and after tuning in, losses out.

The perplexity of a page of general text is compared too.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import fsum
from statistics import fmean
from typing import Annotated, ClassVar

from pydantic import Field

from runner.component import component
from runner.data.records import Grade, Outcome, Question
from runner.statistics import bounds, interval, shares


@component
class RetentionMetric:
    """Numbers about general knowledge, before and after tuning.

    There are none if no general questions were asked. A question counts only if it was graded before tuning and after at least
    one training.
    """

    kept_as: ClassVar[str] = "runner.metric.retention.Retention"

    error: Annotated[float, Field(gt=0, lt=1)]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """Compute the numbers, all named `retention/...`.

        `before` and `after` are accuracies with intervals. `known` counts the questions answered correctly before tuning, `kept`
        is the share of them that is still answered correctly. `lost` and `gained` count questions; over several trainings they
        are means. If the questions are of several kinds, `known/KIND` and `kept/KIND` are those of each. `perplexity_before` and
        `perplexity_after` are those of the page.
        """
        numbers: dict[str, float] = {}
        if outcome.perplexity_before is not None and outcome.perplexity_after:
            numbers["retention/perplexity_before"] = outcome.perplexity_before
            numbers["retention/perplexity_after"] = fmean(outcome.perplexity_after)
        if not outcome.before or not outcome.after:
            return numbers
        before, after = _verdicts(outcome.before), _verdicts(chain.from_iterable(outcome.after))
        # Each question is its own cluster here, so a share is that of its trainings with a correct answer.
        was, now = shares(*before), shares(*after)
        if both := [question for question in was if question in now]:
            kept = {question: now[question] for question in both if was[question]}
            known = list(kept.values())
            numbers |= {
                "retention/known": len(known),
                "retention/lost": fsum(1 - share for share in known),
                "retention/gained": fsum(now[question] for question in both if not was[question]),
            }
            # Of nothing that was known, no share can be kept.
            numbers |= {"retention/kept": fmean(known)} if known else {}
            numbers |= _by_kind(outcome.general, kept)
        trainings = [number for number, grades in enumerate(outcome.after) for _ in grades]
        numbers |= bounds("retention/before", interval(*before, self.error))
        return numbers | bounds("retention/after", interval(*after, self.error, trainings))


def _by_kind(questions: Sequence[Question], kept: Mapping[str, float]) -> dict[str, float]:
    """Count the known questions of each kind, and those kept."""
    numbers: dict[str, float] = {}
    for kind in dict.fromkeys(question.kind for question in questions if question.kind):
        known = [kept[question.id] for question in questions if question.kind == kind and question.id in kept]
        numbers |= {f"retention/known/{kind}": len(known), **({f"retention/kept/{kind}": fmean(known)} if known else {})}
    return numbers


def _verdicts(grades: Iterable[Grade]) -> tuple[list[bool | None], list[str]]:
    """Return the verdicts, and the question of each."""
    listed = list(grades)  # an iterator could be read only once
    return [grade.passed for grade in listed], [grade.question for grade in listed]
