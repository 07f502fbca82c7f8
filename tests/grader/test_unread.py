"""Grades that are missing are told, of a grader that asks a judge."""

import pytest

from runner.data.records import Grade
from runner.grader.unread import tell_unread
from tests.given import study

MISSING = [Grade(question="a", passed=None, by="judge", why="Hm."), Grade(question="b", passed=True, by="match")]


@pytest.mark.parametrize(("grader", "told"), [("judge", "1 of 2 answers"), ("both", "1 of 1 answers"), ("match", "")])
def test_missing_verdicts_are_told(grader: str, told: str, caplog: pytest.LogCaptureFixture) -> None:
    tell_unread(study(f"grader={grader}").grader, MISSING)
    assert [message[: len(told)] for message in caplog.messages] == [told] * bool(told)
