"""Suppositions come from finished arms of the same exam, grader and student, or else they are defaults."""

from pathlib import Path

import pytest

from runner.preview.finished_arms import supposed
from runner.statistics.suppositions import DEFAULTS
from tests.preview.planned import planned, take

NONE_FINISHED = "These are defaults (docs/statistics.md), since no tuned arm of this exam is finished."


@pytest.fixture
def uri(tracking_uri: str) -> str:
    return f"tracker.uri={tracking_uri}"


def test_without_a_finished_arm_the_defaults_are_supposed(tmp_path: Path, uri: str) -> None:
    basis = supposed(planned(tmp_path / "docs", 8, 2, uri))
    assert (basis.numbers, basis.source) == (DEFAULTS, NONE_FINISHED)


def test_finished_arms_are_measured_and_named(tmp_path: Path, uri: str) -> None:
    study = planned(tmp_path / "docs", 8, 2, uri)
    take(study, {"base": ["-" * 16], "tuned": ["+" * 12 + "-" * 4]})
    basis = supposed(planned(tmp_path / "docs", 8, 2, uri, "size=1x"))  # another arm of the exam
    assert basis.numbers.accuracy == 0.75
    assert basis.source == (
        "These are measured on 2 finished arms of this exam: human 5x and base. They were trained too seldom to know how "
        "trainings differ, so the numbers on trainings are defaults."
    )


def test_arms_that_were_trained_often_show_how_trainings_differ(tmp_path: Path, uri: str) -> None:
    study = planned(tmp_path / "docs", 8, 2, uri, "seeds=5")
    take(study, {"tuned": ["+" * 16, "+" * 8 + "-" * 8] * 2 + ["-" * 16]})
    basis = supposed(study)
    assert basis.numbers.spread > 0.2
    assert basis.source == "These are measured on 1 finished arm of this exam: human 5x seeds=5."


def test_of_one_arm_with_several_numbers_of_trainings_the_most_are_measured(tmp_path: Path, uri: str) -> None:
    for seeds in (2, 4, 3):
        study = planned(tmp_path / "docs", 8, 2, uri, f"seeds={seeds}", f"error=0.0{seeds}")
        take(study, {"tuned": ["+" * seeds + "-" * (16 - seeds)] * seeds})
    basis = supposed(study)
    assert basis.numbers.accuracy == 0.25
    assert basis.source.startswith("These are measured on 1 finished arm of this exam: human 5x ")
    assert "seeds=4" in basis.source


def test_a_baseline_alone_shows_nothing_of_tuned_arms(tmp_path: Path, uri: str) -> None:
    study = planned(tmp_path / "docs", 8, 2, uri)
    take(study, {"base": ["-" * 16]})
    assert supposed(study).source == NONE_FINISHED


def test_arms_that_were_graded_otherwise_or_are_another_student_are_not_taken(
    tmp_path: Path, uri: str, student: list[str]
) -> None:
    take(planned(tmp_path / "docs", 8, 2, uri), {"tuned": ["+" * 16]})
    others = [planned(tmp_path / "docs", 8, 2, uri, *other) for other in (["grader.words=9"], student)]
    assert [supposed(other).source for other in others] == [NONE_FINISHED] * 2


def test_an_accuracy_that_the_user_supposes_wins(tmp_path: Path, uri: str) -> None:
    basis = supposed(planned(tmp_path / "docs", 8, 2, uri, "suppose.accuracy=70"))
    assert basis.numbers.accuracy == 0.7
    assert basis.source == f"The accuracy is that of suppose.accuracy. {NONE_FINISHED}"


def test_a_tracker_that_does_not_answer_leaves_the_defaults_and_the_reason(tmp_path: Path) -> None:
    basis = supposed(planned(tmp_path / "docs", 8, 2, "tracker.uri=http://127.0.0.1:9"))
    assert basis.numbers == DEFAULTS
    assert basis.source.startswith("These are defaults, since no finished arm can be read: no MLflow server answers at")
