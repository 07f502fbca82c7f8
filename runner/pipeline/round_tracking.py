"""Rounds of an arm in, a table and metrics out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from statistics import fmean
from typing import Any

from runner.config.study import Study
from runner.data.extra_columns import label_rows
from runner.data.records import Grade, Ledger
from runner.pipeline.results import ExamResult, Round, RoundResult, TunedResult
from runner.tracker import Run

CURVES = ("practice", "accuracy", "kept", "labels", "usd")


def track_rounds(study: Study, run: Run, result: TunedResult) -> None:
    """Track rounds as rows, with their labels, and as curves."""
    trainings = [list(_rows(study, result, number)) for number in range(len(result.trainings))]
    rows = [row for training in trainings for row in training]
    if not rows:
        return
    run.table("rounds", rows)
    run.table("round_labels", _label_rows(result))
    for name in CURVES:
        # One training may have fewer rounds than another: the mean of those that have it.
        longest = max(map(len, trainings))
        by_round = [[training[place][name] for training in trainings if place < len(training)] for place in range(longest)]
        known = [[value for value in values if isinstance(value, int | float) and isfinite(value)] for values in by_round]
        if all(known):
            run.curve(f"rounds/{name}", [fmean(values) for values in known])


def round_ledgers(result: TunedResult) -> list[Ledger]:
    """Return the ledgers of all rounds."""
    several = len(result.trainings) > 1
    return [
        replace(ledger, stage=f"training {number}, {ledger.stage}") if several else ledger
        for number, training in enumerate(result.trainings, start=1)
        for each in training.checkpoint.value.rounds
        for ledger in each.ledgers
    ]


def round_exams(result: TunedResult) -> list[ExamResult]:
    """Return the exams of rounds before the last."""
    # That of the tuned arm itself is counted with the arm.
    return [
        exam
        for training in result.trainings
        for each in training.rounds
        if each.round.checkpoint.value.key != training.checkpoint.value.key
        for exam in (each.exam, each.general.result)
    ]


def _rows(study: Study, result: TunedResult, training: int) -> Iterator[dict[str, Any]]:
    labels = len(result.subset.value.labels)
    tokens = sum(label.tokens for label in result.subset.value.labels)
    for each in result.trainings[training].rounds:
        labels, tokens = labels + len(each.round.labels), tokens + sum(label.tokens for label in each.round.labels)
        yield {
            "training": training + 1,
            "round": each.round.number,
            "practice": _share(each.round.practice),
            "asked": len(each.round.practice),
            "failed": each.round.failed,
            "unsure": each.round.unsure,
            "new_labels": len(each.round.labels),
            "trained_again": each.round.again,
            "labels": labels,
            "label_tokens": tokens,
            "accuracy": _share([grade.passed for grade in each.exam.grades]),
            "kept": _kept(result.untuned.result.grades, each),
            "usd": _usd(study, each.round),
            "ended": each.round.ended,
        }


def _share(passed: Sequence[bool | None]) -> float | None:
    """Return the share of the graded answers that are right."""
    graded = [verdict for verdict in passed if verdict is not None]
    return fmean(graded) if graded else None


def _kept(before: Sequence[Grade], after: RoundResult) -> float | None:
    """Return the kept share of the known general questions."""
    known = {grade.question for grade in before if grade.passed}
    return _share([grade.passed for grade in after.general.result.grades if grade.question in known])


def _usd(study: Study, each: Round) -> float | str:
    """Return what new labels and practice of a round cost."""
    cost = sum(usage.usd(study.settings.prices) for usage in each.usage if usage.hosted)
    return cost if isfinite(cost) else "unknown"


def _label_rows(result: TunedResult) -> list[dict[str, Any]]:
    # The method counts its requests from 0; a round is one of refining.
    placed = [
        ({"training": number, "refine_round": each.number}, label)
        for number, training in enumerate(result.trainings, start=1)
        for each in training.checkpoint.value.rounds
        for label in each.labels
    ]
    return [place | row for (place, _), row in zip(placed, label_rows([label for _, label in placed]), strict=True)]
