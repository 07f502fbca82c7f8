"""Shares, overlap and sample are decided by ids."""

from dataclasses import replace

import pytest

from runner.errors import Fault
from runner.review_page.plan import ReviewPlan, drawn_sample
from tests.review_page.given import candidate

ITEMS = [candidate(number).item.id for number in range(400)]


def test_each_item_is_one_persons_and_those_of_the_overlap_are_everybodys() -> None:
    plan = ReviewPlan(reviewers=("ada", "bob"), overlap=0.2)
    shares = [[item for item in ITEMS if plan.is_for(item, who)] for who in plan.reviewers]
    both = {*shares[0]} & {*shares[1]}
    assert {*shares[0]} | {*shares[1]} == {*ITEMS}
    assert both == {item for item in ITEMS if plan.is_shared(item)}
    assert 50 < len(both) < 110
    assert all(120 < len(share) - len(both) < 200 for share in shares)
    assert {item for item in ITEMS if replace(plan, overlap=0.1).is_shared(item)} < both


def test_a_larger_sample_holds_a_smaller_one_and_another_seed_is_another() -> None:
    candidates = [candidate(number) for number in range(50)] + [candidate(kind="question")]
    small, large = drawn_sample(candidates, 10, 0), drawn_sample(candidates, 20, 0)
    assert (len(small), small < large, small != drawn_sample(candidates, 10, 1)) == (10, True, True)
    with pytest.raises(Fault, match="there are 50 labels"):
        drawn_sample(candidates, 51, 0)
