"""Draw a comparison as Vega-Lite charts, one function each.

A function returns None if the comparison has nothing to draw.
"""

from collections.abc import Sequence
from math import isfinite

import altair as alt

from runner.comparison import Comparison
from runner.comparison.marks import Chart, data, dots, faceted, interval, line, tooltip, upright
from runner.statistics import Interval

STEPS = 160  # points of a loss curve at most: a panel is about as many pixels wide
ROW, PANEL, WIDTH = 18, 230, 720  # pixels: the height of an arm, the width of a panel and of a whole chart
SEPARATED = alt.Axis(tickSize=0, domain=False, grid=True, tickBand="extent")  # lines between the arms


def categories(comparison: Comparison) -> Chart | None:
    """Draw the accuracy of every arm, overall and by category.

    Each has its own panel, with dots on interval bars.
    """
    arms = [arm for arm in comparison.arms if arm.accuracy]
    if not arms:
        return None
    # A single category holds all questions, so a panel of all questions would be the same again.
    panels = [*(["all questions"] if len(comparison.categories) != 1 else []), *comparison.categories]
    rows = [
        {"arm": arm.name, "line": line(arm), "tuned": arm.tuned, "panel": panel, **interval(accuracy)}
        for arm in arms
        for panel, accuracy in [("all questions", arm.accuracy), *arm.categories.items()]
        if accuracy and panel in panels
    ]
    # The domain is fixed, so that a line has the same colour here as in the learning curves.
    lines = alt.Scale(domain=list(dict.fromkeys(line(arm) for arm in arms if arm.tuned)))
    base = alt.Chart().encode(
        y=alt.Y("arm:N", sort=[arm.name for arm in arms], title=None, axis=alt.Axis(grid=True, tickSize=0, domain=False)),
        tooltip=tooltip("panel", "arm", "accuracy"),
    )
    shape = alt.Shape("line:N", scale=lines, legend=None)
    tuned = base.encode(color=alt.Color("line:N", scale=lines, legend=None))
    parts = [
        *dots(tuned.transform_filter("datum.tuned"), shape=shape),
        *dots(base.transform_filter("!datum.tuned"), ["untuned"]),
    ]
    return faceted(alt.LayerChart(layer=parts, width=PANEL, height=alt.Step(ROW)), rows, "panel", panels)


def coverage(comparison: Comparison) -> Chart | None:
    """Draw the labelled and the answered facts of each arm.

    A vertical rule marks the number of facts that the exam asks about.
    """
    arms = [arm for arm in comparison.arms if arm.coverage and arm.coverage.examined]
    if not arms:
        return None
    rows = [
        {"arm": arm.name, "measure": measure, "facts": facts, "examined": arm.coverage.examined}
        for arm in arms
        if arm.coverage
        for measure, facts in [("labelled", arm.coverage.labelled), ("answered", arm.coverage.answered)]
    ]
    # All arms take the same exam, so one rule serves all of them.
    examined = max(arm.coverage.examined for arm in arms if arm.coverage)
    bars = (
        alt.Chart(data(rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("arm:N", sort=[arm.name for arm in arms], title=None, axis=SEPARATED),
            yOffset=alt.YOffset("measure:N", sort=["labelled", "answered"]),
            x=alt.X(
                "facts:Q",
                title="facts of the exam",
                # Not rounded up to a nice number: a full bar then reaches the end of the axis.
                scale=alt.Scale(domain=[0, examined * 1.02], nice=False),
                axis=alt.Axis(tickCount=8),
            ),
            color=alt.Color("measure:N", scale=alt.Scale(domain=["labelled", "answered"])),
            tooltip=tooltip("arm", "measure", "facts", "examined"),
        )
    )
    name = {"examined": examined, "name": f"{examined} examined"}
    return alt.layer(bars, *upright(name, "examined", "baseline", "name"), width=WIDTH, height=alt.Step(11))


def uptake(comparison: Comparison) -> Chart | None:
    """Draw the accuracy on taught and on untaught questions.

    There are the training questions themselves, exam questions about labelled facts, and those about other facts.
    """
    measures = [
        (arm.name, measure, accuracy)
        for arm in comparison.arms
        if arm.coverage
        for measure, accuracy in [
            ("training questions", arm.coverage.trained),
            ("exam, taught facts", arm.coverage.taught),
            ("exam, untaught facts", arm.coverage.untaught),
        ]
        if accuracy
    ]
    return _measured(measures) if measures else None


def retention(comparison: Comparison) -> Chart | None:
    """Draw the general questions before and after tuning.

    The share of the known questions that is kept is drawn too, beside the gate's floor.
    """
    measures: list[tuple[str, str, Interval]] = []
    floor = 0.0
    for arm in comparison.arms:
        if retention := arm.retention:
            # The kept share has no interval of its own: it is about these very questions.
            kept = Interval(estimate=retention.kept, low=retention.kept, high=retention.kept)
            measures += [(arm.name, "before", retention.before), (arm.name, "after", retention.after)]
            if retention.known:
                measures.append((arm.name, "kept of the known", kept))
            floor = max(floor, retention.floor)
    if not measures:
        return None
    name = {"floor": floor, "name": f"floor of the kept share, {floor:.0%}"}
    return _measured(measures, upright(name, "floor", "floor", "floor-name") if floor else [])


def losses(comparison: Comparison) -> Chart | None:
    """Draw the training loss by step.

    There is a panel for each method and setting, and a curve for each size.
    """
    arms = [arm for arm in comparison.arms if arm.losses]
    if not arms:
        return None
    rows = [
        {"line": line(arm), "arm": arm.name, "size": arm.size or arm.name, "step": step, "loss": loss}
        for arm in arms
        for step, loss in _thinned(arm.losses)
        if isfinite(loss)  # JSON has no infinity: a training that diverged is drawn up to there
    ]
    sizes = list(dict.fromkeys(arm.size or arm.name for arm in arms))
    curve = (
        alt.Chart()
        .mark_line(strokeWidth=1.5)
        .encode(
            x=alt.X("step:Q", title="step", axis=alt.Axis(tickCount=4, grid=False)),
            y=alt.Y("loss:Q", title="training loss", axis=alt.Axis(tickCount=5)),
            color=alt.Color("size:N", scale=alt.Scale(domain=sizes)),
            detail="arm:N",
            tooltip=tooltip("arm", "step", "loss"),
        )
    )
    panels = list(dict.fromkeys(line(arm) for arm in arms))
    return faceted(alt.LayerChart(layer=[curve], width=PANEL, height=150), rows, "line", panels)


def _measured(values: Sequence[tuple[str, str, Interval]], more: Sequence[alt.Chart] = ()) -> alt.LayerChart:
    """Draw several accuracies of each arm below each other.

    `values` holds arm, measure and accuracy. The measures differ in colour and in shape.
    """
    measures = list(dict.fromkeys(measure for _, measure, _ in values))
    arms = list(dict.fromkeys(arm for arm, _, _ in values))
    # The arms keep the order of the sweep. Vega would sort them by name, with 10x before 1x.
    base = alt.Chart(data([{"arm": arm, "measure": measure, **interval(value)} for arm, measure, value in values])).encode(
        y=alt.Y("arm:N", sort=arms, title=None, axis=SEPARATED),
        yOffset=alt.YOffset("measure:N", sort=measures),  # or the bars of one arm would cover each other
        color=alt.Color("measure:N", scale=alt.Scale(domain=measures)),
        tooltip=tooltip("arm", "measure", "accuracy"),
    )
    shape = alt.Shape("measure:N", scale=alt.Scale(domain=measures))
    return alt.LayerChart(layer=[*dots(base, shape=shape), *more], width=WIDTH, height=alt.Step(9))


def _thinned(values: Sequence[float]) -> list[tuple[float, float]]:
    """Pair each loss with its step, counted from 1.

    A long curve is thinned to the means of neighbouring steps.
    """
    block = -(-len(values) // STEPS)
    parts = [(start, values[start : start + block]) for start in range(0, len(values), block)]
    return [(start + (len(part) + 1) / 2, round(sum(part) / len(part), 4)) for start, part in parts]
