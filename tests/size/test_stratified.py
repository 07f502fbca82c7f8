"""The stratified order holds every label once, and its prefixes the categories in about their shares."""

from collections import Counter

import pytest

from runner.data.records import Label
from runner.size.stratified import stratified
from tests.given import label


def labels(**shares: int) -> list[Label]:
    """A number of labels of each category, one category after the other."""
    return [label(f"{category}{n}", category=category) for category, share in shares.items() for n in range(share)]


@pytest.mark.parametrize("shares", [{"a": 30, "b": 10}, {"a": 5, "b": 1}, {"a": 1}, {"a": 2}, {}], ids=str)
def test_every_label_stands_in_the_order_once(shares):
    assert sorted(stratified(labels(**shares), 0), key=str) == sorted(labels(**shares), key=str)


@pytest.mark.parametrize("length", [4, 12, 20, 32])
def test_a_prefix_holds_the_categories_in_their_shares(length):
    found = Counter(one.category for one in stratified(labels(a=30, b=10), 0)[:length])
    assert found == {"a": length * 3 // 4, "b": length // 4}


def test_the_order_hangs_on_the_seed():
    assert stratified(labels(a=9, b=9), 0) == stratified(labels(a=9, b=9), 0)
    assert stratified(labels(a=9, b=9), 0) != stratified(labels(a=9, b=9), 1)


def test_categories_of_one_label_each_can_be_ordered():
    assert len(stratified(labels(a=1, b=1, c=1), 0)) == 3


def test_a_rare_category_leaves_the_shares_of_the_others_as_they_are():
    found = Counter(one.category for one in stratified(labels(a=100, b=100, c=1), 0)[:20])
    assert found["b"] >= 5


def test_every_prefix_is_within_one_label_of_the_shares_of_two_categories():
    order = stratified(labels(a=70, b=30), 0)
    for length in range(1, 101):
        assert abs(sum(one.category == "b" for one in order[:length]) - 0.3 * length) <= 1


def test_categories_that_share_a_place_take_turns_by_the_seed():
    first = {stratified(labels(a=3, b=3), seed)[0].category for seed in range(20)}
    assert first == {"a", "b"}
