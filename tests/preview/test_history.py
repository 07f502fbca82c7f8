"""Seconds of earlier stages by request and by example, of the same model alone."""

from math import isnan
from pathlib import Path

from runner.data.manifest import seal
from runner.data.records import write
from runner.preview.history import mean_seconds, requests_before, seconds_per_example
from runner.spending.usage import USAGE_FILE, Usage, usage_in
from runner.store.local import LocalStore


def seconds_per_request(store: LocalStore, role: str, model: str, batch: bool = False) -> float:
    return mean_seconds(requests_before(store, role, model, batch))


def test_seconds_are_those_of_the_stages_that_asked_the_same_model(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for model, requests in (("a", 3), ("a", 1), ("b", 9)):
        kept = store.keep("labels", [model, requests], lambda folder: None, usage_in)
        write(kept.folder / USAGE_FILE, [Usage(model=model, hosted=True, requests=requests)])
        seal(kept.folder, 6.0, [model, requests])
    assert (seconds_per_request(store, "label", "a"), seconds_per_request(store, "label", "b")) == (3.0, 6 / 9)
    assert isnan(seconds_per_request(store, "label", "c"))
    assert isnan(seconds_per_request(store, "grade", "a"))


def test_seconds_by_batch_are_counted_apart(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kept = store.keep("labels", ["a"], lambda folder: None, usage_in)
    write(kept.folder / USAGE_FILE, [Usage(model="a", hosted=True, batch=True, requests=2)])
    assert seconds_per_request(store, "label", "a", batch=True) == kept.seconds / 2
    assert isnan(seconds_per_request(store, "label", "a"))


def test_seconds_of_trainings_are_those_of_the_same_tuner_and_model(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kept = store.keep("tunings", [{"rank": 16}, {"id": "m"}, ["x", "y"], 0], lambda folder: None, usage_in)
    assert seconds_per_example(store, [{"rank": 16}, {"id": "m"}, ["z"], 7]) == kept.seconds / 2
    assert isnan(seconds_per_example(store, [{"rank": 8}, {"id": "m"}, ["x", "y"], 0]))


def test_a_training_with_a_remedy_takes_as_long_as_those_with_it_or_else_as_its_further_rows(tmp_path: Path) -> None:
    store, work, remedy = LocalStore(tmp_path), [{"rank": 16}, {"id": "m"}], {"keep": {"weight": 1}}
    plain = store.keep("tunings", [*work, ["x", "y"], 0], lambda folder: None, usage_in)
    assert seconds_per_example(store, [*work, ["z"], 0, remedy, "key"], 0.5) == 1.5 * plain.seconds / 2
    own = store.keep("tunings", [*work, ["x"], 0, remedy, "key"], lambda folder: None, usage_in)
    assert seconds_per_example(store, [*work, ["z"], 0, remedy, "other"], 0.5) == own.seconds
    assert seconds_per_example(store, [*work, ["z"], 0]) == plain.seconds / 2
