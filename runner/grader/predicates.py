"""Predicates: a yes/no question and a statement in, the words that must agree out."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from runner.grader.opposites import opposite
from runner.grader.spelling import LITTLE, stem

_BE = "is|are|am|was|were"
AUXILIARIES = f"{_BE}|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had"
NOT = re.compile(r"\b(?:not|never|cannot|no|none|neither|nobody|nothing)\b|n't\b", re.IGNORECASE)
_WORD = re.compile(r"(?:non|un|dis)-\w+|[^\W_]+(?:'[^\W_]+)?")
_SHORTENED = re.compile(r"'(?:s|re|ll|ve|m|d)$")
_SILENT = {*AUXILIARIES.split("|"), "ever", "still", "any", "being"}
_ARTICLES = {"a", "an", "the"}
# What such words begin tells when or where, and is not the predicate.
_CLAUSES = {"when", "if", "while", "after", "before", "during", "until", "once", "unless"}
_PREPOSITIONS = {
    "in", "on", "at", "of", "by", "to", "from", "for", "with", "into", "under", "over", "within", "through", "via", "as", "than",
}  # fmt: skip
# "The link is on after reset", but neither "on reset" nor "on the bus".
_ON = re.compile(rf"on(?=\W*$|\W+(?:{'|'.join(_CLAUSES | _PREPOSITIONS)}|\w+ly)\b|[,;.?!])")
_ASKS_STATE = re.compile(rf"\W*(?:{_BE})\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\bby\b", re.IGNORECASE)


class Said(NamedTuple):
    """A word that says something."""

    word: str
    predicate: bool  # it may say what is asked, not when or where

    def repeats(self, other: "Said") -> bool:
        """Return True for two forms of one word."""
        return stem(self.word) == stem(other.word)


def said(text: str) -> list[Said]:
    """Return the words that say something, without denials."""
    words: list[Said] = []
    clause = behind = False
    text = text.casefold()
    for match in _WORD.finditer(text):
        word = _SHORTENED.sub("", match[0]).replace("-", "")
        stands = word == "on" and _ON.match(text, match.start())
        clause = clause or word in _CLAUSES
        if word and not NOT.search(word) and (stands or word not in LITTLE | _SILENT):
            words.append(Said(word, not clause and not behind))
        behind = not stands and (word in _PREPOSITIONS or (behind and word in _ARTICLES))
    return words


def from_predicate(question: str, asked: Sequence[Said], given: Sequence[Said]) -> Sequence[Said]:
    """Return the question's words that "it" does not replace.

    "It" stands for the words before the predicate. None are returned unless the statement's first word is the predicate or its
    opposite.
    """
    first = given[0]
    for place, word in enumerate(asked):
        if word.predicate and (word.repeats(first) or opposite(word.word, first.word)):
            alone = len(given) == 1 and _ASKS_STATE.match(question)
            return asked[place : place + 1] if alone else asked[place:]
    return ()


def exchanged(question: str, statement: str, asked: Sequence[Said], given: Sequence[Said]) -> bool:
    """Return True for exchanged sides.

    "B is faster than A" does not answer whether A is faster than B.
    """
    compared = " than " in question
    if not compared and (_ASKS_STATE.match(question) or _PASSIVE.search(statement)):
        return False
    stems = [stem(word.word) for word in given]
    places = [stems.index(stem(word.word)) for word in asked if (compared or word.predicate) and stem(word.word) in stems]
    return places != sorted(places)


def opposable(question: str, wanted: Sequence[Said], pronoun: bool) -> list[Said]:
    """Return the words whose opposite says no.

    "It supports aligned accesses" does not say that it supports no unaligned ones.
    """
    predicates = [word for word in wanted if word.predicate]
    if _ASKS_STATE.match(question):
        return predicates
    return predicates[:1] if pronoun else predicates[-1:]


def agreement(wanted: Sequence[Said], asked: Sequence[Said], given: Sequence[Said], may_turn: Sequence[Said]) -> bool | None:
    """Return True for repeated words, False for one opposite.

    None if another word is missing, or if a word and its opposite are there.
    """
    new = [word for word in given if not any(word.repeats(other) for other in asked)]
    missing = [word for word in wanted if not any(word.repeats(other) for other in given)]
    turned = [word for word in wanted if any(opposite(word.word, other.word) for other in new)]
    if missing != turned or len(turned) > 1 or not all(word in may_turn for word in turned):
        return None
    return not turned
