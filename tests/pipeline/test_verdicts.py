"""Tracked answers say who graded them and what match says, and an arm lists those on which the two differ."""

from dataclasses import replace

from runner.data.records import Grade
from runner.pipeline.tracking import TrackedArm
from runner.pipeline.verdicts import disagreements, explained
from runner.tracker.mlflow import MLflow
from tests import given
from tests.pipeline.given import FixedNumbers, result

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


def test_an_ungraded_answer_is_no_disagreement():
    row = {"grade": "ungraded", "match_grade": "pass"}
    assert disagreements([row]) == []
