"""Rounds in, their rival out: as many labels and steps in one training.

Its labels are chosen without practice.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from runner.config.study import Study
from runner.data.records import Label, Subset, digest
from runner.data.stratify import spread
from runner.pipeline.executor import Executor
from runner.pipeline.keeping import changed
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.round_labels import Supply, spare_labels
from runner.pipeline.training import train_again
from runner.pipeline.upkeep import beginning

log = logging.getLogger("runner")


def in_one_go(study: Study, executor: Executor, after: Output[Checkpoint], supply: Supply, seed: int) -> Output[Checkpoint]:
    """Train the labels and steps of the rounds at once.

    `after` is the checkpoint after the rounds.
    """
    wanted, spare = len(after.value.labels), spare_labels(study, supply)
    further = tuple(islice(_in_order(spare, study.settings.subset_seed), wanted))
    if len(further) < wanted and not after.guess:
        words = "refine.once=true: the rounds took %d labels beside the first ones, and there are %d. Raise refine.scale"
        log.warning(words, wanted, len(further))
    # Any, since a tuner is a frozen dataclass whose fields config.build has checked.
    tuner: Any = study.tuner
    # A forecast knows no number of steps.
    tuner = replace(tuner, steps=len(after.value.tuning.losses)) if not after.guess else tuner
    lessons = Output(value=Subset(labels=(*supply.subset.labels, *further)), guess=after.guess)
    student = changed(study, executor, train_again(study, executor, beginning(study), lessons, seed, tuner))
    return replace(student, value=replace(student.value, labels=further))


def _in_order(labels: Sequence[Label], seed: int) -> Iterator[Label]:
    """Yield labels level by level, as a size takes them.

    Within a level the categories keep about their shares.
    """
    levels: dict[int, list[Label]] = {}
    for label in sorted(labels, key=lambda label: digest([seed, label.question, label.answer])):
        levels.setdefault(int(label.position), []).append(label)
    for level in sorted(levels):
        yield from spread(levels[level])
