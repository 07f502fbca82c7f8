"""Forms of words: a word in, the form under which it is compared out."""

import re
from functools import lru_cache

import Stemmer

_STEMMER = Stemmer.Stemmer("english")
IRREGULAR = {
    "children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose",
    "wolves": "wolf", "lives": "life", "leaves": "leaf", "knives": "knife", "halves": "half", "wives": "wife", "won": "win",
    "built": "build", "wrote": "write", "written": "write", "held": "hold", "kept": "keep", "sent": "send", "sold": "sell",
    "made": "make", "began": "begin", "begun": "begin", "froze": "freeze", "frozen": "freeze", "drove": "drive",
    "driven": "drive", "ran": "run", "gave": "give", "given": "give", "took": "take", "taken": "take", "lost": "lose",
    "mitochondria": "mitochondrion", "bacteria": "bacterium", "criteria": "criterion", "nuclei": "nucleus",
    "grey": "gray", "aluminium": "aluminum", "tyre": "tire",
}  # fmt: skip
_BRITISH = (
    (re.compile(r"(?<=[a-z]{2})our(?=s|ed|ing|ful|ite|ist|able|$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=e[ds]?$|ing$|ation|er)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})lys(?=e[ds]?$|ing$|er)"), "lyz"),
    (re.compile(r"(?<=[a-z])ll(?=ed$|ing$|er)"), "l"),
    (re.compile(r"(?<=[a-z]{2})(?<!a)tre(?=s|d|$)"), "ter"),
)  # fmt: skip
_WHOLE = {
    "mr": "mister", "dr": "doctor", "prof": "professor", "jr": "junior", "sr": "senior", "st": "saint", "mt": "mount",
    "rev": "revision", "vs": "versus",
}  # fmt: skip
# As `whole` writes them.
TITLES = {
    "mister", "mrs", "ms", "doctor", "professor", "sir", "dame", "lord", "lady", "king", "queen", "president", "captain",
    "justice", "junior", "senior", "emperor", "pope", "prince", "princess",
}  # fmt: skip
LITTLE = {
    "a", "an", "the", "of", "in", "on", "at", "by", "to", "from", "for", "with", "as", "and", "or", "is", "was", "are",
    "were", "be", "been", "it", "its", "his", "her", "their", "our", "your", "this", "that", "these", "those", "into",
    "about", "between", "near", "over", "under", "during", "within", "i", "he", "she", "they", "we", "you", "who", "whom", "us",
    "which", "what", "when", "where", "how",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a word in small letters: repaired, repairs and repairing are alike."""
    word = IRREGULAR.get(word, word)
    for british, american in _BRITISH:
        word = british.sub(american, word)
    stemmed: str = _STEMMER.stemWord(word)
    return stemmed


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """Return a name without the s of its plural."""
    word = IRREGULAR.get(word, word)
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def whole(word: str) -> str:
    """Write an abbreviation such as St or Dr in full."""
    return _WHOLE.get(word, word)
