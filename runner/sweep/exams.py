"""Studies in, their tracked arms by exam out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from runner.comparison import Comparison
from runner.comparison.agreement import Agreement
from runner.comparison.compare import compare, compare_at_look
from runner.comparison.names import ArmName
from runner.comparison.tracked import Tracked, load
from runner.comparison.words import listed
from runner.component import identity
from runner.config.study import TUNED, Study
from runner.data.records import digest
from runner.sweep.arm_names import arm_names, in_sweep, not_begun
from runner.sweep.plan import arms

log = logging.getLogger("runner")


@dataclass(frozen=True)
class ExamArms:
    """Arms that took one exam, and that one grader graded."""

    study: Study  # of any of them
    trainings: int  # the most of an arm, in this exam or another
    tracked: list[Tracked] = field(default_factory=list)
    named: list[ArmName] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)  # by name: the hash of all that decides the answers

    def compared(self, command: str, looks: Sequence[int] = (), agreements: Sequence[Agreement] = ()) -> Comparison:
        """Compare the arms; `looks` are those of `compare_arms`."""
        settings = self.study.settings

        def compared(error: float) -> Comparison:
            return compare(self.tracked, error, command, agreements, self.named, settings.margin / 100)

        return compare_at_look(compared, settings.error, self.trainings, looks)


def by_exam(studies: Sequence[Study], looks: Sequence[int] = ()) -> list[ExamArms]:
    """Read the arms of these studies back.

    Accuracies on different exams, or by different graders, can't be compared, so each is a group of its own.
    """
    exams: dict[str, ExamArms] = {}
    named, trainings = arm_names(studies, looks), max(study.settings.trainings for study in studies)
    for (experiment, key), (study, name) in arms(studies).items():
        row = study.tracker.find(experiment, key)
        row = in_sweep(row, study, name) if row else not_begun(study, name)
        exam = exams.setdefault(_exam(study), ExamArms(study, trainings))
        exam.tracked.append(load(study.tracker, row))
        exam.named.append(named[experiment, key])
        exam.answered[named[experiment, key].arm] = study.answers_key(name)
    return list(exams.values())


def undecided_points(studies: Sequence[Study], looks: Sequence[int]) -> list[int]:
    """Return the places of the studies that are trained again."""
    names, answered = list[str](), set[str]()
    for exam in by_exam(studies, looks):
        for arm in exam.compared("", looks).arms:
            if arm.undecided:
                names.append(arm.name)
                answered.add(exam.answered[arm.name])
    log.info("more trainings may decide: %s", listed(names) or "nothing")
    # Points that differ only in their baselines share an arm.
    return [place for place, study in enumerate(studies) if study.answers_key(TUNED) in answered]


def _exam(study: Study) -> str:
    """Return the hash of all that compared arms share."""
    return digest([study.corpus.name, study.material.questions, identity(study.grader), study.judged_by])
