"""A comparison in, accuracy against kept knowledge out."""

import altair as alt

from runner.comparison import Arm, Comparison
from runner.comparison.marks import Chart, Row, data, tooltip
from runner.comparison.words import percent

WIDTH, HEIGHT = 720, 300  # pixels
WHOLE = alt.Scale(domain=[0, 1])


def tradeoff(comparison: Comparison) -> Chart | None:
    """Draw accuracy against the kept share of general knowledge.

    Each arm is a point with both intervals. A line joins the arms of the frontier. A single arm has none, and no chart.
    """
    arms = measured(comparison)
    if len(arms) < 2:
        return None
    best = [arm.name for arm in frontier(arms)]
    rows = [_row(arm) | {"frontier": arm.name in best} for arm in arms]
    base = alt.Chart(data(rows)).encode(color=alt.Color("arm:N", legend=None, scale=alt.Scale(domain=[arm.name for arm in arms])))
    kept = alt.X("kept:Q", title="kept of the known general questions", scale=WHOLE, axis=alt.Axis(format=".0%", tickCount=5))
    accuracy = alt.Y("accuracy:Q", title="accuracy on the exam", scale=WHOLE, axis=alt.Axis(format=".0%", tickCount=5))
    layers = [
        alt.Chart(data(rows)).transform_filter("datum.frontier").mark_line(style="baseline").encode(x=kept, y=accuracy),
        base.mark_rule(strokeWidth=1).encode(x=alt.X("kept_low:Q"), x2="kept_high:Q", y=accuracy),
        base.mark_rule(strokeWidth=1).encode(x=kept, y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=kept, y=accuracy, tooltip=tooltip("arm", "accuracy")),
        base.mark_text(style="name", align="left", dx=7, dy=-7).encode(x=kept, y=accuracy, text="arm:N"),
    ]
    return alt.layer(*layers, width=WIDTH, height=HEIGHT)


def words(comparison: Comparison) -> str:
    """Write the numbers of the chart in words."""
    arms = measured(comparison)
    each = "; ".join(f"{arm.name} {percent(_row(arm)['accuracy'])} and {percent(_row(arm)['kept'])}" for arm in arms)
    best = ", ".join(arm.name for arm in frontier(arms))
    return f"Accuracy, and share kept of the known general questions. {each}. Frontier: {best}."


def measured(comparison: Comparison) -> list[Arm]:
    """List the tuned arms of which both numbers are known."""
    return [arm for arm in comparison.arms if arm.tuned and arm.accuracy and arm.retention and arm.retention.known]


def frontier(arms: list[Arm]) -> list[Arm]:
    """List the arms that no other arm surpasses in both.

    They are ordered by what they kept. Chance is not counted: an arm just below may be as good.
    """
    places = {arm.name: (_row(arm)["kept"], _row(arm)["accuracy"]) for arm in arms}
    best = [arm for arm in arms if not any(_above(place, places[arm.name]) for place in places.values())]
    return sorted(best, key=lambda arm: places[arm.name])


def _above(other: tuple[float, float], own: tuple[float, float]) -> bool:
    return other != own and other[0] >= own[0] and other[1] >= own[1]


def _row(arm: Arm) -> Row:
    assert arm.accuracy and arm.retention  # by `measured`
    kept = arm.retention.kept_interval
    span = {"kept_low": kept.low, "kept_high": kept.high} if kept else {}
    accuracy = {"accuracy": arm.accuracy.estimate, "low": arm.accuracy.low, "high": arm.accuracy.high}
    return {"arm": arm.name, "kept": arm.retention.kept, **span, **accuracy}
