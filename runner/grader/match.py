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
"""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from pydantic import PositiveInt

from runner.component import component
from runner.model import Model
from runner.records import Answer, Grade, Question
from runner.wording import MARKS, UNITS, marked, words

_PREPOSITIONS = {"at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "with"}
_LONGEST_ITEM = 4  # words in an item of a list


def passes(answer: str, references: Sequence[str], longest: int = 60) -> bool:
    """Whether an answer holds one of the references, by rules 4 to 7."""
    tokens = marked(answer)
    places = [place for place, token in enumerate(tokens) if token not in MARKS][:longest]
    said = [tokens[place] for place in places]
    items = _short_items(tokens[: places[-1] + 1] if places else [])
    return any(_holds(said, wanted) and not _lists(items, wanted) for wanted in map(words, references))


def _places(part: list[str], whole: list[str]) -> list[int]:
    """Where some words stand in others, one after the other."""
    return [at for at in range(len(whole) - len(part) + 1) if whole[at : at + len(part)] == part]


def _holds(said: list[str], wanted: list[str]) -> bool:
    forms = [wanted] if wanted else []
    if len(wanted) == 2 and wanted[0][-1].isdigit() and wanted[1] in UNITS:
        forms.append(wanted[:1])
    for form in forms:
        for at in _places(form, said):
            before, after = said[at - 1 : at] if at else [], said[at + len(form) : at + len(form) + 1]
            hedged = {*before} & {"not", "never", "or"} or after == ["or"]
            measured = form != wanted and {*after} & UNITS.keys()  # with its own unit it was looked for before
            if not hedged and not measured:
                return True
    return False


def _short_items(tokens: list[str]) -> list[list[str]]:
    """The items between marks, "and" and "or" that have one word to four."""
    groups = groupby(tokens, lambda token: token in MARKS or token in {"and", "or"})
    items = [list(item) for ends, item in groups if not ends]
    return [item for item in items if len(item) <= _LONGEST_ITEM]


def _lists(items: list[list[str]], wanted: list[str]) -> bool:
    """Whether the items are a list by rule 6."""
    others = [item for item in items if not _places(item, wanted) and not _places(wanted, item)]
    return len(others) < len(items) and sum(_alike(item, wanted) for item in others) >= 3


def _alike(item: list[str], wanted: list[str]) -> bool:
    numbers = [any(word[-1].isdigit() for word in of) for of in (item, wanted)]
    return numbers[0] == numbers[1] and abs(len(item) - len(wanted)) <= 1 and item[0] not in _PREPOSITIONS


@component
class Match:
    """Normalised containment of the reference or an alias, by the rules that this module opens with."""

    asks: ClassVar[bool] = False
    version: ClassVar[int] = 2

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
