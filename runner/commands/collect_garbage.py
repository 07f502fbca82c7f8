"""A command line in, unused items of a store out."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from runner.commands.tracked_runs import History, history
from runner.comparison.words import counted
from runner.config.command_line import split
from runner.config.earlier import CHECKPOINTS
from runner.data.local_folder import is_address, local_folder
from runner.errors import InvalidInput
from runner.store import Store, StoredItem
from runner.store.choose import open_store
from runner.store.garbage import PAID, UNLISTED, Plan, Rules, TrackedRuns, plan
from runner.terminal.plain_text import PlainConsole
from runner.tracker.known_address import known_address

AGE, DAYS = re.compile(r"(\d{1,5})([dw])"), {"d": 1, "w": 7}
DELETE, REPLIES, UNNOTED, FORGET = "delete", "replies", "unlisted", "forget"
USAGE = "run.py --gc AGE, such as 30d or 8w, and words: delete removes what is shown without it; docs/index.md explains others"


def collect_garbage(words: Sequence[str]) -> None:
    """Show or remove what no tracked run refers to.

    `words` are an age such as 30d, further words, and overrides such as store=PATH and tracker.uri=... Only with `delete`
    anything is removed.
    """
    own = [word for word in split(words)[1] if "=" not in word]
    seconds, chosen = _age(own)
    with history([word for word in words if word not in own]) as past:
        place, store, tracked = str(past.config.store), open_store(past.config.store), _tracked(past)
    if not is_address(place) and not (local_folder(place) / "locks").is_dir():
        raise InvalidInput(f"--gc: {place} is no store: no stage was ever made in it. Name one: store=PATH")
    before = time.time() - seconds
    rules = Rules(before=before, replies=REPLIES in chosen, unlisted=UNNOTED in chosen, forget=FORGET in chosen)
    result = plan(store.items(), store.inputs_of, store.uses(), tracked, rules)
    console = PlainConsole(soft_wrap=True)
    _show(console, result, f"{place}: what no tracked run refers to, and nobody used since {_date(before)}")
    for note in _notes(result, tracked, rules):
        console.print(note)
    if DELETE in chosen:
        console.print(_removed(store, result))
    elif result.removed or result.void:
        console.print(f"Nothing was removed. To remove it: run.py --gc {' '.join(own)} {DELETE}, with the same settings")


def _age(words: Sequence[str]) -> tuple[float, set[str]]:
    """Return an age in seconds, and the other words."""
    ages = [match for word in words if (match := AGE.fullmatch(word))]
    others = {*words} - {match[0] for match in ages}
    if unknown := others - {DELETE, REPLIES, UNNOTED, FORGET}:
        raise InvalidInput(f"--gc: {', '.join(sorted(unknown))} is no age and no word of this command. Expected {USAGE}")
    if len(ages) != 1 or ages[0][1].strip("0") == "":
        # Younger work may belong to a sweep that still runs, whose arms have not come to it yet.
        raise InvalidInput(f"--gc: expected one age of at least a day. Expected {USAGE}")
    return int(ages[0][1]) * DAYS[ages[0][2]] * 86400.0, others


def _tracked(past: History) -> TrackedRuns:
    """Return the keys that a tracker's runs have."""
    tags = [run.tags for run in past.runs]
    return TrackedRuns(
        tracker=known_address(past.tracker),
        runs=frozenset(tag["runner.key"] for tag in tags if "runner.key" in tag),
        checkpoints=frozenset(key for tag in tags for key in tag.get(CHECKPOINTS, "").replace("+", " ").split()),
    )


def _show(console: PlainConsole, result: Plan, title: str) -> None:
    """Print items to remove and to keep, by part."""
    from rich.filesize import decimal
    from rich.table import Table

    removed, kept = Counter[str](), Counter[str]()
    sizes, kept_sizes = Counter[str](), Counter[str]()
    for item in result.removed:
        removed[item.part] += 1
        sizes[item.part] += item.bytes
    for item, _ in result.kept:
        kept[item.part] += 1
        kept_sizes[item.part] += item.bytes
    table = Table(title=title, title_justify="left")
    for name in ("part", "to remove", "size", "to keep", "size"):
        table.add_column(name, justify="left" if name == "part" else "right")
    for part in sorted({*removed, *kept}, key=lambda part: (-sizes[part], part)):
        table.add_row(part, f"{removed[part]:,}", decimal(sizes[part]), f"{kept[part]:,}", decimal(kept_sizes[part]))
    table.add_section()
    whole = (removed.total(), sizes.total(), kept.total(), kept_sizes.total())
    table.add_row("all", f"{whole[0]:,}", decimal(whole[1]), f"{whole[2]:,}", decimal(whole[3]))
    console.print(table)


def _notes(result: Plan, tracked: TrackedRuns, rules: Rules) -> list[str]:
    """Say why items are kept, and what is not known."""
    from rich.filesize import decimal

    counts, sizes = Counter(reason for _, reason in result.kept), Counter[str]()
    for item, reason in result.kept:
        sizes[reason] += item.bytes
    notes = [f"kept, {reason}: {counts[reason]:,} ({decimal(sizes[reason])})" for reason in sorted(counts)]
    if counts[PAID]:
        notes.append(f"The word {REPLIES} removes old replies too. Work that needs one of them pays for it again")
    if counts[UNLISTED]:
        notes.append(f"The word {UNNOTED} removes these too, but for trainings that a run of {tracked.tracker} names")
    if result.doubtful:
        notes.append(
            f"{counted(result.doubtful, 'run')} noted here that {tracked.tracker} tracks them, and no run is there. What they "
            f"refer to is kept. If they were deleted for good, add the word {FORGET}"
        )
    elsewhere = ", ".join(f"{counted(count, 'run')} at {tracker}" for tracker, count in sorted(result.elsewhere.items()))
    notes.append(
        f"Tracked elsewhere: {elsewhere or 'no run that noted it here'}. What such runs refer to is kept: where they are "
        "deleted, give this command there (tracker.uri=...)"
    )
    return notes


def _removed(store: Store, result: Plan) -> str:
    """Remove what is planned; say what was removed."""
    from rich.filesize import decimal

    removed: list[StoredItem] = [item for item in result.removed if store.remove(item)]
    for use in result.void:
        store.forget(use)
    left = len(result.removed) - len(removed)
    busy = f". {counted(left, 'item')} stayed: a job holds or has just used them" if left else ""
    return f"Removed: {counted(len(removed), 'item')}, {decimal(sum(item.bytes for item in removed))}{busy}"


def _date(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment):%Y-%m-%d %H:%M}"
