"""A comparison in, its learning curves out: accuracy by the number of labels, baselines across."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import altair as alt

from runner.comparison import Arm, Comparison
from runner.comparison.marks import Chart, Row, data, interval, line, tooltip

BANDS = 4  # lines up to which intervals are drawn as bands and sizes are written; more would lie over each other
WIDE = 20  # times the fewest labels from which on their axis is logarithmic
APART = 0.045  # of all accuracies: how near two baselines' names may stand
WIDTH, HEIGHT = 720, 340


def curves(comparison: Comparison) -> Chart | None:
    """A line for each method and setting, its interval as a band, its sizes written; None where no tuned arm was graded."""
    points = _points(comparison)
    if not points:
        return None
    rules = _rules([arm for arm in comparison.arms if not arm.tuned])
    top = min(1.0, max(row["high"] for row in [*points, *rules]) + 0.06)
    labels = [row["labels"] for row in points]
    across = alt.Scale(type="log") if max(labels) >= WIDE * min(labels) > 0 else alt.Scale(zero=True)
    lines = alt.Scale(domain=list(dict.fromkeys(row["line"] for row in points)))
    plain = alt.Chart(data(points)).encode(
        x=alt.X("labels:Q", title="labels trained on", scale=across, axis=alt.Axis(tickCount=6, grid=False)),
        y=alt.Y("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, top]), axis=alt.Axis(format=".0%", tickCount=6)),
    )
    base = plain.encode(color=alt.Color("line:N", scale=lines), tooltip=tooltip("arm", "labels", "accuracy"))
    ends = {"y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    sizes = plain.encode(text="size:N")
    layers = [
        *_baselines(rules),
        base.mark_area(opacity=0.15).encode(**ends).transform_filter("datum.banded"),
        base.mark_rule(opacity=0.7, strokeWidth=1.5).encode(**ends).transform_filter("!datum.banded"),
        base.mark_line(strokeWidth=2),
        base.mark_point(filled=True, size=60, opacity=1).encode(shape=alt.Shape("line:N", scale=lines)),
        sizes.mark_text(style="name", dy=-12, limit=90).transform_filter("datum.written == 'above'"),
        sizes.mark_text(style="name", dy=14, limit=90).transform_filter("datum.written == 'below'"),
    ]
    return alt.LayerChart(layer=layers, width=WIDTH, height=HEIGHT)


def _points(comparison: Comparison) -> list[Row]:
    """A row for each tuned arm that was graded; of arms of one size, the best has its size written above, the others below."""
    arms = [(arm, arm.accuracy, arm.budget) for arm in comparison.arms if arm.tuned and arm.accuracy and arm.budget]
    sizes = Counter(line(arm) for arm, _, _ in arms)
    highest = {arm.size: arm for arm, _, _ in sorted(arms, key=lambda one: one[1].estimate)}
    few = len(sizes) <= BANDS
    return [
        {"line": line(arm), "arm": arm.name, "size": arm.size, "labels": budget.labels, **interval(accuracy)}
        | {"banded": few and sizes[line(arm)] > 1, "written": ("above" if highest[arm.size] is arm else "below") if few else ""}
        for arm, accuracy, budget in arms
    ]


def _baselines(rules: Sequence[Row]) -> list[alt.Chart]:
    """Baselines across the chart: a faint band for the interval, a dashed rule, the name beside it."""
    if not rules:
        return []
    base = alt.Chart(data(rules)).encode(tooltip=tooltip("arm", "accuracy"))
    return [
        base.mark_rect(style="around").encode(y="low:Q", y2="high:Q"),
        base.mark_rule(style="baseline").encode(y="accuracy:Q"),
        base.mark_text(style="name", align="left", dx=4, limit=120).encode(x=alt.value("width"), y="written:Q", text="arm:N"),
    ]


def _rules(arms: Sequence[Arm]) -> list[Row]:
    """A row for each baseline that was graded, lowest first; names are moved up where they would cover each other."""
    rows = sorted(
        ({"arm": arm.name, **interval(arm.accuracy)} for arm in arms if arm.accuracy), key=lambda row: float(row["accuracy"])
    )
    for row in rows:
        row["written"] = row["accuracy"]
    for below, above in pairwise(rows):
        above["written"] = max(above["written"], below["written"] + APART)
    return rows
