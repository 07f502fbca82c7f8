"""Finished stages of a store in, seconds a request out."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

from runner.data.records import digest
from runner.spending.usage import usage_in
from runner.store import Store

STAGES = {"exam": "exams", "label": "labels", "answer": "answers", "grade": "grades", "filter": "judged_labels"}


Times = Sequence[tuple[int, float]]  # requests or examples of each stage, and its seconds


def requests_before(store: Store, role: str, model: str, batch: bool = False) -> Times:
    """Return requests and seconds of each finished stage."""
    usages = [(usage_in(kept.folder), kept.seconds) for _, kept in store.finished(STAGES[role], usage_in)]
    # Only stages that asked this model alone, and all by batch or none: the seconds of others can't be divided.
    alone = [(usage, seconds) for usage, seconds in usages if [(part.model, part.batch) for part in usage] == [(model, batch)]]
    return [(usage[0].requests, seconds) for usage, seconds in alone]


def seconds_per_example(store: Store, inputs: Sequence[Any], further: float = 0.0) -> float:
    """Return the mean seconds of a training example, or nan.

    `inputs` are those of a training stage. Where no training with this remedy against forgetting is kept, those without one
    are taken, and `further` rows are added to each example.
    """
    # The first two are tuner and model, which decide how long an example takes. The third are the examples.
    tunings = [
        (remedy(made), (len(made[2]), kept.seconds))
        for made, kept in store.finished("tunings", usage_in)
        if digest(made[:2]) == digest(inputs[:2])
    ]
    alike = mean_seconds([time for other, time in tunings if other == remedy(inputs)])
    return alike if isfinite(alike) else (1 + further) * mean_seconds([time for other, time in tunings if not other])


def remedy(inputs: Sequence[Any]) -> list[str]:
    """Return what a training does against forgetting, as hashes."""
    return [digest(part) for part in inputs[4:] if isinstance(part, dict)]


def mean_seconds(counts: Times) -> float:
    """Return the mean seconds of each, or nan."""
    pairs = [(count, seconds) for count, seconds in counts if count]
    total = sum(count for count, _ in pairs)
    return sum(seconds for _, seconds in pairs) / total if total else nan
