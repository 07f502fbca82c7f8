"""Tracked arms to the comparison: the order of arms, the exam, answers side by side, and input that is hardly one."""

import re
from dataclasses import replace

import pytest

from runner.comparison.compare import compare
from runner.comparison.page import page
from runner.comparison.table import show
from tests.comparison.given import trained, untrained

SMALL = {"size": "1x", "labels": "30"}


def test_baselines_come_first_and_tuned_arms_in_the_order_of_the_sweep() -> None:
    arms = [trained("2", "+"), untrained("rag", "+"), trained("1", "+", settings=SMALL), untrained("base", "+")]
    assert [arm.name for arm in compare(arms).arms] == ["rag", "base", "fact 5x", "fact 1x"]


def test_the_exam_is_counted_in_questions_and_facts() -> None:
    comparison = compare([trained("1", "++-+", "+---", facts="aab ")], 0.1, "run.py -m size=1x")
    assert (comparison.questions, comparison.facts, comparison.error, comparison.command) == (4, 3, 0.1, "run.py -m size=1x")
    assert (comparison.corpus, comparison.exam, comparison.grader) == ("chip", "0123", "match")


def test_categories_are_those_of_the_exam_in_order() -> None:
    assert compare([trained("1", "+++", categories="bab")]).categories == ["a", "b"]


def test_a_question_shows_each_arms_first_answer_with_the_share_that_passed_of_the_graded() -> None:
    items = compare([untrained("base", "-?"), trained("1", "--", "+?")]).items
    assert [(item.id, item.question, item.reference, item.fact) for item in items] == [
        ("q0", "Who won 0?", "Ada", "fact 0"),
        ("q1", "Who won 1?", "Ada", "fact 1"),
    ]
    assert [
        {name: (response.text, response.passed, response.graded) for name, response in item.responses.items()} for item in items
    ] == [
        {"base": ("answer 0 of training 1", 0.0, 1), "fact 5x": ("answer 0 of training 1", 0.5, 2)},
        {"base": ("answer 1 of training 1", None, 0), "fact 5x": ("answer 1 of training 1", 0.0, 1)},
    ]


def test_a_question_names_the_arms_that_were_taught_its_fact() -> None:
    facts = [{"fact": fact, "category": "men", "labels": labels} for fact, labels in (("a", 2), ("b", 0))]
    comparison = compare([untrained("base", "++", facts="ab"), trained("1", "++", facts="ab", covered=facts)])
    assert [list(item.labelled) for item in comparison.items] == [["fact 5x"], []]


def test_an_arm_that_did_not_finish_has_a_line_and_no_answers() -> None:
    comparison = compare([trained("1", "+"), trained("2", status="KILLED", settings=SMALL)])
    assert [(arm.name, arm.status, arm.accuracy is None) for arm in comparison.arms] == [
        ("fact 5x", "FINISHED", False),
        ("fact 1x", "KILLED", True),
    ]
    assert set(comparison.items[0].responses) == {"fact 5x"}


def test_a_sweep_of_which_nothing_finished_is_a_comparison_without_a_star() -> None:
    comparison = compare([trained("1", status="FAILED"), trained("2", status="RUNNING", settings=SMALL)])
    assert (comparison.star, comparison.questions, comparison.facts, comparison.pairs, comparison.items) == ("", 0, 0, [], [])


def test_no_arms_are_a_comparison_without_anything() -> None:
    comparison = compare([])
    assert (list(comparison.arms), list(comparison.pairs), comparison.star, comparison.corpus, comparison.exam) == (
        [],
        [],
        "",
        "",
        "",
    )


@pytest.mark.parametrize("grades", ["+", "-", "?"])
def test_an_exam_of_one_question_is_compared_without_a_verdict(grades: str) -> None:
    comparison = compare([untrained("base", "-"), untrained("rag", "+"), trained("1", grades)])
    assert (comparison.questions, comparison.facts) == (1, 1)
    assert {str(pair.verdict) for pair in comparison.pairs} <= {"not decided"}
    assert comparison.advice


def test_accuracy_by_a_further_column_gets_a_table_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    arm = trained("a", "++-", settings={"metric.accuracy.by": '["difficulty"]'})
    answers = [{**row, "difficulty": value} for row, value in zip(arm.answers, ("hard", "easy", "hard"), strict=True)]
    comparison = compare([replace(arm, answers=answers)])
    assert {value: group.estimate for value, group in comparison.arms[0].groups["difficulty"].items()} == {"easy": 1, "hard": 0.5}
    show(comparison)
    assert re.search(r"Accuracy by difficulty, in %.*easy.*hard.*100\.0 +│ +50\.0", capsys.readouterr().out, re.DOTALL)
    assert "Accuracy by difficulty" in page(comparison)


def test_former_answers_and_editions_stand_in_table_and_page(capsys: pytest.CaptureFixture[str]) -> None:
    arm = trained("a", "++-", metrics={"stale": 0.25, "stale_low": 0.1, "stale_high": 0.5})
    answers = [{**row, "edition": value} for row, value in zip(arm.answers, ("new", "old", "new"), strict=True)]
    comparison = compare([replace(arm, answers=answers)])
    show(comparison)
    shown = capsys.readouterr().out
    assert "stale" in shown
    assert "25.0 [10, 50]" in shown
    assert re.search(r"Accuracy by edition, in %.*new.*old", shown, re.DOTALL)
    assert all(words in page(comparison) for words in ("Stale", "Accuracy by edition"))
    assert "stale" not in page(compare([trained("a", "++-")])).lower()
