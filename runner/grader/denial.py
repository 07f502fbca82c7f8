"""Denials and hedges: a text and a place in it in, True if what stands there is not claimed."""

import re
from collections.abc import Callable

from runner.grader.reading import read
from runner.grader.values import same

Mentions = Callable[[], list[tuple[int, int]]]

_FAR = 300  # characters of a sentence that are looked at

_SENTENCE = re.compile(r"[.!?;](?=\s|$)|。")
_CLAUSE = re.compile(r"[.!?;:](?=\s|$)|,| - |\b(?:but|however|though|although|because|while|whereas)\b", re.IGNORECASE)
_NOT = (
    r"(?:\b(?:not|never|cannot|neither|nor|nobody|without|no longer|nicht|kein\w{0,2}|niemals|не)\b|\w+n't\b"
    r"|\bn(?:e |')\w+ (?:pas|jamais|plus)\b)"
    r"(?! (?:a |any )?(?:doubt|question)\b| (?:only|just|merely|until|sure)\b)"
)
# A verb after the denial begins another thought: "The one that did not crash was Venera 7".
_DENIED = re.compile(rf"{_NOT}(?P<between>(?:[^\w]+\w+){{0,6}}?)[^\w]*$", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|none of(?: the)?) ?$|(?:不是|并非|不|没有) ?$", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|was|are|were|became)\b", re.IGNORECASE)
_BELIEVED = re.compile(r"\b(?:think|believe|say|sure|true|case)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:rather than|instead of|as opposed to|unlike|other than|except|except for|excluding|apart from)(?: \w+){0,2} ?$",
    re.IGNORECASE,
)
# Before a word: non-blocking is not blocking, and almost full is not full.
_LESS = re.compile(r"\b(?:non|un|almost|nearly|half|partly|partially|hardly|barely|far from) ?-?$", re.IGNORECASE)
_ANY_BUT = re.compile(r"\b(?:any|every)\w* but(?: \w+){0,2} ?$", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(?:\bnot (?:sure|certain|clear|known)|\b(?:unsure|uncertain|unclear|unknown)|(?<!no )(?<!without )\bdoubt"
    r"|\b(?:do not|don't|can't|cannot|can not) (?:know|say|tell|remember|recall))\b[^.;!?]*?\b(?:whether|if|that)\b[^,;.!?]*$"
    r"|\bI doubt\b[^,;.!?]*$",
    re.IGNORECASE,
)
_IS_NOT = re.compile(
    r"(?:[てで]\u3099?は|[しじ]\u3099?ゃ)(?:ない|なかった|ありません)|"
    r"[\"'`*)]*(?:,? \w+ly)? (?:(?:is|was|are|were|does|did|do|has|had|can|could|will|would) not|\w+n't|cannot|never)\b"
    r"(?! only| just| merely| to be confused| the only)",
    re.IGNORECASE,
)
_IS_WRONG = re.compile(
    r"[\"'`*)]*(?: [\w']+){0,3}? (?:is|was|are|were|would be) (?:an? |the )?(?:[\w']+ ){0,3}?"
    r"(?:wrong|incorrect|false|untrue|mistaken)\b"
    r"|[^.;!?]{0,40}\bbut (?:that|this|it) (?:is|was) (?:not|false|wrong|incorrect|untrue)\b"
    r"|[\"'`*)]* (?:had|has) nothing to do\b",
    re.IGNORECASE,
)
_OR_BEFORE = re.compile(r"(?<![(\[])\bor,? (?:else |maybe |perhaps |even )?(?:the |an? )?[\"'`*]*$", re.IGNORECASE)
_OR_AFTER = re.compile(
    r"[\"'`*)]*,? or\b(?! (?:later|earlier|more|higher|above|greater|less|fewer|lower|below|newer|older|so|about|better)\b)",
    re.IGNORECASE,
)
_SHARP = re.compile(r"[A-Z\d_]")
_SHARP_WORD = re.compile(r"[\s\"'`*(]*(?:(?:the|an?|else|maybe|pin) )*(?:\w*[A-Z\d_]|[<>=&|])")
_CHOICE = re.compile(r"(?:, (?!(?:whether|not|and not|rather)\b)[^,.;!?]{1,25}){1,4},? or\b", re.IGNORECASE)
# Behind these words another "or" gives a second name for the same thing.
_NAMED = re.compile(
    r"\b(?:called|named|termed|titled|known as|referred to as|means?|stands? for|acronym (?:for|of))\b", re.IGNORECASE
)
_MAYBE = re.compile(r"\b(?:maybe|perhaps|possibly)\b", re.IGNORECASE)
_NEAR = 12  # characters between "or" and another reference
_SHORT = 40  # characters before an "or" that leaves an answer open; behind more of them it mostly explains


def denied(source: str, place: tuple[int, int], mentions: Mentions, negative: bool = False, choice: bool = False) -> bool:
    """Return True if a text denies or doubts a place.

    `mentions` returns the places of all references: "Gold or Yellow" claims both where both are right. With `negative` the
    question is one: "Which title did he not win?" is answered by "He did not win the French title". An "or" between names or
    numbers leaves the answer open; if the question is a `choice`, so does one between any words. Another "or" explains: a goad or
    prod.
    """
    start, end = place
    earliest = max(start - _FAR, 0)
    opened = max((mark.end() for mark in _SENTENCE.finditer(source, earliest, start)), default=earliest)
    closed = _SENTENCE.search(source, end, end + _FAR)
    before, after = source[opened:start], source[end : closed.start() if closed else end + _FAR]
    text = source[start:end]
    if _LESS.search(before) and text[0].isalpha():
        return True
    if (not negative and _negated(before, after)) or _doubted(before, after):
        return True
    return (choice or bool(_SHARP.search(text))) and _one_of_several(text, before, after, place, mentions, choice)


def _negated(before: str, after: str) -> bool:
    """Return True for a denial: not, never, isn't, rather than, is wrong."""
    if _NONE.search(before) or _EXCEPT.search(before) or _IS_NOT.match(after) or _IS_WRONG.match(after):
        return True
    if _ANY_BUT.search(before):
        return not re.search(_NOT, before, re.IGNORECASE)
    clause = _CLAUSE.split(before)[-1]
    if not (denial := _DENIED.search(clause)) or re.search(r"\buntil\b", denial["between"]):
        return False
    return not _VERB.search(denial["between"]) or bool(_BELIEVED.search(denial["between"]))


def _doubted(before: str, after: str) -> bool:
    """Return True for a doubt: not sure whether, maybe this, maybe that."""
    return bool(_UNKNOWN.search(before)) or len(_MAYBE.findall(before + after)) > 1


def _one_of_several(text: str, before: str, after: str, place: tuple[int, int], mentions: Mentions, any_word: bool) -> bool:
    """Return True for one of several names or numbers.

    If the other one is right too, or is the same amount, both are claimed.
    """
    if _NAMED.search(before):
        return False
    if (alternative := _OR_AFTER.match(after)) or (alternative := _CHOICE.match(after)):
        at = place[1] + alternative.end()
        sharp = any_word or _SHARP_WORD.match(after, alternative.end())
        if _same_amount(text, after[alternative.end() :][:_FAR]):
            return False
        return bool(sharp) and not any(at <= first <= at + _NEAR for first, _ in mentions())
    if alternative := _OR_BEFORE.search(before):
        explained = not re.search(r"\d", text) or before[: alternative.start()].rstrip().endswith(",")
        if alternative.start() > _SHORT and explained:
            return False
        at = place[0] - len(before) + alternative.start()
        word = re.search(r"(?:[\w'-]+ )?[\w'-]+\W*$", before[: alternative.start()])
        sharp = any_word or (word and _SHARP.search(word[0]))
        return bool(sharp) and not any(at - _NEAR <= last <= at for _, last in mentions())
    return False


def _same_amount(text: str, other: str) -> bool:
    """Return True for two names of one amount: 24 hours or one day."""
    first, second = read(text).terms[-1:], read(other).terms[:1]
    return any(same(value, also) for term in first for value in term.values for place in second for also in place.values)
