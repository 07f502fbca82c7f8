"""Rounds refuse settings that mean nothing, and a prompt that does not say what was missed."""

import pytest
from pydantic import ValidationError

from runner.refine import LabelsAgain, LearnsPreferences
from tests.pipeline.rounding import ROUNDS


def test_rounds_label_again_and_learn_no_preferences():
    assert (isinstance(ROUNDS, LabelsAgain), isinstance(ROUNDS, LearnsPreferences), ROUNDS.refines) == (True, False, True)


@pytest.mark.parametrize(
    "setting",
    [
        {"rounds": 0},
        {"labels": 0},
        {"replay": -0.1},
        {"replay": 1.5},
        {"sure": 2},
        {"add": 0},
        {"source": "exam"},
        {"prompt": "{text}"},
    ],
)
def test_a_setting_without_a_meaning_is_refused(setting):
    values = {name: value for name, value in vars(ROUNDS).items() if not name.startswith("_")}
    with pytest.raises(ValidationError):
        type(ROUNDS)(**{**values, **setting})
