"""A comparison in, the numbers of its sweep out."""

from runner.comparison import Comparison
from runner.statistics import bounds


def summary(comparison: Comparison) -> dict[str, float]:
    """Return the numbers by which sweeps are told apart.

    Accuracy, knowledge kept and costs are those of the best tuned arm, under the names that the arm has them, so that one column
    of MLflow's pages serves both. Each baseline's accuracy has the baseline's name.
    """
    best = comparison.best
    numbers = bounds("accuracy", best.accuracy if best else None)
    for arm in comparison.arms:
        if not arm.tuned and arm.accuracy:
            numbers[arm.name] = arm.accuracy.estimate
    if best and best.retention:
        numbers["retention/kept"] = best.retention.kept
    if best and "cost/usd" in best.costs:
        numbers["cost/usd"] = best.costs["cost/usd"]
    return {**numbers, "arms": len(comparison.arms)}
