"""Arms on the same questions to pairs: how far one is ahead of the other, and whether that is decided."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from runner.comparison import Arm, Budget, Pair
from runner.comparison.arms import Exam, categories, cluster
from runner.comparison.tracked import Tracked
from runner.statistics import Verdict, difference, holm, verdict

CLOSE = 0.02  # budgets of label tokens that differ by no more are matched

Contender = tuple[Arm, Tracked]


def paired(contenders: Sequence[Contender], exam: Exam, error: float) -> list[Pair]:
    """Every tuned arm against every baseline and every other tuned arm, over all questions and by category.

    p is corrected (Holm) within each question that people ask: is a tuned arm better than this baseline, is one tuned arm better
    than another; and for each of these, apart, over all questions and by category.
    """
    tuned = [one for one in contenders if one[0].tuned]
    families = [[(baseline, one) for one in tuned] for baseline in contenders if not baseline[0].tuned]
    families.append(list(combinations(tuned, 2)))
    asked = categories(exam)
    found: list[Pair] = []
    for family in families:
        found += _decided([_pair(*both, exam, "", error) for both in family], error)
        if len(asked) > 1:
            found += _decided([_pair(*both, exam, category, error) for both in family for category in asked], error)
    return found


def _pair(first: Contender, second: Contender, exam: Exam, category: str, error: float) -> Pair | None:
    (one, of_one), (two, of_two) = first, second
    asked = [question for question, row in exam.items() if category in ("", row["category"])]
    found = difference(
        [of_one.passed.get(question) for question in asked],
        [of_two.passed.get(question) for question in asked],
        [cluster(exam[question]) for question in asked],
        error,
    )
    if found is None:
        return None
    matched = _matched(one.budget, two.budget) if one.budget and two.budget else ()
    return Pair(
        first=one.name,
        second=two.name,
        category=category,
        difference=found,
        p=found.p,
        verdict=Verdict.UNDECIDED,
        matched=matched,
    )


def _decided(family: Sequence[Pair | None], error: float) -> list[Pair]:
    """The family's pairs, each with its p corrected for their number, and its verdict."""
    pairs = [pair for pair in family if pair]
    corrected = holm([pair.difference.p for pair in pairs]) if pairs else []
    return [replace(pair, p=p, verdict=verdict(pair.difference, p, error)) for pair, p in zip(pairs, corrected, strict=True)]


def _matched(one: Budget, two: Budget) -> tuple[str, ...]:
    near = abs(one.tokens - two.tokens) <= CLOSE * max(one.tokens, two.tokens)
    equal = {"labels": one.labels == two.labels, "label tokens": near, "steps": one.steps == two.steps}
    return tuple(budget for budget, is_equal in equal.items() if is_equal)
