"""Grades of an arm in, numbers of every metric out."""

from collections.abc import Sequence
from numbers import Real

from runner.config.contracts import returned
from runner.config.study import Study
from runner.data.records import Outcome
from runner.exam_checks.near_duplicates import Near
from runner.pipeline.passages_judged import held_answers
from runner.pipeline.results import TunedResult
from runner.pipeline.upkeep import all_taught
from runner.pipeline.withdrawn import former_answers


def measure(study: Study, outcome: Outcome) -> dict[str, float]:
    """Return the numbers of every metric."""
    numbers: dict[str, float] = {}
    for metric in study.metric.values():
        for name, value in returned(metric, "measure", metric.measure(outcome), dict).items():
            numbers[name] = returned(metric, f"measure, {name!r},", value, Real)  # numbers of NumPy are Real too
    return numbers


def tuned_outcome(study: Study, result: TunedResult, near: Sequence[Near]) -> Outcome:
    """Collect everything that a tuned arm's metrics need."""
    trainings = result.trainings
    perplexities = [training.general.perplexity for training in trainings]
    return Outcome(
        questions=study.material.questions,
        grades=tuple(tuple(training.exam.grades) for training in trainings),
        labels=all_taught(study, result.taught),
        labelling=result.labelling.value,
        # All trainings of an arm learn the same labels, so they are asked the same training questions.
        lessons=tuple(trainings[0].training_questions.questions),
        trained=tuple(grade for training in trainings for grade in training.training_questions.grades),
        near=frozenset(pair.question for pair in near),
        before=tuple(result.untuned.result.grades),
        after=tuple(tuple(training.general.result.grades) for training in trainings),
        general=tuple(result.untuned.result.questions),
        perplexity_before=result.untuned.perplexity,
        # None for models that can't measure it, and without a page.
        perplexity_after=tuple(value for value in perplexities if value is not None),
        # All trainings of an arm read the same passages.
        holding=held_answers(study.material.questions, trainings[0].exam.answers),
        withdrawn=former_answers([training.withdrawn for training in trainings]),
    )
