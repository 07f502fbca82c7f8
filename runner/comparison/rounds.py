"""A comparison in, accuracy by round out."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import altair as alt

from runner.comparison import Arm, Comparison
from runner.comparison.marks import Chart, Row, data, tooltip
from runner.comparison.words import number, percent

WIDTH, HEIGHT = 720, 300  # pixels
EXAM, PRACTICE = "exam", "practice"


def rounds(comparison: Comparison) -> Chart | None:
    """Draw accuracy over labels, round by round.

    Each arm has a line for the exam and one for practice. The other tuned arms are points. Without rounds there is no chart.
    """
    arms = _in_rounds(comparison)
    if not arms:
        return None
    rows, points = [row for arm in arms for row in _rows(arm)], _points(comparison)
    names = list(dict.fromkeys(row["arm"] for row in (*rows, *points)))
    labels = alt.X("labels:Q", title="labels trained on", axis=alt.Axis(tickCount=6, grid=False))
    accuracy = alt.Y("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    colour = alt.Color("arm:N", scale=alt.Scale(domain=names))
    base = alt.Chart(data(rows)).encode(x=labels, y=accuracy, color=colour)
    other = alt.Chart(data(points)).encode(x=labels, y=accuracy, color=colour)
    dashes = alt.StrokeDash("of:N", scale=alt.Scale(domain=[EXAM, PRACTICE], range=[[1, 0], [4, 4]]), title=None)
    layers = [
        base.mark_line(strokeWidth=2).encode(strokeDash=dashes),
        base.mark_point(filled=True, size=45, opacity=1).encode(tooltip=tooltip("arm", "of", "round", "labels", "accuracy")),
        other.mark_point(filled=True, size=70, opacity=1).encode(tooltip=tooltip("arm", "labels", "accuracy")),
        other.mark_text(style="name", align="left", dx=7, dy=-7).encode(text="arm:N"),
    ]
    return alt.layer(*layers, width=WIDTH, height=HEIGHT)


def words(comparison: Comparison) -> str:
    """Write the numbers of the chart in words."""
    arms = [f"{arm.name} {', '.join(map(_in_words, arm.rounds))}" for arm in _in_rounds(comparison)]
    points = _points(comparison)
    others = [f"{point['arm']} {percent(point['accuracy'])} with {number(point['labels'])}" for point in points]
    beside = f" Without rounds: {'; '.join(others)}." if others else ""
    return f"Accuracy by number of labels, after each round. {'; '.join(arms)}.{beside}"


def by_round(table: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """Return labels, accuracy and practice after each round.

    `table` is that of a run. The numbers are means over the trainings that have the round.
    """
    numbers = sorted({int(row["round"]) for row in table})
    means = []
    for place in numbers:
        rows = [row for row in table if row["round"] == place and row["accuracy"] is not None and row["practice"] is not None]
        if rows:
            means.append({name: fmean(float(row[name]) for row in rows) for name in ("round", "labels", "accuracy", "practice")})
    return means


def _in_rounds(comparison: Comparison) -> list[Arm]:
    return [arm for arm in comparison.arms if arm.rounds]


def _points(comparison: Comparison) -> list[Row]:
    """Return a row for each tuned arm without rounds."""
    return [
        {"arm": arm.name, "labels": arm.labels, "accuracy": arm.accuracy.estimate}
        for arm in comparison.arms
        if arm.tuned and arm.accuracy and arm.budget and not arm.rounds
    ]


def _rows(arm: Arm) -> list[Row]:
    return [
        {"arm": arm.name, "of": asked, "round": each["round"], "labels": each["labels"], "accuracy": each[name]}
        for each in arm.rounds
        for asked, name in ((EXAM, "accuracy"), (PRACTICE, "practice"))
    ]


def _in_words(each: Mapping[str, float]) -> str:
    return f"{percent(each['accuracy'])} with {number(round(each['labels']))} labels (practice {percent(each['practice'])})"
