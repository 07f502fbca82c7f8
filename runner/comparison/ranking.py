"""Rank arms on the questions graded for all of them."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from runner.comparison import Arm
from runner.comparison.tracked import Tracked
from runner.data.verdicts import VERDICTS


def ranked_alike(arms: Sequence[Arm], tracked: Sequence[Tracked]) -> list[Arm]:
    """Set the accuracy that each arm is ranked by.

    Otherwise an arm with few graded answers, all of them right, would stand above one with one wrong answer among many. Where
    every answer was graded, and where no question was graded for all arms, the arms are returned as they are.
    """
    graded = [(arm, result) for arm, result in zip(arms, tracked, strict=True) if arm.accuracy]
    # Of an arm that was trained several times, every training must have a grade.
    missing = {row["id"] for _, result in graded for row in result.answers if VERDICTS[row["grade"]] is None}
    common = {row["id"] for _, result in graded for row in result.answers} - missing
    if not missing or not common:
        return list(arms)
    ranked = {arm.name: (_accuracy(result, common), len(common)) for arm, result in graded}
    return [replace(arm, ranked_by=ranked[arm.name]) if arm.name in ranked else arm for arm in arms]


def _accuracy(tracked: Tracked, questions: set[str]) -> float:
    return fmean(bool(VERDICTS[row["grade"]]) for row in tracked.answers if row["id"] in questions)
