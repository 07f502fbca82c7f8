"""Yes/no questions: a question and an answer in, the yes or no that the answer means out."""

import re

from runner.grader.opposites import opposite
from runner.grader.predicates import AUXILIARIES, NOT, agreement, exchanged, from_predicate, opposable, said
from runner.grader.spelling import stem

_ASKS = re.compile(rf"(?:{AUXILIARIES}|true|false)\b", re.IGNORECASE)
_CHOICE = re.compile(rf"(?:{AUXILIARIES})\b.* or ", re.IGNORECASE)
# These words stand alone: "Negative values are allowed" is no denial, and "Right shifts are not" no consent.
_GOES_ON = r"(?:it|they|he|she|the|this|that|these|those|there|because|since|as)\b"
_ALONE = rf"(?=\W*$|\s*[.,;:!*()\n]| [-–—] | {_GOES_ON})"
_YES = re.compile(
    rf"\W*(?:(?:yes|yeah|yep|that is (?:true|correct|right))\b|(?:true|correct|right|indeed|affirmative){_ALONE})", re.IGNORECASE
)
_NO = re.compile(
    r"\W*(?:(?:no(?!\.? ?\d)|nope|not true|that is (?:false|wrong|incorrect|not))\b"
    rf"|(?:false|incorrect|wrong|negative){_ALONE})",
    re.IGNORECASE,
)
_NONE = re.compile(rf"\W*no (?!{_GOES_ON})[a-z]", re.IGNORECASE)
# A statement with one of these says neither yes nor no, unless the question has the same word.
_OPEN = re.compile(
    r"\b(?:only|except|unless|if|whether|until|hardly|rarely|seldom|barely|almost|nearly|partly|partially|sometimes|may|might"
    r"|could|maybe|perhaps|possibly|probably|unknown|unclear|unsure|depends|unable|lacks?|without|prevents?"
    r"|(?:fail|refuse)(?:s|ed)? to)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"\W*(?:it|they|he|she|this|that|these|those|there|we|you|i) (?:(?:{AUXILIARIES}|ca|wo)(?: not|n't)?|cannot)\W*$",
    re.IGNORECASE,
)
# An answer that says both: yes and no; yes? no; yes, actually no.
_BOTH = re.compile(
    r"\W*(?:yes\W+(?:(?:and|or|but)\W+)?no|no\W+(?:(?:and|or|but)\W+)?yes)\s*(?:[.!?,;]|$)"
    r"|.*\b(?:actually|sorry|rather),? (?:yes|no)\b",
    re.IGNORECASE | re.DOTALL,
)
_ASKED_AGAIN = re.compile(r"[^.!?;]*\?\s*")
_FIRST = re.compile(r".*?(?:[.!?;](?=\s|$)|$)", re.DOTALL)
_PRONOUN = re.compile(r"\W*(?:it|they|he|she|this|that)\b", re.IGNORECASE)


def asks_yes_or_no(question: str) -> bool:
    """Return True for a question that yes or no answers."""
    return bool(_ASKS.match(question.strip())) and not is_choice(question)


def is_choice(question: str) -> bool:
    """Return True for a choice: is it this or that?"""
    return bool(_CHOICE.match(question.strip()))


def yes_or_no(text: str) -> bool | None:
    """Return the yes or no with which a text begins."""
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def stated(question: str, answer: str) -> bool | None:
    """Return what an answer says to a yes/no question.

    Its first word decides, else a statement that repeats what is asked, or says the opposite; None if there is neither, or both.
    """
    if _BOTH.match(answer):
        return None
    if first := _NO.match(answer) or _YES.match(answer):
        begins = yes_or_no(answer)
        # "No data is lost" agrees that data is retained, and "Yes, it is off" says neither that it is on nor that it is off.
        if _NONE.match(answer):
            return None if _states(question, answer) else begins
        said_behind = _states(question, answer[first.end() :].lstrip(" ,.:;!"))
        return begins if said_behind in (None, begins) else None
    # A question that is repeated says nothing.
    answer = _ASKED_AGAIN.sub("", answer, count=1)
    answered = yes_or_no(answer)
    return _states(question, answer) if answered is None else answered


def _states(question: str, answer: str) -> bool | None:
    """Return what a statement says to a yes/no question."""
    sentence = _FIRST.match(answer.strip())
    first = sentence[0] if sentence else answer
    if set(_OPEN.findall(first.casefold())) - set(_OPEN.findall(question.casefold())):
        return None
    if _SHORT.match(first):
        return not NOT.search(first)
    asked, given, denials = said(question), said(first), list(NOT.finditer(first))
    # "Does it never stop?" is read in two ways.
    if not given or len(denials) > 1 or NOT.search(question):
        return None
    pronoun = bool(_PRONOUN.match(first))
    wanted = from_predicate(question, asked, given) if pronoun else asked
    if not wanted or (not pronoun and exchanged(question, first, asked, given)):
        return None
    repeated = agreement(wanted, asked, given, opposable(question, wanted, pronoun))
    # "The bridge was closed, but not in May" denies something else.
    denied = [word for denial in denials for word in said(first[denial.end() :])]
    if repeated is None or (denials and not any(_about(word.word, other.word) for word in denied for other in wanted)):
        return None
    return repeated is not bool(denials)


def _about(word: str, other: str) -> bool:
    """Return True for a word and itself or its opposite."""
    return stem(word) == stem(other) or opposite(word, other)
