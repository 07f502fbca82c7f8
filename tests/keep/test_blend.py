"""Blending changes a trained model, and no training."""

import math

import pytest
from pydantic import ValidationError

from runner.keep import ChangesWeights
from runner.keep.blend import Blend
from tests.keep.given import GENERAL, LABELS


def test_the_training_is_that_without_a_remedy():
    assert Blend(scale=0.5).examples(LABELS, GENERAL, ()) == LABELS


def test_it_changes_weights_afterwards():
    assert isinstance(Blend(scale=0.5), ChangesWeights)


@pytest.mark.parametrize("scale", [0, 0.5, 1])
def test_both_ends_are_scales(scale):
    assert Blend(scale=scale).scale == scale


@pytest.mark.parametrize("scale", [-0.1, 1.1, math.inf, math.nan])
def test_a_scale_outside_of_0_to_1_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        Blend(scale=scale)
