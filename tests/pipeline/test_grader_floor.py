"""A judge that people disagree with is refused before any arm is worked on, and one that they agree with is not."""

import json
from pathlib import Path

import pytest

from runner.component import identity
from runner.config.study import Study
from runner.errors import Fault
from runner.pipeline.experiment import experiment
from runner.pipeline.grader_floor import check_grader
from runner.pipeline.shared_work import shared_work
from runner.pipeline.store_executor import StoreExecutor
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.sweep.report import compare_arms
from tests import given
from tests.server import Asked, Response, completion, serving
from tests.sweep.given import quick

MESSAGE = (
    r"model@judge=compatible \(yes-man\) it gives the verdict of people on 50\.0% of 24 answers \(95% interval 3.* to 6.*\)\. "
    r"It passes 12 that people fail, and fails 0 that people pass\. Expected 80% at least \(SETTING=0\.8\)"
)


def pleased(asked: Asked) -> Response:
    """Pass every answer."""
    return completion("Reason: It is so.\nVerdict: PASS")


def strict(asked: Asked) -> Response:
    """Pass what names Ada."""
    return completion("Verdict: " + ("PASS" if "Ada" in asked.said.split("<answer>")[-1] else "FAIL"))


def judged(folder: Path, uri: str, url: str, *overrides: str, graded: int = 24) -> Study:
    """A study with a judge on loopback; people passed every second answer to questions of their own."""
    common = quick(folder, uri)
    rows = [
        {"question": f"Who won cup {number}?", "reference": "Ada", "answer": ("Ada", "Bea")[number % 2], "pass": number % 2 == 0}
        for number in range(graded)
    ]
    (folder / "docs" / "grades.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return given.study(*common, "model@judge=compatible", f"judge.base_url={url}", "judge.id=yes-man", *overrides)


@pytest.mark.parametrize(
    ("grader", "setting", "requests"), [("judge", "grader.floor", 24), ("both", "grader.judge.floor", 12)], ids=["judge", "both"]
)
def test_a_judge_that_passes_everything_is_refused_before_any_arm_and_asked_once(
    tracking_uri: str, tmp_path: Path, grader: str, setting: str, requests: int
) -> None:
    with serving(pleased) as server:
        study = judged(tmp_path, tracking_uri, server.url, f"grader={grader}")
        # Of `both`, match decides about the right answers, and the judge is asked about the others.
        for work in (
            lambda: shared_work(study, StoreExecutor(study), ["base"], True, True),
            lambda: experiment(study, StoreExecutor(study)),
        ):
            with pytest.raises(Fault, match=MESSAGE.replace("SETTING", setting)):
                work()
            assert len(server.asked) == requests
    rows = {name: study.tracker.find(study.corpus.name, study.key(name)) for name in study.arms}
    assert {name: row and row.status for name, row in rows.items()} == {"base": None, "rag": None, "tuned": "FAILED"}


def test_a_judge_that_people_agree_with_grades_the_exam_and_the_report_asks_nothing_again(
    tracking_uri: str, tmp_path: Path
) -> None:
    with serving(strict) as server:
        study = judged(tmp_path, tracking_uri, server.url, "grader=judge")
        experiment(study, StoreExecutor(study))
        (comparison,) = compare_arms([study], "run.py")
        assert sum("cup" in asked.said for asked in server.asked) == 24
    (note,) = (note for note in comparison.notes if "verdict of people" in note)
    assert "on 100.0% of 24 answers" in note
    assert "floor" not in note


def test_of_too_few_grades_nobody_is_asked_before_and_the_report_says_that_the_judge_is_not_measured(
    tracking_uri: str, tmp_path: Path
) -> None:
    with serving(pleased) as server:
        study = judged(tmp_path, tracking_uri, server.url, "grader=judge", graded=19)
        check_grader(study, StoreExecutor(study))
        assert server.asked == []
        experiment(study, StoreExecutor(study))
        (comparison,) = compare_arms([study], "run.py")
    assert any("Fewer than 20 graded answers do not measure a judge" in note for note in comparison.notes)


@pytest.mark.parametrize("floor", ["null", "0", "0.5"])
def test_a_lower_floor_or_none_accepts_the_judge(tracking_uri: str, tmp_path: Path, floor: str) -> None:
    with serving(pleased) as server:
        study = judged(tmp_path, tracking_uri, server.url, "grader=judge", f"grader.floor={floor}")
        check_grader(study, StoreExecutor(study))
        assert len(server.asked) == (24 if floor == "0.5" else 0)


def test_a_forecast_counts_the_answers_that_people_graded_and_asks_nobody(tracking_uri: str, tmp_path: Path) -> None:
    with serving(pleased) as server:
        study, forecast = judged(tmp_path, tracking_uri, server.url, "grader=judge"), Forecast()
        check_grader(study, ForecastExecutor(study, forecast, {}))
        assert server.asked == []
    assert forecast.estimates["grade", "yes-man"].left.requests == 24


@pytest.mark.parametrize(("grader", "setting"), [("judge", "grader.floor"), ("both", "grader.judge.floor")])
def test_another_floor_grades_nothing_anew(grader: str, setting: str) -> None:
    usual, other = (given.study(f"grader={grader}", f"{setting}={floor}") for floor in (0.8, 0.6))
    assert identity(usual.grader) == identity(other.grader)
    assert usual.key("base") == other.key("base")
    assert other.overrides == {}
