"""A fraction draws its share of all labels, nested and stratified."""

import math

import pytest
from pydantic import ValidationError

from runner.data.records import Labelling
from runner.size.fraction import Fraction
from tests.given import label

LABELLING = Labelling(labels=tuple(label(f"{category}{n}", category=category) for category in "ab" for n in range(10)))


@pytest.mark.parametrize(("fraction", "labels"), [(0.001, 1), (0.1, 2), (0.5, 10), (1, 20)])
def test_the_share_is_drawn_and_never_less_than_one_label(fraction, labels):
    assert len(set(Fraction(fraction=fraction).draw(LABELLING, 0).labels)) == labels


def test_a_smaller_fraction_is_a_prefix_of_a_larger_one():
    small, large = (Fraction(fraction=fraction).draw(LABELLING, 3).labels for fraction in (0.2, 0.7))
    assert small == large[: len(small)]


def test_half_holds_half_of_each_category():
    drawn = Fraction(fraction=0.5).draw(LABELLING, 0).labels
    assert sorted(one.category for one in drawn) == ["a"] * 5 + ["b"] * 5


def test_a_fraction_of_nothing_is_nothing():
    assert Fraction(fraction=0.5).draw(Labelling(labels=()), 0).labels == ()


def test_the_name_is_the_fraction():
    assert Fraction(fraction=0.25).name == "0.25 of all"


@pytest.mark.parametrize("fraction", [0, -0.1, 1.01, math.nan, "half", None])
def test_a_fraction_that_is_not_above_0_and_up_to_1_is_refused(fraction):
    with pytest.raises(ValidationError, match="fraction"):
        Fraction(fraction=fraction)


@pytest.mark.parametrize("scale", [0, -1, "many", math.inf, math.nan])
def test_a_scale_that_is_no_positive_number_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        Fraction(fraction=0.5, scale=scale)
