"""Decide which arms need more trainings.

With seeds=auto a sweep compares its arms several times, each time with more trainings. docs/statistics.md states the rule.
"""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import Arm, ArmPair, Comparison
from runner.comparison.words import listed
from runner.statistics import Verdict


def share(trainings: int, looks: Sequence[int]) -> float:
    """Return the share of the error for a look.

    `trainings` are the most of an arm at that look. Looks share the error in proportion to their trainings, since the last
    ones tell most. The shares of all looks add up to 1. Without looks it is 1.
    """
    return next((look for look in looks if look >= trainings), looks[-1]) / sum(looks) if looks else 1.0


def with_endings(comparison: Comparison, last: Comparison) -> Comparison:
    """Add against which arms more trainings may decide.

    Add too why an arm was not trained again. `last` compares the same arms at the error of the last look.
    """
    leading = [arm for arm in _graded(comparison) if not _better(comparison, arm)]
    arms = []
    for arm in comparison.arms:
        left = _open(comparison, last, arm, leading) if arm in leading else []
        arms.append(replace(arm, undecided=left, ended=_ending(comparison, arm, left)))
    return replace(comparison, arms=arms)


def _graded(comparison: Comparison) -> list[Arm]:
    return [arm for arm in comparison.arms if arm.tuned and arm.accuracy]


def _better(comparison: Comparison, arm: Arm) -> list[Arm]:
    """List the tuned arms that are decidedly better, best first.

    An arm that failed its gate is not among them: nobody would take it instead.
    """
    rivals = [(rival, comparison.pair(rival.name, arm.name)) for rival in comparison.arms if rival.eligible]
    better = [rival for rival, pair in rivals if pair and pair.verdict == Verdict.WORSE]
    return sorted(better, key=lambda rival: rival.rank, reverse=True)


def _needed(comparison: Comparison, arm: Arm, leading: Sequence[Arm]) -> list[ArmPair]:
    """List an arm's open pairs that the recommendation needs."""
    baselines = [other for other in comparison.arms if not other.tuned]
    # Two names of one training differ by chance, and would be trained again for nothing.
    others = [other for other in leading if other is not arm and not (arm.training and other.training == arm.training)]
    rivals = [other for other in others if comparison.best in (arm, other)]
    pairs = (comparison.pair(other.name, arm.name) for other in [*baselines, *rivals])
    return [pair for pair in pairs if pair and pair.verdict == Verdict.UNDECIDED]


def _open(comparison: Comparison, last: Comparison, arm: Arm, leading: Sequence[Arm]) -> list[str]:
    """Name the arms against which more trainings may decide."""
    needed = _needed(comparison, arm, leading)
    far = [pair for pair in needed if not pair.difference.within(comparison.margin)]
    return [pair.first for pair in far if _hopeful(last.pair(pair.first, pair.second), max(comparison.looks))]


def _hopeful(pair: ArmPair | None, most: int) -> bool:
    """Return True if the last look may decide a pair."""
    if not pair or pair.verdict != Verdict.UNDECIDED:
        return pair is not None
    return pair.difference.hopeful is not None and pair.difference.hopeful <= most


def _ending(comparison: Comparison, arm: Arm, left: Sequence[str]) -> str:
    """Say why an arm was not trained again."""
    if not arm.tuned or not arm.accuracy:
        return ""
    if better := _better(comparison, arm):
        return f"worse than {better[0].name}"
    if left:
        open_pairs = f"not decided against {listed([*left])}"
        # The last look may open again what an earlier one had settled.
        return f"still {open_pairs}" if len(arm.seeds) >= max(comparison.looks) else f"{open_pairs} at the last look"
    leading = [other for other in _graded(comparison) if not _better(comparison, other)]
    far = [pair.first for pair in _needed(comparison, arm, leading) if not pair.difference.within(comparison.margin)]
    return f"more would hardly decide against {listed(far)}" if far else "decided"
