"""Stages that were finished before, in a store, to the seconds that the next ones may take; nan where there were none."""

import json
from collections.abc import Callable, Iterator
from math import nan
from pathlib import Path
from typing import Any

from runner.data.records import digest
from runner.spending.usage import spent_in

STAGES = {"label": "labels", "answer": "answers", "grade": "grades"}


def per_request(store: Path, stage: str, model: str, batch: bool = False) -> float:
    """Seconds for each request of a stage to a model, over all that were asked of that model alone, by batch or not."""

    def requests(folder: Path, _: Any) -> int:
        spent = spent_in(folder)
        return spent[0].requests if [(one.model, one.batch) for one in spent] == [(model, batch)] else 0

    return _pace(store / STAGES[stage], requests)


def per_example(store: Path, of: str) -> float:
    """Seconds for each example of a training; `of` is the digest of what the tuner and the model are."""

    def examples(_: Path, made_of: Any) -> int:
        return len(made_of[2]) if digest(made_of[:2]) == of else 0

    return _pace(store / "tunings", examples)


def _pace(folder: Path, count: Callable[[Path, Any], int]) -> float:
    counted = [(count(one, manifest["made_of"]), manifest["seconds"]) for one, manifest in _manifests(folder)]
    done = sum(number for number, _ in counted)
    return sum(seconds for number, seconds in counted if number) / done if done else nan


def _manifests(folder: Path) -> Iterator[tuple[Path, Any]]:
    for file in sorted(folder.glob("*/manifest.json")):
        yield file.parent, json.loads(file.read_text(encoding="utf-8"))
