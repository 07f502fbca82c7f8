"""Grades to numbers by every metric, and trainings to what the metrics read."""

from dataclasses import replace

from runner.config.study import Study
from runner.data.records import Grade, Outcome
from runner.exam_checks.near_duplicates import Near
from runner.pipeline.measure import measure, tuned_outcome
from tests import given
from tests.pipeline.given import LABELS, FixedNumbers, result, training, tuned

QUESTIONS = [given.question("a"), given.question("b")]
NEAR = Near(question="a", asked="Who won a?", label="Who won?", likeness=0.9)


def verdicts(grades: tuple[Grade, ...]) -> list[bool | None]:
    return [grade.passed for grade in grades]


def test_the_numbers_of_every_metric_are_returned_together(study: Study) -> None:
    study = replace(study, metric={"first": FixedNumbers({"one": 1.0}), "second": FixedNumbers({"two": 2.0})})
    assert measure(study, Outcome(questions=(), grades=())) == {"one": 1.0, "two": 2.0}


def test_metrics_read_every_training_and_what_the_student_knew_before(study: Study) -> None:
    grades = [((True, False), (True, True), (False, True)), ((True, True), (False, True), (True, True))]
    first, second = ([result(QUESTIONS, *passed) for passed in row] for row in grades)
    arm = tuned(result(QUESTIONS, True, False), [training(*first, 3.0), training(*second)], 2.0)
    outcome = tuned_outcome(study, arm, [NEAR])
    assert outcome.questions == study.material.questions
    assert [verdicts(exam) for exam in outcome.grades] == [[True, False], [True, True]]
    assert (outcome.labels, outcome.labelling, outcome.near) == (LABELS[:3], arm.labelling.value, {"a"})
    assert verdicts(outcome.trained) == [True, True, False, True]
    assert [question.id for question in outcome.lessons] == ["a", "b"]
    assert verdicts(outcome.before) == [True, False]
    assert [verdicts(general) for general in outcome.after] == [[False, True], [True, True]]
    assert (outcome.perplexity_before, outcome.perplexity_after) == (2.0, (3.0,))
