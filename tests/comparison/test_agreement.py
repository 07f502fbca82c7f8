"""Whether a grader is below its floor is said of enough answers, and by the upper bound of its share."""

import pytest

from runner.comparison.agreement import Agreement
from runner.statistics import interval


def agreeing(same: int, answers: int, floor: float = 0.8) -> Agreement:
    """A grader that agrees with people on so many answers."""
    verdicts = [place < same for place in range(answers)]
    share = interval(verdicts, [str(place) for place in range(answers)])
    return Agreement(
        graders="judge and people", questions=answers, kappa=None, only_first=answers - same, share=share, floor=floor
    )


@pytest.mark.parametrize(
    ("same", "answers", "below"),
    [
        (0, 19, False),  # too few, however clear
        (12, 20, True),  # at most so many, as the comment on LEAST says
        (13, 20, False),  # 65%, but 80% is still possible
        (65, 100, True),
        (100, 100, False),
    ],
)
def test_a_grader_is_below_its_floor_only_where_enough_answers_show_it(same: int, answers: int, below: bool) -> None:
    assert agreeing(same, answers).below_floor is below


def test_without_a_floor_no_grader_is_below_it() -> None:
    assert not agreeing(0, 50, floor=0).below_floor
