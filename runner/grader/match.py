"""Grading by words: answers in, pass or fail by rules out.

An answer passes if it contains the reference answer, or an alias, as its answer. Answer and reference are normalised in the same
way (rules 1 to 3, in `runner.data.text`), then compared:

1. Case, accents, punctuation, possessives and articles do not count, nor does the kind of dash or quote. An article comes
   before another word; a capital A after a word is a name (Group A).
2. Number words are digits ("twenty-nine" is 29, "5 million" is 5000000). Ordinals are numbers. Thousands separators are removed
   (88,966 is 88966). A score is one word ("4 - 2", "4:2" and "4 to 2" are 4-2). A leading minus stays.
3. "20 August" and "August 20th" are the same. A unit has one name (km is kilometre).
4. A reference is found if all its words are in the answer, one after the other: 16 is not in 2016, and 4 is not in 4-2. A
   reference that is a number with a unit is also found as the number alone, but not with another unit.
5. It does not count after "not" or "never", or next to "or", which hedges.
6. It does not count in an answer that is a list. Items end at a comma, semicolon, slash, bar, bullet or line, and at "and" or
   "or"; short items have up to four words. An answer is a list if a short item equals, contains or is part of the reference,
   and three other short items are of its kind. An item is of the kind if both have a number or neither has, if their lengths
   differ by at most one word, and if it does not begin with a preposition. So "Spain, England, Sweden, Japan" fails, while
   "Luzhniki Stadium, Moscow, Russia, on July 15" and "State Farm Stadium, Glendale, Arizona, United States" pass for the
   stadium. No rule can tell "Tokyo, Kanto, Japan, Asia" from a list; it fails.
7. Only the first `words` words of an answer count, for every rule.
8. A hexadecimal or binary number is one word, in every spelling: 0x3C is not in 0x3C00, and 0X3c, 0x003C, 0x3_C and 8'h3C are
   the same. A reference such as 3C is also found as 0x3C.
9. After a letter, + and # belong to the word: C, C++ and C# are three words, A and A+ are two.
10. Symbols (< > = & | ^ + * and the like) count if reference and answer both have some in the same place: x < 3 is not x > 3,
   while mc^2 is found as mc². Before the first word only < > <= >= and currencies count: 5 million is found for $5 million, but
   €5 million is not. A ! ~ or & before the first word must be in the answer too.
11. A reference without any word (<= or &&) is found if it is by itself, in quotes, or before punctuation.
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

# "Spain, with 2 goals" is no list: such an item adds to the one before it.
_PREPOSITIONS = {"at", "before", "by", "during", "for", "from", "in", "of", "on", "to", "with"}
_LONGEST_ITEM = 4  # words in an item of a list
# Marks that only end an item. A bar may be an operator too, so it stays among the symbols.
_ENDS = MARKS - {"|", "||"}
_COMPARISONS, _CURRENCIES, _PREFIXES = {"<", ">", "<=", ">="}, {*"$€£¥"}, {*"!~&"}
_PLACEHOLDER = "ᚠ"  # a word that is in no answer
_HEXADECIMAL = re.compile(r"\d*[a-f][\da-f]*")


class _Text(NamedTuple):
    """A normalised text."""

    words: list[str]
    symbols: list[set[str]]  # for each word, the symbols between it and the word before it
    tokens: list[str]  # words and symbols up to the last word


def passes(answer: str, references: Sequence[str], longest: int = 60) -> bool:
    """Return True if an answer contains a reference.

    This follows rules 4 to 11. Only the first `longest` words of the answer count.
    """
    text = _read(answer, longest)
    items = _short_items(text.tokens)
    for reference in references:
        wanted = _read(reference)
        if not wanted.words and reference.strip():  # rule 11
            if passes(_with_placeholder(answer, reference.strip()), (_PLACEHOLDER,), longest):
                return True
        elif _contains(text, wanted) and not _is_list(items, wanted.words):
            return True
    return False


def _read(text: str, longest: int | None = None) -> _Text:
    """Normalise a text, up to its first `longest` words."""
    tokens = marked(text)
    places = [place for place, token in enumerate(tokens) if spoken(token)][:longest]
    starts = [0, *(place + 1 for place in places)]
    symbols = [{*tokens[start:place]} - _ENDS for start, place in zip(starts, places, strict=False)]
    return _Text([tokens[place] for place in places], symbols, tokens[: starts[-1]])


def _with_placeholder(answer: str, symbol: str) -> str:
    """Replace a symbol by a placeholder word.

    Only a symbol that is by itself is replaced. The rules on words then apply to it too, such as "not &&".
    """
    # By itself: not part of a longer symbol (& in &&), and with a space, a quote or a bracket before it.
    first, last = re.escape(symbol[0]), re.escape(symbol[-1])
    alone = rf"""(?<!{first})(?<![^\s"'`“‘(*]){re.escape(symbol)}(?!{last})(?=["'`”’)*]*[.,;:!?]*(?:\s|$))"""
    return re.sub(alone, f" {_PLACEHOLDER} ", answer)


def _places(part: list[str], whole: list[str]) -> list[int]:
    """Return the places at which `part` occurs in `whole`."""
    return [at for at in range(len(whole) - len(part) + 1) if whole[at : at + len(part)] == part]


def _contains(text: _Text, wanted: _Text) -> bool:
    """Apply rules 4, 5, 8 and 10 to a text."""
    # Forms under which the reference may be found: its words, its number without the unit, its hexadecimal number.
    forms = [wanted.words] if wanted.words else []
    if len(wanted.words) == 2 and numeric(wanted.words[0]) and wanted.words[1] in UNITS:
        forms.append(wanted.words[:1])
    if _HEXADECIMAL.fullmatch(digits := "".join(wanted.words)):
        forms.append([hex(int(digits, 16))])
    for form in forms:
        for at in _places(form, text.words):
            # Lists of at most one word, so that the first and the last word need no special case.
            before, after = text.words[at - 1 : at] if at else [], text.words[at + len(form) : at + len(form) + 1]
            hedged = {*before} & {"not", "never", "or"} or after == ["or"]
            # The number alone must not be followed by a unit: with its own unit the first form was found already.
            other_unit = form == wanted.words[:1] != wanted.words and {*after} & UNITS.keys()
            if not hedged and not other_unit and _symbols_agree(text.symbols[at : at + len(form)], wanted.symbols):
                return True
    return False


def _symbols_agree(symbols: list[set[str]], wanted: list[set[str]]) -> bool:
    """Apply rule 10 to the symbols of two texts."""
    # Before the first word the text around it begins ("x = 5"), so only some kinds of symbols belong to the reference.
    first = [(symbols[0] & kind, wanted[0] & kind) for kind in (_COMPARISONS, _CURRENCIES)]
    pairs = [*first, *zip(symbols[1:], wanted[1:], strict=False)]
    return wanted[0] & _PREFIXES <= symbols[0] and all(not ours or not theirs or ours & theirs for ours, theirs in pairs)


def _short_items(tokens: list[str]) -> list[list[str]]:
    """Return the items of one to four words."""
    counted = (token for token in tokens if spoken(token) or token in MARKS)
    groups = groupby(counted, lambda token: token in MARKS or token in {"and", "or"})
    items = [list(item) for ends, item in groups if not ends]
    return [item for item in items if len(item) <= _LONGEST_ITEM]


def _is_list(items: list[list[str]], wanted: list[str]) -> bool:
    """Apply rule 6: return True if items are a list."""
    # Three others, since a place is often told with two more: city and country.
    others = [item for item in items if not _places(item, wanted) and not _places(wanted, item)]
    return len(others) < len(items) and sum(_same_kind(item, wanted) for item in others) >= 3


def _same_kind(item: list[str], wanted: list[str]) -> bool:
    """Apply rule 6: return True for items of a kind."""
    numbers = [any(numeric(word) for word in words) for words in (item, wanted)]
    return numbers[0] == numbers[1] and abs(len(item) - len(wanted)) <= 1 and item[0] not in _PREPOSITIONS


@component
class Match:
    """A grader that applies the rules of this module.

    Only the first `words` words of an answer count.
    """

    asks: ClassVar[bool] = False
    version: ClassVar[int] = 3

    words: PositiveInt

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        """Grade by words. The judge is not asked."""
        texts = {answer.question: answer.text for answer in answers}
        return [
            Grade(
                question=question.id,
                passed=passes(texts[question.id], (question.answer, *question.aliases), self.words),
            )
            for question in questions
        ]
