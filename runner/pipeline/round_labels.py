"""Failed facts and sections in, new labels out.

They come from the teacher, or are those of a larger size that were not trained on.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, cast

from runner.config.study import Study
from runner.data.records import Label, Labelling, Ledger, Question, Subset, digest, read, write
from runner.data.text import normal
from runner.exam_checks.near_duplicates import asked, unlike
from runner.method.guessing import PairGuesses
from runner.method.relabelling import FailedUnit, Relabelling
from runner.model import Replaying
from runner.pipeline.context import without_long_labels
from runner.pipeline.examined import without_leaks
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.filtering import all_dropped, filtered
from runner.pipeline.practice import Practice
from runner.pipeline.results import Following, Output
from runner.pipeline.reviewing import as_people_left
from runner.refine import LabelsAgain

log = logging.getLogger("runner")

LIKE = "like a practice question"


@dataclass(frozen=True, kw_only=True)
class Supply:
    """The labels and practice questions that rounds draw on."""

    labelling: Labelling  # of the method
    subset: Subset  # that the first training learned
    practice: Practice
    new: tuple[Label, ...] = ()  # of the rounds so far

    @property
    def labels(self) -> list[Label]:
        """Return all labels that there are."""
        return list(dict.fromkeys([*self.labelling.labels, *self.new]))

    @property
    def trained(self) -> list[Label]:
        """Return the labels that were trained on."""
        return [*self.subset.labels, *self.new]


def asks_teacher(study: Study) -> bool:
    """Return true if new labels come from the teacher."""
    source, teacher = cast(LabelsAgain, study.refine).source, study.teacher
    return source == "teacher" if source else not (isinstance(teacher, Replaying) and teacher.replays)


def new_labels(
    study: Study, executor: Executor, number: int, failed: Sequence[FailedUnit], supply: Supply, after: Sequence[Output[Any]]
) -> Output[Labelling]:
    """Return labels on failed units, for round `number`."""
    if not asks_teacher(study):
        output = Output(value=_from_larger(study, failed, supply), guess=Following(after=after).guess)
    else:
        output = _from_teacher(study, executor, number, failed, supply, after)
        # Reviewers see the labels of rounds too, as those of a tracked run.
        output = replace(output, value=without_leaks(study, as_people_left(study, output.value)))
        output = filtered(study, executor, output)
        if reason := all_dropped(output.value):  # of a few labels, which ends the rounds and not the study
            log.warning("%s", reason)
        safe = without_long_labels(study, output.value)
        output = replace(output, value=unlike_practice(study, safe, supply.practice.questions))
    within = _within(output.value, _left(study, supply))
    ledgers = tuple(replace(ledger, stage=f"round {number}: {ledger.stage}") for ledger in within.ledgers)
    return replace(output, value=replace(within, ledgers=ledgers))


def spare_labels(study: Study, supply: Supply) -> list[Label]:
    """Return labels up to `refine.scale`, neither trained on nor practice."""
    scale, questions = cast(LabelsAgain, study.refine).scale, supply.practice.questions
    taken = {normal(asked(label)) for label in supply.trained} | {normal(question.question) for question in questions}
    # A teacher's reply holds labels of larger sizes too.
    spare = tuple(label for label in supply.labelling.labels if label.position < scale and normal(asked(label)) not in taken)
    return list(unlike_practice(study, Labelling(labels=spare), questions).labels)


def unlike_practice(study: Study, labelling: Labelling, practice: Sequence[Question]) -> Labelling:
    """Leave out labels that ask as a practice question does.

    Practice would else be better without anything learned. A ledger accounts for them.
    """
    kept, every = unlike(labelling.labels, practice, study.settings.near), len(labelling.labels)
    ledger = Ledger(stage="practice", requested=every, kept=len(kept), filtered={LIKE: every - len(kept)})
    return replace(labelling, labels=tuple(kept), ledgers=(*labelling.ledgers, ledger))


def _left(study: Study, supply: Supply) -> int | None:
    """Return how many labels the budget has left."""
    most = cast(LabelsAgain, study.refine).labels
    return None if most is None else most - len(supply.new)


def _within(labelling: Labelling, left: int | None) -> Labelling:
    """Keep as many labels as the budget has left."""
    if left is None or len(labelling.labels) <= left:
        return labelling
    over = {"beyond refine.labels": len(labelling.labels) - left}
    ledger = Ledger(stage="budget of labels", requested=len(labelling.labels), kept=left, filtered=over)
    return replace(labelling, labels=labelling.labels[:left], ledgers=(*labelling.ledgers, ledger))


def _from_larger(study: Study, failed: Sequence[FailedUnit], supply: Supply) -> Labelling:
    """Take the next labels on each failed unit."""
    refine, labels, offered = cast(LabelsAgain, study.refine), list[Label](), 0
    on_unit = defaultdict[tuple[str, str], list[Label]](list)
    for label in sorted(spare_labels(study, supply), key=lambda label: label.position):
        on_unit[label.section, label.fact].append(label)
    for unit in failed:
        spare = on_unit[unit.section.id, unit.fact]
        offered += len(spare)
        labels += [label for label in spare if label.position < spare[0].position + refine.add]
    left = {"left for later rounds": offered - len(labels)}
    ledger = Ledger(stage="labels of larger sizes", requested=offered, kept=len(labels), filtered=left)
    return Labelling(labels=tuple(labels), ledgers=(ledger,))


def _from_teacher(
    study: Study, executor: Executor, number: int, failed: Sequence[FailedUnit], supply: Supply, after: Sequence[Output[Any]]
) -> Output[Labelling]:
    refine, material = cast(LabelsAgain, study.refine), study.material
    requests = Relabelling(
        template=refine.prompt,
        pairs=refine.pairs,
        tokens=refine.reply_tokens,
        longest=refine.longest,
        again=refine.again,
        add=refine.add,
    )
    # Nothing is asked that the budget has no room for: each unit brings a label at least, each fact as many as are added.
    fewest = ceil(refine.add) if any(unit.fact for unit in failed) else 1
    left, questions = _left(study, supply), [question.question for question in supply.practice.questions]
    failed = failed if left is None else failed[: ceil(left / fewest)]
    taken = sorted({*map(normal, questions), *(normal(asked(label)) for label in supply.labels)})

    def make(folder: Path, access: ModelAccess) -> None:
        teacher = access.model("label", study.teacher, lambda: PairGuesses(refine.prompt, refine.pairs))
        write(folder / "labelling.jsonl", [requests.label(failed, material, teacher, taken, number)])

    stage = Stage(
        name="round_labels",
        inputs=[asdict(requests), study.taught_by, failed, material.purpose, digest(taken), number],
        make=make,
        read=lambda folder: read(folder / "labelling.jsonl", Labelling)[0],
        asks=True,
        stand_in=lambda: Labelling(labels=()),
        after=after,
        requests_follow=True,
    )
    return executor.do(stage)
