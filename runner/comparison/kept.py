"""General questions in, pairs of what remedies kept out."""

from collections.abc import Sequence
from itertools import combinations

from runner.comparison import Arm, ArmPair
from runner.comparison.chosen import RESULTS, without_group
from runner.comparison.pairs import Sheet
from runner.comparison.tracked import Tracked, grades, known


def kept_pairs(arms: Sequence[Arm], tracked: Sequence[Tracked], error: float) -> list[ArmPair]:
    """Compare the arms that differ in their remedy alone.

    They are compared on the general questions that the untuned model knew: a difference is that of the shares that are kept.
    Each question is a fact of its own. All pairs are corrected together, by Holm's method.
    """
    rows = [(arm, known(results.general)) for arm, results in zip(arms, tracked, strict=True) if arm.tuned]
    questions = list(dict.fromkeys(str(row["id"]) for _, table in rows for row in table))
    graded = [(arm, (arm.name, grades(table, "grade", questions, True))) for arm, table in rows if table]
    pairs = [(first, second) for (arm, first), (other, second) in combinations(graded, 2) if _differ_in_remedy(arm, other)]
    if not pairs:
        return []
    sheet = Sheet.of([kept for _, (_, kept) in graded], questions, [""] * len(questions), error)
    return sheet.decided("of what arms with different remedies kept", pairs)


def _differ_in_remedy(arm: Arm, other: Arm) -> bool:
    # What an arm tracks of its training follows from the remedy: examples that are mixed in are further steps.
    settings, others = (without_group(each.parameters, "keep") for each in (arm, other))
    differing = {name for name in {*settings, *others} if settings.get(name) != others.get(name)}
    return differing <= RESULTS and arm.parameters != other.parameters
