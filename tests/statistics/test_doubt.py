"""Variances of a difference over facts and trainings, and the interval and p that follow."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

from runner.statistics.doubt import (
    Doubt,
    Pool,
    between_graded,
    between_trainings,
    over_facts,
    pooled,
    quantile,
    share_in_mean,
    skew,
    totals,
    typical_size,
)

SIZES = np.array([3, 2, 3, 1, 2, 3, 3, 2, 3, 3])
SUMS = np.array([[3, 1, 0, -1, 2, 0, 1, 0, 0, 2], [0] * 10, [-1, 0, -3, 0, 0, 1, 0, 0, -2, 0]], dtype=float)


def doubt(middle: float, facts: float, training: float = 0, freedom: float = 1) -> Doubt:
    """A doubt about ten facts."""
    return Doubt(np.array(middle), np.array(facts), 10, np.array(training), np.array(freedom))


def test_many_exams_at_once_have_the_variance_that_each_has_alone() -> None:
    together = np.stack(over_facts(SUMS, SIZES), -1)
    assert together == pytest.approx(np.array([over_facts(sums, SIZES) for sums in SUMS]))


def test_an_exam_on_which_nothing_changed_is_not_taken_as_certain() -> None:
    middle, variance = over_facts(np.zeros(10), SIZES)
    assert middle == 0
    assert variance > 0


def test_the_variance_is_that_of_a_mean_over_the_facts_and_one_more() -> None:
    middle, variance = over_facts(np.array([3.0, 0, 0, 0]), np.full(4, 3))
    squares = (3 - 0.6) ** 2 + 3 * 0.6**2 + 9 * (0.5 + 0.2**2)
    assert (middle, variance) == (pytest.approx(3 / 15), pytest.approx(5 / 4 * squares / 15**2))


@pytest.mark.parametrize("error", [0.3, 0.05, 1e-9])
def test_without_repeated_trainings_the_interval_and_p_are_those_of_t(error: float) -> None:
    assert doubt(0.3, 0.01).reach(error) == pytest.approx(t.isf(error / 2, 10) * 0.1)
    assert doubt(-0.3, 0.01).p() == pytest.approx(2 * t.sf(3, 10))


def test_without_facts_in_doubt_the_interval_and_p_are_those_of_t_over_trainings() -> None:
    assert doubt(0.3, 0, 0.01, 2).reach(0.05) == pytest.approx(t.isf(0.025, 2) * 0.1)
    assert doubt(0.3, 0, 0.01, 2).p() == pytest.approx(2 * t.sf(3, 2))


def test_the_parts_of_facts_and_trainings_add_as_squares() -> None:
    both = doubt(0.3, 0.01, 0.02, 2).reach(0.05)
    assert both**2 == pytest.approx(doubt(0.3, 0.01).reach(0.05) ** 2 + doubt(0.3, 0, 0.02, 2).reach(0.05) ** 2)


@pytest.mark.filterwarnings("error")
def test_a_difference_without_any_doubt_has_the_smallest_p_and_no_warning() -> None:
    assert doubt(0.9, 1e-12).p() < 1e-9
    assert doubt(0.9, 0, training=1e-300).p() < 1e-100


def test_p_is_the_error_at_which_the_interval_ends_at_0() -> None:
    example = doubt(0.3, 0.01, 0.002, 2)
    assert example.reach(example.p()) == pytest.approx(0.3)
    assert doubt(0, 0.01).p() == 1


@pytest.mark.parametrize(("variance", "together"), [(0.01, 0.01), (0.001, 0.001), (0.04, 0.01)])
def test_with_a_pool_the_interval_is_the_wider_of_own_trainings_at_the_error_of_a_family_and_of_all_at_its_own(
    variance: float, together: float
) -> None:
    alone = doubt(0.3, 0.001, variance, 2)
    shared = replace(alone, pool=Pool(np.array(together), 4, np.array(8.0), 0.05))
    larger = doubt(0.3, 0.001, max(variance, together), 8)
    for error in (0.3, 0.05, 0.01, 1e-6):
        assert shared.reach(error) == pytest.approx(max(alone.reach(max(error, 0.05)), larger.reach(error)))
    assert alone.reach(0.05) <= shared.reach(0.0125) < alone.reach(0.0125)


def test_with_a_pool_trainings_that_happen_to_differ_little_decide_nothing() -> None:
    assert doubt(0.1, 0.001, 1e-6, 2).p() < 0.02
    assert replace(doubt(0.1, 0.001, 1e-6, 2), pool=Pool(np.array(0.01), 4, np.array(8.0), 0.05)).p() > 0.05


@pytest.mark.parametrize("mean", [0.02, 0.1, 0.5, 0.7])
def test_the_ends_over_trainings_alone_are_those_of_wilson_where_they_are_farther_out(mean: float) -> None:
    whole, variance = np.array(mean), np.array(mean * (1 - mean) / 40)
    single = Doubt(whole, np.zeros(()), 1, variance, np.array(1e9), None, whole, *skew([whole], [variance]))
    low, high = proportion_confint(40 * mean, 40, method="wilson")
    reach = single.reach(0.05)
    assert single.ends(0.05) == pytest.approx((min(mean - reach, low), max(mean + reach, high)), rel=1e-4)


def test_arms_of_which_only_one_was_trained_several_times_lean_as_that_arm_does() -> None:
    assert skew((0.1, 0.7), (np.array(0.01), np.array(0.0))) == skew([0.1], [np.array(0.01)])
    (slope, curve), (turned, same) = skew((0.1, 0.7), (np.array(0.02),) * 2), skew((0.7, 0.1), (np.array(0.02),) * 2)
    assert (slope, curve) == pytest.approx((-turned, same))
    assert skew((0.0, 0.7), (np.array(0.0), np.array(0.0))) == (0, 0)


@pytest.mark.parametrize(("first", "second"), [(0.1, 0.02), (0.5, 0.3), (0.02, 0.1), (0.9, 0.97)])
def test_p_is_the_error_at_which_an_uneven_interval_ends_at_0(first: float, second: float) -> None:
    variance, gain = np.array(0.0005), second - first
    lean = skew((second, first), (variance, np.array(0.0)))
    example = Doubt(np.array(0.9 * gain), np.array(0.0004), 30, variance, np.array(2.0), None, gain, *lean)
    low, high = example.ends(float(example.p()))
    assert (high if gain < 0 else low) == pytest.approx(0, abs=1e-9)


def test_trainings_that_are_mostly_below_their_mean_seldom_give_a_false_verdict() -> None:
    # A standard deviation of 8 points about an accuracy of 10%: most trainings are below, and alike.
    trainings = np.random.default_rng(0).beta(1.3, 11.8, (5000, 5))
    middle, variance = trainings.mean(1), trainings.var(1, ddof=1) / 5
    gain, nothing = middle - 1.3 / 13.1, np.zeros(5000)
    example = Doubt(gain, nothing, 30, variance, np.full(5000, 4.0), None, gain, *skew([middle], [variance]))
    low, high = example.ends(0.05)
    assert np.mean(np.abs(gain) > example.reach(0.05)) > 0.08
    assert np.mean((low > 0) | (high < 0)) < 0.06


@pytest.mark.parametrize("freedom", [1, 2.5, 30, 5000])
def test_quantiles_of_the_smallest_errors_are_finite(freedom: float) -> None:
    assert np.isfinite(quantile(1e-30, freedom))
    assert quantile(0.05, freedom) == pytest.approx(t.isf(0.025, freedom))


def test_the_variance_between_trainings_is_the_mean_squares_estimate() -> None:
    sums = np.array([[3.0, 2, 3, 1], [1, 1, 2, 0], [2, 0, 1, 1]])
    counts = np.full(sums.shape, 3.0)
    shares = sums / 3
    rows, columns = shares.mean(1, keepdims=True), shares.mean(0, keepdims=True)
    between = 4 * ((rows - shares.mean()) ** 2).sum() / 2
    interaction = ((shares - rows - columns + shares.mean()) ** 2).sum() / (2 * 3)
    variance, noise = between_trainings(sums, counts)
    assert (variance, noise) == (pytest.approx((between - interaction) / 4), pytest.approx(interaction / 4))


def test_trainings_that_answer_alike_or_only_one_have_no_variance() -> None:
    alike = np.tile([3.0, 0, 2], (3, 1))
    assert between_trainings(alike, np.full((3, 3), 3.0)) == (0, 0)
    assert between_trainings(alike[:1], np.full((1, 3), 3.0)) == (0, 0)


def test_the_variance_between_trainings_is_right_on_average_with_ungraded_answers_too() -> None:
    random, exams, trainings, facts = np.random.default_rng(0), 1500, 3, 20
    accuracies = np.clip(random.normal(0.5, 0.1, (exams, trainings, 1)), 0, 1)
    counts = random.binomial(4, np.array([0.9, 0.6, 1.0])[:, None], (exams, trainings, facts))
    unfloored = [
        between_trainings(sums[None], asked[None])
        for sums, asked in zip(random.binomial(counts, accuracies).astype(float), counts.astype(float), strict=True)
    ]
    # The floor at 0 lifts the mean a little, since a variance of 0.01 is often estimated below 0 from three trainings.
    assert 0.009 < np.mean([variance for variance, _ in unfloored]) < 0.0125


def test_equal_variances_have_the_sum_of_their_degrees_of_freedom_and_one_alone_has_its_own() -> None:
    assert pooled([np.array(0.2), np.array(0.2)], [2, 4]) == (pytest.approx(0.4), pytest.approx(0.16 / (0.02 + 0.01)))
    assert pooled([np.array(0.2), np.array(0.0)], [2, 0]) == (pytest.approx(0.2), pytest.approx(2))
    assert pooled([np.array(0.0), np.array(0.0)], [0, 0]) == (0, 1)


def test_totals_are_those_of_each_fact_in_any_order() -> None:
    assert [*totals(np.array([1.0, 2, 4, 8]), np.array([1, 0, 1, 0]))] == [10, 5]


def test_a_typical_question_belongs_to_a_large_fact() -> None:
    assert (typical_size(np.array([3, 3])), typical_size(np.array([1, 3]))) == (3, 2.5)


def test_an_answer_without_a_grade_is_neither_right_nor_asked() -> None:
    grades, facts = np.array([[1.0, 0, 1, 1], [1, 0, np.nan, 0], [0, 0, 1, 0]]), np.array([0, 0, 1, 1])
    right, asked = np.array([[1.0, 2], [1, 0], [0, 1]]), np.array([[2.0, 2], [2, 1], [2, 2]])
    assert between_graded(grades, facts) == pytest.approx(between_trainings(right, asked))


def test_the_mean_of_trainings_has_their_variance_by_how_much_each_was_graded() -> None:
    assert share_in_mean(np.ones((5, 3))) == pytest.approx(1 / 5)
    assert share_in_mean(np.array([[1.0, 0], [np.nan, 1]])) == pytest.approx(0.75**2 + 0.25**2)
