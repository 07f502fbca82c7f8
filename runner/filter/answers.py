"""Drop labels whose answer does not answer its own question.

The rules know English words, and what kind of answer a question asks for. They drop an answer that

1. is a refusal, or says that the text does not say;
2. is a question itself;
3. repeats the question: it has no word of its own, and most of the question's;
4. has no number where one is asked for: how many, how old, how long, which year;
5. is a number or date alone where a person or a team is asked for, or a date where a place is;
6. is a name alone where a time is asked for;
7. begins with yes or no where neither is asked for.

An answer of the right kind may still be wrong: see `runner.filter.supported`. A question that could be read in two ways, such as
one with two question words or a choice, is left alone by rules 5 to 7. So are other languages, and texts without a question.
"""

import re
from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.records import Label, Section
from runner.data.refusals import is_refusal
from runner.data.text import is_unit, normal, numeric, words
from runner.filter import Filtered, parted
from runner.filter.judgement import AskedJudgement
from runner.filter.supported import common, stems

REPEATED = 0.6  # of the question's content words, from which on an answer without another word repeats it

_UNSAID = re.compile(
    r"\b(?:(?:text|section|passage|document|context)s? do(?:es)? not (?:say|state|mention|specify|provide|give|contain)"
    r"|not (?:stated|specified|mentioned|given|provided) (?:in|by) the (?:text|section|passage|document|context))\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"\b(?:question|ask|asks|asked|quote|slogan|motto|title|titled|called|name|named)\b", re.IGNORECASE)
_INTERROGATIVE = re.compile(r"\b(?:who|whom|whose|what|which|where|when|why|how)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow (?:many|old)\b|\b(?:what|which) (?:year|percentage|number of)\b", re.IGNORECASE)
_EXTENT = re.compile(r"\bhow (?:long|fast|wide|deep|tall|high|heavy|large|often|much)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:no|none|not|never|nothing|nobody|all|any|every|each|both|half|double|twice|once|several|many|few|fewer|more|less|most"
    r"|much|part|rest|unlimited|infinite|single|pair|couple|dozens?|handful|neither|hundreds?|thousands?|millions?|as|same|equal)\b|∞",
    re.IGNORECASE,
)
# A parameter may stand for a number: INPUTS, AgeLimit, max_depth.
_IDENTIFIER = re.compile(r"\b[A-Z]{2,}\b|\w_\w|[a-z][A-Z]")
# How long, and how often, is also told by other words.
_LONG = re.compile(
    r"\b(?:an?|only|until|till|from|to|through(?:out)?|whole|entire|forever|indefinite(?:ly)?|since|while|during|enough|always|very"
    r"|day|night|week|month|year|hour|minute|second|cycle|daily|nightly|hourly|weekly|monthly|yearly|annual(?:ly)?|per|at)s?\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:what|which) (?:city|town|country|nation|state|continent|stadium|venue|player|team|side|club|person|man|woman|engineer"
    r"|captain|coach|referee|author|company)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|spring|summer|autumn|winter|christmas|easter|ramadan|new year)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"\W*(?:yes|no)(?=\W*$|[,.;:!])", re.IGNORECASE)
_SEVERAL = re.compile(r"[:;,]|\b(?:and|or)\b", re.IGNORECASE)  # clauses or choices
_BEGINS = re.compile(r"\W*(?:\w+ )?(?:who|whom|whose|what|which|where|when|why|how)\b", re.IGNORECASE)
_NAMES = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+\W*")


@component
class Answers:
    """Keep labels whose answers are of the right kind."""

    version: ClassVar[int] = 2  # 2: pairs of signs in scripts without spaces
    later: ClassVar[frozenset[str]] = frozenset({"judge"})

    judge: AskedJudgement = None

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label whose answer does not answer its question."""
        return parted(labels, [_reason(label.question, label.answer) if label.question else ("", "") for label in labels])


def _reason(question: str, answer: str) -> tuple[str, str]:
    """Return the first rule that an answer breaks, if any."""
    if is_refusal(answer) or _UNSAID.search(answer):
        return "no answer", "a refusal"
    if answer.rstrip(" \"'*").endswith(("?", "？")) and not _ASKED_FOR.search(question):
        return "no answer", "a question"
    if _repeats(question, answer):
        return "no answer", "it repeats the question"
    if wanted := _number_wanted(question, answer):
        return "another kind of answer", f"no number, asked {wanted!r}"
    return _other_kind(question, answer)


def _repeats(question: str, answer: str) -> bool:
    if normal(question) == normal(answer):
        return True
    if not _INTERROGATIVE.search(question) or re.search(r"\bor\b", question, re.IGNORECASE):
        return False  # it may repeat the question to say yes, or what it chooses
    own, repeated = stems(answer), stems(question) - common()
    content = own - common()
    return bool(content) and content <= repeated and len(content) > REPEATED * len(repeated) and not any(map(numeric, own))


def _number_wanted(question: str, answer: str) -> str:
    """Return the words that ask for a missing number."""
    extent = _EXTENT.search(question)
    wanted = _COUNT.search(question) or extent
    # "Which register tells how many are left?" asks for a register.
    if not wanted or len(_INTERROGATIVE.findall(question)) > 1:
        return ""
    if re.search(r"\d", answer) or any(map(numeric, words(answer))) or _SOME.search(answer) or _IDENTIFIER.search(answer):
        return ""
    return "" if extent and _LONG.search(answer) else wanted[0]


def _other_kind(question: str, answer: str) -> tuple[str, str]:
    """Compare the kinds of question and answer: rules 5 to 7."""
    kind, interrogatives = "another kind of answer", _INTERROGATIVE.findall(question)
    if len(interrogatives) != 1 or _SEVERAL.search(question):
        return "", ""
    word, first = interrogatives[0].lower(), _BEGINS.match(question)
    if first and _YES_OR_NO.match(answer):
        return kind, f"yes or no, asked {word!r}"
    amounts, named = _amounts(answer), _NAMED.search(question)
    if amounts and (word in ("who", "whom", "whose") or named):
        return kind, f"a number, asked {(named or [word])[0]!r}"
    if first and word == "where" and amounts and _TIME.search(answer):
        return kind, "a date, asked 'where'"
    timeless = _NAMES.fullmatch(answer) and not _TIME.search(answer)
    return (kind, "a name, asked 'when'") if first and word == "when" and timeless else ("", "")


def _amounts(answer: str) -> list[str]:
    """Return the numbers and dates of an answer alone."""
    own = [word for word in words(answer) if not (is_unit(word) or _TIME.fullmatch(word) or stems(word) <= common())]
    return own if all(map(numeric, own)) else []
