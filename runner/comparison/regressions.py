"""A comparison in, its losses against a base out."""

from runner.comparison import ArmPair, Comparison
from runner.statistics import Verdict


def regressions(comparison: Comparison, base: str, margin: float | None = None) -> list[ArmPair]:
    """Return the pairs that a check must fail for.

    Without a margin, these are the decided losses against the base. With a margin from 0 to 1, they are all pairs that do not
    show that the loss is smaller than the margin.
    """
    pairs = [pair for arm in comparison.arms if arm.name != base and (pair := comparison.pair(base, arm.name))]
    if margin is None:
        return [pair for pair in pairs if pair.verdict == Verdict.WORSE]
    return [pair for pair in pairs if pair.difference.lacking or pair.difference.low <= -margin]
