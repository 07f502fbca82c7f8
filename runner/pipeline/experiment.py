"""One run, from a built study to tracked numbers: sections, labels, subset, tune, answer, grade, measure, track."""

from runner.config.study import Study
from runner.data.records import Draw, Outcome
from runner.errors import Fault
from runner.exam_checks.near_duplicates import nearest
from runner.exam_checks.training_questions import repeated
from runner.pipeline.recording import record
from runner.pipeline.stages import Student, Training, deployed, exam, label, remember, sit, tune
from runner.pipeline.tracking import account, arm, beside, track, track_costs, track_memory, track_taught
from runner.spending.usage import spent_in


def experiment(study: Study) -> None:
    """Label, draw, tune, sit the exam, and track it, with the baselines' exams; what is finished is not done again."""
    study.tracker.check(study.corpus.name)
    if not study.parent and not study.finished:  # a sweep has checked its runs before the first one
        study.check()
    with arm(study, "tuned") as run:
        record(study)
        if run.finished:
            return
        questions = study.material.questions
        labelling, labelled = label(study)
        draw = study.size.draw(labelling, study.subset_seed)
        if not draw.labels:
            raise Fault(f"no label is left to train on. {draw.shortage}\n{account(labelling.ledgers)}")
        near = nearest(draw.labels, questions, study.near)
        baselines = {name: baseline(study, name) for name in study.baseline}
        known = remember(study, Student(study.model))
        trainings = [train(study, draw, seed) for seed in study.seeds_of_training]
        outcome = Outcome(
            questions=questions,
            grades=tuple(tuple(training.sitting.grades) for training in trainings),
            labels=draw.labels,
            labelling=labelling,
            lessons=tuple(trainings[0].lesson.questions),
            trained=tuple(grade for training in trainings for grade in training.lesson.grades),
            near=frozenset(one.question for one in near),
            before=tuple(known.sitting.grades),
            after=tuple(tuple(training.memory.sitting.grades) for training in trainings),
            perplexity_before=known.perplexity,
            perplexity_after=tuple(value for training in trainings if (value := training.memory.perplexity) is not None),
        )
        numbers = measure(study, outcome)
        track(run, numbers, [training.sitting for training in trainings])
        track_taught(run, study, labelling, draw, near, trainings)
        track_memory(run, study, numbers, known, trainings)
        gains = beside(numbers, baselines)
        run.log({**gains, "seconds/label": labelled.seconds}, {})
        sittings = [one for training in trainings for one in (training.sitting, training.lesson, training.memory.sitting)]
        before = {"label": spent_in(labelled.folder), "tune": [part for training in trainings for part in training.spent]}
        track_costs(run, study, sittings, before, gains.get("gain/base", 0.0))


def train(study: Study, draw: Draw, seed: int) -> Training:
    """Tune once; the student sits the exam, the training questions again, and the general ones."""
    tuning, tuned, kept = tune(study, draw, seed)
    with deployed(study, tuned) as student:
        return Training(
            tuning=tuning,
            seconds=kept.seconds,
            spent=spent_in(kept.folder),
            sitting=sit(study, student, study.material.questions),
            lesson=sit(study, student, repeated(draw.labels, study.material.questions, study.recall)),
            memory=remember(study, student),
        )


def baseline(study: Study, name: str) -> dict[str, float]:
    """The numbers of one baseline's exam, tracked once however many runs ask for it."""
    questions = study.material.questions
    with arm(study, name) as run:
        sitting = sit(study, Student(study.model), questions, exam(study, name))
        numbers = measure(study, Outcome(questions=questions, grades=(tuple(sitting.grades),)))
        if not run.finished:
            track(run, numbers, [sitting])
            track_costs(run, study, [sitting])
    return numbers


def measure(study: Study, outcome: Outcome) -> dict[str, float]:
    """Every metric's numbers."""
    return {name: value for metric in study.metric.values() for name, value in metric.measure(outcome).items()}
