"""The printed power of a planned exam."""

from pathlib import Path

import pytest

from runner.preview.planned_exam import PlannedExam
from runner.preview.power import show
from tests.preview.planned import planned, take

OFFLINE = "tracker.uri=http://127.0.0.1:9"


def test_suppositions_and_the_rows_of_the_command_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(PlannedExam(planned(tmp_path / "docs", 30, 3, OFFLINE), ["human 1x", "human 5x"], ["base"], 3))
    output = " ".join(capsys.readouterr().out.split())
    assert "docs: 90 questions on 30 facts; base, human 1x, human 5x" in output
    assert "Supposed: an accuracy of 50%; two arms get different grades on 45% of the questions" in output
    assert "│ 1 │ models │ 30 │ 90 │ 25.1 │ 25.1 │ 28.1 │" in output
    assert "│ * 3 │ methods │ 30 │ 90 │" in output
    assert output.count("*") == 2  # the row, and the line below the table


def test_with_looks_the_error_of_the_last_one_counts_and_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = planned(tmp_path / "docs", 30, 3, OFFLINE)
    auto, fixed = (PlannedExam(study, ["human 5x"], ["base"], 4, looks) for looks in ((2, 4), ()))
    assert auto.error == pytest.approx(0.05 * 4 / 6)
    assert (auto.seen(auto.pairings[0]) or 0) > (fixed.seen(fixed.pairings[0]) or 1)
    show(auto)
    assert "at an error of 3.33%, that of the last look of seeds=auto" in " ".join(capsys.readouterr().out.split())


def test_trainings_that_differ_by_nothing_beyond_questions_are_said_to(
    tmp_path: Path, tracking_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study = planned(tmp_path / "docs", 12, 2, f"tracker.uri={tracking_uri}", "seeds=5")
    take(study, {"tuned": ["+" * place + "-" * 12 + "+" * (12 - place) for place in range(5)]})
    show(PlannedExam(study, ["human 5x"], ["base"], 5))
    output = " ".join(capsys.readouterr().out.split())
    assert "the accuracies of trainings differ by no more than single questions change." in output
    assert output.count("if trainings differ by") == output.count("if trainings differ by 2.0 points from") == 1


def test_an_exam_of_too_few_facts_is_said_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(PlannedExam(planned(tmp_path / "docs", 4, 3, OFFLINE), ["human 5x"], ["base"], 1))
    output = capsys.readouterr().out
    assert output.splitlines()[1].startswith("No verdict: this exam has 4 facts, and a verdict needs at least 8 facts")
    assert "│       * 1 │        models │     4 │        12 │                       none │" in output
