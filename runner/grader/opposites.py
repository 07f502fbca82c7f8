"""Opposites: two words in, True if one denies what the other says out."""

import re

from runner.grader.spelling import stem

# Only words that leave no third state. Each word of one side is an opposite of each word of the other.
_SIDES = [
    ({stem(word) for word in side.split()}, {stem(word) for word in other.split()})
    for side, other in (
        ("enabled", "disabled"), ("set", "cleared unset"), ("high", "low"), ("on", "off"), ("up", "down"), ("open", "closed"),
        ("even", "odd"), ("master", "slave"), ("internal", "external"), ("rising", "falling"), ("true", "false"),
        ("allowed permitted", "forbidden prohibited denied"), ("optional", "mandatory required"), ("alive", "dead"),
        ("same", "different"), ("pass succeed", "fail"), ("running started", "stopped halted"), ("present", "absent missing"),
        ("retained kept preserved", "lost"), ("accepted", "rejected refused"), ("static", "dynamic"), ("little", "big"),
    )
]  # fmt: skip
_PREFIX = re.compile(r"(?:un|in|im|ir|il|non|dis|de|a)(?=\w{4})")


def opposite(word: str, other: str) -> bool:
    """Return True for opposites: enabled and disabled, valid and invalid."""
    stems = stem(word), stem(other)
    if any((stems[0] in side and stems[1] in others) or (stems[1] in side and stems[0] in others) for side, others in _SIDES):
        return True
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    prefix = _PREFIX.match(longer)
    return prefix is not None and stem(longer[prefix.end() :]) == stem(shorter)
