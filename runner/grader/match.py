"""Grading by words: an answer passes where it holds the reference answer, or an alias, as the answer.

The rules, in order; both sides are normalised alike:

1. Case, accents, punctuation, possessives and articles do not count; nor does the kind of dash or quote. An
   article stands before another word; a capital A behind one is a name (Group A).
2. Number words are digits ("twenty-nine" is 29, "5 million" 5000000), ordinals are numbers, thousands separators
   go (88,966 is 88966), scores are one word ("4 - 2", "4:2" and "4 to 2" are 4-2), and a leading minus stays.
3. "20 August" and "August 20th" are the same; units have one name each (km, kilometres).
4. A reference is found where all its words stand in the answer one after the other: 16 is not in 2016, nor 4
   in 4-2. A reference that is a number with a unit is also found as the bare number, but not with another unit.
5. It does not count where it stands behind "not" or "never", or beside "or" (a hedge).
6. It does not count in an answer that lists things. Items end at a comma, semicolon, slash, bar, bullet or line, and
   at "and" or "or"; short ones have up to four words. An answer is a list where a short item is, holds or belongs to
   the reference, and three others are of its kind: with a number where it has one and without where it has none,
   longer or shorter by one word at most, and not opening with a preposition. So "Spain, England, Sweden, Japan" fails,
   while "Luzhniki Stadium, Moscow, Russia, on July 15" and "State Farm Stadium, Glendale, Arizona, United States" pass
   for the stadium. No rule tells "Tokyo, Kanto, Japan, Asia" from a list: it fails.
7. Only the first `words` words of an answer count, for every rule.
8. A hexadecimal or binary number is one word, however it is written: 0x3C is not in 0x3C00, and 0X3c, 0x003C, 0x3_C and
   8'h3C are the same. A reference such as 3C is also found as 0x3C.
9. Behind a letter, + and # belong to the word: C, C++ and C# are three, and so are A and A+.
10. Symbols (< > = & | ^ + * and their like) count where a reference and the answer both have some in one place: x < 3 is
   not x > 3, while mc^2 is found as mc². Before the first word only < > <= >= and currencies do: 5 million is found for
   $5 million, but €5 million is not. A ! ~ or & before the first word has to be in the answer too.
11. A reference without any word (<= or &&) is found where it stands by itself, in quotes, or before punctuation.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar, NamedTuple

from pydantic import PositiveInt

from runner.component import component
from runner.data.records import Answer, Grade, Question
from runner.data.text import MARKS, UNITS, marked, numeric, spoken
from runner.model import Model

_PREPOSITIONS = {"at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "with"}
_LONGEST_ITEM = 4  # words in an item of a list
_ENDS = MARKS - {"|", "||"}  # marks that are no operators
_COMPARISONS, _CURRENCIES, _PREFIXES = {"<", ">", "<=", ">="}, {*"$€£¥"}, {*"!~&"}
_NAME = "ᚠ"  # a word that no answer holds
_HEXADECIMAL = re.compile(r"\d*[a-f][\da-f]*")


class _Text(NamedTuple):
    words: list[str]
    symbols: list[set[str]]  # between each word and the one before it
    tokens: list[str]  # up to the last word


def passes(answer: str, references: Sequence[str], longest: int = 60) -> bool:
    """Whether an answer holds one of the references, by rules 4 to 11."""
    said = _read(answer, longest)
    items = _short_items(said.tokens)
    for reference in references:
        wanted = _read(reference)
        if not wanted.words and reference.strip():
            if passes(_spelled(answer, reference.strip()), (_NAME,), longest):
                return True
        elif _holds(said, wanted) and not _lists(items, wanted.words):
            return True
    return False


def _read(text: str, longest: int | None = None) -> _Text:
    tokens = marked(text)
    places = [place for place, token in enumerate(tokens) if spoken(token)][:longest]
    starts = [0, *(place + 1 for place in places)]
    symbols = [{*tokens[start:place]} - _ENDS for start, place in zip(starts, places, strict=False)]
    return _Text([tokens[place] for place in places], symbols, tokens[: starts[-1]])


def _spelled(answer: str, symbol: str) -> str:
    """The answer with a word in place of a symbol that stands by itself, so that the other rules hold for it."""
    first, last = re.escape(symbol[0]), re.escape(symbol[-1])
    alone = rf"""(?<!{first})(?<![^\s"'`“‘(*]){re.escape(symbol)}(?!{last})(?=["'`”’)*]*[.,;:!?]*(?:\s|$))"""
    return re.sub(alone, f" {_NAME} ", answer)


def _places(part: list[str], whole: list[str]) -> list[int]:
    """Where some words stand in others, one after the other."""
    return [at for at in range(len(whole) - len(part) + 1) if whole[at : at + len(part)] == part]


def _holds(said: _Text, wanted: _Text) -> bool:
    forms = [wanted.words] if wanted.words else []
    if len(wanted.words) == 2 and numeric(wanted.words[0]) and wanted.words[1] in UNITS:
        forms.append(wanted.words[:1])
    if _HEXADECIMAL.fullmatch(digits := "".join(wanted.words)):
        forms.append([hex(int(digits, 16))])
    for form in forms:
        for at in _places(form, said.words):
            before, after = said.words[at - 1 : at] if at else [], said.words[at + len(form) : at + len(form) + 1]
            hedged = {*before} & {"not", "never", "or"} or after == ["or"]
            measured = form == wanted.words[:1] != wanted.words and {*after} & UNITS.keys()  # its own unit was looked for before
            if not hedged and not measured and _agree(said.symbols[at : at + len(form)], wanted.symbols):
                return True
    return False


def _agree(said: list[set[str]], wanted: list[set[str]]) -> bool:
    """Rule 10: whether no place has symbols of both texts and none that they share."""
    first = [(said[0] & kind, wanted[0] & kind) for kind in (_COMPARISONS, _CURRENCIES)]
    pairs = [*first, *zip(said[1:], wanted[1:], strict=False)]
    return wanted[0] & _PREFIXES <= said[0] and all(not ours or not theirs or ours & theirs for ours, theirs in pairs)


def _short_items(tokens: list[str]) -> list[list[str]]:
    """The items between marks, "and" and "or" that have one word to four."""
    counted = (token for token in tokens if spoken(token) or token in MARKS)
    groups = groupby(counted, lambda token: token in MARKS or token in {"and", "or"})
    items = [list(item) for ends, item in groups if not ends]
    return [item for item in items if len(item) <= _LONGEST_ITEM]


def _lists(items: list[list[str]], wanted: list[str]) -> bool:
    """Whether the items are a list by rule 6."""
    others = [item for item in items if not _places(item, wanted) and not _places(wanted, item)]
    return len(others) < len(items) and sum(_alike(item, wanted) for item in others) >= 3


def _alike(item: list[str], wanted: list[str]) -> bool:
    numbers = [any(numeric(word) for word in of) for of in (item, wanted)]
    return numbers[0] == numbers[1] and abs(len(item) - len(wanted)) <= 1 and item[0] not in _PREPOSITIONS


@component
class Match:
    """Normalised containment of the reference or an alias, by the rules that this module opens with."""

    asks: ClassVar[bool] = False
    version: ClassVar[int] = 3

    words: PositiveInt

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Pass or fail for each question; the judge is not asked."""
        texts = {answer.question: answer.text for answer in answers}
        return [
            Grade(
                question=question.id,
                passed=passes(texts[question.id], (question.answer, *question.aliases), self.words),
            )
            for question in questions
        ]
