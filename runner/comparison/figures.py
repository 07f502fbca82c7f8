"""Make a comparison's figures with titles and text alternatives."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from runner.comparison import Comparison, charts, rounds, tradeoff
from runner.comparison.curves import LABELS, curves, swept
from runner.comparison.look import LIGHT, settings
from runner.comparison.marks import Chart
from runner.comparison.renderer import draw
from runner.comparison.words import listed, number, percent, ranged

FONT = "Liberation Sans, Arial, sans-serif"
# What XML, and so the renderer's SVG, can't hold: control characters but tab and line ends, half surrogate pairs, two others.
UNDRAWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Altair writes names into Vega's expressions, whose parser fails on these line separators.
SEPARATORS = re.compile("[\u2028\u2029]")


# A figure's title, the function that draws it, and the one that writes its numbers.
_Drawing: TypeAlias = tuple[str, Callable[[Comparison], Chart | None], Callable[[Comparison], str]]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with its title and its text alternative."""

    name: str
    title: str
    alternative: str  # the numbers of the chart in words
    specification: Mapping[str, Any]  # Vega-Lite, without colours


def figures(comparison: Comparison) -> dict[str, Figure]:
    """Draw the figures by name, in a report's order.

    Figures without data are left out.
    """
    # A curve over each setting that is a number stands behind the one over labels.
    over: dict[str, _Drawing] = {
        f"curves-{setting}": (f"Accuracy by {setting}", partial(curves, over=setting), partial(_curves, over=setting))
        for setting in swept(comparison)
    }
    every = {"curves": _FIGURES["curves"], **over, **_FIGURES}
    drawn = {name: (title, chart(comparison), words) for name, (title, chart, words) in every.items()}
    return {
        name: Figure(name=name, title=title, alternative=words(comparison), specification=_plain(chart))
        for name, (title, chart, words) in drawn.items()
        if chart is not None
    }


def write(comparison: Comparison, folder: Path) -> list[Path]:
    """Write each figure as a PNG file.

    A figure that can't be drawn is left out, with a line that names it.
    """
    # A transparent picture could not be read in a dark viewer, so the paper is drawn too.
    config = settings(LIGHT, FONT, LIGHT["paper"])
    titled = {
        figure.name: {**figure.specification, "title": {"text": figure.title, "anchor": "start"}, "config": config}
        for figure in figures(comparison).values()
    }
    return draw(titled, folder) if titled else []


def _plain(chart: Chart) -> dict[str, Any]:
    """Turn a chart into plain data."""
    # A check against the schema takes longer than all else of a report, and tests/comparison/test_figures.py does it.
    specification: dict[str, Any] = _drawable(chart.to_dict(validate=False))
    return specification


def _drawable(value: Any) -> Any:
    """Replace the characters that can't be drawn, at any depth."""
    if isinstance(value, str):
        return UNDRAWABLE.sub("\ufffd", SEPARATORS.sub(" ", value))
    if isinstance(value, dict):
        return {_drawable(name): _drawable(part) for name, part in value.items()}
    return [_drawable(part) for part in value] if isinstance(value, list) else value


def _curves(comparison: Comparison, over: str = LABELS) -> str:
    tuned = [arm for arm in comparison.arms if arm.tuned and arm.accuracy and arm.budget]
    points = _each({arm.name: f"{ranged(arm.accuracy)} with {number(arm.labels)} labels" for arm in tuned})
    baselines = _each({arm.name: ranged(arm.accuracy) for arm in comparison.arms if not arm.tuned})
    by = "the number of labels" if over == LABELS else over
    return f"Accuracy by {by}. {points}" + (f" Baselines: {baselines}" if baselines else "")


def _categories(comparison: Comparison) -> str:
    overall = {arm.name: ranged(arm.accuracy) for arm in comparison.arms}
    sentences = [f"Accuracy over all questions: {_each(overall)}"]
    # All arms in all categories would be too long to listen to, so each category has its range only.
    for category in comparison.categories:
        ordered = sorted((arm.categories[category].estimate, arm.name) for arm in comparison.arms if category in arm.categories)
        (low, lowest), (high, highest) = ordered[0], ordered[-1]
        sentences.append(f"{category}: from {percent(low)} ({lowest}) to {percent(high)} ({highest}).")
    return " ".join(sentences)


def _coverage(comparison: Comparison) -> str:
    counts = {
        arm.name: f"{arm.coverage.labelled} labelled and {arm.coverage.answered} answered of {arm.coverage.examined}"
        for arm in comparison.arms
        if arm.coverage and arm.coverage.examined
    }
    return f"Facts of the exam. {_each(counts)}"


def _uptake(comparison: Comparison) -> str:
    measured = {}
    for arm in comparison.arms:
        if covered := arm.coverage:
            values = (("trained", covered.trained), ("taught", covered.taught), ("untaught", covered.untaught))
            measured[arm.name] = listed([f"{percent(value.estimate)} {name}" for name, value in values if value])
    return f"Accuracy on training questions, taught facts and untaught facts. {_each(measured)}"


def _retention(comparison: Comparison) -> str:
    changes = {}
    for arm in comparison.arms:
        if retention := arm.retention:
            change = f"{percent(retention.before.estimate)} before, {percent(retention.after.estimate)} after"
            gate = f", the floor is {percent(retention.floor)}" if retention.floor else ""
            kept = f"kept {percent(retention.kept)} of the known" if retention.known else "none known"
            changes[arm.name] = f"{change}, {kept}{gate}"
    return f"General questions before and after tuning. {_each(changes)}"


def _losses(comparison: Comparison) -> str:
    losses = {
        arm.name: f"from {arm.losses[0]:.2f} to {arm.losses[-1]:.2f} in {len(arm.losses)} steps"
        for arm in comparison.arms
        if arm.losses
    }
    return f"Training loss. {_each(losses)}"


def _each(words: Mapping[str, str]) -> str:
    """Join what is known of each arm into one sentence."""
    known = [f"{name} {text}" for name, text in words.items() if text]
    return f"{'; '.join(known)}." if known else ""


_FIGURES: dict[str, _Drawing] = {
    "curves": ("Accuracy by number of labels", curves, _curves),
    "categories": ("Accuracy by category", charts.categories, _categories),
    "coverage": ("Facts labelled and answered", charts.coverage, _coverage),
    "uptake": ("Accuracy on training questions, taught facts and untaught facts", charts.uptake, _uptake),
    "retention": ("General questions before and after tuning", charts.retention, _retention),
    "tradeoff": ("Accuracy against what was kept", tradeoff.tradeoff, tradeoff.words),
    "rounds": ("Accuracy by round", rounds.rounds, rounds.words),
    "losses": ("Training loss", charts.losses, _losses),
}
