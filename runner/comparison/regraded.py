"""Grade tracked answers again by `match`: what a judge's verdicts change.

An arm that a judge graded is tracked with the verdicts of `match` beside those of the judge.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runner.comparison import Arm, ArmPair, Comparison, Regraded
from runner.comparison.arms import Exam
from runner.comparison.pairs import paired
from runner.comparison.tracked import Tracked
from runner.data.verdicts import VERDICTS
from runner.statistics import Verdict

FEWEST = 20  # verdicts of a judge; fewer may be all the same by chance
DIFFERING = 0.25  # the share of them that `match` must give otherwise, before they are suspect

Row = Mapping[str, Any]


def regraded(comparison: Comparison, tracked: Sequence[Tracked], exam: Exam) -> Regraded | None:
    """Find what changes if `match` grades every answer.

    `tracked` are the results of the comparison's arms. Return None if an arm was graded without a judge, or by an earlier
    version.
    """
    contenders = [(arm, result) for arm, result in zip(comparison.arms, tracked, strict=True) if result.answers]
    rows = [(arm.name, row) for arm, result in contenders for row in result.answers]
    if not rows or not all("match_grade" in row for _, row in rows):
        return None
    both = [(arm, VERDICTS[row["grade"]], VERDICTS[row["match_grade"]]) for arm, row in rows]
    known = [(arm, verdict, other) for arm, verdict, other in both if None not in (verdict, other)]
    by_judge = [row for _, row in rows if row["graded_by"] != "match" and VERDICTS[row["grade"]] is not None]
    return Regraded(
        answers=len(known),
        failed=Counter(arm for arm, verdict, other in known if verdict and not other),
        passed=Counter(arm for arm, verdict, other in known if other and not verdict),
        pairs=_changed(comparison, contenders, exam),
        judged=len(by_judge),
        same=_same(by_judge),
    )


def _changed(comparison: Comparison, contenders: Sequence[tuple[Arm, Tracked]], exam: Exam) -> list[tuple[ArmPair, Verdict]]:
    """List pairs over all questions whose verdict changes."""
    # Without categories, since a report of every category would hide what matters.
    whole = {question: {**row, "category": ""} for question, row in exam.items()}
    others = paired([(arm, _by_match(result)) for arm, result in contenders], whole, comparison.error)
    verdicts = {(pair.first, pair.second): pair.verdict for pair in others}
    overall = [pair for pair in comparison.pairs if not pair.category and (pair.first, pair.second) in verdicts]
    changed = [(pair, verdicts[pair.first, pair.second]) for pair in overall]
    return [(pair, verdict) for pair, verdict in changed if verdict != pair.verdict]


def _by_match(tracked: Tracked) -> Tracked:
    return replace(tracked, answers=[{**row, "grade": row["match_grade"]} for row in tracked.answers])


def _same(rows: Sequence[Row]) -> str:
    """Return a judge's only verdict, or an empty text."""
    verdicts = {str(row["grade"]) for row in rows}
    # Where `match` grades nearly all alike too, one verdict is no sign of a judge that does not judge.
    differing = sum(row["grade"] != row["match_grade"] for row in rows)
    suspect = len(verdicts) == 1 and len(rows) >= FEWEST and differing >= DIFFERING * len(rows)
    return verdicts.pop() if suspect else ""
