"""Studies to their tracked arms by exam, and to the points that are trained again."""

from pathlib import Path
from typing import Any

import pytest

from runner.config.study import Study
from runner.pipeline.tracking import tracked_run
from runner.sweep.exams import by_exam, undecided_points
from tests import given
from tests.comparison.given import sheet
from tests.sweep.given import corpus

LOOKS = (2, 4)
QUESTIONS = [f"Who won cup {number}?" for number in range(30)]


def tracked(uri: str, folder: Path, trainings: list[str], *overrides: str) -> Study:
    """A study whose arms are tracked as if they had these grades; the untuned model knows nothing."""
    where = [f"tracker.uri={uri}", f"store={folder}/store", "corpus=folder", f"corpus.path={folder}/docs"]
    study = given.study(f"seeds={len(trainings)}", *where, *overrides)
    tables: dict[str, Any] = {"base": sheet("-" * 30), "rag": sheet("-" * 30), "tuned": sheet(*trainings)}
    for name in study.arms:
        with tracked_run(study, name, None) as run:
            if not run.finished:
                run.table("answers", tables[name])
    return study


def test_an_undecided_arm_goes_on_at_all_points_that_share_it_and_names_stay_with_other_trainings(
    tmp_path: Path, tracking_uri: str
) -> None:
    corpus(tmp_path / "docs", *QUESTIONS)
    clear, unclear = ["+" * 30] * 4, ["+" * 6 + "-" * 24] * 2
    studies = [
        tracked(tracking_uri, tmp_path, clear, "size=5x", "baseline=base"),
        tracked(tracking_uri, tmp_path, unclear, "size=1x", "baseline=base"),
        tracked(tracking_uri, tmp_path, unclear, "size=1x", "baseline=[base,rag]"),
    ]
    (exam,) = by_exam(studies, LOOKS)
    assert [name.arm for name in exam.named] == ["base", "rag", "fact 5x", "fact 1x"]
    comparison = exam.compared("run.py -m", LOOKS)
    assert (comparison.error, comparison.command) == (pytest.approx(0.05 * 4 / 6), "run.py -m")
    assert exam.compared("run.py -m").error == 0.05
    # The arm is decidedly worse than the other tuned arm, and is dropped.
    assert undecided_points(studies, LOOKS) == []
    assert undecided_points(studies[1:], LOOKS) == [0, 1]
