"""The pipeline: sections, labels, subset, tune, answer, grade, measure, track."""

from collections.abc import Sequence

from runner.config.study import TUNED, Study
from runner.data.records import Subset
from runner.pipeline.answer import examine, examine_general, untuned
from runner.pipeline.executor import Done, Executor
from runner.pipeline.labels import label
from runner.pipeline.prompts import bare_requests, baseline_requests
from runner.pipeline.results import Taught, TrainedStudent
from runner.pipeline.subset import draw
from runner.pipeline.training import train, training_questions


def experiment(study: Study, executor: Executor) -> None:
    """Take one study from its documents to tracked numbers.

    The baselines come first: they are shared by all runs of a sweep. What is finished is not done again.
    """
    for name in study.baseline:
        baseline(study, executor, name)
    with executor.arm(TUNED) as arm:
        if arm.finished:
            return
        labelling = label(study, executor)
        subset = draw(study, labelling)
        general = examine_general(study, executor, untuned(study))
        trainings = [student(study, executor, subset, seed) for seed in study.settings.training_seeds]
        arm.report_tuned(
            Taught(
                labelling=labelling.value,
                label_seconds=labelling.seconds,
                label_usage=labelling.usage,
                subset=subset.value,
                guessed=bool(subset.guess),
                untuned=general,
                trainings=trainings,
            )
        )


def student(study: Study, executor: Executor, subset: Done[Subset], seed: int) -> TrainedStudent:
    """Train once, then examine the student: the exam, training questions, general questions."""
    checkpoint, tuning = train(study, executor, untuned(study), subset, seed)
    with executor.reachable(checkpoint) as tuned:
        exam = Done(value=study.material.questions)
        practice = training_questions(study, subset)
        return TrainedStudent(
            tuning=tuning.value,
            seconds=tuning.seconds,
            usage=tuning.usage,
            exam=examine(study, executor, tuned, exam, bare_requests(study, exam)),
            practice=examine(study, executor, tuned, practice, bare_requests(study, practice)),
            general=examine_general(study, executor, tuned),
        )


def baseline(study: Study, executor: Executor, name: str) -> None:
    """Examine the untuned model as one baseline asks it."""
    with executor.arm(name) as arm:
        if arm.finished:
            return
        exam = Done(value=study.material.questions)
        requests = baseline_requests(study, executor, name)
        arm.report_baseline(examine(study, executor, untuned(study), exam, requests))


def shared_work(study: Study, executor: Executor, baselines: Sequence[str], labels: bool, general: bool) -> None:
    """Do the parts of an experiment that other runs of a sweep need too."""
    for name in baselines:
        baseline(study, executor, name)
    if labels:
        label(study, executor)
    if general:
        examine_general(study, executor, untuned(study))
