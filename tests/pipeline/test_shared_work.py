"""Shared work is done in the parts that a job is given."""

from pathlib import Path

from runner.pipeline.shared_work import shared_work
from runner.pipeline.store_executor import StoreExecutor
from tests import given
from tests.sweep.given import quick


def test_only_the_given_baselines_are_finished(tracking_uri: str, tmp_path: Path) -> None:
    study = given.study(*quick(tmp_path, tracking_uri))
    shared_work(study, StoreExecutor(study), ["rag"], labels=True, general=False)
    assert {name: study.finished(name) for name in study.arms} == {"base": False, "rag": True, "tuned": False}
