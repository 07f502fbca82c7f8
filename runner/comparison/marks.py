"""Rows of numbers in; the marks, axes and tooltips that several charts of a report share, out."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from runner.comparison import Arm
from runner.statistics import Interval

Chart = alt.LayerChart | alt.FacetChart
Row = dict[str, Any]


def dots(base: alt.Chart, style: Sequence[str] = (), **channels: alt.Shape) -> list[alt.Chart]:
    """Accuracies along the x axis as dots on their interval bars; `channels` are the dots' alone."""
    across = alt.X("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    bars = base.mark_rule(strokeWidth=1.5, style=list(style)).encode(x=alt.X("low:Q", title="accuracy"), x2=alt.X2("high:Q"))
    return [bars, base.mark_point(filled=True, size=55, opacity=1, style=list(style)).encode(x=across, **channels)]


def upright(row: Row, place: str, line: str, name: str) -> list[alt.Chart]:
    """A vertical rule at a place on the x axis, with its name at the top."""
    base = alt.Chart(data([row])).encode(x=f"{place}:Q")
    text = base.mark_text(style=name, align="right", baseline="bottom", dx=4, dy=-4)
    return [base.mark_rule(style=line), text.encode(y=alt.value(0), text="name:N")]


def faceted(layered: alt.LayerChart, rows: Sequence[Row], field: str, panels: Sequence[str]) -> alt.FacetChart:
    """The same chart for each value of a field, up to three beside each other, each with its own x axis."""
    facet = alt.Facet(f"{field}:N", sort=list(panels), title=None, header=alt.Header(labelAnchor="start"))
    drawn: alt.FacetChart = layered.properties(data=data(rows)).facet(facet=facet, columns=min(3, len(panels)))
    own: alt.FacetChart = drawn.resolve_axis(x="independent")
    return own


def interval(found: Interval | None) -> Row:
    """The fields of an accuracy in a row of a chart's data."""
    return {"accuracy": found.estimate, "low": found.low, "high": found.high} if found else {}


def line(arm: Arm) -> str:
    """The learning curve that an arm belongs to, itself where it stands alone."""
    return arm.line or arm.name


def data(rows: Sequence[Row]) -> alt.InlineData:
    """A chart's data, without the limit that Altair puts on tables."""
    return alt.InlineData(values=list(rows))


def tooltip(*fields: str) -> list[alt.Tooltip]:
    """What pointing at a mark tells: names as they are, an accuracy with its interval."""
    told = [("accuracy", ".1%"), ("low", ".1%"), ("high", ".1%")]
    plain = [alt.Tooltip(f"{field}:N", title=field) for field in fields if field != "accuracy"]
    return plain + [alt.Tooltip(f"{field}:Q", format=form) for field, form in told if "accuracy" in fields]
