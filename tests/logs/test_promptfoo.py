"""A result of promptfoo is read as it wrote it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from runner.errors import InvalidInput
from tests.logs.given import DATA, scores

FILE = DATA / "promptfoo.json"


def result(file: Path, rows: list[dict[str, Any]]) -> Path:
    """A result with these rows."""
    known = {"testIdx": 0, "promptIdx": 0, "promptId": "p1", "provider": {"id": "m"}, "success": True, "score": 1}
    listed = [{**known, "testCase": {"vars": {"q": "Who?"}}, **row} for row in rows]
    file.write_text(json.dumps({"evalId": "eval-1", "results": {"version": 3, "results": listed, "stats": {}}}))
    return file


def test_each_provider_is_a_system_and_each_repeat_an_epoch() -> None:
    read = scores(FILE, cluster="fact")
    assert Counter((score.system, score.epoch) for score in read) == {
        ("smollm2", "1"): 6,
        ("smollm2", "2"): 6,
        ("fact-5x", "1"): 6,
        ("fact-5x", "2"): 6,
    }
    assert len({score.item for score in read}) == 6
    assert len({score.cluster for score in read}) == 3
    assert sum(score.value or 0 for score in read if score.system == "fact-5x") == 8


def test_several_prompts_make_several_systems(tmp_path: Path) -> None:
    file = result(tmp_path / "a.json", [{}, {"promptId": "p2", "promptIdx": 1, "success": False}])
    assert [(score.system, score.value) for score in scores(file)] == [("m prompt 1", 1), ("m prompt 2", 0)]


def test_the_share_of_passed_tests_is_read_unless_another_score_is_named(tmp_path: Path) -> None:
    file = result(tmp_path / "a.json", [{"success": False, "score": 0.4, "namedScores": {"clear": 0.9}}])
    assert [scores(file, name)[0].value for name in ("", "success", "score", "clear")] == [0, 0, 0.4, 0.9]
    with pytest.raises(InvalidInput, match=r"no score is called 'f1'. It has clear, score, success"):
        scores(file, "f1")


def test_a_provider_that_failed_is_ungraded_and_an_answer_that_failed_is_not(tmp_path: Path) -> None:
    rows = [{"success": False, "failureReason": 2}, {"success": False, "failureReason": 1}]
    assert [score.value for score in scores(result(tmp_path / "a.json", rows))] == [None, 0]


def test_two_tests_of_one_question_with_other_assertions_are_two_items(tmp_path: Path) -> None:
    tests = [{"vars": {"q": "Who?"}, "assert": [{"type": "contains", "value": value}]} for value in ("Ada", "Bo")]
    read = scores(result(tmp_path / "a.json", [{"testCase": test} for test in tests]))
    assert [score.epoch for score in read] == ["1", "1"]
    assert len({score.item for score in read}) == 2


def test_a_variable_groups_tests_too(tmp_path: Path) -> None:
    (score,) = scores(result(tmp_path / "a.json", [{"testCase": {"vars": {"q": "Who?", "page": 3}}}]), cluster="page")
    assert score.cluster == "3"


def test_question_and_answer_are_kept_for_people(tmp_path: Path) -> None:
    first = scores(FILE)[0]
    assert first.question == "cricket-world-cup-2023-01, Which team won the men's Cricket World Cup in 2023?"
    assert first.answer.startswith("The men's Cricket World Cup was won by the England")
    (score,) = scores(result(tmp_path / "a.json", [{"testCase": {"vars": {"q": "Who?", "page": 3}}}]))
    assert (score.question, score.answer) == ("q: Who?, page: 3", "")


def test_a_result_of_an_older_version_names_its_provider_and_variables_directly(tmp_path: Path) -> None:
    rows = [{"provider": "openai:gpt-4", "testCase": None, "vars": {"q": question}} for question in ("Who?", "When?")]
    read = scores(result(tmp_path / "a.json", rows))
    assert [(score.system, score.question, score.epoch) for score in read] == [
        ("openai:gpt-4", "Who?", "1"),
        ("openai:gpt-4", "When?", "1"),
    ]
