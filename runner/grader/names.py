"""Names of persons: a text and a name in, the places of the same person's name out."""

import re
from collections.abc import Collection, Sequence

from runner.grader.find import Place, stands_alone
from runner.grader.spelling import stem
from runner.grader.terms import Term, Text

_BETWEEN = re.compile(r"[ \"'.]*")  # between the parts of a name; a nickname stands in quotes
_MOST = 5  # parts of a name
_LAST = 3  # letters of a last name that can be told apart


def named(text: Text, wanted: Sequence[Term]) -> list[Place]:
    """Return the places of a name with other middle names.

    An initial may stand for a given name, and the last name may come first: Hauge, Marit.
    """
    if not _is_name(wanted):
        return []
    first, last = wanted[0], wanted[-1]
    same = []
    for at, term in enumerate(text.terms):
        if term.word != last.word:
            continue
        turned = at + 1 < len(text.terms) and text.terms[at + 1].word == first.word and text.gap(at + 1).strip() == ","
        if turned and len(wanted) == 2:
            same.append((at, at + 2))
        for start in range(at - 1, max(at - _MOST, -1), -1):
            if not _is_part(text.terms[start]) or not _BETWEEN.fullmatch(text.gap(start + 1)):
                break
            if _same_given(first, text.terms[start]) and _same_middle(wanted[1:-1], text.terms[start + 1 : at]):
                same.append((start, at + 1))
                break
    return [place for place in same if stands_alone(text, *place)]


def surname(text: Text, wanted: Sequence[Term], asked: Collection[str]) -> list[Place]:
    """Return the places of a last name by itself.

    It tells nothing if the question has its stem, as one of those that are `asked`.
    """
    if not _is_name(wanted) or len(wanted[-1].word) <= _LAST or stem(wanted[-1].word) in asked:
        return []
    return [
        (at, at + 1)
        for at, term in enumerate(text.terms)
        if term.word == wanted[-1].word
        and term.raw[0].isupper()
        and not term.raw.endswith("'s")
        and not (at and text.terms[at - 1].raw[0].isupper() and text.gap(at) == " ")
        and not goes_on(text, at + 1)
        and stands_alone(text, at, at + 1)
    ]


def goes_on(text: Text, at: int) -> bool:
    """Return True if a name goes on with a term: Aas & Sons."""
    return at < len(text.terms) and text.terms[at].raw[0].isupper() and bool(re.fullmatch(r" |\W*&\W*", text.gap(at)))


def _is_name(terms: Sequence[Term]) -> bool:
    return 2 <= len(terms) <= _MOST and all(map(_is_part, terms)) and len(terms[-1].raw) >= _LAST


def _is_part(term: Term) -> bool:
    """Return True for a capital word, no Roman numeral."""
    return term.raw[0].isupper() and term.raw.replace("'", "").isalpha() and not (term.values and len(term.raw) > 1)


def _same_given(wanted: Term, given: Term) -> bool:
    """Return True for the same given name or its initial."""
    shorter = min(len(wanted.word), len(given.word))
    return wanted.word == given.word or (shorter == 1 and wanted.word[0] == given.word[0])


def _same_middle(wanted: Sequence[Term], given: Sequence[Term]) -> bool:
    """Return True unless both have middle names that differ."""
    return not wanted or not given or any(_same_given(ours, theirs) for ours in wanted for theirs in given)
