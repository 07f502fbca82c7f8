"""Rankings are joined by the sum of reciprocal ranks."""

import pytest

from runner.retriever.rank_fusion import fused


def test_a_place_that_both_rankings_hold_comes_before_the_first_of_each() -> None:
    assert fused([[7, 3], [5, 3]], 60) == [3, 5, 7]


def test_of_equal_sums_the_earlier_place_comes_first() -> None:
    assert fused([[9, 2], [2, 9]], 60) == [2, 9]


@pytest.mark.parametrize(("constant", "first"), [(1, 1), (60, 3)])
def test_a_larger_constant_makes_the_first_rank_count_less(constant: int, first: int) -> None:
    assert fused([[1, 8, 7, 3], [2, 9, 6, 3]], constant)[0] == first


def test_nothing_is_joined_to_nothing() -> None:
    assert fused([[], []], 60) == []
