"""Aligned systems in, sentences on what is missing out."""

from collections.abc import Iterator

from runner.comparison.words import counted, listed, number, shortened
from runner.logs.alignment import Systems

NAMED = 3  # items at most that a sentence names


def notes(systems: Systems) -> list[str]:
    """Write a sentence for each limit of the numbers."""
    return [*_missing(systems), *_answers(systems), *_runs(systems), *_clusters(systems), *systems.notes]


def _missing(systems: Systems) -> Iterator[str]:
    every = len(systems.every.names)
    if len(systems.items) == every:
        return
    yield (
        f"All numbers are about the {number(len(systems.items))} of {number(every)} items that are graded for every system. If "
        "the others are missing because they were hard (an error, a time limit), that favours the systems that lack them."
    )
    for system in systems.systems:
        if lacking := [item for item in range(every) if item not in system.graded]:
            examples = ", ".join(shortened(systems.every.names[item]) for item in lacking[:NAMED])
            more = ", …" if len(lacking) > NAMED else ""
            ungraded = system.asked - len(system.graded)
            without = f", {number(ungraded)} of them without a grade" if ungraded else ""
            yield f"{system.name} lacks {counted(len(lacking), 'item')}{without}: {examples}{more}."


def _answers(systems: Systems) -> Iterator[str]:
    spans = [(int(system.counts.min()), int(system.counts.max())) for system in systems.systems]
    if len({count for span in spans for count in span}) == 1:
        return
    spread = ", ".join(
        f"{system.name} {low}" if low == high else f"{system.name} {low} to {high}"
        for system, (low, high) in zip(systems.systems, spans, strict=True)
    )
    yield f"The items have unequal numbers of graded answers: {spread}. An item's score is the mean of its graded answers."


def _runs(systems: Systems) -> Iterator[str]:
    if once := [system.name for system in systems.systems if len(system.scores) == 1]:
        names = f"{listed(once)} {'were' if len(once) > 1 else 'was'}"
        which = "Each system was" if len(once) == len(systems.systems) else names
        yield (
            f"{which} run once. So the verdicts are about these runs: how much another run, seed or training would change them "
            "is not known. Several logs of one system show it: NAME=FILE NAME=FILE"
        )


def _clusters(systems: Systems) -> Iterator[str]:
    if not (without := sum(not cluster for cluster in systems.clusters)):
        return
    items = len(systems.items)
    which = "The logs name no clusters" if without == items else f"{number(without)} of {number(items)} items name no cluster"
    yield (
        f"{which}, so each of these items counts as independent of all others. If several of them ask about one text or "
        "one fact, the intervals are too narrow. Name the field that groups them: --cluster FIELD"
    )
