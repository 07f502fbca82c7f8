"""Accuracies, differences and verdicts from the grades of an exam."""

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from runner.errors import Fault
from runner.statistics import Difference, Grades, Interval, bounds, contrast, exam_error, interval, numbered, shares

THIRTY = [f"fact {number}" for number in range(30) for _ in range(3)]


def graded(right: int, questions: int) -> list[bool]:
    return [True] * right + [False] * (questions - right)


def accuracy(passed: list[bool | None], clusters: list[str], error: float = 0.05) -> Interval:
    estimate = interval(passed, clusters, error)
    assert estimate is not None
    return estimate


def difference(
    first: list[bool | None], second: list[bool | None], clusters: list[str], error: float = 0.05
) -> Difference | None:
    """The gain of the second system, each trained once."""
    pair = contrast(Grades.of([first]), Grades.of([second]), numbered(clusters))
    return pair.difference(error) if pair else None


def compared(first: list[bool | None], second: list[bool | None], clusters: list[str], error: float = 0.05) -> Difference:
    gain = difference(first, second, clusters, error)
    assert gain is not None
    return gain


def by_fact(sums: list[int]) -> tuple[list[bool | None], list[bool | None], list[str]]:
    """Two arms whose facts differ by these sums.

    Each fact has three questions.
    """
    clusters = [str(fact) for fact in range(len(sums)) for _ in range(3)]
    first: list[bool | None] = [place < -gain for gain in sums for place in range(3)]
    second: list[bool | None] = [place < gain for gain in sums for place in range(3)]
    return first, second, clusters


def test_the_estimate_is_the_share_that_passed() -> None:
    assert accuracy([True, False, False, True], ["a", "a", "b", "b"]).estimate == 0.5


@pytest.mark.parametrize("right", [1, 4, 10, 19])
def test_where_each_question_has_its_own_fact_the_interval_is_jeffreys(right: int) -> None:
    interval = accuracy([*graded(right, 20)], [str(number) for number in range(20)])
    expected = beta.ppf([0.025, 0.975], right + 0.5, 20 - right + 0.5)
    assert [interval.low, interval.high] == pytest.approx(expected, abs=0.001)


def test_the_interval_of_thousands_of_questions_is_still_exact() -> None:
    interval = accuracy([*graded(3000, 6000)], [str(number) for number in range(6000)])
    assert [interval.low, interval.high] == pytest.approx(beta.ppf([0.025, 0.975], 3000.5, 3000.5), abs=0.0005)


def test_questions_without_a_fact_stand_alone() -> None:
    assert accuracy([*graded(4, 20)], [""] * 20) == accuracy([*graded(4, 20)], [str(number) for number in range(20)])


def test_facts_that_stand_or_fall_as_one_count_about_as_one_question_each() -> None:
    interval = accuracy([place < 15 for place in range(30) for _ in range(3)], THIRTY)
    alone = accuracy([*graded(15, 30)], [""] * 30)
    assert interval.high - interval.low == pytest.approx(alone.high - alone.low, rel=0.07)


def test_facts_whose_questions_are_unrelated_count_about_as_many_questions() -> None:
    answers = list(np.random.default_rng(1).random(900) < 0.5)
    clusters = [str(place // 3) for place in range(900)]
    interval, alone = accuracy(answers, clusters), accuracy(answers, [""] * 900)
    assert interval.high - interval.low == pytest.approx(alone.high - alone.low, rel=0.07)


def test_the_order_of_the_questions_does_not_matter() -> None:
    answers, order = [place % 7 < 3 for place in range(90)], np.random.default_rng(0).permutation(90)
    assert accuracy([answers[place] for place in order], [THIRTY[place] for place in order]) == accuracy([*answers], THIRTY)


def test_an_interval_mirrors_when_right_and_wrong_change_places() -> None:
    answers = [place % 7 < 2 for place in range(90)]
    original, other = accuracy([*answers], THIRTY), accuracy([not answer for answer in answers], THIRTY)
    assert [other.low, other.high] == pytest.approx([1 - original.high, 1 - original.low])


def test_none_right_starts_at_0_and_allows_for_some() -> None:
    interval = accuracy([False] * 90, THIRTY)
    assert (interval.estimate, interval.low) == (0, 0)
    assert 1 - 0.025 ** (1 / 90) < interval.high < 1 - 0.025 ** (1 / 30)  # between 90 and 30 independent questions


def test_all_right_ends_at_1_and_allows_for_less() -> None:
    interval = accuracy([True] * 90, THIRTY)
    assert (interval.estimate, interval.high) == (1, 1)
    assert 0.025 ** (1 / 30) < interval.low < 0.025 ** (1 / 90)


@pytest.mark.parametrize("right", range(4))
def test_three_questions_of_one_fact_say_little(right: int) -> None:
    interval = accuracy([*graded(right, 3)], ["only"] * 3)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert interval.high - interval.low > 0.75


@pytest.mark.parametrize("questions", [1, 30])
def test_one_fact_has_a_wide_interval_however_many_its_questions(questions: int) -> None:
    interval = accuracy([True] * questions, ["only"] * questions)
    assert interval.high - interval.low > 0.6


def test_a_smaller_error_makes_wider_intervals() -> None:
    loose, strict = (accuracy([*graded(40, 90)], THIRTY, error) for error in (0.05, 0.01))
    assert strict.low < loose.low < loose.high < strict.high


def test_ungraded_answers_are_left_out_of_an_accuracy() -> None:
    assert accuracy([True, None, False], ["a", "a", "b"]) == accuracy([True, False], ["a", "b"])


def test_nothing_graded_has_no_accuracy_and_no_difference() -> None:
    assert interval([None, None], ["a", "b"]) is None
    assert interval([], []) is None
    assert difference([None, True], [True, None], ["a", "b"]) is None


def test_an_interval_is_three_metrics_and_none_is_no_metric() -> None:
    estimate = Interval(estimate=0.5, low=0.25, high=0.75)
    assert bounds("accuracy", estimate) == {"accuracy": 0.5, "accuracy_low": 0.25, "accuracy_high": 0.75}
    assert bounds("accuracy", estimate, "/cup") == {"accuracy/cup": 0.5, "accuracy_low/cup": 0.25, "accuracy_high/cup": 0.75}
    assert bounds("accuracy", None) == {}


def test_a_facts_share_is_that_of_its_graded_answers_and_a_fact_without_any_has_none() -> None:
    assert shares([True, False, None, None, True], ["a", "a", "a", "b", "c"]) == {"a": 0.5, "c": 1}


def test_the_error_of_an_exam_of_single_questions_is_that_of_a_mean() -> None:
    assert exam_error([True, True, True, False, None], [""] * 5) == pytest.approx((0.75 * 0.25 / 3) ** 0.5)


def test_the_error_of_an_exam_whose_facts_stand_or_fall_as_one_is_that_of_its_facts() -> None:
    answers, clusters = [True] * 9 + [False] * 3, [str(place // 3) for place in range(12)]
    assert exam_error(answers, clusters) == pytest.approx(exam_error([True, True, True, False], [""] * 4))


def test_the_error_of_an_exam_without_two_graded_facts_is_not_known() -> None:
    assert exam_error([True, False, None], ["a", "a", "b"]) is None
    assert exam_error([], []) is None


def test_trainings_that_differ_widen_an_accuracy() -> None:
    answers = [True] * 60 + [False] * 30 + [True] * 30 + [False] * 60
    pooled, apart = (interval(answers, THIRTY * 2, 0.05, trainings) for trainings in ((), [1] * 90 + [2] * 90))
    assert pooled
    assert apart
    assert apart.estimate == pooled.estimate
    assert apart.low < pooled.low < pooled.high < apart.high


def test_trainings_that_answer_alike_leave_an_accuracy_as_it_is() -> None:
    answers = [True] * 60 + [False] * 30
    assert interval(answers * 3, THIRTY * 3, 0.05, [1] * 90 + [2] * 90 + [3] * 90) == interval(answers * 3, THIRTY * 3)


def test_an_ungraded_training_does_not_widen_an_accuracy() -> None:
    answers = [True] * 60 + [False] * 30
    assert interval([*answers, *[None] * 90], THIRTY * 2, 0.05, [1] * 90 + [2] * 90) == interval(answers, THIRTY)


UNEQUAL = [
    ([20] + [0] * 6, [20] + [1] * 6),
    ([40] + [1] * 4 + [0] * 36, [40] + [1] * 40),
    ([0, 1, 1, 1], [100, 1, 1, 1]),
    ([5, 0], [5, 1]),
]


@pytest.mark.parametrize(("right", "sizes"), UNEQUAL)
def test_where_one_fact_has_most_questions_the_interval_is_wide_about_its_estimate(right: list[int], sizes: list[int]) -> None:
    answers = [place < won for won, size in zip(right, sizes, strict=True) for place in range(size)]
    interval = accuracy([*answers], [str(fact) for fact, size in enumerate(sizes) for _ in range(size)])
    assert interval.low <= interval.estimate <= interval.high
    assert interval.high - interval.low > 0.7


def test_grades_that_do_not_match_the_clusters_are_a_fault() -> None:
    with pytest.raises(Fault, match="2 grades for 3 clusters: give each question one grade"):
        interval([True, False], ["a", "b", "c"])


def test_arms_of_unequal_length_are_a_fault() -> None:
    with pytest.raises(Fault, match="3 and 2 grades for 3 clusters"):
        difference([True, False, True], [True, False], ["a", "b", "c"])


def test_a_difference_is_second_minus_first() -> None:
    assert compared([True, False, False, False], [False, True, True, False], [""] * 4).estimate == 0.25


def test_a_question_that_one_arm_has_ungraded_is_left_out_of_both() -> None:
    with_gaps = compared([True, None, False, True], [False, True, None, True], ["a", "a", "b", "c"])
    assert with_gaps == compared([True, True], [False, True], ["a", "c"])


def test_one_fact_of_many_questions_decides_nothing() -> None:
    gain = compared([False] * 30, [True] * 30, ["only"] * 30)
    assert (gain.p, gain.low, gain.high, gain.detectable) == (1, -1, 1, None)


def test_one_question_decides_nothing() -> None:
    gain = compared([False], [True], [""])
    assert (gain.estimate, gain.p, gain.low, gain.high, gain.detectable) == (1, 1, -1, 1, None)


def test_two_arms_that_are_both_all_right_may_still_differ_a_little() -> None:
    gain = compared([True] * 90, [True] * 90, THIRTY)
    assert (gain.estimate, gain.p) == (0, 1)
    assert gain.low == -gain.high
    assert 0.03 < gain.high < 0.1


def test_a_difference_mirrors_when_the_arms_change_places() -> None:
    first, second, clusters = by_fact([3, 2, 2, 1, -1, 0, 0, 3, 1, 2])
    there, back = compared(first, second, clusters), compared(second, first, clusters)
    assert [back.estimate, back.low, back.high, back.p] == pytest.approx([-there.estimate, -there.high, -there.low, there.p])
    assert back.detectable == pytest.approx(there.detectable)


def test_the_interval_of_a_difference_is_t_over_the_facts_and_one_more() -> None:
    gain = compared(*by_fact([3, 0, 0, 0]))
    middle, squares = 3 / 15, (3 - 0.6) ** 2 + 3 * 0.6**2 + 9 * (0.5 + 0.2**2)
    reach = 2.776445 * np.sqrt(5 / 4 * squares) / 15  # t of 4 degrees of freedom
    assert [gain.low, gain.high] == pytest.approx([middle - reach, middle + reach])


def test_facts_that_change_as_one_leave_a_difference_less_certain_than_scattered_questions() -> None:
    tied = compared(*by_fact([3, 3, 3, -3, 3, 3] + [0] * 24))
    scattered = compared(*by_fact([1] * 15 + [-1] * 3 + [0] * 12))
    assert tied.estimate > scattered.estimate - 0.01
    assert tied.high - tied.low > scattered.high - scattered.low
    assert tied.p > scattered.p


def test_five_facts_of_three_can_see_no_difference_and_seven_a_large_one() -> None:
    assert compared(*by_fact([0] * 5)).detectable is None
    few, enough = compared(*by_fact([0] * 7)).detectable, compared(*by_fact([0] * 8)).detectable
    assert few
    assert enough
    assert few > max(enough, 0.4)


def test_a_larger_exam_sees_smaller_differences() -> None:
    seen = [compared(*by_fact([2, -1, 0, 1, -2, 0] * times)).detectable for times in (2, 5, 20)]
    assert all(seen)
    assert seen == sorted(seen, reverse=True)


def test_a_smaller_error_needs_a_larger_difference() -> None:
    loose, strict = (compared(*by_fact([2, -1, 0, 1, -2, 0] * 5), error).detectable for error in (0.05, 0.005))
    assert loose is not None
    assert strict is not None
    assert loose < strict


def test_what_single_questions_can_see_has_the_power_of_the_exact_mcnemar_test() -> None:
    smallest = compared(
        [True, False] * 30, [True] * 30 + [False] * 30, [""] * 60
    ).detectable  # unrelated, each right half the time
    assert smallest is not None
    random = np.random.default_rng(3)
    first, second = (random.random((4000, 60)) < 0.5 + shift for shift in (-smallest / 2, smallest / 2))
    lost, won = (first & ~second).sum(1), (second & ~first).sum(1)
    calls = [
        binomtest(int(losses), int(losses + wins)).pvalue <= 0.05 for losses, wins in zip(lost, won, strict=True) if losses + wins
    ]
    assert sum(calls) / 4000 == pytest.approx(0.8, abs=0.03)
