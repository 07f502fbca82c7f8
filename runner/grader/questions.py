"""Questions: a question in, what it tells about its answers out."""

import re
from dataclasses import dataclass
from functools import lru_cache

from runner.grader.quantities import Quantity
from runner.grader.reading import read
from runner.grader.spelling import stem
from runner.grader.statements import is_choice

_VERSION = re.compile(r"\b(?:version|release|revision|rev|generation|standard|firmware|v\d)", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:who|whom|whose|names?|named|actor|actress|singer|author|writer|director|president|king|queen|player)\b", re.IGNORECASE
)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:where|city|town|place|location|located|venue|country|village)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many (\w+)", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{4}\b")
_NOT = re.compile(r"\b(?:not|never|cannot|no|neither|nor|without)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A question and what it tells about its answers."""

    text: str
    stems: frozenset[str]
    version: bool  # numbers are compared as they are written
    person: bool
    who: bool
    where: bool
    year: bool  # the question names a year
    negative: bool
    choice: bool  # "is it this or that"
    counts_things: bool  # "how many steps", but not "how many metres"


@lru_cache(maxsize=4096)
def asked(question: str) -> Asked:
    """Read a question."""
    counted = _HOW_MANY.search(question)
    first = read(f"1 {counted[1]}").terms[0].values if counted else ()
    return Asked(
        text=question,
        stems=frozenset(stem(term.word) for term in read(question).terms),
        version=bool(_VERSION.search(question)),
        person=not question or bool(_PERSON.search(question)),
        who=bool(_WHO.search(question)),
        where=bool(_WHERE.search(question)),
        year=bool(_YEAR.search(question)),
        choice=is_choice(question),
        negative=bool(_NOT.search(question)),
        counts_things=counted is not None and not (first and isinstance(first[0], Quantity)),
    )
