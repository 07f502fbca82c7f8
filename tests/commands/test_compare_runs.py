"""Past runs of one exam are compared without running anything; others are refused by name."""

from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.commands.compare_runs import compare_runs
from runner.errors import InvalidInput
from runner.tracker.mlflow import MLflow
from tests.commands.given import arm, overrides, past


def test_runs_and_sweeps_of_one_exam_are_compared_with_a_report(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = past(tracking_uri)
    compare_runs([ids["first"][:10], *overrides(tracking_uri, tmp_path), "large"])
    output = capsys.readouterr().out
    assert [word in output for word in ("fact 1x", "fact 5x", "base", "over base", "Recommendation")] == [True] * 5
    page = (tmp_path / "report" / "report.html").read_text()
    assert f"run.py --compare {ids['first'][:10]} large" in page


def test_runs_of_two_exams_are_refused_by_name(tracking_uri: str, tmp_path: Path) -> None:
    ids = past(tracking_uri)
    with pytest.raises(InvalidInput) as refusal:
        compare_runs([ids["large"], ids["other"], *overrides(tracking_uri, tmp_path)])
    assert str(refusal.value) == (
        f"fact 5x ({ids['large'][:8]}, corpus cup, exam one) and fact 1x ({ids['other'][:8]}, corpus cup, exam two) did not take "
        "the same exam, so their accuracies can't be compared. Name runs of one exam"
    )
    assert not (tmp_path / "report").exists()


def test_runs_that_were_graded_in_two_ways_are_refused(tracking_uri: str, tmp_path: Path) -> None:
    arm(tracking_uri, "five", "+-", size="1x", **{"grader.words": "5"})
    arm(tracking_uri, "nine", "+-", size="5x", **{"grader.words": "9"})
    with pytest.raises(InvalidInput, match=r"graded in different ways \(grader\.words\)"):
        compare_runs(["five", "nine", *overrides(tracking_uri, tmp_path)])


def test_runs_that_two_versions_of_a_grader_graded_are_refused(tracking_uri: str, tmp_path: Path) -> None:
    arm(tracking_uri, "five", "+-", size="1x")
    arm(tracking_uri, "nine", "+-", size="5x")
    client, tracked = MlflowClient(tracking_uri), MLflow(uri=tracking_uri).history()
    client.set_tag(tracked[0].id, "runner.grading", "one")
    compare_runs(["five", "nine", *overrides(tracking_uri, tmp_path)])  # the other one is of an earlier version
    client.set_tag(tracked[1].id, "runner.grading", "two")
    with pytest.raises(InvalidInput, match=r"graded in different ways \(by two versions of the grader\)"):
        compare_runs(["five", "nine", *overrides(tracking_uri, tmp_path)])


def test_without_an_id_the_command_says_where_ids_are_printed() -> None:
    with pytest.raises(InvalidInput, match=r"run\.py --list prints them"):
        compare_runs(["store=a"])
