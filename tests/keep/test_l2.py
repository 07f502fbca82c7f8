"""The pull keeps the weights nearer to where they were."""

import math

import pytest
from pydantic import ValidationError

from runner.keep.l2 import Pull
from runner.local_models.training_loop import train
from runner.local_models.weight_distance import weight_distance
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning
from tests.keep.given import GENERAL, LABELS

SCHEDULE = FullTuning(epochs=3, batch=2, rate=5e-3, warmup=0.1, clip=1.0)


def moved(model: HuggingFace, weight: float) -> float:
    """Train with a weight, and return the squared distance of all weights."""
    network = model.load()
    distance = weight_distance(network.module)
    train(network, LABELS, SCHEDULE, 0, Pull(weight=weight).objective(network, (), None))
    return float(distance().detach())


def test_a_greater_weight_leaves_the_weights_nearer(small_model: HuggingFace) -> None:
    assert moved(small_model, 1.0) < moved(small_model, 1e-6) / 2


def test_the_labels_are_trained_on_alone() -> None:
    assert Pull(weight=1.0).examples(LABELS, GENERAL, ()) == LABELS


@pytest.mark.parametrize("weight", [0, -1, math.inf, math.nan])
def test_a_weight_that_is_no_number_above_0_is_refused(weight: float) -> None:
    with pytest.raises(ValidationError, match="weight"):
        Pull(weight=weight)
