"""What stages took before is told by request and by example, of the same model alone."""

from math import isnan
from pathlib import Path

from runner.data.records import digest, write
from runner.preview.history import per_example, per_request
from runner.spending.usage import SPENT, Spent
from runner.store.local import Store


def test_seconds_are_those_of_the_stages_that_asked_the_same_model(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for model, requests in (("a", 3), ("a", 1), ("b", 9)):
        kept = store.keep("labels", [model, requests], lambda folder: None)
        write(kept.folder / SPENT, [Spent(model=model, hosted=True, requests=requests)])
        manifest = kept.folder / "manifest.json"
        manifest.write_text(manifest.read_text().replace(f'"seconds": {kept.seconds}', '"seconds": 6.0'))
    assert (per_request(tmp_path, "label", "a"), per_request(tmp_path, "label", "b")) == (3.0, 6 / 9)
    assert isnan(per_request(tmp_path, "label", "c"))
    assert isnan(per_request(tmp_path, "grade", "a"))


def test_seconds_by_batch_are_told_apart(tmp_path: Path) -> None:
    kept = Store(tmp_path).keep("labels", ["a"], lambda folder: None)
    write(kept.folder / SPENT, [Spent(model="a", hosted=True, batch=True, requests=2)])
    assert per_request(tmp_path, "label", "a", batch=True) == kept.seconds / 2
    assert isnan(per_request(tmp_path, "label", "a"))


def test_seconds_of_trainings_are_those_of_the_same_tuner_and_model(tmp_path: Path) -> None:
    kept = Store(tmp_path).keep("tunings", [{"rank": 16}, {"id": "m"}, ["x", "y"], 0], lambda folder: None)
    assert per_example(tmp_path, digest([{"rank": 16}, {"id": "m"}])) == kept.seconds / 2
    assert isnan(per_example(tmp_path, digest([{"rank": 8}, {"id": "m"}])))
