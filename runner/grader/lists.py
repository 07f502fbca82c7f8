"""Lists: an answer that only lists things, of which one is right, claims none of them."""

import re
from collections.abc import Iterable, Sequence

from runner.grader.find import alike
from runner.grader.questions import Asked
from runner.grader.spelling import stem
from runner.grader.terms import Term, Text

_PREPOSITIONS = {"at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "with"}
_LONGEST = 4  # words in an item
_MOST = 3  # other items that make a list, since a place is often told with two more: city and country
_ALMOST_ALL = 0.9  # of the answer
_MARK = re.compile(r"[,;/•|]|\.(?=\s|$)|:\s")


def only_lists(text: Text, wanted: Sequence[Sequence[Term]], question: Asked) -> bool:
    """Return True for an answer that lists many things.

    Things that the question names, and the wanted ones, do not count.
    """
    items = _items(text)
    if sum(map(len, items)) < _ALMOST_ALL * sum(term.word not in {"and", "or"} for term in text.terms):
        return False
    others = [item for item in items if not _named(item, question) and not any(_overlap(item, part) for part in wanted)]
    return len(others) < len(items) and sum(any(_same_kind(item, part) for part in wanted) for item in others) >= _MOST


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
    return [group for group in groups if 0 < len(group) <= _LONGEST]


def _named(terms: Iterable[Term], question: Asked) -> bool:
    """Return True if the question has all these words."""
    return all(stem(term.word) in question.stems for term in terms)


def _overlap(item: Sequence[Term], part: Sequence[Term]) -> bool:
    return bool(_times(item, part) or _times(part, item))


def _times(part: Sequence[Term], terms: Sequence[Term]) -> int:
    """Count how often terms have others one after the other."""
    spots = range(len(terms) - len(part) + 1)
    return sum(all(alike(term, terms[at + step]) for step, term in enumerate(part)) for at in spots)


def _same_kind(item: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Return True for items of a kind.

    Both have a number or neither, they are about as long, and no preposition begins the item.
    """
    numbers = [any(term.values for term in terms) for terms in (item, wanted)]
    return numbers[0] == numbers[1] and abs(len(item) - len(wanted)) <= 1 and item[0].word not in _PREPOSITIONS
