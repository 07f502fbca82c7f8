"""Tracked answers say who graded them and what match says, and an arm lists those on which the two differ."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.records import Answer, Grade
from runner.errors import Fault
from runner.pipeline.answer import grade
from runner.pipeline.checks import check
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.tracking import TrackedArm
from runner.pipeline.verdicts import disagreements, explained
from runner.spending.ledger import OwnLedger, paying_from
from runner.tracker.mlflow import MLflow
from tests import given
from tests.pipeline.given import FixedNumbers, result
from tests.server import Asked, Response, completion, serving

QUESTIONS = [given.question(name) for name in ("a", "b", "c", "d")]
# match passes the answers to a and b, as their reference is Ada.
ANSWERS = ("Ada", "It was Ada", "Bea", "Cleo")
GRADES = (
    Grade(question="a", passed=True, by="match"),
    Grade(question="b", passed=False, by="judge", why="Reason: It names two.\nVerdict: FAIL"),
    Grade(question="c", passed=True, by="judge", why="Reason: The same person.\nVerdict: PASS"),
    Grade(question="d", passed=None, by="judge", why="I can't say."),
)


def answered(*grades: Grade):
    """A result on four questions with these grades."""
    plain = result(QUESTIONS, *[grade.passed for grade in grades])
    texts = [replace(answer, text=text) for answer, text in zip(plain.answers, ANSWERS, strict=True)]
    return replace(plain, answers=texts, grades=grades)


def test_each_answer_has_who_graded_it_and_both_verdicts():
    rows = [{"id": question.id, "grade": "x"} for question in QUESTIONS]
    found = explained(given.study("grader=both"), [answered(*GRADES)], rows)
    assert [(row["id"], row["graded_by"], row["match_grade"]) for row in found] == [
        ("a", "match", "pass"),
        ("b", "judge", "pass"),
        ("c", "judge", "fail"),
        ("d", "judge", "fail"),
    ]
    assert found[3]["judge_reply"] == "I can't say."


def test_a_grader_that_does_not_say_who_graded_is_named_itself():
    grades = [Grade(question=question.id, passed=True) for question in QUESTIONS]
    found = explained(given.study("grader=judge"), [answered(*grades)], [{}] * 4)
    assert [row["graded_by"] for row in found] == ["judge"] * 4


def test_answers_that_are_graded_differently_are_tracked_for_an_expert(tracking_uri: str):
    study, tracker = replace(given.study("grader=both"), metric={"fixed": FixedNumbers({})}), MLflow(uri=tracking_uri)
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        TrackedArm(study, run).report_baseline(answered(*GRADES))
    row = tracker.find("corpus", "k")
    assert row
    listed = tracker.rows(row.id, "disagreements")
    assert [(item["question"], item["reference"], item["answer"], item["match"], item["judge"]) for item in listed] == [
        ("Who won b?", "Ada", "It was Ada", "pass", "fail"),
        ("Who won c?", "Ada", "Bea", "fail", "pass"),
    ]
    assert listed[0]["why"] == "Reason: It names two.\nVerdict: FAIL"
    assert [item["graded_by"] for item in tracker.rows(row.id, "answers")] == ["match", "judge", "judge", "judge"]


def test_of_an_arm_that_no_judge_graded_nothing_is_added(tracking_uri: str):
    study, tracker = replace(given.study(), metric={"fixed": FixedNumbers({})}), MLflow(uri=tracking_uri)
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        TrackedArm(study, run).report_baseline(answered(*GRADES))
    row = tracker.find("corpus", "k")
    assert row
    assert "match_grade" not in tracker.rows(row.id, "answers")[0]


def judged(folder: Path, url: str, grader: str, texts: Sequence[str], *overrides: str) -> list[bool | None]:
    """The grades of these answers by a judge on loopback, as a run gives them."""
    judge = ["model@judge=compatible", f"judge.base_url={url}", "judge.id=strict", "judge.retries=0", "judge.concurrency=1"]
    study = given.study(f"grader={grader}", *judge, f"store={folder}/store", *overrides)
    questions = [given.question(str(place)) for place in range(len(texts))]
    answers = [Answer(question=question.id, text=text) for question, text in zip(questions, texts, strict=True)]
    return [found.passed for found in grade(study, StoreExecutor(study), questions, Output(value=answers)).value]


def test_a_judge_that_hangs_at_one_answer_loses_no_reply_to_another(tmp_path: Path) -> None:
    hanging = True

    def respond(asked: Asked) -> Response:
        return completion("PASS", delay=600 if hanging and "Cleo" in asked.said else 0)

    with serving(respond) as server:
        with pytest.raises(Fault, match=r"gave no whole reply within 5 s in one try\. Every reply that has arrived is kept\."):
            judged(tmp_path, server.url, "both", ["Bea", "Dan", "Cleo"], "judge.timeout=5")
        hanging, kept = False, len(list((tmp_path / "store").glob("replies/*/*.json")))
        server.asked.clear()
        assert judged(tmp_path, server.url, "both", ["Bea", "Dan", "Cleo"]) == [True] * 3
        assert len(server.asked) == 3 - kept < 3


def test_verdicts_that_are_missing_are_told_of_kept_grades_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving(lambda asked: completion("Hm.")) as server:
        for _ in range(2):
            caplog.clear()
            assert judged(tmp_path, server.url, "judge", ["Bea", "Dan"], "grader.attempts=1") == [None, None]
            assert "2 of 2 answers have no verdict of the judge that can be read. One reply began 'Hm.'" in caplog.text
        assert len(server.asked) == 2


@pytest.mark.parametrize("grader", ["judge", "both"])
def test_a_budget_that_ends_among_the_grades_loses_no_reply(tmp_path: Path, grader: str) -> None:
    texts = ["Bea", "Dan", "Cleo", "Eve"]
    with serving(lambda asked: completion("FAIL")) as server, paying_from(OwnLedger()):
        with pytest.raises(Fault, match=r"this command used 3 of budget\.requests=3.* Everything so far is kept"):
            judged(tmp_path, server.url, grader, texts, "budget.requests=3")
        assert judged(tmp_path, server.url, grader, texts) == [False] * 4
        assert len(server.asked) == 4


@pytest.mark.parametrize("grader", ["judge", "both"])
def test_a_judge_without_a_key_is_refused_before_any_work(grader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(Fault, match=r"^model@judge=openai: gpt-5 needs a key in the environment variable OPENAI_API_KEY"):
        check(given.study(f"grader={grader}", "judge.id=gpt-5"))


def test_an_ungraded_answer_is_no_disagreement():
    row = {"grade": "ungraded", "match_grade": "pass"}
    assert disagreements([row]) == []
