"""Reviews by people: a file of JSON lines in, the outcome for each item out.

The file is only appended to. A person who changes their mind adds a line, so that nothing is lost and git can join two files.
"""

import json
from codecs import BOM_UTF8
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from runner.data.appended_lines import BROKEN_OFF, append_line
from runner.data.records import Label, Question, Section, digest, plain
from runner.errors import Fault

NAME = "reviews.jsonl"
Kind = Literal["label", "question", "answer"]
Verdict = Literal["accept", "edit", "reject", "right", "wrong", "undo"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A label, question or answer, as a person sees it."""

    kind: Kind
    question: str
    answer: str  # of an exam question: the reference; of an answer: the arm's
    aliases: tuple[str, ...] = ()
    reference: str = ""  # of an answer: the exam's
    section: str = ""
    category: str = ""
    method: str = ""  # of a label

    @cached_property
    def id(self) -> str:
        """Return the hash of what is judged."""
        # Neither method nor category: the same words are the same item, whoever wrote them.
        return digest([self.kind, self.question, self.answer, self.aliases, self.reference, self.section])


@dataclass(frozen=True, kw_only=True)
class Review:
    """A person's verdict on an item."""

    verdict: Verdict  # accept, edit and reject are for labels and questions, right and wrong for answers
    before: Item
    after: Item | None = None  # of an edit
    who: str
    when: str  # ISO 8601 with the offset from UTC
    source: str = ""  # the digest of the section that was shown; "" without one
    note: str = ""
    decides: bool = False  # the person saw that others disagree, and settled it
    drawn: bool = False  # the item belongs to a random sample, so it counts for rates


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The verdict on an item, from all of its reviews."""

    verdict: Verdict | Literal["disputed"]
    reviews: tuple[Review, ...]  # the last of each person, in the order of the file

    @property
    def kind(self) -> Kind:
        """Return the kind of the item."""
        return self.reviews[0].before.kind

    @property
    def outcome(self) -> tuple[str, str, str]:
        """Return verdict, and question and answer of an edit."""
        return self.verdict, self.after.question if self.after else "", self.after.answer if self.after else ""

    @property
    def after(self) -> Item | None:
        """Return the item as it was edited, or None."""
        edits = [review.after for review in self.reviews if review.verdict == self.verdict == "edit"]
        return edits[-1] if edits else None


def label_item(label: Label) -> Item:
    """Return a label as an item."""
    return Item(
        kind="label",
        question=label.question,
        answer=label.answer,
        section=label.section,
        category=label.category,
        method=label.method,
    )


def question_item(question: Question) -> Item:
    """Return an exam question as an item."""
    return Item(
        kind="question",
        question=question.question,
        answer=question.answer,
        aliases=question.aliases,
        section=question.section,
        category=question.category,
    )


def answer_item(question: Question, answer: str) -> Item:
    """Return an arm's answer to a question as an item."""
    return Item(
        kind="answer",
        question=question.question,
        answer=answer,
        reference=question.answer,
        aliases=question.aliases,
        section=question.section,
        category=question.category,
    )


def source_of(section: Section) -> str:
    """Return the digest of a section's words."""
    return digest([section.title, section.heading, section.text])


def read_reviews(path: Path) -> tuple[Review, ...]:
    """Read the reviews of a file, if it is there.

    A line that a crash left half written does not count. Raise a Fault that names any other line that is no review.
    """
    return reviews_from(path)[0]


def reviews_from(path: Path, start: int = 0) -> tuple[tuple[Review, ...], int]:
    """Read the reviews behind a place in a file; return their end too.

    The place counts bytes. What `read_reviews` says of lines holds here too.
    """
    if not path.exists():
        return (), 0
    with path.open("rb") as file:
        file.seek(start)
        content = file.read()
    reviews = []
    # Of bytes, since str splits at U+2028 too.
    *lines, half = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.endswith(BROKEN_OFF):
            continue
        review = _review_of(line)
        if isinstance(review, str):
            before = path.read_bytes()[:start].count(b"\n")
            raise Fault(
                f"{path}:{before + number}: no review ({review}). Expected a line that runner-review wrote. Mend the line, or "
                "remove it"
            )
        reviews.append(review)
    return tuple(reviews), start + len(content) - len(half)


def _review_of(line: bytes) -> Review | str:
    """Return a line's review, or why it is none."""
    try:
        review = _reader().validate_json(line.removeprefix(BOM_UTF8))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        return f"{field + ': ' if field else ''}{first['msg'].lower()}"
    if review.verdict == "edit" and not (review.after and review.after.answer.strip()):
        return "an edit needs an answer"
    return review


@cache
def _reader() -> TypeAdapter[Review]:
    return TypeAdapter(Review)


def append_review(path: Path, review: Review) -> None:
    """Add a review to a file; return when the disk has it."""
    append_line(path, json.dumps(review, default=plain, ensure_ascii=False))


def standings(reviews: Iterable[Review], sections: Iterable[Section] = ()) -> dict[str, Standing]:
    """Return the outcome for each item, by its id.

    The last review of each person counts. The verdict is that of most people. Without a majority the item is disputed, until
    somebody decides it; of several who did, the last one counts. A review of a section that has changed since does not count.
    """
    current = {section.id: source_of(section) for section in sections}
    by_item: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_item[review.before.id].append(review)
    each = {item: standing_of(of_item, current) for item, of_item in by_item.items()}
    return {item: standing for item, standing in each.items() if standing}


def standing_of(reviews: Iterable[Review], current: Mapping[str, str]) -> Standing | None:
    """Return the outcome for one item; None if no review counts.

    `current` holds the digests of sections by id.
    """
    valid = counting(reviews, current)
    return _standing([*valid.values()]) if valid else None


def counting(reviews: Iterable[Review], current: Mapping[str, str]) -> dict[str, Review]:
    """Return the reviews of one item that count, by person.

    That is the last one of each person, unless the section has changed since. An undo takes back the last one that is left. A
    person who settled the item settles it with a later verdict too. The reviews are in the order of the file.
    """
    people: dict[str, list[tuple[int, Review]]] = defaultdict(list)
    for place, review in enumerate(reviews):
        history = people[review.who]
        if review.verdict == "undo":
            del history[-1:]
        else:
            before = history[-1][1] if history else None
            settles = before is not None and before.decides and not outdated(before, current)
            history.append((place, replace(review, decides=True) if settles else review))
    last = sorted((history[-1] for history in people.values() if history), key=lambda placed: placed[0])
    return {review.who: review for _, review in last if not outdated(review, current)}


def outdated(review: Review, current: Mapping[str, str]) -> bool:
    """Return true if the section has changed since the review.

    `current` holds the digests of sections by id. A section that is not in it is not known, and has not changed.
    """
    return review.before.section in current and bool(review.source) and review.source != current[review.before.section]


def _standing(reviews: list[Review]) -> Standing:
    deciding = [review for review in reviews if review.decides]
    if deciding:
        return Standing(verdict=deciding[-1].verdict, reviews=tuple(deciding))
    votes = Counter((review.verdict, review.after.id if review.after else "") for review in reviews)
    (best, count), *others = votes.most_common()
    agreed = count * 2 > len(reviews) and not (others and others[0][1] == count)
    return Standing(verdict=best[0] if agreed else "disputed", reviews=tuple(reviews))
