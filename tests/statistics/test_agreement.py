"""Cohen's kappa of two graders and its interval."""

import numpy as np
import pytest
from scipy.stats import beta
from statsmodels.stats.inter_rater import cohens_kappa

from runner.errors import Fault
from runner.statistics import Interval, kappa


def verdicts(fails: int, second: int, first: int, passes: int) -> tuple[list[bool | None], list[bool | None]]:
    """Two graders' verdicts on so many answers: both fail, only the second passes, only the first passes, both pass."""
    grades = [False] * (fails + second) + [True] * (first + passes)
    return [*grades], [*[False] * fails, *[True] * second, *[False] * first, *[True] * passes]


def agreed(*table: int, clusters: list[str] | None = None, error: float = 0.05) -> Interval:
    agreement = kappa(*verdicts(*table), clusters or [""] * sum(table), error)
    assert agreement is not None
    return agreement


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ((15, 10, 5, 20), 0.4),  # (0.7 - 0.5) / (1 - 0.5)
        ((45, 15, 25, 15), 0.06 / 0.46),  # 0.60 agree, 0.7 * 0.6 + 0.3 * 0.4 = 0.54 by chance
        ((25, 35, 5, 35), 0.14 / 0.54),  # the same share agrees, 0.6 * 0.3 + 0.4 * 0.7 = 0.46 by chance
        ((10, 0, 0, 30), 1),
        ((0, 20, 20, 0), -1),
        ((10, 10, 10, 10), 0),
    ],
)
def test_kappa_is_the_agreement_beyond_chance_as_a_share_of_what_chance_leaves(table, expected):
    assert agreed(*table).estimate == pytest.approx(expected)


@pytest.mark.parametrize("table", [(150, 50, 100, 200), (900, 30, 40, 2000), (300, 250, 250, 300)])
def test_with_many_answers_the_interval_is_that_of_fleiss_cohen_and_everitt(table):
    agreement, expected = agreed(*table), cohens_kappa(np.array(table).reshape(2, 2))
    assert [agreement.low, agreement.high] == pytest.approx([expected.kappa_low, expected.kappa_upp], abs=0.01)


def test_perfect_agreement_on_few_answers_is_not_taken_as_certain():
    few, many = agreed(5, 0, 0, 5), agreed(50, 0, 0, 50)
    assert (few.high, many.high) == (1, 1)
    assert few.low < 0.6 < 0.9 < many.low < 1


def test_perfect_disagreement_reaches_down_to_its_end():
    agreement = agreed(0, 5, 5, 0)
    assert agreement.low == pytest.approx(-1)
    assert agreement.high > -0.7


def test_kappas_of_balanced_graders_follow_the_share_that_agrees():
    agreement = agreed(400, 100, 100, 400)
    assert [agreement.low, agreement.high] == pytest.approx(2 * beta.ppf([0.025, 0.975], 801, 201) - 1, abs=0.01)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([True, True, True], [True, True, True]),
        ([False, False, False], [True, True, True]),
        ([True, True, True], [True, False, True]),
        ([True, False, True], [False, False, False]),
        ([True, None, False], [None, True, True]),
        ([None, None, None], [True, False, True]),
        ([], []),
    ],
)
def test_where_one_grader_gives_one_verdict_alone_there_is_no_kappa(first, second):
    assert kappa(first, second, [""] * len(first)) is None


def test_answers_that_only_one_graded_do_not_count():
    first, second = verdicts(15, 10, 5, 20)
    assert kappa([*first, None, True], [*second, True, None], [""] * 52) == kappa(first, second, [""] * 50)


def test_the_graders_may_change_places():
    first, second = verdicts(15, 10, 5, 20)
    there, back = kappa(first, second, [""] * 50), kappa(second, first, [""] * 50)
    assert there and back
    assert [there.low, there.high] == pytest.approx([back.low, back.high], abs=0.01)


def test_the_same_grades_have_the_same_interval():
    assert agreed(15, 10, 5, 20) == agreed(15, 10, 5, 20)


def test_a_smaller_error_has_a_wider_interval():
    narrow, wide = agreed(15, 10, 5, 20, error=0.2), agreed(15, 10, 5, 20, error=0.01)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_answers_that_are_graded_alike_as_clusters_count_about_as_one_answer_each():
    clusters = [str(place // 3) for place in range(150)]
    together, alone = agreed(45, 30, 15, 60, clusters=clusters), agreed(15, 10, 5, 20)
    assert [together.low, together.high] == pytest.approx([alone.low, alone.high], abs=0.01)


def test_another_number_of_grades_than_of_clusters_is_a_fault():
    with pytest.raises(Fault, match="2 and 2 grades for 1 clusters"):
        kappa([True, False], [True, False], [""])
