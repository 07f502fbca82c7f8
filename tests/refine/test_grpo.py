"""GRPO draws answers while it is trained, and takes the grades of them as rewards."""

import pytest
from pydantic import ValidationError

from runner.data.records import chat
from runner.data.training import Supervised
from runner.local_models import Rewarded
from runner.refine import LearnsPreferences, LearnsRewards
from runner.refine.grpo import PolicyOptimisation
from tests.refine.given import network

SETTINGS = {"samples": 8, "temperature": 1.0, "beta": 0.04, "epsilon": 0.2, "iterations": 1, "loss_type": "dapo", "epochs": 1}
SETTINGS |= {"batch": 4, "rate": 1e-4}


def test_its_rows_are_drawn_and_its_loss_notes_rewards():
    grpo = PolicyOptimisation(**SETTINGS)
    assert isinstance(grpo, LearnsRewards)
    assert not isinstance(grpo, LearnsPreferences)
    objective = grpo.reinforced(network(), [Supervised(chat("Who?", "", 8), "Ada")], lambda places, texts: [], 0)
    assert objective.drawn.prompts == [chat("Who?", "", 8)]
    assert isinstance(objective.labels, Rewarded)
    assert grpo.schedule == {"epochs": 1, "steps": None, "batch": 4, "rate": 1e-4}


@pytest.mark.parametrize(
    "setting",
    [{"samples": 1}, {"beta": 0}, {"epsilon": 1}, {"iterations": 0}, {"loss_type": "ppo"}, {"temperature": -1}, {"rate": 0}],
)
def test_a_setting_that_no_training_can_have_is_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(setting))):
        PolicyOptimisation(**{**SETTINGS, **setting})
