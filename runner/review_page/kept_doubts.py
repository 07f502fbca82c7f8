"""Items in, the same items with doubts out; found doubts are kept in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.data.records import Section, digest, read, write
from runner.data.reviews import source_of
from runner.review_page import Candidate, ItemDoubt
from runner.review_page.doubts import doubts_of, in_order, rules
from runner.store import Store

STAGE = "doubts"
FILE = "doubts.jsonl"
VERSION = "1"  # raised where other doubts are found


@dataclass(frozen=True, kw_only=True)
class DoubtfulItem:
    """An item's id and its doubts."""

    item: str
    doubts: tuple[ItemDoubt, ...]


def most_doubtful_first(candidates: Sequence[Candidate], sections: Mapping[str, Section], store: Store) -> list[Candidate]:
    """Return items with their doubts, sorted; equals stay in order.

    The doubts of the same items and sections are found once, since that takes long for thousands of items.
    """

    def make(folder: Path) -> None:
        doubts = doubts_of(candidates, sections)
        write(folder / FILE, [DoubtfulItem(item=item, doubts=tuple(each)) for item, each in doubts.items() if each])

    kept = store.keep(STAGE, _inputs(candidates, sections), make, _stored)
    return in_order(candidates, _stored(kept.folder))


def _inputs(candidates: Sequence[Candidate], sections: Mapping[str, Section]) -> list[object]:
    """Return all that decides the doubts: rules, items and sections."""
    # An item's id is the digest of its words. The order matters: of near-duplicates the first stays.
    items = [[each.item.id, each.asked_again, each.grades, each.match] for each in candidates]
    texts = [[name, source_of(section)] for name, section in sections.items()]
    return [VERSION, rules(), digest(items), digest(texts)]


def _stored(folder: Path) -> dict[str, tuple[ItemDoubt, ...]]:
    return {each.item: each.doubts for each in read(folder / FILE, DoubtfulItem)}
