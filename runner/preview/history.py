"""Finished stages of a store, to the seconds that the next ones may take."""

from collections.abc import Iterator, Sequence
from math import nan
from typing import Any

from runner.data.records import digest
from runner.spending.usage import usage_in
from runner.store import Store

STAGES = {"label": "labels", "answer": "answers", "grade": "grades"}


def seconds_per_request(store: Store, role: str, model: str, batch: bool = False) -> float:
    """Return the mean seconds of a request, or nan where none was made.

    Only stages count that asked this model alone, and all in one way: by batch or not.
    """

    def requests() -> Iterator[tuple[int, float]]:
        for _, kept in store.finished(STAGES[role]):
            usage = usage_in(kept.folder)
            if [(part.model, part.batch) for part in usage] == [(model, batch)]:
                yield usage[0].requests, kept.seconds

    return _mean(requests())


def seconds_per_example(store: Store, inputs: Sequence[Any]) -> float:
    """Return the mean seconds of an example in training, or nan where none was trained on.

    `inputs` are those of a training stage, which begin with the tuner and the model. Only trainings of the same two count.
    """
    wanted = digest(inputs[:2])
    return _mean((len(made[2]), kept.seconds) for made, kept in store.finished("tunings") if digest(made[:2]) == wanted)


def _mean(counts: Iterator[tuple[int, float]]) -> float:
    pairs = [(count, seconds) for count, seconds in counts if count]
    total = sum(count for count, _ in pairs)
    return sum(seconds for _, seconds in pairs) / total if total else nan
