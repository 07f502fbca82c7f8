"""Studies to their arms, and to shared work of which no part is given twice."""

from itertools import product
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.pipeline.labels import label
from runner.sweep.plan import ArmLister, SharedWork, arms, shared_work
from tests import given
from tests.sweep.given import corpus


@pytest.fixture
def common(tmp_path: Path, tracking_uri: str) -> list[str]:
    """A corpus and stores of their own."""
    return [*corpus(tmp_path / "one", "Who won?"), f"tracker.uri={tracking_uri}", f"store={tmp_path}/store"]


def finish(study: Study, name: str) -> None:
    """Track an arm as finished."""
    with study.tracker.run(study.corpus.name, study.key(name), name, {}):
        pass


def test_the_baselines_arms_come_first_and_each_arm_once(common: list[str]) -> None:
    studies = [given.study(*common, f"size={size}") for size in ("1x", "5x", "5x")]
    assert [key for _, key in arms(studies)] == [
        *(studies[0].key(name) for name in ("base", "rag")),
        *(study.key("tuned") for study in studies[:2]),
    ]


def test_arms_of_one_training_that_are_set_beside_other_baselines_are_one_arm(common: list[str]) -> None:
    studies = [given.study(*common, f"baseline={names}") for names in ("[]", "[base]", "[base]")]
    assert list(arms(studies)) == [("cup", studies[1].key(name)) for name in ("base", "tuned")]
    searching = [given.study(*common, f"retriever={name}") for name in ("lexical", "hybrid")]
    assert [name for _, name in arms(searching).values()] == ["base", "rag", "rag", "tuned"]


def test_listing_arms_asks_for_no_stage(common: list[str]) -> None:
    study = given.study(*common)
    with pytest.raises(NotImplementedError, match="labels"):
        label(study, ArmLister(study, {}))
    arms([study])
    assert not (Path(study.settings.store) / "labels").exists()


def test_labels_go_to_the_largest_size_and_every_part_is_given_once(common: list[str]) -> None:
    grid = product(("token", "fact"), ("1x", "10x", "5x"))
    studies = [given.study(*common, f"method={method}", f"size={size}") for method, size in grid]
    assert shared_work(studies) == {
        1: SharedWork(baselines=("base", "rag"), labels=True, general=True),
        4: SharedWork(baselines=(), labels=True, general=False),
    }


def test_other_baselines_of_the_same_labels_are_given_to_another_study(common: list[str]) -> None:
    studies = [given.study(*common, *changed) for changed in (["retriever=lexical"], ["retriever=hybrid"], ["grader.words=9"])]
    assert shared_work(studies) == {
        0: SharedWork(baselines=("base", "rag"), labels=True, general=True),
        1: SharedWork(baselines=("rag",), labels=False, general=False),
        2: SharedWork(baselines=("base", "rag"), labels=False, general=True),
    }


def test_a_finished_study_needs_nothing_and_a_finished_baseline_is_left_out(common: list[str]) -> None:
    small, large = (given.study(*common, f"size={size}") for size in ("1x", "10x"))
    finish(large, "tuned")
    finish(large, "rag")
    assert shared_work([small, large]) == {0: SharedWork(baselines=("base",), labels=True, general=True)}
    finish(small, "tuned")
    assert shared_work([small, large]) == {}


def test_a_study_that_others_do_all_work_for_is_given_none(common: list[str]) -> None:
    studies = [given.study(*common, f"tuner.rate={rate}") for rate in ("1e-3", "1e-4", "1e-5")]
    assert list(shared_work(studies)) == [0]
