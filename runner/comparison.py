"""Tracked runs to the comparison that one decides on: a table in the terminal, rows for the store, a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runner.tracker import Row

PLAIN = 160  # columns where there is no terminal
PREFIX = "accuracy/"


@dataclass(frozen=True)
class Arm:
    """One line of the comparison; numbers are shares from 0 to 1, None where an arm has none."""

    name: str
    row: Row

    @property
    def tuned(self) -> bool:
        """Whether this is a tuned arm rather than a baseline."""
        return self.row.tags.get("runner.arm") == "tuned"

    def number(self, metric: str) -> float | None:
        """A metric, None where the arm did not finish or has no such number."""
        return self.row.metrics.get(metric) if self.row.status == "FINISHED" else None


@dataclass(frozen=True)
class Comparison:
    """All arms of a sweep, and the categories of their exam."""

    arms: Sequence[Arm]
    categories: Sequence[str]

    @property
    def best(self) -> float | None:
        """The highest accuracy of a tuned arm."""
        return max((value for arm in self.arms if arm.tuned and (value := arm.number("accuracy")) is not None), default=None)

    def records(self) -> list[dict[str, Any]]:
        """One flat row an arm, for tables and Parquet."""
        return [
            {
                "arm": arm.name,
                "status": arm.row.status,
                "labels": int(arm.row.parameters.get("labels", 0)),
                **{PREFIX + category: arm.number(PREFIX + category) for category in self.categories},
                **{metric: arm.number(metric) for metric in ("accuracy", "gain/base", "gap/rag")},
                "run": arm.row.id,
            }
            for arm in self.arms
        ]


def compare(rows: Sequence[Row]) -> Comparison:
    """Baselines first, then the tuned arms in the order of the sweep, each named by what sets it apart."""
    ordered = sorted(rows, key=lambda row: row.tags.get("runner.arm") == "tuned")
    categories = {name.removeprefix(PREFIX) for row in rows for name in row.metrics if name.startswith(PREFIX)}
    return Comparison([Arm(_name(row, ordered), row) for row in ordered], sorted(categories))


def _name(row: Row, rows: Sequence[Row]) -> str:
    """A baseline's name, or a tuned arm's method and size; then every other setting in which arms of its kind differ."""
    kind = row.tags.get("runner.arm", row.name)
    of_kind = [other.parameters for other in rows if other.tags.get("runner.arm") == kind]
    names = {name for one in of_kind for name in one} - {"method", "size", "labels", "shortage"}
    varied = sorted(name for name in names if len({one.get(name) for one in of_kind}) > 1)
    also = [f"{name}={row.parameters[name]}" for name in varied if name in row.parameters]
    own = [row.parameters.get("method", "?"), row.parameters.get("size", "?")] if kind == "tuned" else [kind]
    return " ".join([*own, *also])


def show(comparison: Comparison) -> None:
    """Print the table, the best tuned arm marked, and a line for each arm that had fewer labels than asked for."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN)
    table = Table(title="Accuracy, % of the exam's questions", title_justify="left")
    table.add_column("arm")
    for heading in ("labels", *comparison.categories, "all", "gain over base", "gap to rag"):
        table.add_column(escape(heading), justify="right")
    for arm in comparison.arms:
        accuracy = arm.number("accuracy")
        best = arm.tuned and accuracy is not None and accuracy == comparison.best
        table.add_row(
            escape(f"{arm.name} *" if best else arm.name),
            arm.row.parameters.get("labels", ""),
            *(_percent(arm.number(PREFIX + category)) for category in comparison.categories),
            _percent(accuracy) if arm.row.status == "FINISHED" else arm.row.status.lower(),
            _percent(arm.number("gain/base"), signed=True),
            _percent(arm.number("gap/rag"), signed=True),
            style="bold" if best else None,
        )
    console.print(table)
    if comparison.best is not None:
        console.print("* the best tuned arm; gap to rag: how far rag is ahead (+) or behind (-)")
    for arm in comparison.arms:
        if shortage := arm.row.parameters.get("shortage"):
            console.print(f"{escape(arm.name)}: {shortage}; trained on the {arm.row.parameters['labels']} there are")
        if ungraded := arm.number("ungraded"):
            console.print(f"{escape(arm.name)}: {ungraded:.0f} answers have no readable verdict and count neither way")


def _percent(value: float | None, signed: bool = False) -> str:
    return "" if value is None else f"{100 * value:{'+' if signed else ''}.1f}"


def figure(comparison: Comparison, path: Path) -> None:
    """Accuracy by the number of labels, a line for each method and setting, the baselines across; a PNG."""
    from matplotlib.figure import Figure

    lines: dict[str, list[tuple[int, float, str]]] = {}
    drawing = Figure(figsize=(7, 4.5), layout="constrained")
    axes = drawing.add_subplot()
    for arm in comparison.arms:
        if (accuracy := arm.number("accuracy")) is None:
            continue
        if arm.tuned:
            size = arm.row.parameters["size"]
            line = arm.name.replace(f" {size}", "", 1)
            lines.setdefault(line, []).append((int(arm.row.parameters["labels"]), 100 * accuracy, size))
        else:
            axes.axhline(100 * accuracy, linestyle="--", color="black" if arm.name.startswith("rag") else "grey", linewidth=1)
            axes.annotate(
                arm.name,
                (1, 100 * accuracy),
                xycoords=("axes fraction", "data"),
                xytext=(4, -3),
                textcoords="offset points",
            )
    for name, points in lines.items():
        points.sort()
        axes.plot([at for at, _, _ in points], [accuracy for _, accuracy, _ in points], marker="o", label=name)
        for at, accuracy, size in points:
            axes.annotate(size, (at, accuracy), xytext=(0, 6), textcoords="offset points", ha="center")
    axes.set(xlabel="labels trained on", ylabel="accuracy, %", ylim=(0, 105), title="Accuracy by size, for each method")
    axes.set_xlim(left=0)
    if lines:
        axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing.savefig(path, dpi=150)
