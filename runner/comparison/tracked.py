"""What a tracker keeps of an arm, read back: its row, and the tables that arms are compared by."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from runner.tracker import Row, Tracker

VERDICTS = {"pass": True, "fail": False, "ungraded": None}
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
    passed: Mapping[str, float | None] = field(init=False)  # by question: the share of the trainings that passed
    trainings: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the trainings, and each question's passes in them."""
        object.__setattr__(self, "passed", shares(self.answers, "grade"))
        object.__setattr__(self, "trainings", len({row["training"] for row in self.answers}) or 1)


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
    found: dict[str, list[bool]] = {}
    for row in rows:
        graded = found.setdefault(row["id"], [])
        if (verdict := VERDICTS[row[column]]) is not None:
            graded.append(verdict)
    return {question: fmean(graded) if graded else None for question, graded in found.items()}
