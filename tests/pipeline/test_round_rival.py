"""The rival of rounds learns as many labels in as many steps at once, chosen without practice."""

import pytest

from runner.config.study import Study
from runner.preview.forecast import Forecast, ForecastExecutor
from tests.given import Scripted
from tests.pipeline.rounding import ASKED, Learner, after, pin_in, rounding, taught
from tests.pipeline.test_round_labels import NEW


def test_the_rival_has_as_many_labels_and_steps_as_the_rounds_and_begins_with_the_untuned_model(pins: Study) -> None:
    rounds, rival = after(rounding(pins)), rounding(pins, refine={"once": True})
    last = after(rival)
    examples, start, steps = rival.tuner.given[-1]
    assert (len(examples), start) == (24 + len(rounds.value.labels), "")
    assert steps == len(last.value.tuning.losses) == len(rounds.value.tuning.losses)
    assert len(last.value.labels) == len(rounds.value.labels) == 48
    assert (last.value.rounds, last.value.trainings) == ((), (last.key,))
    assert {pin_in(text) for text in taught(rival, -1)} == set(range(24))
    assert not [text for text in taught(rival, -1) if ASKED[1] in text or ASKED[2] in text]
    assert {word for word in ASKED if word in " ".join(taught(rival, -1))} == {ASKED[0], *ASKED[3:5]}


def test_another_student_with_as_many_labels_changes_nothing_of_the_choice(pins: Study) -> None:
    rival = rounding(pins, refine={"once": True, "labels": 10, "rounds": 1})
    other = rounding(pins, refine={"once": True, "labels": 10, "rounds": 1}, model=Learner(shaky=(1, 2, 3)))
    after(rival)
    after(other)
    assert taught(rival, -1) == taught(other, -1)


def test_too_few_labels_for_the_rival_are_told(pins: Study, caplog: pytest.LogCaptureFixture) -> None:
    few = {"once": True, "practice": 1, "rounds": 1}
    for scale in (4, 3):
        caplog.clear()
        after(rounding(pins, teacher=Scripted(NEW), refine={**few, "scale": scale}))
        assert ("the rounds took 32 labels beside the first ones, and there are 24" in caplog.text) is (scale == 3)


def test_a_forecast_of_the_rival_counts_its_training_beside_those_of_the_rounds(pins: Study) -> None:
    forecast = Forecast()
    study = rounding(pins, refine={"once": True, "rounds": 2})
    after(study, ForecastExecutor(study, forecast, {}))
    assert len(forecast.trainings) == 4
