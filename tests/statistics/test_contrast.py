"""Differences between two arms: estimate, interval, p, and what they are about."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import Fault
from runner.statistics import About, Contrast, Grades, Pool, contrast, numbered

Rows = list[list[float | None]]
THIRTY = [f"fact {number}" for number in range(30) for _ in range(3)]


def compared(first: Rows, second: Rows, clusters: list[str], trained: tuple[bool, bool] = (True, True)) -> Contrast:
    pair = contrast(Grades.of(first, trained[0]), Grades.of(second, trained[1]), numbered(clusters))
    assert pair
    return pair


def clusters(facts: int, questions: int) -> list[str]:
    return [str(fact) for fact in range(facts) for _ in range(questions)]


def drawn(random: np.random.Generator, accuracies: list[float], questions: int = 90) -> Rows:
    """The grades of a training of each accuracy."""
    return [[float(draw < accuracy) for draw in random.random(questions)] for accuracy in accuracies]


def test_one_training_of_three_that_is_all_right_decides_nothing_beside_a_baseline_that_is_all_wrong() -> None:
    wrong: list[float | None] = [0.0] * 90
    pair = compared([wrong], [[1.0] * 90, wrong, wrong], THIRTY, (False, True))
    assert (pair.estimate, pair.about) == (pytest.approx(1 / 3), About.METHODS)
    assert pair.bounds(0.05) == (-1, 1)
    assert pair.p > 0.4


def test_four_facts_of_three_that_are_all_better_are_not_decided_and_the_interval_ends_at_0() -> None:
    pair = compared([[0.0] * 12], [[1.0] * 12], clusters(4, 3))
    assert (pair.estimate, pair.p, pair.bounds(0.05), pair.lacking, pair.detectable(0.05)) == (1, 1, (0, 1), 6, None)


def test_seven_facts_of_five_with_one_more_wrong_on_each_are_not_decided_and_the_interval_holds_0() -> None:
    pair = compared([[1.0, 0, 0, 0, 0] * 7], [[0.0] * 35], clusters(7, 5))
    low, high = pair.bounds(0.05)
    assert (pair.estimate, pair.lacking) == (pytest.approx(-0.2), 12)
    assert low < 0 < high
    assert pair.p > 0.05


@pytest.mark.parametrize(("questions", "least"), [(1, 6), (2, 6), (3, 8), (4, 10), (5, 12), (10, 22)])
def test_the_larger_the_facts_the_more_of_them_a_verdict_needs(questions: int, least: int) -> None:
    gain = [1.0] + [0.0] * (questions - 1)
    enough, few = (
        compared([[0.0] * facts * questions], [gain * facts], clusters(facts, questions)) for facts in (least, least - 1)
    )
    assert (enough.lacking, few.lacking) == (None, least)
    assert enough.p < 0.05 < few.p


def test_large_facts_that_move_far_need_fewer_of_them_and_facts_that_stay_or_get_worse_do_not_count() -> None:
    far, near = [1.0] * 10 + [0.0] * 15, [1.0] * 2 + [0.0] * 23
    still, worse = [0.0] * 25, [-1.0] * 5 + [0.0] * 20
    base = [0.0] * 12 * 25
    assert compared([base], [far * 11 + still], clusters(12, 25)).lacking is None
    assert compared([base], [far * 11 + worse], clusters(12, 25)).p < 0.05
    few = compared([base], [near * 11 + still], clusters(12, 25))
    assert (few.lacking, few.p) == (27, 1)
    assert few.detectable(0.05) == pytest.approx(0.2, abs=0.1)


def test_the_interval_is_the_hull_of_the_t_interval_and_0_where_the_sign_flip_test_does_not_reject_0() -> None:
    pair = compared([[0.0] * 40], [[1.0] * 5 + [0.0] * 35], [""] * 40)
    # Five facts of five have a p of 2 / 32, but t is below 5%.
    assert pair.p == pytest.approx(2 / 32)
    assert pair.bounds(0.05)[0] == 0
    assert pair.bounds(0.07)[0] > 0


def test_equal_arms_may_differ_on_as_many_facts_as_an_exam_shows_none_of_in_one_case_of_twenty() -> None:
    pair, larger = (compared([[1.0] * items], [[1.0] * items], [""] * items) for items in (40, 100))
    assert pair.p == 1
    assert pair.bounds(0.05) == pytest.approx((-0.0722, 0.0722), abs=1e-4)  # 0.9278**40 = 0.05
    assert larger.bounds(0.05) == pytest.approx((-0.0295, 0.0295), abs=1e-4)
    assert larger.bounds(0.005) == pytest.approx((-0.0516, 0.0516), abs=1e-4)


def test_one_loss_on_forty_items_is_at_most_as_many_as_show_one_or_none_in_one_case_of_twenty() -> None:
    pair = compared([[1.0] * 40], [[0.0] + [1.0] * 39], [""] * 40)
    share = -pair.bounds(0.05)[0]
    assert (1 - share) ** 40 + 40 * share * (1 - share) ** 39 == pytest.approx(0.05)


def test_what_trainings_may_differ_is_added_to_what_few_moved_facts_allow() -> None:
    alike = compared([[0.0] * 40], [[0.0] * 40] * 3, [""] * 40, (False, True))
    shared = replace(alike, pool=Pool(np.array(0.06**2), 4, np.array(8.0), 0.05))
    trainings = 2.306 * 0.06 / np.sqrt(3)  # t of eight degrees of freedom
    assert shared.bounds(0.05) == pytest.approx((-np.hypot(0.0722, trainings), np.hypot(0.0722, trainings)), abs=1e-4)


def test_a_question_that_one_arm_has_ungraded_is_left_out_of_both() -> None:
    with_gaps = compared([[1, None, 0, 1] * 5], [[0, 1, None, 1] * 5], ["a", "b", "c", "d"] * 5)
    without = compared([[1, 1] * 5], [[0, 1] * 5], ["a", "d"] * 5)
    assert (with_gaps.estimate, with_gaps.p, with_gaps.bounds(0.05)) == (without.estimate, without.p, without.bounds(0.05))


def test_a_training_that_was_not_graded_at_all_does_not_count() -> None:
    random = np.random.default_rng(0)
    first, second = drawn(random, [0.4]), drawn(random, [0.5, 0.6])
    ungraded = compared(first, [*second, [None] * 90], THIRTY, (False, True))
    assert ungraded.bounds(0.05) == compared(first, second, THIRTY, (False, True)).bounds(0.05)


def test_two_trainings_of_which_one_is_ungraded_are_about_a_model() -> None:
    assert compared([[0.0] * 90], [[1.0] * 90, [None] * 90], THIRTY, (False, True)).about == About.MODELS


@pytest.mark.parametrize(
    ("first", "second", "trained", "about"),
    [
        (1, 3, (False, True), About.METHODS),
        (1, 1, (False, True), About.MODELS),
        (3, 1, (True, True), About.MODELS),
        (2, 3, (True, True), About.METHODS),
        (1, 1, (False, False), About.MODELS),
    ],
)
def test_a_difference_is_about_methods_if_each_trained_arm_was_trained_several_times(
    first: int, second: int, trained: tuple[bool, bool], about: About
) -> None:
    random = np.random.default_rng(0)
    assert compared(drawn(random, [0.5] * first), drawn(random, [0.5] * second), THIRTY, trained).about == about


def test_trainings_that_differ_widen_the_interval_and_those_that_answer_alike_do_not() -> None:
    random = np.random.default_rng(1)
    base, (single,) = drawn(random, [0.3]), drawn(random, [0.6])
    alone, alike = (compared(base, [single] * number, THIRTY, (False, True)) for number in (1, 5))
    apart = compared(base, drawn(random, [0.4, 0.6, 0.8]), THIRTY, (False, True))
    assert alike.bounds(0.05) == pytest.approx(alone.bounds(0.05))
    assert apart.bounds(0.05)[1] - apart.bounds(0.05)[0] > 1.5 * (alone.bounds(0.05)[1] - alone.bounds(0.05)[0])


def test_what_is_detected_grows_with_the_differences_between_trainings_and_shrinks_with_the_exam() -> None:
    random = np.random.default_rng(2)
    base = drawn(random, [0.4])
    even, apart = (compared(base, drawn(random, shares), THIRTY, (False, True)) for shares in ([0.5] * 3, [0.3, 0.5, 0.7]))
    seen, unseen, larger = even.detectable(0.05), apart.detectable(0.05), even.detectable(0.05, times=4)
    assert seen
    assert unseen
    assert larger
    assert larger < 0.7 * seen < seen < unseen


def test_more_trainings_are_asked_for_until_they_decide_and_none_where_facts_alone_leave_it_open() -> None:
    random = np.random.default_rng(3)
    base, single = drawn(random, [0.3], 600), drawn(random, [0.42], 600)
    pair = compared(base, single, clusters(200, 3), (False, True))
    assert pair.enough_trainings(0.05) is None
    few, many = pair.enough_trainings(0.05, spread=0.01), pair.enough_trainings(0.05, spread=0.06)
    assert few
    assert many
    assert 2 <= few < many <= 10
    assert compared(base, base, clusters(200, 3), (False, True)).enough_trainings(0.05, spread=0.01) is None


def test_with_a_pool_fewer_trainings_decide_and_a_smaller_difference_is_detected_at_a_corrected_error() -> None:
    random = np.random.default_rng(5)
    base, tuned = drawn(random, [0.3], 600), drawn(random, [0.36, 0.42, 0.48], 600)
    alone = compared(base, tuned, clusters(200, 3), (False, True))
    shared = replace(alone, pool=Pool(np.array(0.06**2), 4, np.array(8.0), 0.05))
    few, many = shared.enough_trainings(0.01), alone.enough_trainings(0.01)
    small, large = shared.detectable(0.01), alone.detectable(0.01)
    assert few
    assert many
    assert small
    assert large
    assert few < many
    assert small < 0.8 * large


def test_other_numbers_of_grades_than_of_facts_are_a_fault() -> None:
    with pytest.raises(Fault, match="3 and 2 grades for 3 clusters"):
        contrast(Grades.of([[1, 0, 1]]), Grades.of([[1, 0]]), numbered(["a", "b", "c"]))


GRADES = st.sampled_from([0.0, 1.0, None])


@st.composite
def contrasts(draw: st.DrawFn) -> tuple[Rows, Rows, list[str]]:
    """Two arms of up to three trainings on an exam of few or many facts."""
    questions = draw(st.integers(1, 40))
    first, second = (
        draw(st.lists(st.lists(GRADES, min_size=questions, max_size=questions), min_size=1, max_size=3)) for _ in range(2)
    )
    return first, second, draw(st.lists(st.sampled_from([*"abcdefghijklm", ""]), min_size=questions, max_size=questions))


@settings(max_examples=60, deadline=None)
@given(contrasts(), st.floats(0.001, 0.9))
def test_whatever_the_grades_p_and_interval_agree_and_the_interval_holds_the_estimate(
    example: tuple[Rows, Rows, list[str]], error: float
) -> None:
    first, second, facts = example
    pair = contrast(Grades.of(first), Grades.of(second), numbered(facts))
    if pair:
        low, high = pair.bounds(error)
        assert (low <= 0 <= high) == (pair.p > error)
        assert -1 <= low <= pair.estimate <= high <= 1


@settings(max_examples=40, deadline=None)
@given(contrasts(), st.randoms(use_true_random=False))
def test_arms_that_change_places_mirror_and_the_order_of_questions_and_trainings_does_not_matter(example, random) -> None:
    first, second, facts = example
    there = contrast(Grades.of(first), Grades.of(second), numbered(facts))
    # The questions without a fact keep none.
    order = random.sample(range(len(facts)), len(facts))
    first, second = ([[row[place] for place in order] for row in random.sample(rows, len(rows))] for rows in (first, second))
    back = contrast(Grades.of(second), Grades.of(first), numbered([facts[place] for place in order]))
    assert (there is None) == (back is None)
    if there and back:
        (low, high), (down, up) = there.bounds(0.05), back.bounds(0.05)
        assert [-down, -up, -back.estimate] == pytest.approx([high, low, there.estimate], abs=1e-9)
        assert back.p == pytest.approx(there.p, rel=1e-6)
        assert back.detectable(0.05) == (there.detectable(0.05) and pytest.approx(there.detectable(0.05), abs=0.001))


def test_the_order_of_facts_changes_no_p() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        grades, facts = random.random((2, 60)), np.repeat(np.arange(20), 3)
        order = random.permutation(60)
        pairs = [
            contrast(Grades(first[None]), Grades(second[None]), numbers)
            for first, second, numbers in ((*grades, facts), (*grades[:, order], facts[order]))
        ]
        assert pairs[0] and pairs[1] and pairs[0].p == pairs[1].p
