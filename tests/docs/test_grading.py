"""Run every example of docs/grading.md."""

import re
from pathlib import Path

import pytest

from runner.grader.match import passes

PAGE = (Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ?(?P<question>[^|`]*)\| `(?P<reference>[^`]+)` \| (?P<passes>[^|]+)\| (?P<fails>[^|]+)\|$", re.MULTILINE)
EXAMPLES = [
    (row["question"].strip(), row["reference"], answer, right)
    for row in ROW.finditer(PAGE)
    for right in (True, False)
    for answer in re.findall("`([^`]+)`", row["passes" if right else "fails"])
]


@pytest.mark.parametrize(("question", "reference", "answer", "right"), EXAMPLES)
def test_an_example_is_graded_as_the_page_says(question: str, reference: str, answer: str, right: bool) -> None:
    assert passes(answer, (reference,), question=question) is right


def test_every_row_of_the_page_is_an_example() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| ?[^-|]*\| `", line)]
    assert len(rows) == len(ROW.findall(PAGE)) > 60
