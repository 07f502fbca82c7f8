"""What a student misses in practice is grouped by fact or section."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Subset
from runner.method.relabelling import Missed
from runner.pipeline.answer import untuned
from runner.pipeline.practice import practice_apart
from runner.pipeline.round_practice import Practised, failed_units, practise
from runner.pipeline.store_executor import StoreExecutor
from tests.given import question
from tests.pipeline.rounding import LABELS, SECTION, Learner, rounding

ONE_X = Subset(labels=LABELS[::8])


def missed(right: float) -> Missed:
    """A question that was answered rightly so often."""
    return Missed(question="Which?", answer="1", wrong=("x",), right=right, failed=True)


def test_wrong_answers_are_told_once_and_right_ones_not_at_all(pins: Study) -> None:
    study = rounding(pins, refine={"samples": 2})
    practice = practice_apart(study, study.method.label(study.material, study.teacher, 8), ONE_X, 2)
    result = practise(study, StoreExecutor(study), untuned(study), practice.questions[:2], 0)
    assert result.passed == [False, False]
    assert [(each.wrong, each.right, each.failed) for each in result.missed.values()] == [(("x",), 0.0, True)] * 2
    assert [who for who, *_ in study.model.asked] == ["ask"] * 2 + ["draw"] * 4


@pytest.mark.parametrize(("sure", "unsure"), [(0.5, 1), (0.0, 0)])
def test_a_question_is_unsure_below_the_share_of_right_draws(pins: Study, sure: float, unsure: int) -> None:
    study = rounding(pins, model=Learner(shaky=(99,)), refine={"sure": sure, "samples": 2})
    asked = [question("p", question="Which has pin 99?", answer="99")]
    result = practise(study, StoreExecutor(study), untuned(study), asked, 0)
    assert result.passed == [True]
    assert [each.failed for each in result.missed.values()] == [False] * unsure


def test_units_with_the_fewest_right_answers_come_first_and_hold_all_that_was_missed(pins: Study) -> None:
    asked = [question(f"q{pin}", section=SECTION.id, fact=f"Pin {pin:02}") for pin in (0, 1, 2, 2)]
    asked[3] = replace(asked[3], id="q3")
    lost = question("q4", section="gone.md#Pins", fact="Pin 03")
    told = {"q0": missed(0.5), "q2": missed(0.0), "q3": missed(0.5), "q4": missed(0.0)}
    practised = Practised(questions=[*asked, lost], passed=[False] * 5, missed=told, after=[])
    units = failed_units(rounding(pins), practised, LABELS)
    assert [(unit.fact, len(unit.missed), len(unit.earlier), unit.method) for unit in units] == [
        ("Pin 02", 2, 8, "fact"),
        ("Pin 00", 1, 8, "fact"),
    ]


def test_questions_of_methods_that_label_sections_are_one_unit_a_section(pins: Study) -> None:
    labels = [replace(each, fact="", method="token") for each in LABELS]
    asked = [question(f"q{pin}", section=SECTION.id, fact=f"Pin {pin:02}") for pin in (0, 1)]
    practised = Practised(questions=asked, passed=[False] * 2, missed={"q0": missed(0.0), "q1": missed(0.0)}, after=[])
    (unit,) = failed_units(rounding(pins), practised, labels)
    assert (unit.fact, unit.method, len(unit.missed)) == ("", "token", 2)
