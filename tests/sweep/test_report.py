"""Tracked arms to a comparison for each exam and grader, to reports, and to what makes the command fail."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from runner.comparison import Arm, Comparison
from runner.comparison.page import page
from runner.config.study import Study
from runner.pipeline.experiment import experiment
from runner.pipeline.store_executor import StoreExecutor
from runner.sweep.report import compare_arms, failures, track_report, write_reports
from runner.tracker.mlflow import MLflow
from tests import given
from tests.comparison.given import baseline, empty, retention, tuned
from tests.server import Asked, Response, completion, serving
from tests.sweep.given import corpus, quick, study

FAILED, KILLED = (Arm(name=f"fact {status}", kind="tuned", status=status, run="1") for status in ("FAILED", "KILLED"))
FORGOT = replace(tuned("fact", "5x", 0.5), retention=retention(lost=30, floor=0.8))


def names(comparisons: Sequence[Comparison]) -> list[list[str]]:
    return [[arm.name for arm in comparison.arms] for comparison in comparisons]


def test_arms_that_took_different_exams_are_in_different_comparisons(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exams = [corpus(tmp_path / "one", "Who won?", "Who lost?"), corpus(tmp_path / "two", "Who won?", "Who played?")]
    comparisons = compare_arms([study(tracking_uri, tmp_path, *exam) for exam in exams], "run.py -m")
    assert names(comparisons) == [["base", "fact 5x"]] * 2
    assert comparisons[0].exam != comparisons[1].exam
    assert capsys.readouterr().out.count("Accuracy on 2 questions") == 2


def test_arms_that_were_graded_in_different_ways_are_in_different_comparisons(tracking_uri: str, tmp_path: Path) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    studies = [study(tracking_uri, tmp_path, *exam, f"grader.words={words}") for words in (5, 9)]
    assert [len(comparison.arms) for comparison in compare_arms(studies, "run.py -m")] == [2, 2]


def test_arms_of_one_exam_are_in_one_comparison_with_their_baseline_once(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    studies = [study(tracking_uri, tmp_path, *exam, f"size={size}") for size in ("5x", "1x")]
    (comparison,) = compare_arms(studies, "run.py -m size=5x,1x")
    assert names([comparison]) == [["base", "fact 5x", "fact 1x"]]
    assert (comparison.corpus, comparison.command) == ("cup", "run.py -m size=5x,1x")
    output = capsys.readouterr().out
    assert "mlflow ui" in output
    # The date, the version and, within a clone, the commits stand in the table and in the report.
    assert comparison.origin[1].startswith("experiment-runner ")
    assert ", ".join(comparison.origin) in " ".join(output.split())
    assert comparison.origin[0] in page(comparison)


def test_an_arm_that_was_never_tracked_is_shown_as_not_begun_and_makes_the_command_fail(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    done = study(tracking_uri, tmp_path, *exam)
    new = given.study("baseline=base", *exam, "size=1x", f"tracker.uri={tracking_uri}", f"store={tmp_path}/store")
    comparisons = compare_arms([done, new], "run.py -m")
    assert names(comparisons) == [["base", "fact 5x", "fact 1x"]]
    assert failures(comparisons) == "did not finish: fact 1x. The same command goes on from what is kept"
    assert "fact 1x: not begun, so it is compared with nothing." in capsys.readouterr().out


def strict(asked: Asked) -> Response:
    """Fail whatever is answered to the second question."""
    return completion("Reason: It is so.\nVerdict: " + ("FAIL" if "Who lost" in asked.said else "PASS"))


def judged(folder: Path, uri: str, url: str, *overrides: str) -> Study:
    """A study that a judge on loopback graded; people graded two answers of its arms, and one of nobody."""
    common = quick(folder, uri)
    answers = [("Who won?", "Ada", True), ("Who lost?", "Ada", True), ("Who lost?", "Bea", False)]
    rows = [{"question": question, "answer": answer, "pass": passed} for question, answer, passed in answers]
    (folder / "docs" / "grades.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    chosen = given.study(*common, "model@judge=compatible", f"judge.base_url={url}", "judge.id=strict", *overrides)
    experiment(chosen, StoreExecutor(chosen))
    return chosen


def test_a_judge_is_set_beside_people_and_match_over_all_answers_and_by_arm(tracking_uri: str, tmp_path: Path) -> None:
    with serving(strict) as server:
        (comparison,) = compare_arms([judged(tmp_path, tracking_uri, server.url, "grader=judge")], "run.py")
    people, match = comparison.agreements
    counts = {name: (part.questions, part.only_first, part.only_second) for name, part in people.parts.items()}
    assert (people.questions, people.only_first, people.only_second) == (3, 0, 1)
    assert counts == {"of base": (2, 0, 1), "of rag": (2, 0, 1), "of human 5x": (2, 0, 1)}
    assert (match.questions, match.only_first, match.only_second) == (6, 0, 3)
    assert comparison.regraded
    assert comparison.regraded.passed == {"base": 1, "rag": 1, "human 5x": 1}
    assert any("By match alone 3 of 6 verdicts on answers would change" in note for note in comparison.notes)


def test_a_judge_that_was_asked_sometimes_is_set_beside_people_alone(tracking_uri: str, tmp_path: Path) -> None:
    with serving(strict) as server:
        (comparison,) = compare_arms([judged(tmp_path, tracking_uri, server.url, "grader=both")], "run.py")
        # match passes every Ada. So the judge was asked about the one answer that people alone had graded.
        assert [asked.said.count("Bea") for asked in server.asked] == [1]
    assert [agreement.graders for agreement in comparison.agreements] == ["both and people"]
    assert any("By match alone 0 of 6 verdicts on answers would change." in note for note in comparison.notes)


@pytest.mark.parametrize(
    ("arms", "words"),
    [
        ([], ""),
        ([baseline("base", 0.1), tuned("fact", "5x", 0.5)], ""),
        ([FAILED, KILLED], "did not finish: fact FAILED, fact KILLED. The same command goes on from what is kept"),
        ([FORGOT], "failed the gate of retention.floor: fact 5x"),
        (
            [FAILED, FORGOT],
            "did not finish: fact FAILED. The same command goes on from what is kept\n"
            "failed the gate of retention.floor: fact 5x",
        ),
    ],
)
def test_arms_that_did_not_finish_or_failed_the_gate_make_the_command_fail(arms: list[Arm], words: str) -> None:
    assert failures([replace(empty(), arms=[arm]) for arm in arms]) == words


def test_an_error_of_a_job_whose_arms_are_finished_makes_the_command_fail_and_is_said_once() -> None:
    finished = replace(empty(), arms=[baseline("base", 0.1)])
    assert failures([finished], ["", "the disk is full", "the disk is full"]) == "the disk is full"
    # Where an arm failed, its own log has the reason.
    assert "the disk is full" not in failures([replace(empty(), arms=[FAILED])], ["the disk is full"])


def test_an_arm_that_did_not_begin_is_told_with_the_reasons_of_the_jobs() -> None:
    not_begun = replace(FAILED, name="fact 9x", status="NOT BEGUN")
    errors = ["exam.jsonl:3: no answer", "", "exam.jsonl:3: no answer", "the disk is full"]
    assert failures([replace(empty(), arms=[FAILED, not_begun])], errors) == (
        "did not finish: fact FAILED, fact 9x. The same command goes on from what is kept\n"
        "exam.jsonl:3: no answer\nthe disk is full"
    )


def test_a_report_for_each_comparison_is_written_and_tracked_with_the_parent(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exams = [corpus(tmp_path / name, "Who won?", asked) for name, asked in (("one", "Who lost?"), ("two", "Who played?"))]
    comparisons = compare_arms([study(tracking_uri, tmp_path, *exam) for exam in exams], "run.py -m")
    tracker = MLflow(uri=tracking_uri)
    with tracker.run("cup", "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        track_report(parent, comparisons, tmp_path / "sweep")
    row = tracker.find("cup", "sweep")
    assert row
    assert {name: row.metrics[name] for name in ("arms-1", "accuracy-2", "base-2")} == {
        "arms-1": 2,
        "accuracy-2": 0.5,
        "base-2": 0,
    }
    assert "runner.best-1" not in row.tags  # the gain is not decided
    assert row.tags["mlflow.note.content"]
    assert tracker.said(row.id, "recommendation-2.md")
    assert [len(tracker.rows(row.id, f"comparison-{number}")) for number in (1, 2)] == [2, 2]
    assert sorted(path.name for path in (tmp_path / "sweep").glob("*.html")) == ["report-1.html", "report-2.html"]
    assert capsys.readouterr().out.count("Report:    ") == 2


def test_a_single_comparison_has_one_report_without_a_number(tracking_uri: str, tmp_path: Path) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    write_reports(compare_arms([study(tracking_uri, tmp_path, *exam)], "run.py"), tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").glob("*.html")] == ["report.html"]
