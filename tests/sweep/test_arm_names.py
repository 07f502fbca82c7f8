"""Names of a sweep's arms by its studies, whatever was tracked before."""

from pathlib import Path

import pytest

from runner.sweep.arm_names import arm_names, in_sweep, not_begun
from runner.sweep.report import compare_arms
from tests import given
from tests.sweep.given import corpus, study


@pytest.fixture
def common(tmp_path: Path, tracking_uri: str) -> list[str]:
    """A corpus and stores of their own."""
    return [*corpus(tmp_path / "one", "Who won?"), f"tracker.uri={tracking_uri}", f"store={tmp_path}/store", "baseline=base"]


def test_every_arm_of_a_rank_sweep_has_its_rank_in_its_name(common: list[str]) -> None:
    studies = [given.study(*common, f"tuner.rank={rank}") for rank in (8, 16, 32)]
    assert [name.arm for name in arm_names(studies).values()] == ["base", *(f"fact 5x tuner.rank={rank}" for rank in (8, 16, 32))]


def test_an_arm_that_reads_passages_is_told_from_the_one_that_does_not(common: list[str]) -> None:
    common = [*common[:-1], "baseline=[base,rag]"]
    studies = [given.study(*common, f"size={size}", f"retrieval={name}") for size in ("1x", "5x") for name in ("none", "lexical")]
    named = list(arm_names(studies).values())
    assert [name.arm for name in named][2:] == ["fact 1x", "fact 1x retrieval=lexical", "fact 5x", "fact 5x retrieval=lexical"]
    assert [name.line for name in named][2:4] == ["fact", "fact retrieval=lexical"]


def test_arms_that_read_one_and_several_passages_are_told_apart(common: list[str]) -> None:
    common = [*common[:-1], "baseline=[base,rag]", "retriever=lexical", "retrieval=lexical"]
    named = list(arm_names([given.study(*common, f"retriever.passages={count}") for count in (1, 3)]).values())
    assert [name.arm for name in named if name.arm.startswith("fact")] == [
        f"fact 5x retrieval=lexical retriever.passages={count}" for count in (1, 3)
    ]


def test_arms_of_two_corpora_are_named_by_their_corpus(common: list[str], tmp_path: Path) -> None:
    other = corpus(tmp_path / "two", "Who lost?")[:2]
    studies = [given.study(*common), given.study(*common, *other, "corpus.title=final")]
    assert [name.arm for name in arm_names(studies).values()][-2:] == ["fact 5x corpus=cup", "fact 5x corpus=final"]


def test_an_arm_that_was_tracked_with_a_default_shows_the_setting_that_is_swept_now(tracking_uri: str, tmp_path: Path) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    study(tracking_uri, tmp_path, *exam)
    (comparison,) = compare_arms([study(tracking_uri, tmp_path, *exam, f"tuner.rank={rank}") for rank in (16, 8)], "run.py -m")
    assert [arm.name for arm in comparison.arms] == ["base", "fact 5x tuner.rank=16", "fact 5x tuner.rank=8"]
    assert [arm.varied for arm in comparison.arms[1:]] == [{"tuner.rank": "16"}, {"tuner.rank": "8"}]


def test_what_an_arm_tracked_of_its_training_is_kept(common: list[str]) -> None:
    point = given.study(*common)
    row = in_sweep(not_begun(point, "tuned"), point, "tuned")
    assert (row.status, row.parameters["method"], row.tags["runner.arm"]) == ("NOT BEGUN", "fact", "tuned")
