"""A study in, suppositions about its arms out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from runner.comparison.names import kind
from runner.comparison.tracked import Tracked
from runner.comparison.words import counted, listed
from runner.config.settings import Settings
from runner.config.study import TUNED, Study
from runner.errors import Fault
from runner.pipeline.parameters import tags
from runner.statistics import numbered
from runner.statistics.suppositions import DEFAULTS, Suppositions, estimated
from runner.tracker import TrackedRun

SAME = Settings.incidental | {"seeds", "baseline"}  # settings that make no other arm
MOST = 8  # tuned arms, and baselines, that are read: each is a download where the tracker is a server


@dataclass(frozen=True)
class Supposed:
    """Suppositions, with a sentence on where they come from."""

    numbers: Suppositions
    source: str


def supposed(study: Study) -> Supposed:
    """Take suppositions from finished arms, or the defaults."""
    basis = _basis(study)
    accuracy = study.settings.suppose.accuracy
    if accuracy is None:
        return basis
    return Supposed(replace(basis.numbers, accuracy=accuracy / 100), f"The accuracy is that of suppose.accuracy. {basis.source}")


def _basis(study: Study) -> Supposed:
    try:
        arms = _finished(study)
    except Fault as fault:
        return Supposed(DEFAULTS, f"These are defaults, since no finished arm can be read: {fault}.")
    graded = [(run, tracked) for run, tracked in arms if tracked.graded]
    questions = [question.id for question in study.material.questions]
    facts = numbered([question.cluster for question in study.material.questions])
    grades = [tracked.grades(questions) for _, tracked in graded]
    if not any(grade.trained for grade in grades):
        return Supposed(DEFAULTS, "These are defaults (docs/statistics.md), since no tuned arm of this exam is finished.")
    numbers, repeated = estimated(grades, facts)
    names = listed([run.name for run, _ in graded])
    rest = (
        ""
        if repeated
        else " They were trained too seldom to know how trainings differ, so the numbers on trainings are defaults."
    )
    return Supposed(numbers, f"These are measured on {counted(len(graded), 'finished arm')} of this exam: {names}.{rest}")


def _finished(study: Study) -> Sequence[tuple[TrackedRun, Tracked]]:
    """Read the newest arms of this exam, grader and student."""
    wanted = {
        name: value for name, value in tags(study, TUNED).items() if name in {"runner.kind", "runner.exam", "runner.grading"}
    }
    runs = [
        run
        for run in study.tracker.history()
        if run.status == "FINISHED"
        and run.experiment == study.corpus.name
        and wanted.items() <= run.tags.items()
        and run.parameters.get("model") == study.model.name
    ]
    tuned = _with_most_trainings([run for run in runs if kind(run) == TUNED])[:MOST]
    baselines = [run for run in runs if kind(run) != TUNED][:MOST] if tuned else []
    return [(run, Tracked(row=run, answers=study.tracker.rows(run.id, "answers"))) for run in [*tuned, *baselines]]


def _with_most_trainings(runs: Sequence[TrackedRun]) -> list[TrackedRun]:
    """Keep one run of each arm.

    The trainings of seeds=2 are the first ones of seeds=4, so two runs of one arm are not two arms.
    """
    arms: dict[frozenset[tuple[str, str]], TrackedRun] = {}
    for run in runs:
        arm = frozenset((name, value) for name, value in run.parameters.items() if name.partition(".")[0] not in SAME)
        if arm not in arms or _trainings(run) > _trainings(arms[arm]):
            arms[arm] = run
    return list(arms.values())


def _trainings(run: TrackedRun) -> int:
    return int(run.parameters.get("seeds", 1))
