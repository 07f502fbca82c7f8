"""A comparison in; its figures out, each with a title and a sentence that says what it shows, and as PNG files."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from runner.comparison import Arm, Comparison, charts
from runner.comparison.curves import curves
from runner.comparison.look import LIGHT, settings
from runner.comparison.marks import Chart
from runner.comparison.words import listed, number, percent, ranged

VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])  # of Vega-Lite
FONT = "Liberation Sans, Arial, sans-serif"
SCALE = 2  # of the PNG files


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart as a Vega-Lite specification without colours, and what it shows in words with the numbers."""

    name: str
    title: str
    alternative: str
    specification: Mapping[str, Any]


def figures(comparison: Comparison) -> dict[str, Figure]:
    """Every figure that there is data for, by name, in the order of a report."""
    drawn = {name: (title, chart(comparison), words) for name, (title, chart, words) in _FIGURES.items()}
    return {
        name: Figure(name=name, title=title, alternative=words(comparison), specification=_plain(chart))
        for name, (title, chart, words) in drawn.items()
        if chart is not None
    }


def write(comparison: Comparison, folder: Path) -> list[Path]:
    """Each figure as a PNG on white, named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = settings(LIGHT, FONT, LIGHT["paper"])
    paths = []
    for figure in figures(comparison).values():
        titled = {**figure.specification, "title": {"text": figure.title, "anchor": "start"}, "config": config}
        path = folder / f"{figure.name}.png"
        path.write_bytes(vl_convert.vegalite_to_png(titled, vl_version=VERSION, scale=SCALE))
        paths.append(path)
    return paths


def _plain(chart: Chart) -> dict[str, Any]:
    """A chart as plain data; two line separators become spaces, for in a name Vega's expressions can't be parsed with them."""
    found: dict[str, Any] = json.loads(re.sub("[\u2028\u2029]", " ", json.dumps(chart.to_dict(), ensure_ascii=False)))
    return found


def _curves(comparison: Comparison) -> str:
    def one(arm: Arm) -> str:
        return f"{ranged(arm.accuracy)} with {number(arm.budget.labels)} labels" if arm.accuracy and arm.budget else ""

    tuned = _each((arm for arm in comparison.arms if arm.tuned), one)
    across = _each((arm for arm in comparison.arms if not arm.tuned), lambda arm: ranged(arm.accuracy))
    return f"Accuracy by the number of labels. {tuned}" + (f" Baselines: {across}" if across else "")


def _categories(comparison: Comparison) -> str:
    told = [f"Accuracy over all questions: {_each(comparison.arms, lambda arm: ranged(arm.accuracy))}"]
    for category in comparison.categories:
        found = sorted((arm.categories[category].estimate, arm.name) for arm in comparison.arms if category in arm.categories)
        (low, lowest), (high, highest) = found[0], found[-1]
        told.append(f"{category}: from {percent(low)} ({lowest}) to {percent(high)} ({highest}).")
    return " ".join(told)


def _coverage(comparison: Comparison) -> str:
    def one(arm: Arm) -> str:
        found = arm.coverage
        return f"{found.labelled} labelled and {found.answered} answered of {found.examined}" if found and found.examined else ""

    return f"Facts of the exam. {_each(comparison.arms, one)}"


def _uptake(comparison: Comparison) -> str:
    def one(arm: Arm) -> str:
        found = arm.coverage
        parts = {"trained": found.trained, "taught": found.taught, "untaught": found.untaught} if found else {}
        return listed([f"{percent(value.estimate)} {name}" for name, value in parts.items() if value])

    return f"Accuracy on training questions, taught facts and untaught facts. {_each(comparison.arms, one)}"


def _retention(comparison: Comparison) -> str:
    def one(arm: Arm) -> str:
        if not (found := arm.retention):
            return ""
        gate = f", the floor is {percent(found.floor)}" if found.floor else ""
        told = f"{percent(found.before.estimate)} before, {percent(found.after.estimate)} after"
        return f"{told}, kept {percent(found.kept)} of the known{gate}"

    return f"General questions before and after tuning. {_each(comparison.arms, one)}"


def _losses(comparison: Comparison) -> str:
    def one(arm: Arm) -> str:
        return f"from {arm.losses[0]:.2f} to {arm.losses[-1]:.2f} in {len(arm.losses)} steps" if arm.losses else ""

    return f"Training loss. {_each(comparison.arms, one)}"


def _each(arms: Iterable[Arm], words: Callable[[Arm], str]) -> str:
    """What can be said of each arm, in one sentence."""
    told = [f"{arm.name} {said}" for arm in arms if (said := words(arm))]
    return f"{'; '.join(told)}." if told else ""


_FIGURES: dict[str, tuple[str, Callable[[Comparison], Chart | None], Callable[[Comparison], str]]] = {
    "curves": ("Accuracy by number of labels", curves, _curves),
    "categories": ("Accuracy by category", charts.categories, _categories),
    "coverage": ("Facts labelled and answered", charts.coverage, _coverage),
    "uptake": ("Accuracy on what was trained, taught and not taught", charts.uptake, _uptake),
    "retention": ("General questions before and after tuning", charts.retention, _retention),
    "losses": ("Training loss", charts.losses, _losses),
}
