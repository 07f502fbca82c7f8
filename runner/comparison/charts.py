"""A comparison in, Vega-Lite charts out, one function each; None where the comparison has nothing to draw."""

from collections.abc import Sequence
from math import isfinite

import altair as alt

from runner.comparison import Comparison
from runner.comparison.marks import Chart, data, dots, faceted, interval, line, tooltip, upright
from runner.statistics import Interval

STEPS = 160  # points of a loss curve
ROW, PANEL, WIDTH = 18, 230, 720
SEPARATED = alt.Axis(tickSize=0, domain=False, grid=True, tickBand="extent")  # lines between the arms


def categories(comparison: Comparison) -> Chart | None:
    """Accuracy of every arm over all questions and by category: a panel each, dots with interval bars."""
    arms = [arm for arm in comparison.arms if arm.accuracy]
    if not arms:
        return None
    several = len(comparison.categories) > 1
    panels = [*(["all questions"] if several or not comparison.categories else []), *comparison.categories]
    rows = [
        {"arm": arm.name, "line": line(arm), "tuned": arm.tuned, "panel": panel, **interval(found)}
        for arm in arms
        for panel, found in [("all questions", arm.accuracy), *arm.categories.items()]
        if found and panel in panels
    ]
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
    """How many of the exam's facts each arm's labels state, and how many it answers; all there are as a rule."""
    arms = [arm for arm in comparison.arms if arm.coverage and arm.coverage.examined]
    if not arms:
        return None
    rows = [
        {"arm": arm.name, "measure": measure, "facts": facts, "examined": arm.coverage.examined}
        for arm in arms
        if arm.coverage
        for measure, facts in [("labelled", arm.coverage.labelled), ("answered", arm.coverage.answered)]
    ]
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
    """Whether training took: accuracy on the training questions, on facts that were taught and on facts that were not."""
    arms = [arm for arm in comparison.arms if arm.coverage]
    found = [
        (arm.name, measure, interval)
        for arm in arms
        if arm.coverage
        for measure, interval in [
            ("training questions", arm.coverage.trained),
            ("exam, taught facts", arm.coverage.taught),
            ("exam, untaught facts", arm.coverage.untaught),
        ]
        if interval
    ]
    return _measured(found) if found else None


def retention(comparison: Comparison) -> Chart | None:
    """General questions before and after tuning, and the share of the known that is kept beside the floor of the gate."""
    arms = [arm for arm in comparison.arms if arm.retention]
    found: list[tuple[str, str, Interval]] = []
    for arm in arms:
        if kept := arm.retention:
            whole = Interval(estimate=kept.kept, low=kept.kept, high=kept.kept)
            found += [(arm.name, "before", kept.before), (arm.name, "after", kept.after), (arm.name, "kept of the known", whole)]
    if not found:
        return None
    floor = max(arm.retention.floor for arm in arms if arm.retention)
    name = {"floor": floor, "name": f"floor of the kept, {floor:.0%}"}
    return _measured(found, upright(name, "floor", "floor", "floor-name") if floor else [])


def losses(comparison: Comparison) -> Chart | None:
    """Training loss by step: a panel for each method and setting, a curve for each size."""
    arms = [arm for arm in comparison.arms if arm.losses]
    if not arms:
        return None
    rows = [
        {"line": line(arm), "arm": arm.name, "size": arm.size or arm.name, "step": step, "loss": loss}
        for arm in arms
        for step, loss in _thinned(arm.losses)
        if isfinite(loss)  # a training that diverged has a curve as far as it goes
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


def _measured(found: Sequence[tuple[str, str, Interval]], more: Sequence[alt.Chart] = ()) -> alt.LayerChart:
    """Several accuracies of each arm below each other: dots with interval bars, told apart by colour and shape."""
    measures = list(dict.fromkeys(measure for _, measure, _ in found))
    arms = list(dict.fromkeys(arm for arm, _, _ in found))
    base = alt.Chart(data([{"arm": arm, "measure": measure, **interval(value)} for arm, measure, value in found])).encode(
        y=alt.Y("arm:N", sort=arms, title=None, axis=SEPARATED),
        yOffset=alt.YOffset("measure:N", sort=measures),
        color=alt.Color("measure:N", scale=alt.Scale(domain=measures)),
        tooltip=tooltip("arm", "measure", "accuracy"),
    )
    shape = alt.Shape("measure:N", scale=alt.Scale(domain=measures))
    return alt.LayerChart(layer=[*dots(base, shape=shape), *more], width=WIDTH, height=alt.Step(9))


def _thinned(values: Sequence[float]) -> list[tuple[float, float]]:
    """Steps from 1 with their loss; means of neighbours where there are more than can be seen."""
    block = -(-len(values) // STEPS)
    parts = [(start, values[start : start + block]) for start in range(0, len(values), block)]
    return [(start + (len(part) + 1) / 2, round(sum(part) / len(part), 4)) for start, part in parts]
