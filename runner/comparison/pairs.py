"""Compare each two arms on the questions that both answered.

The arms of a sweep and the systems of logs are compared by the same `Sheet`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from runner.comparison import Arm, ArmPair, TrainingBudget
from runner.comparison.arms import Exam, categories, cluster
from runner.comparison.tracked import Tracked
from runner.comparison.words import counted
from runner.statistics import Contrast, Grades, Pool, contrast, decisions, numbered, pool

CLOSE = 0.02  # label tokens can't be matched exactly, since labels are whole: budgets that differ by no more count as equal

Graded = tuple[str, Grades]  # an arm's name and its grades
Family = tuple[str, Sequence[tuple[Graded, Graded]]]  # the description of pairs that are corrected together, and the pairs


def paired(contenders: Sequence[tuple[Arm, Tracked]], exam: Exam, error: float) -> list[ArmPair]:
    """Compare every two arms.

    They are compared over all questions, and by category if there are several.

    p is corrected by Holm's method within each question that people ask: is a tuned arm better than this baseline, is one
    tuned arm better than another, and is one baseline better than another. Each of these questions is corrected once over
    all questions of the exam, and once more over the categories.
    """
    graded = [(arm, (arm.name, tracked.grades(list(exam)))) for arm, tracked in contenders]
    sheet = Sheet.of(
        [grades for _, (_, grades) in graded],
        [cluster(row) for row in exam.values()],
        [str(row["category"]) for row in exam.values()],
        error,
    )
    names = categories(exam)
    pairs: list[ArmPair] = []
    for over, family in _families(graded):
        pairs += sheet.decided(over, family)
        # With one category, the pairs over all questions are the pairs of that category.
        if len(names) > 1:
            pairs += sheet.decided(f"{over}, by category", family, names)
    budgets = {arm.name: arm.budget for arm, _ in contenders}
    return [replace(pair, matched=_matched(budgets[pair.first], budgets[pair.second])) for pair in pairs]


def _families(arms: Sequence[tuple[Arm, Graded]]) -> list[Family]:
    """Group the pairs that are corrected together."""
    tuned = [graded for arm, graded in arms if arm.tuned]
    baselines = [graded for arm, graded in arms if not arm.tuned]
    return [
        *((f"of tuned arms with {baseline[0]}", [(baseline, graded) for graded in tuned]) for baseline in baselines),
        ("between tuned arms", list(combinations(tuned, 2))),
        ("between baselines", list(combinations(baselines, 2))),
    ]


@dataclass(frozen=True)
class Sheet:
    """An exam's questions in order, and what all comparisons share."""

    facts: NDArray[np.intp]  # the number of each question's fact
    categories: NDArray[np.str_]
    error: float
    pools: Mapping[str, Pool | None]  # of all arms by category, "" for all questions; None without repeated trainings

    @classmethod
    def of(cls, arms: Sequence[Grades], clusters: Sequence[str], categories: Sequence[str], error: float) -> "Sheet":
        """Prepare the comparisons of arms."""
        facts, names = numbered(clusters), np.array(categories)
        questions = {"": np.ones(len(facts), dtype=bool)} | {str(name): names == name for name in np.unique(names)}
        pools = {
            name: pool([grades.of_questions(asked) for grades in arms], facts[asked], error) for name, asked in questions.items()
        }
        return cls(facts, names, error, pools)

    def decided(self, over: str, pairs: Sequence[tuple[Graded, Graded]], names: Sequence[str] = ("",)) -> list[ArmPair]:
        """Compare pairs by category, and decide all together.

        The category "" is that of all questions. `over` describes the family: "with base".
        """
        compared = [
            (first, second, name, difference)
            for (first, grades), (second, others) in pairs
            for name in names
            if (difference := self._contrast(grades, others, name))
        ]
        decided = decisions([difference for *_, difference in compared], self.error)
        tests = sum(not difference.lacking for *_, difference in compared)
        family = f"{counted(tests, 'comparison')} {over}"
        # An arm that was trained once may vary between trainings as much as arms of the same exam that were trained more often.
        between = shared.deviation if (shared := self.pools[""]) else None
        return [
            ArmPair(
                first=first,
                second=second,
                category=name,
                difference=difference.difference(decision.error, between),
                p=decision.p,
                verdict=decision.verdict,
                family=family,
                tests=tests,
            )
            for (first, second, name, difference), decision in zip(compared, decided, strict=True)
        ]

    def asked(self, category: str) -> NDArray[np.bool_]:
        """Choose the questions of a category; "" chooses all."""
        chosen: NDArray[np.bool_] = self.categories == category if category else np.ones(len(self.facts), dtype=bool)
        return chosen

    def _contrast(self, first: Grades, second: Grades, category: str) -> Contrast | None:
        asked = self.asked(category)
        return contrast(first.of_questions(asked), second.of_questions(asked), self.facts[asked], self.pools[category])


def _matched(first: TrainingBudget | None, second: TrainingBudget | None) -> tuple[str, ...]:
    """Name the measures in which two budgets are equal."""
    if not first or not second:
        return ()
    close = abs(first.tokens - second.tokens) <= CLOSE * max(first.tokens, second.tokens)
    equal = {"labels": first.labels == second.labels, "label tokens": close, "steps": first.steps == second.steps}
    return tuple(measure for measure, is_equal in equal.items() if is_equal)
