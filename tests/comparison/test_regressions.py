"""A check fails for decided losses, or for losses that are not ruled out."""

from dataclasses import replace

import pytest

from runner.comparison import ArmPair, Comparison
from runner.comparison.regressions import regressions
from runner.statistics import Verdict
from tests.comparison.given import baseline, empty, pair


def lost(estimate: float, low: float, high: float, verdict: Verdict) -> ArmPair:
    made = pair("base", "new", estimate)
    return replace(made, difference=replace(made.difference, estimate=estimate, low=low, high=high), verdict=verdict)


def found(made: ArmPair, base: str = "base", margin: float | None = None) -> bool:
    comparison: Comparison = replace(empty(), arms=[baseline("base", 0.5), baseline("new", 0.4)], pairs=[made])
    return bool(regressions(comparison, base, margin))


@pytest.mark.parametrize(
    ("made", "fails", "with_margin"),
    [
        (lost(-0.10, -0.15, -0.05, Verdict.WORSE), True, True),
        (lost(-0.02, -0.03, -0.01, Verdict.WORSE), True, False),
        (lost(-0.02, -0.07, 0.03, Verdict.UNDECIDED), False, True),
        (lost(0.01, -0.03, 0.05, Verdict.UNDECIDED), False, False),
        (lost(0.10, 0.05, 0.15, Verdict.BETTER), False, False),
    ],
)
def test_a_margin_asks_for_a_proof_and_without_one_a_loss_must_be_decided(made: ArmPair, fails: bool, with_margin: bool) -> None:
    assert (found(made), found(made, margin=0.05)) == (fails, with_margin)


def test_a_pair_is_turned_if_the_base_is_its_second_system() -> None:
    gain = lost(0.1, 0.05, 0.15, Verdict.BETTER)
    assert (found(gain, "base"), found(gain, "new")) == (False, True)


def test_a_pair_on_too_few_facts_proves_nothing_within_a_margin() -> None:
    made = lost(0.0, -0.01, 0.01, Verdict.UNDECIDED)
    lacking = replace(made, difference=replace(made.difference, lacking=6))
    assert [found(each, margin=0.05) for each in (made, lacking)] == [False, True]
