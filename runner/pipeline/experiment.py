"""The pipeline: sections, labels, subset, tune, refine, answer, grade, measure, track."""

from runner.config.study import TUNED, Study
from runner.data.records import Labelling, Subset
from runner.pipeline.answer import examine, examine_general, untuned
from runner.pipeline.executor import Executor
from runner.pipeline.grader_floor import check_grader
from runner.pipeline.keeping import changed
from runner.pipeline.labels import label
from runner.pipeline.prompts import baseline_requests, exam_requests, passages_for
from runner.pipeline.refining import check_possible, refined
from runner.pipeline.results import Checkpoint, Output, StudentResult, TunedResult
from runner.pipeline.rounds import ask_rounds, with_larger
from runner.pipeline.subset import draw
from runner.pipeline.training import train, training_questions
from runner.pipeline.upkeep import beginning, remember
from runner.pipeline.withdrawn import ask_withdrawn


def experiment(study: Study, executor: Executor) -> None:
    """Take one study from its documents to tracked numbers."""
    with executor.arm(TUNED) as arm:
        # A finished arm is not done again, but a baseline may have been added to the study.
        if arm.finished:
            baselines(study, executor)
        else:
            arm.report_tuned(tune(study, executor))


def tune(study: Study, executor: Executor) -> TunedResult:
    """Train a study's students, and examine them and the baselines."""
    check_grader(study, executor)
    # Labels first: they may be missing or too few, which shows here before any student is loaded or paid for.
    labelling = label(study, executor)
    subset = draw(study, labelling)
    check_possible(study, labelling, subset)
    labelling = with_larger(study, executor, labelling)
    # The students are measured against the baselines, so these are finished before.
    baselines(study, executor)
    general = examine_general(study, executor, untuned(study))
    trainings = [student(study, executor, labelling, subset, seed) for seed in study.settings.training_seeds]
    return TunedResult(labelling=labelling, subset=subset, untuned=general, trainings=trainings)


def student(study: Study, executor: Executor, labelling: Output[Labelling], subset: Output[Subset], seed: int) -> StudentResult:
    """Train once, then examine the student."""
    checkpoint = trained(study, executor, labelling, subset, seed)
    exam = Output(value=study.material.questions)
    # One deployment for all three: a host that must deploy a model charges for the time.
    with executor.reachable(checkpoint) as tuned:
        return StudentResult(
            checkpoint=checkpoint,
            exam=examine(study, executor, tuned, exam, exam_requests(study, executor)),
            training_questions=examine(study, executor, tuned, training_questions(study, subset)),
            general=examine_general(study, executor, tuned),
            withdrawn=ask_withdrawn(study, executor, tuned),
            rounds=ask_rounds(study, executor, tuned),
        )


def trained(
    study: Study, executor: Executor, labelling: Output[Labelling], subset: Output[Subset], seed: int
) -> Output[Checkpoint]:
    """Tune on the labels, then refine what was tuned."""
    tuned = changed(study, executor, train(study, executor, beginning(study), subset, seed))
    checkpoint = refined(study, executor, tuned, labelling.value, subset.value, seed)
    remember(study, executor, checkpoint, subset)
    return checkpoint


def baselines(study: Study, executor: Executor) -> None:
    """Examine the untuned model in the way of every baseline."""
    for name in study.baseline:
        baseline(study, executor, name)


def baseline(study: Study, executor: Executor, name: str) -> None:
    """Examine the untuned model in the way of one baseline."""
    with executor.arm(name) as arm:
        # All runs of a sweep share a baseline, so most find it finished.
        if arm.finished:
            return
        check_grader(study, executor)
        exam = Output(value=study.material.questions)
        retrieval = passages_for(study, executor, name)
        requests = baseline_requests(study, executor, name, retrieval=retrieval)
        result = examine(study, executor, untuned(study), exam, requests)
        arm.report_baseline(result, retrieval, ask_withdrawn(study, executor, untuned(study), name))
