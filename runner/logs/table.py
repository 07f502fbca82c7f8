"""A comparison of logs in, tables or plain data out."""

from collections.abc import Iterator
from typing import Any

from runner.comparison import Arm, ArmPair, Comparison
from runner.comparison.layout import Column, terminal, titled, write, write_notes, write_tables
from runner.comparison.table import SIGNS, paired
from runner.comparison.words import bracketed, cell, counted, ends, level, points, rate
from runner.statistics import Interval, Verdict

SEEN = "could be seen"


def show(comparison: Comparison) -> None:
    """Print the tables, their legend, the notes and the verdicts."""
    console = terminal()
    write_tables(console, _tables(comparison, console.width), _legend(comparison))
    write_notes(console, comparison.notes)
    console.print("\nVerdicts", style="bold")
    for advice in comparison.advice:
        write(console, advice.sentence, "- ")


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
            for row in paired(comparison)
        ],
        "verdicts": [advice.sentence for advice in comparison.advice],
        "notes": list(comparison.notes),
    }


def _tables(comparison: Comparison, width: int) -> Iterator[tuple[str, list[Column]]]:
    """Distribute the columns over tables that fit the width."""
    clusters = f" in {counted(comparison.facts, 'cluster')}" if comparison.facts < comparison.questions else ""
    # A name such as "score" or "f1_score" says itself what it is.
    score = comparison.grader if "score" in comparison.grader.casefold() else f"score {comparison.grader}"
    known = ", ".join(filter(None, [comparison.corpus, score]))
    title = f"Mean score on {counted(comparison.questions, 'item')}{clusters}, in % ({known})"
    systems = Column("system", [arm.name for arm in comparison.arms])
    pairs = [_pair(comparison, arm) for arm in comparison.arms]
    columns = [Column("score", [bracketed(arm.accuracy) for arm in comparison.arms])]
    if any(arm.seeds for arm in comparison.arms):
        columns.insert(0, Column("runs", [str(len(arm.seeds) or 1) for arm in comparison.arms]))
    columns.append(Column(f"over {comparison.base}", [_gain(pair) for pair in pairs]))
    if any(_undecided(pair) for pair in pairs):
        columns.append(Column(SEEN, [_seen(pair) for pair in pairs]))
    tasks = [Column(task, [cell(arm.categories.get(task)) for arm in comparison.arms]) for task in comparison.categories]
    return titled(systems, [(title, columns), ("Mean score by task, in %", tasks)], width)


def _legend(comparison: Comparison) -> dict[str, str]:
    first = next(pair for pair in comparison.pairs if pair.first == comparison.base and not pair.category)
    corrected = f", corrected for {first.family} (Holm)" if first.tests > 1 else ""
    meanings = {
        "[ ]": f"{level(comparison.error)} interval; items of one cluster are not taken as independent",
        "( )": f"interval of the difference{corrected}; it holds 0 exactly where nothing is decided",
        "?": f"not decided at the {rate(comparison.error)} level, which does not mean equal",
        SEEN: "the difference that logs of this size decide four times in five",
    }
    undecided = any(_undecided(_pair(comparison, arm)) for arm in comparison.arms)
    return {sign: meaning for sign, meaning in meanings.items() if undecided or sign not in ("?", SEEN)}


def _pair(comparison: Comparison, arm: Arm) -> ArmPair | None:
    return comparison.pair(comparison.base, arm.name) if arm.name != comparison.base else None


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


def _bounds(interval: Interval | None) -> dict[str, float]:
    return {"mean": interval.estimate, "low": interval.low, "high": interval.high} if interval else {}
