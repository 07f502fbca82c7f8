"""A count draws a number of labels, nested and stratified, and reports if there are fewer."""

import math

import pytest
from pydantic import ValidationError

from runner.data.records import Labelling
from runner.size.count import Count
from tests.given import label

LABELLING = Labelling(labels=tuple(label(f"{category}{n}", category=category) for category in "ab" for n in range(10)))


@pytest.mark.parametrize("labels", [1, 7, 20])
def test_so_many_labels_are_drawn(labels):
    drawn = Count(labels=labels).draw(LABELLING, 0).labels
    assert len(set(drawn)) == labels


def test_a_smaller_count_is_a_prefix_of_a_larger_one():
    small, large = (Count(labels=labels).draw(LABELLING, 3).labels for labels in (5, 12))
    assert small == large[:5]


def test_half_of_the_labels_hold_half_of_each_category():
    drawn = Count(labels=10).draw(LABELLING, 0).labels
    assert sorted(one.category for one in drawn) == ["a"] * 5 + ["b"] * 5


def test_the_same_seed_draws_the_same_labels():
    assert Count(labels=5).draw(LABELLING, 1) == Count(labels=5).draw(LABELLING, 1)


def test_another_seed_draws_other_labels():
    assert Count(labels=5).draw(LABELLING, 1) != Count(labels=5).draw(LABELLING, 2)


def test_a_shortage_is_told_in_labels():
    draw = Count(labels=50).draw(LABELLING, 0)
    assert len(draw.labels) == 20
    assert draw.shortage == "50 labels asked for, there are 20"


def test_no_shortage_is_told_where_there_are_just_enough():
    assert Count(labels=20).draw(LABELLING, 0).shortage == ""


def test_no_labels_at_all_are_a_shortage():
    assert Count(labels=1).draw(Labelling(labels=()), 0).shortage == "1 labels asked for, there are 0"


def test_the_name_is_the_count():
    assert Count(labels=1000).name == "1000 labels"


@pytest.mark.parametrize("labels", [0, -1, 1.5, "many", None, True, "5"])
def test_a_count_that_is_no_positive_whole_number_is_refused(labels):
    with pytest.raises(ValidationError, match="labels"):
        Count(labels=labels)


@pytest.mark.parametrize("scale", [0, -1, "many", math.inf, math.nan])
def test_a_scale_that_is_no_positive_number_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        Count(labels=1, scale=scale)
