"""Items and tracked runs in, what to remove out."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from runner.store import StoredItem, Use, Uses
from runner.store.leftovers import UNFINISHED
from runner.store.local_items import READINGS, REPLIES

# Why an item is kept.
PAID = "replies, which would be paid for again"
YOUNG = "used since"
REFERRED = "that tracked runs refer to"
ELSEWHERE = "that runs of other tracking stores refer to"
UNLISTED = "made before runs noted what they refer to"
NEEDED = "that kept ones were made of"
WEIGHT_STAGES = ("tunings", "changed_weights")  # their folders hold the weights of a checkpoint
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Rules:
    """Limits of what may be removed."""

    before: float  # seconds since the epoch: what was used later is kept
    replies: bool = False  # remove replies too
    unlisted: bool = False  # remove what was made before runs noted what they refer to
    forget: bool = False  # a tracking store without any run has lost them for good


@dataclass(frozen=True)
class TrackedRuns:
    """Keys by which runs of one tracking store refer."""

    tracker: str
    runs: frozenset[str]  # keys
    checkpoints: frozenset[str]  # keys of tunings: earlier versions noted these alone


@dataclass
class Plan:
    """Items to remove, and to keep with the reason."""

    removed: list[StoredItem] = field(default_factory=list)
    kept: list[tuple[StoredItem, str]] = field(default_factory=list)
    void: list[Use] = field(default_factory=list)  # references of runs that are tracked no more
    doubtful: int = 0  # runs that noted their items, and of which a tracking store without any run knows nothing
    elsewhere: dict[str, int] = field(default_factory=dict)  # runs by their tracking store


def plan(
    items: Iterable[StoredItem], inputs_of: Callable[[StoredItem], str], uses: Uses, tracked: TrackedRuns, rules: Rules
) -> Plan:
    """Decide which items no tracked run refers to."""
    result, referred, other = Plan(), {f"{stage}/{key}" for stage in WEIGHT_STAGES for key in tracked.checkpoints}, set[str]()
    for use in uses.lists:
        # By its key: a tracking file may have been moved.
        if use.run in tracked.runs:
            referred |= use.items
        elif use.tracker != tracked.tracker:
            other |= use.items
            result.elsewhere[use.tracker] = result.elsewhere.get(use.tracker, 0) + 1
        elif tracked.runs or rules.forget:
            result.void.append(use)
        else:
            # Its file may be on a disk that is not mounted, and a server may have been set up anew.
            referred |= use.items
            result.doubtful += 1
    for item in items:
        if reason := _reason(item, referred, other, uses.since, rules):
            result.kept.append((item, reason))
        else:
            result.removed.append(item)
    needed = set(_needed(result, inputs_of))
    result.kept += [(item, NEEDED) for item in result.removed if item in needed]
    result.removed = [item for item in result.removed if item not in needed]
    return result


def _reason(item: StoredItem, referred: set[str], other: set[str], since: float, rules: Rules) -> str:
    """Return why an item is kept; "" if it is not."""
    if item.part == REPLIES and not rules.replies:
        return PAID
    if item.used > rules.before:
        return YOUNG
    if item.name in referred:
        return REFERRED
    if item.name in other:
        return ELSEWHERE
    return UNLISTED if _is_stage(item) and item.made < since and not rules.unlisted else ""


def _is_stage(item: StoredItem) -> bool:
    return item.part not in (REPLIES, READINGS, UNFINISHED)


def _needed(result: Plan, inputs_of: Callable[[StoredItem], str]) -> Iterator[StoredItem]:
    """Yield items that kept ones were made of."""
    # A training names in its inputs the one that it goes on from.
    candidates = {item.key: item for item in result.removed if _is_stage(item)}
    left = [item for item, _ in result.kept if _is_stage(item)]
    while candidates and left:
        for key in {*_KEY.findall(inputs_of(left.pop()))} & candidates.keys():
            left.append(candidates[key])
            yield candidates.pop(key)
