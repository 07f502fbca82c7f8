"""Compare each two arms on the questions that both answered."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from runner.comparison import Arm, ArmPair, TrainingBudget
from runner.comparison.arms import Exam, categories, cluster
from runner.comparison.tracked import Tracked
from runner.statistics import Verdict, difference, holm, verdict

CLOSE = 0.02  # label tokens can't be matched exactly, since labels are whole: budgets that differ by no more count as equal

Contender = tuple[Arm, Tracked]


def paired(contenders: Sequence[Contender], exam: Exam, error: float) -> list[ArmPair]:
    """Compare every two arms.

    They are compared over all questions, and by category if there are several.

    p is corrected by Holm's method within each question that people ask: is a tuned arm better than this baseline, is one
    tuned arm better than another, and is one baseline better than another. Each of these questions is corrected once over
    all questions of the exam, and once more over the categories.
    """
    tuned = [contender for contender in contenders if contender[0].tuned]
    families = [[(baseline, contender) for contender in tuned] for baseline in contenders if not baseline[0].tuned]
    untrained = [contender for contender in contenders if not contender[0].tuned]
    families += [list(combinations(tuned, 2)), list(combinations(untrained, 2))]
    names = categories(exam)
    pairs: list[ArmPair] = []
    for family in families:
        pairs += _decided([_pair(*both, exam, "", error) for both in family], error)
        # With one category, the pairs over all questions are the pairs of that category.
        if len(names) > 1:
            pairs += _decided([_pair(*both, exam, category, error) for both in family for category in names], error)
    return pairs


def _pair(first: Contender, second: Contender, exam: Exam, category: str, error: float) -> ArmPair | None:
    (arm, results), (other, other_results) = first, second
    # A question that one of the arms has ungraded counts for neither.
    asked = [question for question, row in exam.items() if category in ("", row["category"])]
    gain = difference(
        [results.passed.get(question) for question in asked],
        [other_results.passed.get(question) for question in asked],
        [cluster(exam[question]) for question in asked],
        error,
    )
    if gain is None:
        return None
    return ArmPair(
        first=arm.name,
        second=other.name,
        category=category,
        difference=gain,
        p=gain.p,
        verdict=Verdict.UNDECIDED,  # until p is corrected for the whole family
        matched=_matched(arm.budget, other.budget) if arm.budget and other.budget else (),
    )


def _decided(family: Sequence[ArmPair | None], error: float) -> list[ArmPair]:
    """Correct p for the family's size and set the verdicts."""
    pairs = [pair for pair in family if pair]
    corrected = holm([pair.difference.p for pair in pairs]) if pairs else []
    return [replace(pair, p=p, verdict=verdict(pair.difference, p, error)) for pair, p in zip(pairs, corrected, strict=True)]


def _matched(first: TrainingBudget, second: TrainingBudget) -> tuple[str, ...]:
    """Name the measures in which two budgets are equal."""
    close = abs(first.tokens - second.tokens) <= CLOSE * max(first.tokens, second.tokens)
    equal = {"labels": first.labels == second.labels, "label tokens": close, "steps": first.steps == second.steps}
    return tuple(measure for measure, is_equal in equal.items() if is_equal)
