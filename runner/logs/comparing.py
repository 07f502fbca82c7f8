"""Aligned systems in, the record of their comparison out."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from runner.comparison import Arm, Comparison, ExamItem, Response
from runner.comparison.words import listed
from runner.errors import InvalidInput
from runner.logs.alignment import System, Systems
from runner.logs.notes import notes
from runner.logs.sentences import sentences
from runner.logs.verdicts import LoggedExam

SYSTEM = "system"  # the kind of an arm that a log tells of
NAMED = 3  # tasks at most that a title names


def compare_systems(systems: Systems, base: str = "", error: float = 0.05, command: str = "") -> Comparison:
    """Compare all systems with the base, and with each other.

    The base is the first system, unless another is named. Raise InvalidInput if there is none of that name.
    """
    names = [system.name for system in systems.systems]
    if base and base not in names:
        raise InvalidInput(f"no system is called {base!r}. The systems are {listed(names)}")
    base = base or names[0]
    exam = LoggedExam.of(systems, error)
    tasks = sorted(set(systems.tasks) - {""})
    comparison = Comparison(
        command=command,
        corpus=listed(tasks) if len(tasks) <= NAMED else f"{len(tasks)} tasks",
        exam="",
        questions=len(systems.items),
        facts=len(np.unique(exam.sheet.facts)),
        error=error,
        grader=systems.score,
        arms=[_arm(exam, system) for system in sorted(systems.systems, key=lambda system: system.name != base)],
        pairs=exam.pairs(base),
        items=list(_items(systems)),
        notes=notes(systems),
        base=base,
    )
    return replace(comparison, advice=sentences(comparison))


def _arm(exam: LoggedExam, system: System) -> Arm:
    runs = [float(mean) for mean in np.nanmean(system.scores, 1)]
    return Arm(
        name=system.name,
        kind=SYSTEM,
        status="FINISHED",
        run=system.log,
        accuracy=exam.mean(system),
        categories={task: exam.mean(system, task) for task in exam.several_tasks},
        seeds=runs if len(runs) > 1 else [],
        ungraded=system.asked - len(system.graded),
    )


def _items(systems: Systems) -> Iterator[ExamItem]:
    """Yield the items with scores and kept answers."""
    means = {system.name: system.means.tolist() for system in systems.systems}
    answers = {system.name: system.counts.tolist() for system in systems.systems}
    for place, name in enumerate(systems.items):
        yield ExamItem(
            id=name,
            question=systems.questions[place] or name,
            reference=systems.references[place],
            category=systems.tasks[place],
            fact=systems.clusters[place],
            responses={
                system.name: Response(
                    text=system.texts[place] if system.texts else "",
                    passed=means[system.name][place],
                    graded=answers[system.name][place],
                )
                for system in systems.systems
            },
        )
