"""DPO learns pairs, the preferred reply first."""

import pytest
from pydantic import ValidationError

from runner.data.records import chat
from runner.data.training import Judged, Preference
from runner.refine import LearnsPreferences
from runner.refine.dpo import PreferenceOptimisation
from tests.refine.given import LESSONS, network

SETTINGS = {"samples": 4, "temperature": 1.0, "chosen": "own", "prompt": "{passage} {question}", "beta": 0.1, "epochs": 1}
SETTINGS |= {"batch": 8, "rate": 1e-4}
PROMPT = chat("Who?", "", 8)


def test_a_pair_is_two_lessons_and_single_judgements_are_none():
    dpo = PreferenceOptimisation(**SETTINGS)
    assert isinstance(dpo, LearnsPreferences)
    lessons = dpo.lessons([Preference(PROMPT, "Ada", "Bob")], [Judged(PROMPT, "Eve", True)])
    assert lessons == [Judged(PROMPT, "Ada", True), Judged(PROMPT, "Bob", False)]


def test_both_replies_of_a_pair_share_a_step():
    objective = PreferenceOptimisation(**SETTINGS).objective(network(), LESSONS)
    assert objective.together == 2
    assert [objective.labels.weight(row) for row in (0, 1)] == [0.5, 0.5]


def test_its_schedule_replaces_the_tuners():
    assert PreferenceOptimisation(**SETTINGS).schedule == {"epochs": 1, "steps": None, "batch": 8, "rate": 1e-4}


@pytest.mark.parametrize(
    "setting", [{"beta": 0}, {"temperature": 0}, {"samples": -1}, {"chosen": "mine"}, {"prompt": "no places"}, {"rate": -1}]
)
def test_a_setting_that_no_training_can_have_is_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(setting))):
        PreferenceOptimisation(**{**SETTINGS, **setting})


def test_a_host_gets_the_epochs_the_pairs_of_a_step_and_beta() -> None:
    refine = PreferenceOptimisation(**{**SETTINGS, "beta": 0.5, "batch": 3})
    assert refine.hyperparameters == {"n_epochs": 1, "batch_size": 3, "beta": 0.5}
