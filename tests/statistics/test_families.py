"""Families of comparisons: Holm's correction, and verdicts that agree with p and with the interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from runner.statistics import Contrast, Grades, Verdict, contrast, decisions, numbered, pool
from runner.statistics.families import holm

P = st.one_of(st.floats(0, 1), st.sampled_from([2.0**-places for places in range(12)]))


def compared(lost: int, won: int, facts: int = 40) -> Contrast:
    """Two arms that differ on so many questions, each about its own fact."""
    first = [1.0] * lost + [0.0] * (facts - lost)
    second = [0.0] * lost + [1.0] * won + [0.0] * (facts - lost - won)
    pair = contrast(Grades.of([first]), Grades.of([second]), numbered([""] * facts))
    assert pair
    return pair


@pytest.mark.parametrize(
    "chances",
    [[0.04, 0.01, 0.03], [0.5, 0.5, 0.02, 0.01, 0.01], [0.9], [0.2, 1, 0.001, 0.3]],
    ids=str,
)
def test_corrected_p_are_those_of_holm(chances: list[float]) -> None:
    assert [p for p, _ in holm(chances, 0.05)] == pytest.approx([*multipletests(chances, method="holm")[1]])


@given(st.lists(P, max_size=8), st.sampled_from([0.01, 0.05, 0.25, 0.75]))
def test_p_is_within_the_error_that_it_was_tested_at_exactly_where_the_corrected_p_is(chances: list[float], error: float) -> None:
    results = holm(chances, error)
    assert [p <= level for p, (_, level) in zip(chances, results, strict=True)] == [p <= error for p, _ in results]


def test_the_opposite_of_better_is_worse_and_what_is_not_decided_stays_so() -> None:
    assert [verdict.opposite for verdict in Verdict] == [Verdict.WORSE, Verdict.BETTER, Verdict.UNDECIDED]


def test_the_smallest_p_is_tested_at_the_error_divided_by_their_number_and_all_from_the_first_that_fails_alike() -> None:
    assert [level for _, level in holm([0.001, 0.2, 0.02, 0.5], 0.06)] == pytest.approx([0.015, 0.03, 0.02, 0.03])


def test_equal_p_are_tested_alike_whatever_their_order() -> None:
    assert holm([0.01, 0.01, 0.9], 0.05) == [(pytest.approx(0.03), pytest.approx(0.05 / 3))] * 2 + [(0.9, 0.05)]


def test_a_clear_difference_is_better_or_worse_and_an_unclear_one_not_decided() -> None:
    decided = decisions([compared(0, 20), compared(20, 0), compared(5, 6)], 0.05)
    assert [decision.verdict for decision in decided] == [Verdict.BETTER, Verdict.WORSE, Verdict.UNDECIDED]


def test_a_difference_that_would_stand_alone_is_not_decided_among_many() -> None:
    clear = compared(3, 13)
    assert 0.02 < clear.p < 0.05
    assert decisions([clear], 0.05)[0].verdict == Verdict.BETTER
    assert {decision.verdict for decision in decisions([clear, compared(5, 6), compared(5, 5)], 0.05)} == {Verdict.UNDECIDED}


def test_comparisons_on_too_few_facts_are_not_decided_and_cost_the_others_nothing() -> None:
    few, clear = compared(0, 4, facts=4), compared(3, 13)
    decided = decisions([few, clear, few], 0.05)
    assert [decision.verdict for decision in decided] == [Verdict.UNDECIDED, Verdict.BETTER, Verdict.UNDECIDED]
    assert (decided[0].p, decided[1].p) == (1, clear.p)


def test_a_family_of_none_has_no_verdicts() -> None:
    assert decisions([], 0.05) == []


def test_verdict_corrected_p_and_interval_agree_in_families_of_random_arms() -> None:
    random, verdicts = np.random.default_rng(0), set()
    for _ in range(60):
        facts = np.sort(random.integers(0, random.integers(4, 30), size=60))
        arms = [Grades((random.random((random.integers(1, 4), 60)) < share).astype(float)) for share in random.random(4)]
        shared = pool(arms, facts, 0.05)
        family = [pair for arm in arms[1:] if (pair := contrast(arms[0], arm, facts, shared))]
        for pair, decision in zip(family, decisions(family, 0.05), strict=True):
            low, high = pair.bounds(decision.error)
            excluded = Verdict.BETTER if low > 0 else Verdict.WORSE if high < 0 else Verdict.UNDECIDED
            assert decision.verdict == excluded
            assert (decision.p <= 0.05) == (excluded != Verdict.UNDECIDED)
            verdicts.add(excluded)
    assert len(verdicts) == 3
