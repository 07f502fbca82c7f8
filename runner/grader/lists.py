"""Lists: an answer that only lists things, of which one is right, claims none of them."""

import re
from collections.abc import Iterable, Sequence

from runner.grader.find import alike
from runner.grader.questions import Asked
from runner.grader.spelling import LITTLE, stem
from runner.grader.terms import Term, Text

_PREPOSITIONS = {"at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "with"}
_LONGEST = 4  # words in an item
_MOST = 3  # other items that make a list, since a place is often told with two more: city and country
_ALMOST_ALL = 0.9  # of the answer
_MARK = re.compile(r"[,;/•|]|\.(?=\s|$)|:\s")


def only_lists(text: Text, references: Sequence[Sequence[Term]], parts: Sequence[Sequence[Term]], question: Asked) -> bool:
    """Return True for an answer that lists many things.

    Things that the question names, and those of a reference or of its `parts`, do not count. Where two references are
    listed, the question asks for several things. Where a reference stands with other words, the answer says more than a list.
    """
    items = _items(text)
    every = [*references, *parts]
    for wanted in every:
        if any(_times(wanted, item) and not _bare(item, wanted) for item in items):
            return False
    named = [part for part in references if any(_times(part, item) for item in items)]
    if not parts and any(not _overlap(part, named[0]) for part in named):
        return False
    if sum(map(len, items)) < _ALMOST_ALL * sum(term.word not in {"and", "or"} for term in text.terms):
        return False
    others = [item for item in items if not _named(item, question) and not any(_overlap(item, part) for part in every)]
    return len(others) < len(items) and sum(any(_same_kind(item, part) for part in every) for item in others) >= _MOST


def repeats_choice(text: Text, wanted: Sequence[Term], question: Asked) -> bool:
    """Return True for an answer that repeats the question's choice."""
    if not _named(wanted, question):
        return False
    items = [item for item in _items(text) if _named(item, question)]
    others = [item for item in items if not _overlap(item, wanted)]
    mentions = sum(_times(wanted, item) for item in items)
    return len(others) > 1 and mentions < 2 and len(text.terms) <= sum(map(len, items)) + 2


def _items(text: Text) -> list[list[Term]]:
    """Return the items of up to four words.

    They end at a mark, a line, "and" or "or".
    """
    groups: list[list[Term]] = [[]]
    for place, term in enumerate(text.terms):
        if term.word in {"and", "or"} or _MARK.search(text.gap(place)):
            groups.append([])
        if term.word not in {"and", "or"}:
            groups[-1].append(term)
    # Numbers that follow each other without a mark are items too: 5 6 7 8.
    split = [[[term] for term in group] if len(group) > 1 and all(term.values for term in group) else [group] for group in groups]
    return [item for group in split for item in group if 0 < len(item) <= _LONGEST]


def _named(terms: Iterable[Term], question: Asked) -> bool:
    """Return True if the question has all these words."""
    return all(stem(term.word) in question.stems for term in terms)


def _overlap(item: Sequence[Term], part: Sequence[Term]) -> bool:
    return bool(_times(item, part) or _times(part, item))


def _bare(item: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Return True if an item has no further words."""
    return sum(term.word not in LITTLE for term in item) <= len(wanted)


def _times(part: Sequence[Term], terms: Sequence[Term]) -> int:
    """Count how often terms have others one after the other."""
    spots = range(len(terms) - len(part) + 1)
    return sum(all(alike(term, terms[at + step]) for step, term in enumerate(part)) for at in spots)


def _same_kind(item: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Return True for items of a kind.

    Both have a number or neither, they are about as long, and no preposition begins the item.
    """
    numbers = [any(term.values for term in terms) for terms in (item, wanted)]
    # The first word of a text has a capital in any case.
    names = [terms[0].raw[0].isupper() for terms in (item, wanted)]
    alike = numbers[0] == numbers[1] and (names[0] == names[1] or not item[0].start)
    return alike and abs(len(item) - len(wanted)) <= 1 and item[0].word not in _PREPOSITIONS
