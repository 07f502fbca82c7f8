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

    What is finished is not done again.
    """
    with executor.arm(TUNED) as arm:
        if arm.finished:
            baselines(study, executor)
        else:
            arm.report_tuned(teach(study, executor))


def teach(study: Study, executor: Executor) -> Taught:
    """Teach a study's students, and examine them and the baselines."""
    # Labels first: they may be missing or too few, which shows here before any student is loaded or paid for.
    labelling = label(study, executor)
    subset = draw(study, labelling)
    # The students are measured against the baselines, so these are finished before.
    baselines(study, executor)
    general = examine_general(study, executor, untuned(study))
    trainings = [student(study, executor, subset, seed) for seed in study.settings.training_seeds]
    return Taught(
        labelling=labelling.value,
        label_seconds=labelling.seconds,
        label_usage=labelling.usage,
        subset=subset.value,
        guessed=bool(subset.guess),
        untuned=general,
        trainings=trainings,
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


def baselines(study: Study, executor: Executor) -> None:
    """Examine the untuned model as every baseline asks it."""
    for name in study.baseline:
        baseline(study, executor, name)


def baseline(study: Study, executor: Executor, name: str) -> None:
    """Examine the untuned model as one baseline asks it."""
    with executor.arm(name) as arm:
        if arm.finished:
            return
        exam = Done(value=study.material.questions)
        requests = baseline_requests(study, executor, name)
        arm.report_baseline(examine(study, executor, untuned(study), exam, requests))


def shared_work(study: Study, executor: Executor, names: Sequence[str], labels: bool, general: bool) -> None:
    """Do the work that several runs of a sweep share.

    `names` are those of baselines.
    """
    if labels:
        label(study, executor)
    for name in names:
        baseline(study, executor, name)
    if general:
        examine_general(study, executor, untuned(study))
