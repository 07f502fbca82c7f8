"""The command killed at random moments of a labelling: nothing is paid twice or lost but what was in flight."""

from pathlib import Path

import pytest

from tests.kills import FAULTS, killed


@pytest.mark.slow
def test_a_labelling_killed_at_random_moments_pays_once_loses_nothing_and_ends_as_one_that_was_not(tmp_path: Path) -> None:
    tally = killed(tmp_path, kills=3, sections=3, methods=["fact"])
    assert len(tally.lost) == 3
    assert sum(tally.kinds[kind] for kind in FAULTS) > 4


@pytest.mark.slow
def test_two_hundred_kills_of_labellings_of_five_hundred_requests_by_both_methods(tmp_path: Path) -> None:
    tally = killed(tmp_path, kills=200, sections=56)
    assert len(tally.lost) == 200
    assert min(tally.requests) >= 500
