"""Yes/no questions: a question and an answer in, the yes or no that the answer means out."""

import re

from runner.grader.spelling import LITTLE, stem

_AUXILIARIES = "is|are|am|was|were|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had"
_ASKS = re.compile(rf"(?:{_AUXILIARIES}|true|false)\b", re.IGNORECASE)
_CHOICE = re.compile(rf"(?:{_AUXILIARIES})\b.* or ", re.IGNORECASE)
_YES = re.compile(r"\W*(?:yes|yeah|yep|true|correct|right|indeed|affirmative|that is (?:true|correct|right))\b", re.IGNORECASE)
_NO = re.compile(
    r"\W*(?:no(?!\.? ?\d)|nope|not true|false|incorrect|wrong|negative|that is (?:false|wrong|incorrect|not))\b", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:not|never|cannot|no|none|neither|nobody|nothing)\b|n't\b", re.IGNORECASE)
_SHORT = re.compile(r"\W*(?:it|they|he|she|this|that|these|those|there|we|you|i) (?:\w+)(?: not|n't)?\W*$", re.IGNORECASE)
_FIRST = re.compile(r".*?(?:[.!?;](?=\s|$)|$)", re.DOTALL)
_PRONOUN = re.compile(r"\W*(?:it|they|he|she|this|that)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_EVER = {"ever", "still", "any", "do", "does", "did", "can", "could", "will", "has", "have", "had", "may", "must", "should"}
# Only words that leave no third state.
_OPPOSITES = [
    {stem(word), stem(other)}
    for word, other in (
        ("enabled", "disabled"), ("set", "cleared"), ("high", "low"), ("on", "off"), ("open", "closed"), ("even", "odd"),
        ("master", "slave"),
        ("internal", "external"), ("rising", "falling"), ("allowed", "forbidden"),
        ("optional", "mandatory"), ("alive", "dead"), ("same", "different"), ("true", "false"),
    )
]  # fmt: skip
_PREFIX = re.compile(r"(?:un|in|im|ir|il|non|dis|de|a)(?=\w{4})")


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

    Its first word decides, else a statement in the question's words; None if there is neither.
    """
    if (begins := yes_or_no(answer)) is not None:
        return begins
    sentence = _FIRST.match(answer.strip())
    first = sentence[0] if sentence else answer
    if _SHORT.match(first):
        return not _NOT.search(first)
    asked, given = _words(question), _words(first)
    # A pronoun stands for the question's noun. So only the question's last word, which is what is asked, must be there.
    wanted = asked[-1:] if _PRONOUN.match(first) else asked
    stems = {stem(word) for word in given}
    missing = [word for word in wanted if stem(word) not in stems]
    turned = [word for word in missing if any(_opposite(word, other) for other in given)]
    if not wanted or len(missing) > len(turned) or len(turned) > 1:
        return None
    return bool(turned) is bool(_NOT.search(first))


def _opposite(word: str, other: str) -> bool:
    """Return True for opposites: enabled and disabled, valid and invalid."""
    if {stem(word), stem(other)} in _OPPOSITES:
        return True
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return bool(_PREFIX.match(longer)) and stem(_PREFIX.sub("", longer)) == stem(shorter)


def _words(text: str) -> list[str]:
    """Return the words that say something."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return [word for word in words if word not in LITTLE and word not in _EVER]
