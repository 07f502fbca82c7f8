"""A comparison to the table, the notes and the recommendation that a terminal shows, and to flat rows for the store."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runner.comparison import Arm, Comparison
from runner.comparison.words import cost, points
from runner.statistics import Interval, Verdict

PLAIN = 160  # columns where there is no terminal
PAID = ("cost/usd", "cost/usd_per_point")
SIGNS = {Verdict.BETTER: " better", Verdict.WORSE: " worse", Verdict.UNDECIDED: " ?"}


def show(comparison: Comparison) -> None:
    """Print the table with the best tuned arm marked, what limits it, and what to do."""
    console = Console(emoji=False, width=None if Console().is_terminal else PLAIN)
    exam = f"{comparison.questions} questions about {comparison.facts} facts"
    of = f" ({comparison.corpus}, graded by {comparison.grader})" if comparison.arms else ""
    console.print(f"Accuracy on {exam}, %{of}", markup=False, style="italic")
    console.print(_table(comparison))
    sure = f"{100 * (1 - comparison.error):g}%"
    console.print(f"[ ]: {sure} interval, clustered by fact; ?: not decided at {100 * comparison.error:g}% (Holm)", markup=False)
    if comparison.best:
        console.print("*: the most accurate tuned arm, of those that came through the gate")
    if any(arm.spread for arm in comparison.arms):
        console.print("±: standard deviation between trainings")
    if any(arm.retention for arm in comparison.arms):
        console.print("kept: of the general questions that the untuned model knew, those that the tuned one still knows")
    if any("cost/usd" in arm.costs for arm in comparison.arms):
        console.print("paid: for the arm's replies, now or before; a point: for each point of accuracy gained over base")
    for note in comparison.notes:
        console.print(f"- {note}", markup=False)
    console.print("\nRecommendation", style="bold")
    for one in comparison.advice:
        console.print(one.sentence, markup=False)
        for reason in one.because:
            console.print(f"    {reason}", markup=False, style="dim")


def _table(comparison: Comparison) -> Table:
    table = Table()
    table.add_column("arm")
    kept = any(arm.retention for arm in comparison.arms)
    baselines = [arm for arm in comparison.arms if not arm.tuned]
    spread, paid = any(arm.spread for arm in comparison.arms), any("cost/usd" in arm.costs for arm in comparison.arms)
    headings = ["labels", *comparison.categories, "all", *(["±"] if spread else []), *(f"over {arm.name}" for arm in baselines)]
    for heading in [*headings, *(["kept"] if kept else []), *(["paid", "a point"] if paid else [])]:
        table.add_column(escape(heading), justify="right")
    for arm in comparison.arms:
        best = arm is comparison.best
        cells = [
            str(arm.budget.labels) if arm.budget else "",
            *(_percent(arm.categories.get(category)) for category in comparison.categories),
            _whole(arm),
            *([f"{100 * arm.spread.training:.1f}" if arm.spread else ""] if spread else []),
            *(_gain(comparison, baseline, arm) for baseline in baselines),
            *([_kept(arm)] if kept else []),
            *([cost(name, arm.costs.get(name)) for name in PAID] if paid else []),
        ]
        table.add_row(escape(f"{arm.name} *" if best else arm.name), *cells, style="bold" if best else None)
    return table


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """One flat row an arm, for tables and Parquet."""
    return [
        {
            "arm": arm.name,
            "status": arm.status,
            "labels": arm.labels,
            **{f"accuracy/{category}": _estimate(arm.categories.get(category)) for category in comparison.categories},
            "accuracy": _estimate(arm.accuracy),
            "low": arm.accuracy.low if arm.accuracy else None,
            "high": arm.accuracy.high if arm.accuracy else None,
            "kept": arm.retention.kept if arm.retention else None,
            "usd": arm.costs.get("cost/usd"),
            "run": arm.run,
        }
        for arm in comparison.arms
    ]


def paired(comparison: Comparison) -> list[dict[str, Any]]:
    """One flat row a pair: second minus first, with interval, corrected p, verdict and what could have been seen."""
    return [
        {
            "first": pair.first,
            "second": pair.second,
            "category": pair.category or "all",
            "difference": pair.difference.estimate,
            "low": pair.difference.low,
            "high": pair.difference.high,
            "p": pair.p,
            "verdict": str(pair.verdict),
            "detectable": pair.difference.detectable,
            "matched": ", ".join(pair.matched),
        }
        for pair in comparison.pairs
    ]


def _estimate(found: Interval | None) -> float | None:
    return found.estimate if found else None


def _percent(found: Interval | None) -> str:
    return f"{100 * found.estimate:.1f}" if found else ""


def _whole(arm: Arm) -> str:
    if arm.status != "FINISHED":
        return arm.status.lower()
    return f"{_percent(arm.accuracy)} \\[{100 * arm.accuracy.low:.0f}, {100 * arm.accuracy.high:.0f}]" if arm.accuracy else ""


def _gain(comparison: Comparison, baseline: Arm, arm: Arm) -> str:
    pair = comparison.pair(baseline.name, arm.name) if arm.tuned else None
    return f"{points(pair.difference.estimate)}{SIGNS[pair.verdict]}" if pair else ""


def _kept(arm: Arm) -> str:
    if not arm.retention:
        return ""
    return f"{100 * arm.retention.kept:.0f}{'' if arm.retention.passed else ' FAILED'}"
