"""Draw accuracy by labels, or by a swept number."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

import altair as alt

from runner.comparison import Arm, Comparison
from runner.comparison.marks import Chart, Row, data, interval, line, tooltip
from runner.comparison.words import number

BANDS = 4  # lines at most for bands and written sizes; those of more lines would cover each other
WIDE = 20  # times as many labels as the fewest: from here on their axis is logarithmic
APART = 0.045  # of the accuracy: the least distance of two baselines' names, about the height of a letter
WIDTH, HEIGHT = 720, 340  # pixels
LABELS = "labels"


def swept(comparison: Comparison) -> list[str]:
    """List the numeric settings that the tuned arms differ in."""
    arms = _graded(comparison)
    settings = dict.fromkeys(setting for arm in arms for setting in arm.varied)
    # A seed is a number, but no amount: a line over seeds would say nothing.
    return [
        setting for setting in settings if not setting.endswith("seed") and all(_number(arm, setting) is not None for arm in arms)
    ]


def curves(comparison: Comparison, over: str = LABELS) -> Chart | None:
    """Draw accuracy over labels or over a setting.

    Each method and setting has a line. Its intervals are drawn as a band, and baselines as horizontal rules. Returns None if
    no tuned arm was graded, or if the arms differ in a setting and not in their size.
    """
    numbers = swept(comparison)
    if over == LABELS and numbers and len({arm.size for arm in _graded(comparison)}) == 1:
        return None  # all points of a line would lie above each other
    points = _points(comparison, over)
    if not points:
        return None
    rules = _rules([arm for arm in comparison.arms if not arm.tuned])
    top = min(1.0, max(row["high"] for row in [*points, *rules]) + 0.06)
    places = [row["place"] for row in points]
    # A logarithm of 0 labels has no place on the axis.
    across = alt.Scale(type="log") if max(places) >= WIDE * min(places) > 0 else alt.Scale(zero=True)
    lines = alt.Scale(domain=list(dict.fromkeys(row["line"] for row in points)))
    plain = alt.Chart(data(points)).encode(
        x=alt.X(
            "place:Q", title="labels trained on" if over == LABELS else over, scale=across, axis=alt.Axis(tickCount=6, grid=False)
        ),
        y=alt.Y("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, top]), axis=alt.Axis(format=".0%", tickCount=6)),
    )
    base = plain.encode(color=alt.Color("line:N", scale=lines), tooltip=tooltip("arm", over, "accuracy"))
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


def _graded(comparison: Comparison) -> list[Arm]:
    return [arm for arm in comparison.arms if arm.tuned and arm.accuracy and arm.budget]


def _number(arm: Arm, setting: str) -> float | None:
    """Return a setting's value if it is a number."""
    try:
        value = float(arm.varied.get(setting, ""))
    except ValueError:
        return None
    return value if isfinite(value) else None


def _points(comparison: Comparison, over: str) -> list[Row]:
    """Return a row for each tuned arm that was graded."""
    arms = [(arm, _line(arm, over), arm.size if over == LABELS else arm.varied[over]) for arm in _graded(comparison)]
    points = Counter(name for _, name, _ in arms)
    # Arms of one size often stand at nearly the same place. The best has its size written above, the others below.
    highest = {size: arm for arm, _, size in sorted(arms, key=lambda point: -point[0].rank[0], reverse=True)}
    few = len(points) <= BANDS
    return [
        {"line": name, "arm": arm.name, "size": size, "place": arm.labels if over == LABELS else _number(arm, over)}
        | {over: number(arm.labels) if over == LABELS else size, **interval(arm.accuracy)}
        # A line of one point has a bar, since a band needs two points.
        | {"banded": few and points[name] > 1, "written": ("above" if highest[size] is arm else "below") if few else ""}
        for arm, name, size in arms
    ]


def _line(arm: Arm, over: str) -> str:
    """Name the line that an arm is a point of."""
    if over == LABELS:
        return line(arm)
    return arm.name.replace(f" {over}={arm.varied[over]}", "", 1)


def _baselines(rules: Sequence[Row]) -> list[alt.Chart]:
    """Draw each baseline as band, rule and name."""
    if not rules:
        return []
    base = alt.Chart(data(rules)).encode(tooltip=tooltip("arm", "accuracy"))
    return [
        base.mark_rect(style="around").encode(y="low:Q", y2="high:Q"),
        base.mark_rule(style="baseline").encode(y="accuracy:Q"),
        base.mark_text(style="name", align="left", dx=4, limit=120).encode(x=alt.value("width"), y="written:Q", text="arm:N"),
    ]


def _rules(arms: Sequence[Arm]) -> list[Row]:
    """Return a row for each graded baseline, the lowest first.

    Its name is moved up if it would cover the name below.
    """
    rows = sorted(
        ({"arm": arm.name, **interval(arm.accuracy)} for arm in arms if arm.accuracy), key=lambda row: float(row["accuracy"])
    )
    for row in rows:
        row["written"] = row["accuracy"]
    for below, above in pairwise(rows):
        above["written"] = max(above["written"], below["written"] + APART)
    return rows
