"""Build the marks, axes and tooltips that charts share."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from runner.comparison import Arm
from runner.statistics import Interval

Chart = alt.LayerChart | alt.FacetChart
Row = dict[str, Any]


def dots(base: alt.Chart, style: Sequence[str] = (), **channels: alt.Shape) -> list[alt.Chart]:
    """Draw accuracies as dots on interval bars.

    They lie along the x axis. `channels` are encodings of the dots alone.
    """
    across = alt.X("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    # The whole range from 0 to 1, so that two charts of a report can be compared by eye.
    bars = base.mark_rule(strokeWidth=1.5, style=list(style)).encode(x=alt.X("low:Q", title="accuracy"), x2=alt.X2("high:Q"))
    return [bars, base.mark_point(filled=True, size=55, opacity=1, style=list(style)).encode(x=across, **channels)]


def upright(row: Row, place: str, line: str, name: str) -> list[alt.Chart]:
    """Draw a vertical rule with its name at the top.

    `row` holds the place on the x axis in the field that `place` names, and the rule's name in its field `name`. `line` and
    `name` are the styles of the rule and of its name.
    """
    base = alt.Chart(data([row])).encode(x=f"{place}:Q")
    text = base.mark_text(style=name, align="right", baseline="bottom", dx=4, dy=-4)
    return [base.mark_rule(style=line), text.encode(y=alt.value(0), text="name:N")]


def faceted(layered: alt.LayerChart, rows: Sequence[Row], field: str, panels: Sequence[str]) -> alt.FacetChart:
    """Repeat a chart for each value of a field."""
    facet = alt.Facet(f"{field}:N", sort=list(panels), title=None, header=alt.Header(labelAnchor="start"))
    # Three panels beside each other fit into a page. With a shared x axis, only the last row would show its ticks.
    drawn: alt.FacetChart = layered.properties(data=data(rows)).facet(facet=facet, columns=min(3, len(panels)))
    own: alt.FacetChart = drawn.resolve_axis(x="independent")
    return own


def interval(accuracy: Interval | None) -> Row:
    """Return an accuracy as fields of a chart's row."""
    return {"accuracy": accuracy.estimate, "low": accuracy.low, "high": accuracy.high} if accuracy else {}


def line(arm: Arm) -> str:
    """Return the learning curve of an arm.

    A baseline belongs to none and stands for itself.
    """
    return arm.line or arm.name


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Wrap the rows of a chart."""
    # Altair refuses a data frame of more than 5,000 rows, but takes inline data of any length.
    return alt.InlineData(values=list(rows))


def tooltip(*fields: str) -> list[alt.Tooltip]:
    """Show these fields when the mouse points at a mark.

    An accuracy is shown with its interval.
    """
    numbers = ("accuracy", "low", "high") if "accuracy" in fields else ()
    plain = [alt.Tooltip(f"{field}:N", title=field) for field in fields if field != "accuracy"]
    return plain + [alt.Tooltip(f"{field}:Q", format=".1%") for field in numbers]
