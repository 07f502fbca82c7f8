"""Compare each two arms on the questions that both answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from runner.comparison import Arm, ArmPair, TrainingBudget
from runner.comparison.arms import Exam, categories, cluster
from runner.comparison.tracked import Tracked
from runner.comparison.words import number
from runner.statistics import Contrast, Grades, contrast, decisions, numbered, spread

CLOSE = 0.02  # label tokens can't be matched exactly, since labels are whole: budgets that differ by no more count as equal

Contender = tuple[Arm, Grades]
Family = tuple[str, Sequence[tuple[Contender, Contender]]]


def paired(contenders: Sequence[tuple[Arm, Tracked]], exam: Exam, error: float) -> list[ArmPair]:
    """Compare every two arms.

    They are compared over all questions, and by category if there are several.

    p is corrected by Holm's method within each question that people ask: is a tuned arm better than this baseline, is one
    tuned arm better than another, and is one baseline better than another. Each of these questions is corrected once over
    all questions of the exam, and once more over the categories.
    """
    graded = [(arm, tracked.grades(list(exam))) for arm, tracked in contenders]
    sheet = _Sheet(
        facts=numbered([cluster(row) for row in exam.values()]),
        categories=np.array([str(row["category"]) for row in exam.values()]),
        error=error,
    )
    # An arm that was trained once may vary between trainings as much as arms of the same sweep that were trained more often.
    between = spread([grades for _, grades in graded], sheet.facts)
    names = categories(exam)
    pairs: list[ArmPair] = []
    for family in _families(graded):
        pairs += sheet.decided(family, [""], between)
        # With one category, the pairs over all questions are the pairs of that category.
        if len(names) > 1:
            pairs += sheet.decided(family, names, between)
    return pairs


def _families(contenders: Sequence[Contender]) -> list[Family]:
    """Group the pairs that are corrected together, with their descriptions."""
    tuned = [contender for contender in contenders if contender[0].tuned]
    baselines = [contender for contender in contenders if not contender[0].tuned]
    families: list[Family] = [
        (f"of tuned arms with {baseline[0].name}", [(baseline, contender) for contender in tuned]) for baseline in baselines
    ]
    families.append(("between tuned arms", list(combinations(tuned, 2))))
    return [*families, ("between baselines", list(combinations(baselines, 2)))]


@dataclass(frozen=True)
class _Sheet:
    """An exam's questions in order."""

    facts: NDArray[np.intp]  # the number of each question's fact
    categories: NDArray[np.str_]
    error: float

    def decided(self, family: Family, names: Sequence[str], between: float | None) -> list[ArmPair]:
        """Compare and decide the pairs of a family."""
        over, both = family
        compared = [
            (first, second, name, difference)
            for (first, grades), (second, others) in both
            for name in names
            if (difference := self._contrast(grades, others, name))
        ]
        decided = decisions([difference for *_, difference in compared], self.error)
        tests = sum(not difference.lacking for *_, difference in compared)
        described = f"{number(tests)} comparison{'' if tests == 1 else 's'} {over}{', by category' if any(names) else ''}"
        return [
            ArmPair(
                first=first.name,
                second=second.name,
                category=name,
                difference=difference.difference(decision.error, between),
                p=decision.p,
                verdict=decision.verdict,
                family=described,
                tests=tests,
                matched=_matched(first.budget, second.budget) if first.budget and second.budget else (),
            )
            for (first, second, name, difference), decision in zip(compared, decided, strict=True)
        ]

    def _contrast(self, first: Grades, second: Grades, category: str) -> Contrast | None:
        if not category:
            return contrast(first, second, self.facts)
        asked = self.categories == category
        return contrast(first.of_questions(asked), second.of_questions(asked), self.facts[asked])


def _matched(first: TrainingBudget, second: TrainingBudget) -> tuple[str, ...]:
    """Name the measures in which two budgets are equal."""
    close = abs(first.tokens - second.tokens) <= CLOSE * max(first.tokens, second.tokens)
    equal = {"labels": first.labels == second.labels, "label tokens": close, "steps": first.steps == second.steps}
    return tuple(measure for measure, is_equal in equal.items() if is_equal)
