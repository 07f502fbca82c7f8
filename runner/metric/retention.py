"""What tuning left of what the untuned model knew of general questions, and how a page of general text reads to it."""

from collections.abc import Iterable
from itertools import chain
from math import fsum
from statistics import fmean
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Grade, Outcome
from runner.statistics import bounds, interval, shares


@component
class Retention:
    """Compares the same general questions before and after; nothing where none were asked.

    A question that is ungraded before, or after every training, is neither known nor lost nor gained.
    """

    error: Annotated[float, Field(gt=0, lt=1)]

    def measure(self, outcome: Outcome) -> dict[str, float]:
        """`retention/before` and `/after` are accuracies with intervals, `kept` the share of the `known` still answered right.

        `lost` and `gained` count questions, where an arm was trained several times the mean over its trainings;
        `perplexity_before` and `perplexity_after` are those of the page.
        """
        numbers: dict[str, float] = {}
        if outcome.perplexity_before is not None and outcome.perplexity_after:
            numbers["retention/perplexity_before"] = outcome.perplexity_before
            numbers["retention/perplexity_after"] = fmean(outcome.perplexity_after)
        if not outcome.before or not outcome.after:
            return numbers
        before, after = _verdicts(outcome.before), _verdicts(chain.from_iterable(outcome.after))
        was, now = shares(*before), shares(*after)
        if asked := [question for question in was if question in now]:
            known = [now[question] for question in asked if was[question]]
            numbers |= {
                "retention/known": len(known),
                "retention/lost": fsum(1 - share for share in known),
                "retention/gained": fsum(now[question] for question in asked if not was[question]),
                "retention/kept": fmean(known) if known else 1.0,
            }
        for name, verdicts in (("before", before), ("after", after)):
            numbers |= bounds(f"retention/{name}", interval(*verdicts, self.error))
        return numbers


def _verdicts(grades: Iterable[Grade]) -> tuple[list[bool | None], list[str]]:
    """The verdicts, and the question of each."""
    found = list(grades)
    return [grade.passed for grade in found], [grade.question for grade in found]
