"""full draws every label that the method made."""

import math

import pytest
from pydantic import ValidationError

from runner.data.records import Labelling
from runner.size.full import FullSize
from tests.given import label


def test_every_label_is_drawn_in_its_order():
    labels = tuple(label(str(n), position=n) for n in range(30))
    assert FullSize().draw(Labelling(labels=labels), 0).labels == labels


def test_nothing_is_ever_short():
    assert FullSize().draw(Labelling(labels=(), short=2, units=2), 0).shortage == ""


def test_the_name_is_full():
    assert FullSize(scale=3).name == "full"


@pytest.mark.parametrize("scale", [0, -1, "all", math.inf, math.nan])
def test_a_scale_that_is_no_positive_number_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        FullSize(scale=scale)
