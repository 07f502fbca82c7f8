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
_NUMBER = r"0x[\da-fA-F_]+|\d+'[hb][\da-fA-F_]+|[-−]?\d+(?:[.,:–-]\d+)*(?: to \d+(?:[.,]\d+)*)?"
# Units of measure. What is counted (3600 tests, 18 clock cycles) stays in the sentence.
_WORDS = "seconds?|met(?:er|re)s?|hertz|volts?|amperes?|amps?|watts?|ohms?|farads?|joules?|bytes?|bits?|grams?"
_PREFIXED = (
    rf"[kKMGTmuµμnpf]?(?:Hz|V|A|W|s|m|g|J|F|Ω|bps|[KMGT]?i?B)|dBm?|(?:kilo|mega|giga|tera|milli|micro|nano|pico)?(?:{_WORDS})"
)
_UNIT = re.compile(rf"[°º] ?[CF]?|%|degrees(?: (?:Celsius|Fahrenheit))?|{_PREFIXED}")
# A number behind a word and a hyphen is a part of a name: HV-08.
_FOUND = re.compile(
    rf"(?<![\w.])(?<!\w[-/])(?:(?P<date>{_DATE})"
    rf"|(?P<number>{_NUMBER})(?P<unit>[ -]?(?:degrees (?:Celsius|Fahrenheit)|[°º] ?[CF]?|[^\W\d_]+|%))?)(?!\w|/\w)"
)
# A name of several parts is one: HV-08, CTRL.EN, TCP/IP, pkg::DEPTH.
_WORD = re.compile(r"\w+(?:(?:['’./-]|::)\w+)*")
_JOINT = re.compile(r" (?:(?:al|bin|da|de|del|della|der|di|du|la|van|von) )*")
# Words that no name begins with. Another first word in capitals may belong to the name behind it: Mary Earps, New Zealand.
_OPENING = frozenset(["a", "all", "an", "as", "at", "by", "each", "for", "if", "in", "no", "of", "on", "the", "to"])
_BEGINNING = re.compile(r"(?:^|[:.!?]\s)\W*$")
# What refers to an earlier sentence, in English.
_PRONOUN = re.compile(r"\b(?:it|they|he|she)\b", re.IGNORECASE)
_REFERRING = re.compile(
    r"\W*(?:also|again|another|both|hence|her|here|his|however|instead|its|later|others?|so|such|that|their|then|there|thus)\b"
    r"|.*\b(?:this|these|those)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(r"\b(?:a|an|the|each|every|any|no|all|most|some)\b", re.IGNORECASE)
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
        rest = f"{where} {self.text.replace(GAP, ' ; ')}"
        # A name such as sarn_arbiter tells its parts too.
        return any(f" {normal(self.answer)} " in f" {normal(text)} " for text in (rest, rest.replace("_", " ")))

    @property
    def is_name(self) -> bool:
        """Return True for a name, False for a number."""
        return self.answer[0].isalpha()


def prose(section: Section) -> Iterator[str]:
    """Yield a section's whole sentences, without tables and code.

    Sentences that refer to an earlier one (It runs 3600 tests) are left out, as far as English words show it.
    """
    for paragraph in re.split(r"\n\s*\n", re.sub(r"```.*?(?:```|\Z)", "\n\n", section.text, flags=re.DOTALL)):
        for item in _ITEM.split(paragraph):
            if not _NO_PROSE.search(item):
                yield from filter(_is_whole, sentences(" ".join(_MARK.sub("", item).split())))


def _is_whole(sentence: str) -> bool:
    if not SHORTEST <= len(sentence.split()) <= LONGEST or not _ENDED.search(sentence) or _REFERRING.match(sentence):
        return False
    pronoun = _PRONOUN.search(sentence)
    # What a pronoun stands for comes before it: "the FIFO drops its oldest byte".
    return not pronoun or bool(_NOUN.search(sentence, 0, pronoun.start()) or list(_names(sentence[: pronoun.start()])))


def gaps(sentence: str) -> list[Gap]:
    """Find the names, numbers and dates of a sentence.

    A unit belongs to the number before it.
    """
    taken = [_with_unit(sentence, match) for match in _FOUND.finditer(sentence)]
    names = [gap for gap in _names(sentence) if not any(gap.start < other.end and other.start < gap.end for other in taken)]
    return sorted([*taken, *names], key=lambda gap: gap.start)


def _with_unit(sentence: str, match: re.Match[str]) -> Gap:
    unit = (match["unit"] or "").strip(" -")
    if match["date"] or is_unit(unit.casefold()) or _UNIT.fullmatch(unit):
        return Gap(sentence, match.start(), match.end())
    return Gap(sentence, match.start("number"), match.end("number"))


def _names(sentence: str) -> Iterator[Gap]:
    """Yield names: identifiers, and capitals within the sentence."""
    run = list[re.Match[str]]()
    for word in filter(lambda match: _is_name(match[0]), _WORD.finditer(sentence)):
        # Names that follow each other are one: Ada Lovelace.
        if run and not _JOINT.fullmatch(sentence, run[-1].end(), word.start()):
            yield from _name(sentence, run)
            run = []
        run.append(word)
    yield from _name(sentence, run)


def _name(sentence: str, run: list[re.Match[str]]) -> Iterator[Gap]:
    """Yield the name of words, if it is one."""
    if run and _BEGINNING.search(sentence, 0, run[0].start()) and not _is_identifier(run[0][0]):
        run = run[1:] if run[0][0].casefold() in _OPENING else []
    if run:
        yield Gap(sentence, run[0].start(), run[-1].end())


def _is_name(word: str) -> bool:
    return not word[0].isdigit() and (word[0].isupper() or _is_identifier(word))


def _is_identifier(word: str) -> bool:
    """Return True for CTRL, uart_core, pkg::RX0; a letter may be none."""
    return len(word) > 1 and ("_" in word.strip("_") or "::" in word or (word.upper() == word and word.lower() != word))
