"""A comparison of logs in, tables or plain data out."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from runner.comparison import Arm, ArmPair, Comparison
from runner.comparison.layout import Column, hanging, packed, table
from runner.comparison.table import SIGNS, WIDTH
from runner.comparison.table import paired as pair_rows
from runner.comparison.words import ends, number, points
from runner.statistics import Interval, Verdict
from runner.terminal.plain_text import PlainConsole

SEEN = "could be seen"


def show(comparison: Comparison) -> None:
    """Print the tables, their legend, the notes and the verdicts."""
    # The name of a system may hold ":x:", which is no emoji. A notebook would get each line as an output of its own.
    console = PlainConsole(emoji=False, force_jupyter=False)
    # A pipe or a log has no width of its own.
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    for title, columns in _tables(comparison, console.width):
        if title:
            _print(console, title, style="italic")
        console.print(table(columns))
    legend = _legend(comparison)
    for sign, meaning in legend.items():
        _print(console, meaning, sign.ljust(max(map(len, legend)) + 2))
    if comparison.notes:
        console.print()
    for note in comparison.notes:
        _print(console, note, "- ")
    console.print("\nVerdicts", style="bold")
    for advice in comparison.advice:
        _print(console, advice.sentence, "- ")


def record(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data."""
    return {
        "base": comparison.base,
        "score": comparison.grader,
        "items": comparison.questions,
        "clusters": comparison.facts,
        "error": comparison.error,
        "systems": [
            {
                "system": arm.name,
                "log": arm.run,
                "runs": len(arm.seeds) or 1,
                "ungraded": arm.ungraded,
                **_bounds(arm.accuracy),
                "tasks": {task: _bounds(interval) for task, interval in arm.categories.items()},
            }
            for arm in comparison.arms
        ],
        "pairs": [
            {("task" if name == "category" else name): value for name, value in row.items() if name != "matched"}
            for row in pair_rows(comparison)
        ],
        "verdicts": [advice.sentence for advice in comparison.advice],
        "notes": list(comparison.notes),
    }


def _print(console: Console, text: str, start: str = "", style: str = "") -> None:
    for line in hanging(console, text, start):
        console.print(line, markup=False, style=style)


def _tables(comparison: Comparison, width: int) -> Iterator[tuple[str, list[Column]]]:
    """Distribute the columns over tables that fit the width."""
    several = "s" if comparison.facts != 1 else ""
    clusters = f" in {number(comparison.facts)} cluster{several}" if comparison.facts < comparison.questions else ""
    task = f"{comparison.corpus}, " if comparison.corpus else ""
    title = f"Mean score on {number(comparison.questions)} items{clusters}, in % ({task}score {comparison.grader})"
    systems = Column("system", [arm.name for arm in comparison.arms])
    pairs = [_pair(comparison, arm) for arm in comparison.arms]
    columns = [Column("score", [_mean(arm) for arm in comparison.arms])]
    if any(arm.seeds for arm in comparison.arms):
        columns.insert(0, Column("runs", [str(len(arm.seeds) or 1) for arm in comparison.arms]))
    columns.append(Column(f"over {comparison.base}", [_gain(pair) for pair in pairs]))
    if any(_undecided(pair) for pair in pairs):
        columns.append(Column(SEEN, [_seen(pair) for pair in pairs]))
    parts = [(title, columns)]
    tasks = [Column(task, [_percent(arm.categories.get(task)) for arm in comparison.arms]) for task in comparison.categories]
    if tasks:
        parts.append(("Mean score by task, in %", tasks))
    for heading, group in parts:
        for place, together in enumerate(packed(systems, group, width)):
            yield "" if place else heading, together


def _legend(comparison: Comparison) -> dict[str, str]:
    level, error = f"{100 * (1 - comparison.error):g}%", f"{100 * comparison.error:g}%"
    first = next(pair for pair in comparison.pairs if pair.first == comparison.base and not pair.category)
    corrected = f", corrected for {first.family} (Holm)" if first.tests > 1 else ""
    meanings = {
        "[ ]": f"{level} interval; items of one cluster are not taken as independent",
        "( )": f"interval of the difference{corrected}; it holds 0 exactly where nothing is decided",
        "?": f"not decided at the {error} level, which does not mean equal",
        SEEN: "the difference that logs of this size decide four times in five",
    }
    undecided = any(_undecided(_pair(comparison, arm)) for arm in comparison.arms)
    return {sign: meaning for sign, meaning in meanings.items() if undecided or sign not in ("?", SEEN)}


def _pair(comparison: Comparison, arm: Arm) -> ArmPair | None:
    return comparison.pair(comparison.base, arm.name) if arm.name != comparison.base else None


def _mean(arm: Arm) -> str:
    return f"{_percent(arm.accuracy)} [{100 * arm.accuracy.low:.0f}, {100 * arm.accuracy.high:.0f}]" if arm.accuracy else ""


def _gain(pair: ArmPair | None) -> str:
    if not pair:
        return ""
    return f"{points(pair.difference.estimate)} ({ends(pair.difference)}){SIGNS[pair.verdict]}"


def _undecided(pair: ArmPair | None) -> bool:
    return pair is not None and pair.verdict == Verdict.UNDECIDED


def _seen(pair: ArmPair | None) -> str:
    if not pair or not _undecided(pair):
        return ""
    least = pair.difference.detectable
    return "too few clusters" if pair.difference.lacking else "none" if least is None else f"{100 * least:.1f}"


def _percent(interval: Interval | None) -> str:
    return f"{100 * interval.estimate:.1f}" if interval else ""


def _bounds(interval: Interval | None) -> dict[str, float]:
    return {"mean": interval.estimate, "low": interval.low, "high": interval.high} if interval else {}
