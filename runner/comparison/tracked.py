"""Read an arm's results back from the tracker."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

import numpy as np

from runner import statistics
from runner.data.verdicts import VERDICTS
from runner.statistics import Grades
from runner.tracker import TrackedRun, Tracker

Table = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """An arm's run with its tables; empty if it did not finish."""

    row: TrackedRun
    answers: Table = ()  # a row for each question and training
    facts: Table = ()  # of the exam, with the number of labels that state each
    general: Table = ()  # general questions, asked before and after tuning
    losses: Sequence[float] = ()
    ledger: Table = ()
    labels: Table = ()  # that it was trained on
    rounds: Table = ()  # of refine=rounds, by training
    passages: str = ""  # what its prompts held of the documents, in words

    @cached_property
    def passed(self) -> dict[str, float | None]:
        """Share of the graded trainings that passed, by question."""
        return shares(self.answers, "grade")

    @cached_property
    def graded(self) -> Counter[str]:
        """Number of trainings that were graded, by question."""
        return Counter(row["id"] for row in self.answers if VERDICTS[row["grade"]] is not None)

    def grades(self, questions: Sequence[str]) -> Grades:
        """Collect the grades of these questions by training."""
        return grades(self.answers, "grade", questions, self.row.tags.get("runner.arm") == "tuned")

    @cached_property
    def trainings(self) -> int:
        """Number of trainings."""
        return len({row["training"] for row in self.answers}) or 1


def load(tracker: Tracker, row: TrackedRun) -> Tracked:
    """Read all tables that the comparison needs of one arm."""
    # A run that was killed may have written some of its tables. Its numbers would be about part of the exam.
    if row.status != "FINISHED":
        return Tracked(row=row)
    answers = tracker.rows(row.id, "answers")
    # Only tuned arms have the other tables, and each table is a download when MLflow is on another machine.
    if row.tags.get("runner.arm") != "tuned":
        return Tracked(row=row, answers=answers, passages=_passages(answers, row.parameters, "retriever"))
    return Tracked(
        row=row,
        answers=answers,
        passages=_passages(answers, row.parameters, "retrieval"),
        facts=tracker.rows(row.id, "facts"),
        general=tracker.rows(row.id, "retention"),
        losses=tracker.values(row.id, "train_loss"),
        labels=tracker.rows(row.id, "labels"),
        rounds=tracker.rows(row.id, "rounds") if "refine.rounds" in row.parameters else (),
        ledger=json.loads(tracker.said(row.id, "ledger.json") or "[]"),
    )


def _passages(answers: Table, settings: Mapping[str, str], group: str) -> str:
    """Say how much of the documents the prompts held."""
    texts = [str(row.get("passages", "")) for row in answers]  # runs of earlier versions lack the column
    if not any(texts):
        return ""
    words = round(fmean(len(text.split()) for text in texts))
    count, sentences = settings.get(f"{group}.passages"), settings.get(f"{group}.sentences")
    # A retriever of the user's own may have neither setting.
    if not count or not sentences:
        return f"{words} words of passages on average"
    length = "a section" if sentences == "0" else f"{sentences} sentence{'s' * (sentences != '1')}"
    return f"{count} passage{'s' * (count != '1')} of {length}, {words} words in all on average"


def grades(rows: Table, column: str, questions: Sequence[str], trained: bool) -> Grades:
    """Collect a column's grades of these questions by training.

    A system that is not trained has one row.
    """
    places = {question: place for place, question in enumerate(questions)}
    trainings = sorted({row["training"] for row in rows}) if trained else []
    values = np.full((max(len(trainings), 1), len(questions)), np.nan)
    for row in rows:
        grade = VERDICTS[row[column]]
        if row["id"] in places and grade is not None:
            values[trainings.index(row["training"]) if trained else 0, places[row["id"]]] = grade
    return Grades(values, trained)


def known(general: Table) -> Table:
    """Return the rows of questions that the untuned model knew."""
    return [row for row in general if VERDICTS[row["grade_before"]]]


def shares(rows: Table, column: str) -> dict[str, float | None]:
    """Compute the share of graded rows that passed, by question.

    A question that was graded nowhere has None. Questions are in the order of the rows.
    """
    questions = [row["id"] for row in rows]
    return dict.fromkeys(questions) | statistics.shares([VERDICTS[row[column]] for row in rows], questions)
