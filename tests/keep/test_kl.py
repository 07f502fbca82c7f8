"""The penalty holds a model to its former answers to general prompts."""

import math
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from runner.keep.kl import Divergence
from runner.local_models.distributions import Distance, distributions, measure
from runner.local_models.training_loop import train
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning
from tests.keep.given import GENERAL, LABELS, OWN

SCHEDULE = FullTuning(epochs=4, batch=2, rate=5e-3, warmup=0.1, clip=1.0)
TAUGHT = Divergence(weight=1.0, rows=2, top=16).taught(LABELS, GENERAL, OWN)


def distance(model: HuggingFace, folder: Path, weight: float) -> float:
    """Train with a weight, and measure how far the general answers moved."""
    kept = distributions(folder)
    network = model.load()
    objective = Divergence(weight=weight, rows=2, top=16).objective(network, TAUGHT, kept) if weight else None
    train(network, LABELS, SCHEDULE, 0, *([objective] if objective else []))
    measure(network, TAUGHT, 16, folder / "after")
    after, moved = distributions(folder / "after"), Distance(kept)
    logits = torch.full((len(after.logs), 49152), -1e4).scatter(1, after.tokens, after.logs)
    return float(moved.mean(range(len(TAUGHT)), logits))


def test_the_answers_are_the_models_own_whether_right_or_wrong():
    assert [reply for _, reply in TAUGHT] == [reply.text for reply in OWN]


def test_the_labels_are_trained_on_alone():
    assert Divergence(weight=1.0, rows=2, top=16).examples(LABELS, GENERAL, OWN) == LABELS


def test_a_tuned_model_stays_nearer_to_its_former_answers_with_it_than_without(talker: HuggingFace, tmp_path: Path) -> None:
    (tmp_path / "after").mkdir()
    measure(talker.load(), TAUGHT, 16, tmp_path)
    without, with_it = (distance(talker, tmp_path, weight) for weight in (0.0, 4.0))
    assert with_it < without / 2


@pytest.mark.parametrize("weight", [0, -1, math.inf, math.nan])
def test_a_weight_that_is_no_number_above_0_is_refused(weight: float) -> None:
    with pytest.raises(ValidationError, match="weight"):
        Divergence(weight=weight, rows=4, top=256)
