"""kx draws each unit's labels up to k, nested, and reports units with fewer."""

import math

import pytest
from pydantic import ValidationError

from runner.data.records import Labelling
from runner.size.scale import Scale
from tests.given import label

LABELS = tuple(label(f"{fact}{n}", fact=fact, position=n) for fact in "ab" for n in range(6))


@pytest.mark.parametrize("scale", [1, 2, 5])
def test_each_unit_gives_as_many_labels_as_the_scale(scale):
    drawn = Scale(scale=scale).draw(Labelling(labels=LABELS), 0).labels
    assert [drawn_label.question for drawn_label in drawn] == [f"{fact}{n}" for fact in "ab" for n in range(scale)]


@pytest.mark.parametrize(("small", "large"), [(0.5, 1), (1, 2.5), (2.5, 5), (5, 10)])
def test_a_smaller_size_is_a_prefix_of_a_larger_one_unit_by_unit(small, large):
    few, many = (Scale(scale=scale).draw(Labelling(labels=LABELS), 0).labels for scale in (small, large))
    for fact in "ab":
        own = [one for one in few if one.fact == fact]
        assert own
        assert own == [one for one in many if one.fact == fact][: len(own)]


def test_the_label_that_reaches_the_scale_is_the_last():
    labels = tuple(label(str(position), position=position) for position in (0, 0.4, 0.99, 1.0))
    assert len(Scale(scale=1).draw(Labelling(labels=labels), 0).labels) == 3


def test_the_seed_changes_nothing():
    assert Scale(scale=2).draw(Labelling(labels=LABELS), 0) == Scale(scale=2).draw(Labelling(labels=LABELS), 1)


@pytest.mark.parametrize(("short", "begins"), [(1, "1 of 8 units"), (3, "3 of 8 units")])
def test_a_shortage_is_told_in_units(short, begins):
    draw = Scale(scale=5).draw(Labelling(labels=LABELS, short=short, units=8), 0)
    have = "has" if short == 1 else "have"
    assert draw.shortage == f"{begins} (a section, a fact or a single label) {have} fewer labels than 5x asks for"


def test_no_shortage_is_told_where_there_is_none():
    assert Scale(scale=5).draw(Labelling(labels=LABELS, units=2), 0).shortage == ""


@pytest.mark.parametrize(("scale", "name"), [(5, "5x"), (0.5, "0.5x"), (10.0, "10x")])
def test_the_name_is_the_scale(scale, name):
    assert Scale(scale=scale).name == name


@pytest.mark.parametrize(
    "scale",
    [
        0,
        -1,
        "many",
        None,
        math.nan,
        math.inf,
    ],
)
def test_a_scale_that_is_no_positive_number_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        Scale(scale=scale)
