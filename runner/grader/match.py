"""Grading by words: an answer passes where it holds the reference answer, or an alias, as the answer.

The rules, in order; both sides are normalised alike:

1. Case, accents, punctuation, possessives and articles do not count; nor does the kind of dash or quote.
2. Number words are digits ("twenty-nine" is 29, "twenty-ninth" 29th), ordinals are numbers, thousands
   separators go (88,966 is 88966), and scores are one word ("4 - 2", "4:2" and "4 to 2" are 4-2).
3. "20 August" and "August 20th" are the same; units have one name each (km, kilometres).
4. A reference is found where all its words stand in the answer one after the other: 16 is not in 2016, nor 4
   in 4-2. A reference that is a number with a unit is also found as the bare number, but not with another unit.
5. It does not count where it stands behind "not" or "never", or beside "or" (a hedge).
6. It does not count in an answer that lists things: four or more short items where the reference is one.
7. Only the first `words` words of an answer count.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from pydantic import PositiveInt
from text_to_num import alpha2digit

from runner.component import component
from runner.model import Model
from runner.records import Answer, Grade, Question
from runner.wording import plain

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_UNITS = {
    "kilometre": "km kilometer kilometers kilometres",
    "metre": "m meter meters metres",
    "centimetre": "cm centimeter centimeters centimetres",
    "millimetre": "mm millimeter millimeters millimetres",
    "mile": "mi miles",
    "yard": "yd yds yards",
    "foot": "ft feet",
    "kilogram": "kg kilograms kilogramme kilogrammes",
    "gram": "g grams gramme grammes",
    "second": "s sec secs seconds",
    "minute": "min mins minutes",
    "hour": "h hr hrs hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "percent": "% percentage",
    "volt": "v volts",
    "hertz": "hz",
    "megahertz": "mhz",
    "gigahertz": "ghz",
    "byte": "bytes",
    "bit": "bits",
}
_UNIT = {name: unit for unit, names in _UNITS.items() for name in (unit, *names.split())}
_WORD = re.compile(r"\d+(?:[.-]\d+)*|[^\W\d_]+|%")
_ITEM = re.compile(r"[,;\n/|•]| and | or ")
_LONGEST_ITEM = 4  # words in an item of a list


def words(text: str) -> list[str]:
    """The words of a text by rules 1 to 3."""
    text = re.sub(r"\b([a-z])\.(?=[a-z]\.|\s|$)", r"\1", plain(text))  # initials: a.j. is aj
    text = re.sub(r"'s?\b", "", text)
    text = alpha2digit(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text), "en", threshold=0)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"\b(\d+)\s*(?:-|:|\bto\b)\s*(\d+)\b", r"\1-\2", text)
    text = re.sub(rf"\b(\d{{1,2}})(?: of)? ({_MONTHS})\b", r"\2 \1", text)
    found = [word for word in _WORD.findall(text) if word not in {"a", "an", "the"}]
    return [_UNIT.get(word, word) if index and found[index - 1][0].isdigit() else word for index, word in enumerate(found)]


def passes(answer: str, references: Sequence[str], longest: int = 60) -> bool:
    """Whether an answer holds one of the references, by rules 4 to 7."""
    said = words(answer)[:longest]
    return any(_holds(said, words(reference)) and not _lists(answer, reference) for reference in references)


def _holds(said: list[str], wanted: list[str]) -> bool:
    forms = [wanted]
    measured = len(wanted) == 2 and wanted[0][0].isdigit() and wanted[1] in _UNITS
    if measured:
        forms.append(wanted[:1])
    for form in forms:
        for at in range(len(said) - len(form) + 1):
            before, after = said[at - 1 : at] if at else [], said[at + len(form) : at + len(form) + 1]
            if said[at : at + len(form)] != form or {*before} & {"not", "never", "or"} or after == ["or"]:
                continue
            if measured and len(form) == 1 and after and after[0] in _UNITS and after[0] != wanted[1]:
                continue
            return bool(form)
    return False


def _lists(answer: str, reference: str) -> bool:
    """Whether the answer is a list of short items of which the reference makes up one."""
    items = [words(item) for item in _ITEM.split(plain(answer.replace("\n", " ; ")))]
    short = sum(0 < len(item) <= _LONGEST_ITEM for item in items)
    own = sum(bool(words(item)) for item in _ITEM.split(plain(reference)))
    return short >= own + 3


@component
class Match:
    """Normalised containment of the reference or an alias, by the rules that this module opens with."""

    asks: ClassVar[bool] = False

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
