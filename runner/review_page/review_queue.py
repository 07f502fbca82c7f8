"""Items and reviews in, a person's next item out."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from pydantic import BaseModel, field_validator

from runner.data.records import digest
from runner.review_page import Candidate
from runner.review_page.plan import ReviewPlan
from runner.review_page.review_state import ReviewState

STATES = {"open": "to do", "mine": "judged by me", "disputed": "disputed", "changed": "section changed", "all": "all"}


class ItemFilter(BaseModel, frozen=True):
    """The items that a person wants to see; empty is any.

    An address and the page's forms give its fields.
    """

    kind: str = ""
    method: str = ""
    category: str = ""
    section: str = ""
    doubt: str = ""
    origin: str = ""
    state: str = "open"

    @field_validator("state")
    @classmethod
    def _known_state(cls, state: str) -> str:
        return state if state in STATES else "open"

    def admits(self, candidate: Candidate) -> bool:
        """Return true if an item matches, whatever its state."""
        item = candidate.item
        wanted = (self.kind, self.method, self.category, self.section, self.origin)
        values = (item.kind, item.method, item.category, item.section, candidate.source)
        if any(name and name != value for name, value in zip(wanted, values, strict=True)):
            return False
        return not self.doubt or any(doubt.kind == self.doubt for doubt in candidate.doubts)

    @property
    def given(self) -> dict[str, str]:
        """Return what differs from the default."""
        return self.model_dump(exclude_defaults=True)


class ReviewQueue:
    """The items in their order, and those that are left."""

    def __init__(self, candidates: Sequence[Candidate], state: ReviewState, plan: ReviewPlan) -> None:
        """Order the items: as they come, or a sample by chance."""
        # A sample is in no order of doubt, so that one that is left early is a random sample too.
        mixed = sorted(candidates, key=lambda each: digest(["order", each.item.id])) if plan.sample else candidates
        self.candidates = [each for each in mixed if not plan.sample or each.item.id in plan.sample]
        self.state, self.plan = state, plan
        self.place = {each.item.id: place for place, each in enumerate(self.candidates)}
        self._admitted = lru_cache(maxsize=50)(self._filtered)
        self._share = lru_cache(maxsize=50)(self._filtered_for)
        self._done = lru_cache(maxsize=50)(self._counted)

    def _filtered(self, chosen: ItemFilter) -> tuple[Candidate, ...]:
        return tuple(each for each in self.candidates if chosen.admits(each))

    def _filtered_for(self, chosen: ItemFilter, who: str) -> frozenset[str]:
        return frozenset(each.item.id for each in self._admitted(chosen) if self.plan.is_for(each.item.id, who))

    def _counted(self, chosen: ItemFilter, who: str) -> "DoneItems":
        return DoneItems(self._share(chosen, who))

    def is_open(self, item: str, who: str) -> bool:
        """Return true if a person must still judge an item."""
        if not self.plan.is_for(item, who):
            return False
        if item not in self.state.by_item:
            return True
        if self.plan.is_shared(item):
            return not self._counts(item, who)
        # Of a sample only what was judged as one counts: what was doubtful before it may have been judged otherwise.
        return not self.state.is_drawn(item) if self.plan.sample else self.state.standing(item) is None

    def _counts(self, item: str, who: str) -> bool:
        own = self.state.own(item, who)
        return own is not None and (own.drawn or not self.plan.sample)

    def is_blind(self, item: str, who: str) -> bool:
        """Return true if a person must not see others' verdicts."""
        return self.state.own(item, who) is None and self.plan.is_shared(item)

    def _is_listed(self, item: str, who: str, state: str) -> bool:
        if state == "all":
            return True
        if state == "mine":
            return self.state.own(item, who) is not None
        if state == "changed":
            return self.state.outdated(item) is not None
        if state == "disputed":
            standing = self.state.standing(item)
            return standing is not None and standing.verdict == "disputed" and not self.is_blind(item, who)
        return self.is_open(item, who)

    def listed(self, chosen: ItemFilter, who: str) -> Iterator[Candidate]:
        """Yield the items that a filter and a state leave."""
        return (each for each in self._admitted(chosen) if self._is_listed(each.item.id, who, chosen.state))

    def following(self, chosen: ItemFilter, who: str, item: str = "", back: bool = False) -> Candidate | None:
        """Return the next item behind another one, or before it.

        Behind the last comes the first. None if there is no other.
        """
        # From here on, not from the first: most often the next one is near, and there may be 20,000.
        admitted = self._admitted(chosen)
        here = bisect_left(admitted, self.place.get(item, 0), key=lambda each: self.place[each.item.id])
        around = chain(range(here, len(admitted)), range(here))
        behind = (admitted[place] for place in (reversed([*around]) if back else around))
        return next((each for each in behind if each.item.id != item and self._is_listed(each.item.id, who, chosen.state)), None)

    def progress(self, chosen: ItemFilter, who: str) -> tuple[int, int]:
        """Count a person's done items, and all of them."""
        counted = self._done(chosen, who)
        # Only what was reviewed since the last time, for the same reason.
        if counted.reading is not self.state.reviewed:
            counted.reading, counted.end, counted.done = self.state.reviewed, 0, set()
        for item in counted.items.intersection(islice(counted.reading, counted.end, None)):
            (counted.done.discard if self.is_open(item, who) else counted.done.add)(item)
        counted.end = len(counted.reading)
        return len(counted.done), len(counted.items)


@dataclass
class DoneItems:
    """Count a filter's items that a person has done."""

    items: frozenset[str]
    done: set[str] = field(default_factory=set)
    reading: Sequence[str] = ()  # the reviewed items that `done` follows
    end: int = 0  # those before it are counted
