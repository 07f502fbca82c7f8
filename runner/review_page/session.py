"""Items, reviews and a plan in, people's verdicts written out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock

from runner.data.reviews import Item, Review, Verdict, source_of
from runner.errors import InvalidInput
from runner.review_page import Candidate
from runner.review_page.gathered import ReviewedItems
from runner.review_page.plan import ReviewPlan
from runner.review_page.review_queue import ReviewQueue
from runner.review_page.review_state import ReviewState
from runner.review_page.shown_sections import NAME, ShownSections

VERDICTS: dict[str, tuple[Verdict, ...]] = {
    "label": ("accept", "edit", "reject"),
    "question": ("accept", "edit", "reject"),
    "answer": ("right", "wrong"),
}


@dataclass(frozen=True, kw_only=True)
class GivenVerdict:
    """A person's verdict, as the page sends it."""

    verdict: Verdict
    question: str = ""  # of an edit
    answer: str = ""
    aliases: tuple[str, ...] | None = None
    note: str = ""
    settles: bool = False  # the person saw that others disagree


class ReviewSession:
    """A server's items, their reviews, and the lock on both."""

    def __init__(self, gathered: ReviewedItems, file: Path, plan: ReviewPlan) -> None:
        """Read the reviews that are there."""
        self.gathered, self.file, self.plan = gathered, file, plan
        self.state = ReviewState(file, gathered.sections)
        self.queue = ReviewQueue(gathered.candidates, self.state, plan)
        self.shown = ShownSections(file.with_name(NAME))
        self.candidates: Mapping[str, Candidate] = {each.item.id: each for each in gathered.candidates}
        self.lock = RLock()  # requests are answered in several threads

    @cached_property
    def values(self) -> dict[str, list[tuple[str, int]]]:
        """Return each filter's values, with their numbers of items."""
        items = [each.item for each in self.queue.candidates]
        counts: dict[str, Counter[str]] = {
            "kind": Counter(item.kind for item in items),
            "doubt": Counter(doubt.kind for each in self.queue.candidates for doubt in each.doubts),
            "method": Counter(item.method for item in items),
            "category": Counter(item.category for item in items),
            "origin": Counter(each.source for each in self.queue.candidates),
            "section": Counter(item.section for item in items),
        }
        return {name: sorted((value, count) for value, count in counted.items() if value) for name, counted in counts.items()}

    @property
    def strangers(self) -> int:
        """Count reviewed items that this server does not have."""
        return sum(item not in self.candidates for item in self.state.by_item)

    def judge(self, candidate: Candidate, who: str, given: GivenVerdict) -> Review:
        """Write a verdict; return when the disk has it.

        Raise InvalidInput for one that can't be given on this item.
        """
        item = candidate.item
        if given.verdict not in VERDICTS[item.kind]:
            allowed = ", ".join(VERDICTS[item.kind])
            raise InvalidInput(f"{given.verdict!r} is no verdict on a {item.kind}. Expected one of {allowed}")
        after = _edited(item, given) if given.verdict == "edit" else None
        section = self.gathered.sections.get(item.section)
        if section:
            self.shown.keep(section)
        review = Review(
            # An edit that changes nothing accepts.
            verdict="accept" if given.verdict == "edit" and after == item else given.verdict,
            before=item,
            after=after if after != item else None,
            who=who,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            source=source_of(section) if section else "",
            note=given.note,
            decides=given.settles,
            drawn=item.id in self.plan.sample,
        )
        self.state.add(review)
        return review

    def undo(self, who: str) -> Review | None:
        """Take back a person's last review; return it."""
        last = self.state.last_of(who)
        if last:
            when = datetime.now(UTC).isoformat(timespec="seconds")
            self.state.add(Review(verdict="undo", before=last.before, who=who, when=when, drawn=last.drawn))
        return last


def _edited(item: Item, given: GivenVerdict) -> Item:
    """Return an item as a person edited it."""
    question, answer = _as_before(item.question, given.question), _as_before(item.answer, given.answer)
    if not answer.strip() or (item.question and not question.strip()):
        raise InvalidInput("an edit needs a question and an answer. To drop the item, reject it")
    return replace(item, question=question, answer=answer, aliases=item.aliases if given.aliases is None else given.aliases)


def _as_before(before: str, text: str) -> str:
    # Forms send every line's end as CR LF, and browsers drop one that the text begins with.
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return before if lines.strip() == before.replace("\r\n", "\n").replace("\r", "\n").strip() else lines
