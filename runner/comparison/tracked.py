"""What a tracker keeps of an arm, read back: its row, and the tables that arms are compared by."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runner import statistics
from runner.data.records import VERDICTS
from runner.tracker import Row, Tracker

Table = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """One arm as it was tracked; tables are empty where it did not finish."""

    row: Row
    answers: Table = ()
    facts: Table = ()  # of the exam, with the number of labels that state each
    general: Table = ()  # questions asked before and after
    losses: Sequence[float] = ()
    ledger: Table = ()

    @cached_property
    def passed(self) -> dict[str, float | None]:
        """By question, the share of the graded trainings that passed; None where none was graded."""
        return shares(self.answers, "grade")

    @cached_property
    def graded(self) -> Counter[str]:
        """By question, how many trainings were graded."""
        return Counter(row["id"] for row in self.answers if VERDICTS[row["grade"]] is not None)

    @cached_property
    def trainings(self) -> int:
        """How often it was trained."""
        return len({row["training"] for row in self.answers}) or 1


def load(tracker: Tracker, row: Row) -> Tracked:
    """All that the comparison needs of one arm."""
    if row.status != "FINISHED":
        return Tracked(row=row)
    answers = tracker.rows(row.id, "answers")
    if row.tags.get("runner.arm") != "tuned":
        return Tracked(row=row, answers=answers)
    return Tracked(
        row=row,
        answers=answers,
        facts=tracker.rows(row.id, "facts"),
        general=tracker.rows(row.id, "retention"),
        losses=tracker.values(row.id, "train_loss"),
        ledger=json.loads(tracker.said(row.id, "ledger.json") or "[]"),
    )


def shares(rows: Table, column: str) -> dict[str, float | None]:
    """By question, the share of its graded rows that passed; None where none was graded."""
    questions = [row["id"] for row in rows]
    return dict.fromkeys(questions) | statistics.shares([VERDICTS[row[column]] for row in rows], questions)
