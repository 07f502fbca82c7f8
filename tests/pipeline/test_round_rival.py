"""The rival of rounds learns as many labels in as many steps at once, chosen without practice."""

import pytest

from runner.config.study import Study
from runner.errors import Fault
from runner.keep import Keep
from runner.keep.replay import Replay
from runner.keep.replay_own import ReplayOwn
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


def remembering(pins: Study, keep: Keep, pairs: int) -> Study:
    """Rounds and their rival with a remedy, and pairs that the untuned learner alone gets right."""
    study = rounding(pins, keep=keep, refine={"once": True})
    vars(study).update(general_pairs=tuple((f"What was pin {pin:02} before?", "x") for pin in range(pairs)))
    return study


def test_too_few_general_pairs_end_a_first_training_and_no_later_one(pins: Study, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Fault, match=r"12 general examples are wanted for 24 labels, and there are 11 pairs\. Set keep\.share to"):
        after(remembering(pins, Replay(share=0.5), 11))
    study = remembering(pins, Replay(share=0.5), 12)
    after(study)
    asked = [[text for text in taught(study, number) if "before" in text] for number in range(len(study.tuner.given))]
    assert [len(texts) for texts in asked] == [12] * 4
    assert "36 general examples are wanted for 72 labels, and there are 12 pairs" in caplog.text


def test_a_student_that_answers_no_general_question_any_more_is_trained_on(pins: Study, caplog: pytest.LogCaptureFixture) -> None:
    study = remembering(pins, ReplayOwn(share=0.2), 8)
    assert after(study).value.labels
    lengths = [len([text for text in taught(study, number) if "before" in text]) for number in range(len(study.tuner.given))]
    assert (lengths[0], lengths[1]) == (5, 0)
    assert "there are 0 answers of the untuned model that are right and whole (of 8)" in caplog.text
