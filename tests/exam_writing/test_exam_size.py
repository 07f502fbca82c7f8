"""A smaller difference needs more facts."""

import numpy as np
import pytest

from runner.errors import Fault
from runner.exam_writing.exam_size import facts_wanted
from runner.statistics.called import FactSizes
from runner.statistics.design import Design
from runner.statistics.suppositions import DEFAULTS


def test_without_a_difference_the_number_is_that_of_the_setting() -> None:
    assert facts_wanted(30, 3, None, 0.05) == 30


def test_an_exam_of_that_size_detects_the_difference_and_one_of_fewer_facts_does_not() -> None:
    facts = facts_wanted(30, 3, 20, 0.05)
    sizes = [Design(DEFAULTS, FactSizes.of(np.full(count, 3))) for count in (facts, facts - 5)]
    seen = [design.detectable(0.05) for design in sizes]
    assert seen[0] is not None and seen[1] is not None
    assert seen[0] <= 0.2 < seen[1]


def test_a_difference_that_no_exam_shows_is_refused() -> None:
    with pytest.raises(Fault, match=r"exam\.sees=0\.1: no number of facts"):
        facts_wanted(30, 3, 0.1, 0.05)
