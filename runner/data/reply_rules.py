"""Rules on the form of a reply: a reply in, the rules that it breaks out.

Such rules check whether an instruction was followed, in the manner of IFEval (Zhou et al. 2023, arXiv 2311.07911). No
reference and no judge is needed.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Literal

from pydantic import ConfigDict, NonNegativeInt
from pydantic.dataclasses import dataclass

Language = Literal["", "English", "French", "German", "Spanish"]

# Frequent words of each language that are seldom words of the others. A sentence of some length has one of them.
_FREQUENT = {
    "English": "the is are am was were and of to it that this you with for they what",
    "French": "le les est et une du dans je il elle nous vous ne pas au avec sur très mais",
    "German": "der das und ist ein eine ich nicht mit den dem sie wir zu auf für sehr die",
    "Spanish": "el los las y es una por con para muy está del mi yo como son hay",
}
_FILLED = {"in_json": "if filled"}  # a rule that is not set is in no hash
_WORDS_OF = {language: set(words.split()) for language, words in _FREQUENT.items()}


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ReplyRules:
    """Rules that a reply must follow; those that are not set do not count.

    `contains` are whole words, in any case. `one_of` are the only replies that are allowed, but for case and punctuation.
    `numbered` and `bullets` count the lines of a list, `json_items` the items of a JSON list or object.
    """

    case: Literal["", "upper", "lower"] = field(default="", metadata=_FILLED)
    least_words: NonNegativeInt = field(default=0, metadata=_FILLED)
    most_words: NonNegativeInt = field(default=0, metadata=_FILLED)
    sentences: NonNegativeInt = field(default=0, metadata=_FILLED)
    begins: str = field(default="", metadata=_FILLED)
    ends: str = field(default="", metadata=_FILLED)
    contains: tuple[str, ...] = field(default=(), metadata=_FILLED)
    one_of: tuple[str, ...] = field(default=(), metadata=_FILLED)
    numbered: NonNegativeInt = field(default=0, metadata=_FILLED)
    bullets: NonNegativeInt = field(default=0, metadata=_FILLED)
    json_items: NonNegativeInt = field(default=0, metadata=_FILLED)
    language: Language = field(default="", metadata=_FILLED)

    @property
    def names(self) -> list[str]:
        """List the rules that are set."""
        return [name for name, value in vars(self).items() if name in RULES and value]

    def broken(self, reply: str) -> list[str]:
        """List the rules that a reply breaks; one without a word breaks all."""
        text = reply.strip()
        return [name for name in self.names if not _words(text) or not RULES[name](text, self)]


def _words(text: str) -> list[str]:
    return [word for word in text.split() if any(map(str.isalnum, word))]


def _bare(text: str) -> str:
    """Return a text without case and outer marks."""
    return text.casefold().strip(" .!?\"'“”‘’*")


def _sentences(text: str) -> int:
    # Imported here: records hold these rules, and most commands split no text.
    from runner.data.sentences import sentences

    return len(sentences(text))


def _ends(text: str, end: str) -> bool:
    """Return true if a text ends so, quoted or not."""
    return text.endswith(end) or text.rstrip('"”').endswith(end)


def _has(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))


def _numbers(text: str) -> list[int]:
    """Return the numbers at the beginnings of lines."""
    return [int(number) for number in re.findall(r"^\s*(\d{1,3})[.)]\s+\S", text, re.MULTILINE)]


def _json_items(text: str) -> int:
    """Count the items of a JSON list or object; 0 if it is neither."""
    try:
        value = json.loads(re.sub(r"^```(?:json)?\s*|\s*```$", "", text))
    except ValueError:
        return 0
    return len(value) if isinstance(value, (list, dict)) else 0


def _is_in(text: str, language: str) -> bool:
    """Return true if most frequent words are of a language."""
    words = re.findall(r"\w+", text.casefold())
    counts = {name: sum(word in known for word in words) for name, known in _WORDS_OF.items()}
    return counts[language] > max(count for name, count in counts.items() if name != language)


# The name of a rule is its field. The form of a reply is all that is looked at.
RULES: Mapping[str, Callable[[str, ReplyRules], bool]] = {
    "case": lambda text, rules: text.isupper() if rules.case == "upper" else text.islower(),
    "least_words": lambda text, rules: len(_words(text)) >= rules.least_words,
    "most_words": lambda text, rules: len(_words(text)) <= rules.most_words,
    "sentences": lambda text, rules: _sentences(text) == rules.sentences,
    "begins": lambda text, rules: text.casefold().startswith(rules.begins.casefold()),
    "ends": lambda text, rules: _ends(text, rules.ends),
    "contains": lambda text, rules: all(_has(text, word) for word in rules.contains),
    "one_of": lambda text, rules: _bare(text) in map(_bare, rules.one_of),
    "numbered": lambda text, rules: _numbers(text) == list(range(1, rules.numbered + 1)),
    "bullets": lambda text, rules: len(re.findall(r"^\s*[-*•]\s+\S", text, re.MULTILINE)) == rules.bullets,
    "json_items": lambda text, rules: _json_items(text) == rules.json_items,
    "language": lambda text, rules: _is_in(text, rules.language),
}
