"""A tuned checkpoint in, the one after rounds out.

Nothing of the exam is read here. What is asked, chosen, labelled and stopped by are practice questions alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

from runner.config.study import Study
from runner.data.records import Labelling, Subset, Tuning
from runner.pipeline.answer import examine, examine_general
from runner.pipeline.executor import Executor
from runner.pipeline.labels import label
from runner.pipeline.practice import practice_apart
from runner.pipeline.prompts import exam_requests
from runner.pipeline.results import Checkpoint, Output, Round, RoundResult
from runner.pipeline.round_checks import check_units
from runner.pipeline.round_end import improved, why_ended
from runner.pipeline.round_labels import Supply, asks_teacher, new_labels
from runner.pipeline.round_practice import Practised, failed_units, practise
from runner.pipeline.round_rival import in_one_go
from runner.pipeline.training import train_again
from runner.pipeline.upkeep import share_again
from runner.refine import LabelsAgain
from runner.statistics import Verdict

log = logging.getLogger("runner")


def with_larger(study: Study, executor: Executor, labelling: Output[Labelling]) -> Output[Labelling]:
    """Return the labels that rounds take from.

    They are made before any training, since they may be missing.
    """
    refine = study.refine
    if not isinstance(refine, LabelsAgain):
        return labelling
    check_units(study, labelling.value)
    return label(study, executor, refine.scale) if refine.once or not asks_teacher(study) else labelling


def in_rounds(
    study: Study, executor: Executor, tuned: Output[Checkpoint], labelling: Labelling, subset: Subset, seed: int
) -> Output[Checkpoint]:
    """Label again what practice fails, and tune on.

    `labelling` are the labels of `with_larger`. With `refine.once`, the rival of the rounds is trained instead.
    """
    refine = cast(LabelsAgain, study.refine)
    # The rival's labels reach further than those that rounds with a teacher have, and both practise on the same questions.
    own = label(study, executor).value if refine.once and asks_teacher(study) else labelling
    supply = Supply(labelling=own, subset=subset, practice=practice_apart(study, own, subset, refine.practice))
    words = "refine=%s: practice on %d %s"
    log.info(words, study.choices["refine"], len(supply.practice.questions), supply.practice.source)
    after = _course(study, executor, tuned, supply, seed)
    return in_one_go(study, executor, after, replace(supply, labelling=labelling), seed) if refine.once else after


def ask_rounds(study: Study, executor: Executor, student: Output[Checkpoint]) -> list[RoundResult]:
    """Let each round's student take the exam, after the last."""
    exam = Output(value=study.material.questions)
    return [
        RoundResult(
            round=each,
            exam=examine(study, executor, each.checkpoint, exam, exam_requests(study, executor)),
            general=examine_general(study, executor, each.checkpoint),
        )
        for each in student.value.rounds
    ]


def _course(study: Study, executor: Executor, tuned: Output[Checkpoint], supply: Supply, seed: int) -> Output[Checkpoint]:
    """Go through all rounds."""
    practised = [practise(study, executor, tuned, supply.practice.questions, seed)]
    rounds, ended = [_round(0, tuned, practised[0])], ""
    while not ended:
        supply = replace(supply, new=tuple(label for each in rounds for label in each.labels))
        following = _next(study, executor, (rounds, practised), supply, seed)
        if isinstance(following, str):
            ended = following
        else:
            rounds, practised = [*rounds, following[0]], [*practised, following[1]]
            ended = why_ended(study, rounds, practised)
    if not practised[-1].guess:
        log.info("refine=%s ends: %s", study.choices["refine"], ended)
    rounds[-1] = replace(rounds[-1], ended=ended)
    # A round after which practice was worse is no part of the model.
    worse = len(rounds) > 1 and improved(study, practised[-2], practised[-1]) is Verdict.WORSE
    return _joined(rounds[: len(rounds) - worse], rounds, practised)


def _next(
    study: Study,
    executor: Executor,
    before: tuple[Sequence[Round], Sequence[Practised]],
    supply: Supply,
    seed: int,
) -> tuple[Round, Practised] | str:
    """Go through one round; return why not if nothing can be labelled."""
    refine, (rounds, practised) = cast(LabelsAgain, study.refine), before
    last, number = rounds[-1], len(rounds)
    failed = failed_units(study, practised[-1], supply.labels)
    if not failed:
        return "no practice question is missed"
    fresh = new_labels(study, executor, number, failed, supply, [last.checkpoint, *practised[-1].after])
    if not fresh.value.labels:
        return f"there are no new labels on {len(failed)} failed facts or sections"
    again = share_again(supply.trained, refine.replay, study.settings.subset_seed, number)
    lessons = Output(value=Subset(labels=(*fresh.value.labels, *again)), guess=fresh.guess)
    student = train_again(study, executor, last.checkpoint, lessons, seed)
    after = practise(study, executor, student, supply.practice.questions, seed)
    if not after.guess:
        words = "refine=%s, round %d: %d new labels on %d facts or sections, %d trained again; practice %d of %d right, before %d"
        right = after.passed.count(True), len(after.passed), practised[-1].passed.count(True)
        log.info(words, study.choices["refine"], number, len(fresh.value.labels), len(failed), len(again), *right)
    return replace(_round(number, student, after, fresh), again=len(again)), after


def _round(number: int, student: Output[Checkpoint], practised: Practised, fresh: Output[Labelling] | None = None) -> Round:
    missed = practised.missed.values()
    failed = sum(each.failed for each in missed)
    return Round(
        number=number,
        checkpoint=student,
        practice=practised.passed,
        failed=failed,
        unsure=len(missed) - failed,
        labels=fresh.value.labels if fresh else (),
        ledgers=fresh.value.ledgers if fresh else (),
        usage=[*(fresh.usage if fresh else ()), *practised.usage],
        seconds=(fresh.seconds if fresh else 0.0) + practised.seconds,
    )


def _joined(kept: Sequence[Round], rounds: Sequence[Round], practised: Sequence[Practised]) -> Output[Checkpoint]:
    """Return the checkpoint after the kept rounds, with their course."""
    last = kept[-1].checkpoint
    value = replace(
        last.value,
        tuning=_whole([each.checkpoint.value.tuning for each in kept]),
        labels=tuple(label for each in kept for label in each.labels),
        rounds=tuple(rounds),
    )
    return replace(
        last,
        value=value,
        seconds=sum(each.checkpoint.seconds + each.seconds for each in rounds),
        usage=[usage for each in rounds for usage in (*each.checkpoint.usage, *each.usage)],
        guess=last.guess or next((each.guess for each in practised if each.guess), ""),
    )


def _whole(tunings: Sequence[Tuning]) -> Tuning:
    return Tuning(
        losses=tuple(chain.from_iterable(tuning.losses for tuning in tunings)),
        tokens=sum(tuning.tokens for tuning in tunings),
        seconds=sum(tuning.seconds for tuning in tunings),
    )
