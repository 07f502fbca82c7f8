"""A word of the user in, a sweep's notes out."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from runner.commands.store_folder import store_folder
from runner.errors import InvalidInput
from runner.store.sweep_notes import SWEEP, SWEEPS, SweepNotes, all_notes

LAST = "last"


def find_sweep(words: Sequence[str]) -> SweepNotes:
    """Find the sweep that a command's words mean; else the last one.

    A sweep is named by its id, the id of its tracked run, the folder of its output, or `last`. Raise InvalidInput if there is
    none, or more than one.
    """
    names = [word for word in words if not re.match(r"[~+]?[\w@./]+=", word)]
    store = store_folder([word for word in words if word not in names])
    if len(names) > 1:
        raise InvalidInput(f"{names[1]}: expected one sweep, and {names[0]} is one. Name one at a time")
    plans = {notes: plan for notes in all_notes(store / SWEEPS) if (plan := notes.read(SWEEP))}
    if not plans:
        raise InvalidInput(f"the store {store} has no notes of a sweep. Name the store that the sweep works with: store=FOLDER")
    if names in ([], [LAST]):
        return next(iter(plans))

    def listed(matches: Iterable[SweepNotes]) -> str:
        return ", ".join(f"{notes.id} ({plans[notes]['title']})" for notes in islice(matches, 5))

    (name,) = names
    folder = str(Path(name).resolve())
    # The same points have one tracked run, however often the command is given; the newest is meant.
    newest = {plan["run"]: notes for notes, plan in reversed(plans.items()) if plan.get("run", "").startswith(name)}
    for matches in (
        [notes for notes, plan in plans.items() if plan["output"] == folder],
        [notes for notes in plans if notes.id == name],
        [notes for notes in plans if notes.id.startswith(name)],
        list(newest.values()),
    ):
        if len(matches) > 1:
            raise InvalidInput(f"{name}: {len(matches)} sweeps begin so: {listed(matches)}. Write more of the id")
        if matches:
            return matches[0]
    raise InvalidInput(f"{name}: no sweep of the store {store} has this id or folder. The last ones are {listed(plans)}")
