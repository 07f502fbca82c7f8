"""Show a comparison in a terminal, or as flat rows."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from rich.console import Console

from runner.comparison import Arm, Comparison
from runner.comparison.layout import Column, fits, hanging, terminal, titled, write, write_notes, write_tables
from runner.comparison.words import bracketed, cell, cost, counted, level, points, rate
from runner.statistics import Interval, Verdict

LINES = 12  # of the recommendation at most, with its heading: more is not read in a terminal
PAID = {"cost/usd": "paid", "cost/usd_per_point": "a point"}
# In words: colours are lost in a log, and a colour-blind reader does not see them.
SIGNS = {Verdict.BETTER: " better", Verdict.WORSE: " worse", Verdict.UNDECIDED: " ?"}


def show(comparison: Comparison) -> None:
    """Print the tables, their legend, the notes and the recommendation."""
    console = terminal()
    best = next((row for row, arm in enumerate(comparison.arms) if arm.name == comparison.star), None)
    write_tables(console, _tables(comparison, console.width), _legend(comparison), best)
    if comparison.origin:
        write(console, ", ".join(comparison.origin))
    write_notes(console, comparison.notes)
    console.print("\nRecommendation", style="bold")
    for line in _recommendation(console, comparison):
        console.print(line, markup=False)


def _recommendation(console: Console, comparison: Comparison) -> list[str]:
    """Shorten the recommendation to `LINES`."""
    room = LINES - 2  # beside the heading and the last line
    sentences: list[list[str]] = []
    # Numbers are left out before any sentence is, and those of the last sentences first.
    for detailed in range(len(comparison.advice), -1, -1):
        details = [advice.detail if number < detailed else "" for number, advice in enumerate(comparison.advice)]
        texts = [f"{advice.sentence} {detail}".rstrip() for advice, detail in zip(comparison.advice, details, strict=True)]
        sentences = [hanging(console, text, "- ") for text in texts]
        if sum(map(len, sentences)) <= room:
            break
    shown = next(count for count in range(len(sentences), -1, -1) if sum(map(len, sentences[:count])) <= room)
    left = len(sentences) - shown
    rest = f"{counted(left, 'more sentence')} and all numbers" if left else "All numbers"
    return [*chain.from_iterable(sentences[:shown]), f"{rest}: report.html"]


def _tables(comparison: Comparison, width: int) -> Iterator[tuple[str, list[Column]]]:
    """Distribute the columns over tables that fit the width.

    Each table comes with its title; a continued table has none.
    """
    exam = f"{counted(comparison.questions, 'question')} about {counted(comparison.facts, 'fact')}"
    written = f"exam {comparison.written.partition(';')[0]}, " if comparison.written else ""
    settings = f" (corpus {comparison.corpus}, {written}grader {comparison.grader})" if comparison.arms else ""
    title = f"Accuracy on {exam}, in %{settings}"
    arms = Column("arm", [f"{arm.name} *" if arm.name == comparison.star else arm.name for arm in comparison.arms])
    labels, *others = _columns(comparison)
    categories = [
        Column(category, [cell(arm.categories.get(category)) for arm in comparison.arms]) for category in comparison.categories
    ]
    together = [arms, labels, *categories, *others]
    if fits(together, width):
        yield title, together
        parts = []
    else:
        # The categories come last: an arm is chosen by its accuracy over all questions.
        parts = [(title, [labels, *others]), ("Accuracy by category, in %", categories)]
    if comparison.looks:
        parts.append(("Trainings of each arm, and why there are no more", _trainings(comparison)))
    for name, values in comparison.groups.items():
        cells = {value: [cell(arm.groups.get(name, {}).get(value)) for arm in comparison.arms] for value in values}
        parts.append((f"Accuracy by {name}, in %", [Column(*column) for column in cells.items()]))
    yield from titled(arms, parts, width)


def _columns(comparison: Comparison) -> list[Column]:
    """Build all columns but the categories; those that no arm has are left out."""
    arms = comparison.arms
    baselines = [arm for arm in arms if not arm.tuned]
    columns = [
        Column("labels", [str(arm.budget.labels) if arm.budget else "" for arm in arms]),
        Column("all", [_overall(arm) for arm in arms]),
    ]
    if any(arm.spread for arm in arms):
        columns.append(Column("±", [f"{100 * arm.spread.training:.1f}" if arm.spread else "" for arm in arms]))
    for baseline in baselines:
        columns.append(Column(f"over {baseline.name}", [_gain(comparison, baseline, arm) for arm in arms]))
    if any(arm.retention for arm in arms):
        columns.append(Column("kept", [_kept(arm) for arm in arms]))
    if any(arm.stale for arm in arms):
        columns.append(Column("stale", [bracketed(arm.stale) for arm in arms]))
    # A training that learns from a grader may learn to please it. Elsewhere the column would tell little.
    if any("refine" in arm.parameters for arm in arms):
        columns.append(Column("words", ["" if arm.words is None else f"{arm.words:.1f}" for arm in arms]))
    if any("cost/usd" in arm.costs for arm in arms):
        columns += [Column(heading, [cost(name, arm.costs.get(name)) for arm in arms]) for name, heading in PAID.items()]
    return columns


def _trainings(comparison: Comparison) -> list[Column]:
    """Build the columns on the trainings of seeds=auto."""
    tuned = [arm.tuned and arm.accuracy is not None for arm in comparison.arms]
    counts = [str(len(arm.seeds) or 1) if done else "" for arm, done in zip(comparison.arms, tuned, strict=True)]
    return [Column("trainings", counts), Column("ended", [arm.ended for arm in comparison.arms])]


def _legend(comparison: Comparison) -> Mapping[str, str]:
    """Explain the signs and headings that the table has."""
    # Only what this table has is explained: a legend of everything would not be read.
    headings = {column.heading for column in _columns(comparison)}
    gate = any(arm.retention and arm.retention.floor for arm in comparison.arms)
    passed = " of those that passed the gate" if gate else ""
    meanings = {
        "[ ]": f"{level(comparison.error)} interval; the questions about one fact count as one cluster",
        "?": f"not decided at the {rate(comparison.error)} level, corrected over the arms of its column (Holm)",
        "*": f"the most accurate tuned arm{passed}; decidedly better than a baseline and decidedly worse than none",
        "±": "standard deviation between trainings",
        "kept": "general questions that the untuned model knew and that are still answered correctly",
        "stale": "questions on facts that the documents no longer state, and that are still answered as before, in %",
        "words": "of an answer, the mean: a refinement may learn to please the grader by longer or shorter answers",
        "paid": "for the arm's replies, in this sweep or an earlier one",
        "a point": "paid for each point of accuracy gained over base",
    }
    shown = {"[ ]", "?", *headings, *("*" if comparison.star else "")}
    return {sign: meaning for sign, meaning in meanings.items() if sign in shown}


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a flat row for each arm."""
    kinds = list(dict.fromkeys(kind for arm in comparison.arms if arm.retention for kind in arm.retention.kinds))
    return [
        {
            "arm": arm.name,
            "status": arm.status,
            "labels": arm.labels,
            # The prefix keeps a category called "status" apart from the column of that name.
            **{f"accuracy/{category}": _estimate(arm.categories.get(category)) for category in comparison.categories},
            "accuracy": _estimate(arm.accuracy),
            "low": arm.accuracy.low if arm.accuracy else None,
            "high": arm.accuracy.high if arm.accuracy else None,
            "kept": arm.retention.kept if arm.retention else None,
            **{f"kept/{kind}": _kept_of_kind(arm, kind) for kind in kinds},
            **({"stale": _estimate(arm.stale)} if any(other.stale for other in comparison.arms) else {}),
            "words": arm.words,
            "usd": arm.costs.get("cost/usd"),
            "run": arm.run,
        }
        for arm in comparison.arms
    ]


def paired(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a flat row for each pair."""
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
            "error": pair.difference.error,
            "about": str(pair.difference.about),
            "matched": ", ".join(pair.matched),
        }
        for pair in comparison.pairs
    ]


def _estimate(interval: Interval | None) -> float | None:
    return interval.estimate if interval else None


def _overall(arm: Arm) -> str:
    # The status stands where the accuracy would, so that the row is not taken for an arm without results.
    if arm.status != "FINISHED":
        return arm.status.lower()
    return bracketed(arm.accuracy)


def _gain(comparison: Comparison, baseline: Arm, arm: Arm) -> str:
    # Baselines are not compared with each other: neither is the result of a choice that the sweep is about.
    pair = comparison.pair(baseline.name, arm.name) if arm.tuned else None
    return f"{points(pair.difference.estimate)}{SIGNS[pair.verdict]}" if pair else ""


def _kept_of_kind(arm: Arm, kind: str) -> float | None:
    kinds = arm.retention.kinds if arm.retention else {}
    known, kept = kinds.get(kind, (0, 0.0))
    return kept if known else None


def _kept(arm: Arm) -> str:
    if not arm.retention:
        return ""
    if not arm.retention.known:
        return "none known"
    return f"{100 * arm.retention.kept:.0f}% of {arm.retention.known}{'' if arm.retention.passed else ' FAILED'}"
