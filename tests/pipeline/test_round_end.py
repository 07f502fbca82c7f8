"""Practice is compared with that before, question by question, by the test of the comparison."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.pipeline.answer import untuned
from runner.pipeline.results import Output, Round
from runner.pipeline.round_end import improved, why_ended
from runner.pipeline.round_practice import Practised
from runner.statistics import Verdict
from tests.given import question
from tests.pipeline.rounding import rounding

FACTS = 12


def practised(right: int, facts: int = FACTS) -> Practised:
    """A practice of one question a fact, of which the first ones are right."""
    questions = [question(f"q{number}", fact=f"fact {number}") for number in range(facts)]
    return Practised(questions=questions, passed=[number < right for number in range(facts)], missed={}, after=[])


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(2, 11, Verdict.BETTER), (11, 2, Verdict.WORSE), (2, 4, Verdict.UNDECIDED), (5, 5, Verdict.UNDECIDED)],
)
def test_practice_is_better_only_where_the_paired_test_says_so(pins: Study, before: int, after: int, verdict: Verdict) -> None:
    assert improved(rounding(pins), practised(before), practised(after)) is verdict


def test_questions_of_few_facts_decide_nothing(pins: Study) -> None:
    assert improved(rounding(pins), practised(0, 4), practised(4, 4)) is Verdict.UNDECIDED


def test_a_forecast_goes_on_to_the_last_round(pins: Study) -> None:
    study = rounding(pins, refine={"rounds": 2})
    rounds = [Round(number=number, checkpoint=untuned(study), practice=[], failed=0, unsure=0) for number in range(3)]
    guessed = replace(practised(2), after=[Output(value=None, guess="answers")])
    assert improved(study, guessed, guessed) is Verdict.UNDECIDED
    assert why_ended(study, rounds[:2], [guessed, guessed]) == ""
    assert why_ended(study, rounds, [guessed, guessed, guessed]) == "these were all rounds (refine.rounds=2)"
    assert "not decided" in why_ended(study, rounds[:2], [practised(2), practised(4)])
