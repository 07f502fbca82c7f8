"""Verdicts are written as they are meant, or refused."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.review_page.session import GivenVerdict
from tests.review_page.given import candidate, session


def test_an_edit_keeps_both_words_and_one_that_changes_nothing_accepts(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    first, second, _ = reviewed.queue.candidates
    edited = reviewed.judge(first, "Ada", GivenVerdict(verdict="edit", question=first.item.question, answer="64 B\r\nno more"))
    assert edited.after and (edited.before.answer, edited.after.answer) == ("64 bytes", "64 B\nno more")
    same = reviewed.judge(second, "Ada", GivenVerdict(verdict="edit", question=second.item.question, answer="64 bytes\r\n"))
    assert (same.verdict, same.after) == ("accept", None)


def test_verdicts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    reviewed = session(tmp_path, candidate(), candidate(kind="answer"))
    label = next(each for each in reviewed.queue.candidates if each.item.kind == "label")
    with pytest.raises(InvalidInput, match="accept, edit, reject"):
        reviewed.judge(label, "Ada", GivenVerdict(verdict="right"))
    with pytest.raises(InvalidInput, match="needs a question and an answer"):
        reviewed.judge(label, "Ada", GivenVerdict(verdict="edit", question="Q?", answer=" "))
    assert not reviewed.file.exists()
