"""seeds=auto to the number of trainings at each look."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.sweep.grid import built
from runner.sweep.looks import counts, looks_of, point_with_trainings, with_trainings
from tests.sweep.given import point


@pytest.mark.parametrize(
    ("most", "looks"), [(2, (2,)), (3, (3,)), (4, (2, 4)), (6, (3, 6)), (8, (2, 4, 8)), (10, (2, 5, 10)), (16, (2, 4, 8, 16))]
)
def test_arms_are_compared_after_half_of_the_trainings_and_half_of_these_down_to_two(most: int, looks: tuple[int, ...]) -> None:
    assert counts(point("seeds=auto", f"most_seeds={most}")) == looks


def test_a_fixed_number_of_trainings_has_no_looks_whatever_most_seeds_is() -> None:
    assert counts(point("seeds=3", "most_seeds=4")) == ()


def test_the_looks_of_a_sweep_are_those_of_all_its_points() -> None:
    assert looks_of([point("seeds=auto", f"size={size}") for size in ("1x", "5x")]) == (2, 4, 8)
    assert looks_of([point("seeds=1"), point("seeds=3")]) == ()


@pytest.mark.parametrize("other", [["seeds=3"], ["seeds=auto", "most_seeds=4"]])
def test_a_sweep_whose_points_differ_in_their_looks_is_refused(other: list[str]) -> None:
    with pytest.raises(InvalidInput, match="seeds, most_seeds: found several values"):
        looks_of([point("seeds=auto"), point(*other)])


def test_a_study_with_trainings_is_that_of_the_same_fixed_number(tmp_path: Path) -> None:
    config, fixed = point("seeds=auto"), point("seeds=4")
    later, known = built(config, config.hydra, 4), built(fixed, fixed.hydra)
    assert later.key("tuned") == known.key("tuned")
    assert later.overrides == known.overrides == {"seeds": "4"}
    assert list(built(config, config.hydra).settings.training_seeds) == [0, 1]
    # The config that is looked at again and again stays as it was.
    assert (config.seeds, with_trainings(config, 8).seeds) == ("auto", 8)


def test_a_job_is_launched_with_the_number_and_without_auto() -> None:
    assert point_with_trainings(["size=1x", "seeds=auto", "training_seed=3"], 4) == ["size=1x", "training_seed=3", "seeds=4"]
