"""A sentence in, gaps for its names and numbers out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from runner.data.records import Section
from runner.data.sentences import sentences
from runner.data.text import is_unit, normal

GAP = "____"
SHORTEST, LONGEST = 5, 60  # words of a sentence
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?|(?:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?|\d{{4}}-\d\d-\d\d"
_NUMBER = r"0x[\da-fA-F_]+|\d+'[hb][\da-fA-F_]+|[-−]?\d+(?:[.,:–-]\d+)*"
_FOUND = re.compile(rf"(?<![\w.])(?:(?P<date>{_DATE})|(?P<number>{_NUMBER})(?P<unit>[ -]?(?:[^\W\d_]+|%))?)(?!\w)")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# Of Markdown: rows of tables, code, headings, and the marks of list items.
_NO_PROSE = re.compile(r"^\s*(?:\||```|~~~|#|>|<|!\[)|\|.*\|", re.MULTILINE)
_ITEM = re.compile(r"\n(?=\s*(?:[-*+•]|\d+[.)])\s)")
_MARK = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_ENDED = re.compile(r"[.!?。！？][\"'”’)\]]*$")


@dataclass(frozen=True)
class Gap:
    """A sentence with a part left out."""

    sentence: str
    start: int
    end: int

    @property
    def answer(self) -> str:
        """The part that is left out."""
        return self.sentence[self.start : self.end]

    @property
    def text(self) -> str:
        """The sentence with a mark in place of the part."""
        return f"{self.sentence[: self.start]}{GAP}{self.sentence[self.end :]}"

    def given_away(self, where: str) -> bool:
        """Return True if the question holds its own answer."""
        rest = f" {normal(f'{where} {self.text}')} "
        return f" {normal(self.answer)} " in rest


def prose(section: Section) -> Iterator[str]:
    """Yield a section's whole sentences, without tables and code."""
    for paragraph in re.split(r"\n\s*\n", re.sub(r"```.*?(?:```|\Z)", "\n\n", section.text, flags=re.DOTALL)):
        for item in _ITEM.split(paragraph):
            if not _NO_PROSE.search(item):
                yield from filter(_is_whole, sentences(" ".join(_MARK.sub("", item).split())))


def _is_whole(sentence: str) -> bool:
    return SHORTEST <= len(sentence.split()) <= LONGEST and bool(_ENDED.search(sentence))


def gaps(sentence: str) -> list[Gap]:
    """Find the names, numbers and dates of a sentence.

    A unit belongs to the number before it.
    """
    taken = [_with_unit(sentence, match) for match in _FOUND.finditer(sentence)]
    names = [gap for gap in _names(sentence) if not any(gap.start < other.end and other.start < gap.end for other in taken)]
    return sorted([*taken, *names], key=lambda gap: gap.start)


def _with_unit(sentence: str, match: re.Match[str]) -> Gap:
    unit = (match["unit"] or "").strip(" -")
    if match["date"] or is_unit(unit.casefold()):
        return Gap(sentence, match.start(), match.end())
    return Gap(sentence, match.start("number"), match.end("number"))


def _names(sentence: str) -> Iterator[Gap]:
    """Yield names: identifiers, and capitals within the sentence."""
    start = end = 0
    # A longer first word in capitals may be the beginning of the name behind it: Mary Earps.
    first = _WORD.match(sentence)
    unsure = first.end() + 1 if first and len(first[0]) > len("The") and first[0][0].isupper() else -1
    for match in _WORD.finditer(sentence):
        if match.start() == unsure and _is_name(match[0], first=False):
            unsure = match.end() + 1
            continue
        if not _is_name(match[0], first=match.start() == 0):
            continue
        # Names that follow each other are one: Ada Lovelace.
        if end and sentence[end : match.start()] != " ":
            yield Gap(sentence, start, end)
            end = 0
        start, end = (start if end else match.start()), match.end()
    if end:
        yield Gap(sentence, start, end)


def _is_name(word: str, first: bool) -> bool:
    if word[0].isdigit():
        return False
    # CTRL, uart_core, RX0. A single letter and the first word of a sentence may be no name.
    if len(word) > 1 and ("_" in word.strip("_") or (word.upper() == word and word.lower() != word)):
        return True
    return not first and len(word) > 1 and word[0].isupper()
