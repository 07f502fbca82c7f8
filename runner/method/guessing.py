"""What a teacher was asked and said in; what it may say to a request that nobody put to it yet out, for previews.

A guess is a reply that was given, in other words: one to the same section or fact where there is one, else to any, and of those
to a request with about as many questions already written. So it holds as many pairs, and fails as often. Where nothing was said
yet, lengths and shares are those of the shipped recordings; where nobody was asked for more yet, questions grow as there, since
the short ones are taken.
"""

import json
import re
from typing import Any

from runner.data.records import Reply, canonical, digest
from runner.data.text import count
from runner.method.asking import unfill
from runner.method.reading import Pair, Reading, read

GROWTH = 0.8  # words by which token labels grow from one request for a section to the next in the shipped recordings
SERVE = 5 / 6  # of a section's facts serve the purpose in the shipped recordings, and there is one a sentence


class PairGuesses:
    """Guesses of pairs that are asked for by filling in `template`."""

    def __init__(self, template: str, pairs: int) -> None:
        """`pairs` are asked for in one request."""
        self.template, self.pairs = template, pairs
        self._given: dict[str, dict[int, list[str]]] = {}  # replies by what they are about and the questions before them
        self._every: dict[int, list[str]] = {}  # those that are about something, by the questions before them
        self._words: dict[int, tuple[int, int]] = {}  # questions and their words, by the questions before them
        self._taken = 0

    def learn(self, text: str, reply: str) -> None:
        """Note a reply beside the others about the same."""
        about, written = self._asked(text)
        for given in (self._given.setdefault(about, {}), *([self._every] if about else [])):
            given.setdefault(written, []).append(reply)
        for pair in _entries(reply, Pair):
            questions, words = self._words.get(written, (0, 0))
            self._words[written] = questions + 1, words + count(pair.question)

    def guess(self, text: str) -> str:
        """The nearest reply with new questions; of several that are as near, one after the other."""
        about, written = self._asked(text)
        given = self._given.get(about) or (self._every if about else {})
        if not given:
            return _pairs(text, self.pairs, self._longer(0, written))
        nearest = min(given, key=lambda before: abs(before - written))
        self._taken += 1
        near = given[nearest][self._taken % len(given[nearest])]
        return _renewed(near, text, self._longer(nearest, written))

    def _longer(self, before: int, written: int) -> int:
        """How many words longer questions get from so many questions before them to so many."""
        grown = GROWTH / self.pairs
        if len(self._words) > 1:
            first, last = min(self._words), max(self._words)
            short, long = (words / questions for questions, words in (self._words[first], self._words[last]))
            grown = (long - short) / (last - first)
        return max(0, round(grown * (written - before)))

    def _asked(self, text: str) -> tuple[str, int]:
        """What a request is about, and how many questions it names; nothing where it asks again for what could not be read."""
        asked = unfill(self.template, text)
        written = len(re.findall("^- ", asked.pop("earlier", ""), re.MULTILINE)) if asked else 0
        return canonical(asked) if asked else "", written


class FactGuesses:
    """Guesses of a section's facts, of those that serve, and of pairs on each; by the templates of the three."""

    def __init__(self, facts: str, filtering: str, pairs: PairGuesses) -> None:
        """Nothing is known yet."""
        self.facts, self.filtering, self.pairs = facts, filtering, pairs
        self._stated, self._serving = _Share(1.0), _Share(SERVE)

    def learn(self, text: str, reply: str) -> None:
        """Note how many facts a sentence makes, and how many of them serve."""
        if asked := unfill(self.facts, text):
            self._stated.learn(len(_sentences(asked["text"])), len(_entries(reply, str)))
        elif asked := unfill(self.filtering, text):
            self._serving.learn(len(_numbers(asked["facts"])), len(_entries(reply, int)))
        else:
            self.pairs.learn(text, reply)

    def guess(self, text: str) -> str:
        """Sentences for facts, the first of the numbers, or pairs."""
        if asked := unfill(self.facts, text):
            sentences = _sentences(asked["text"])
            facts = (
                sentences[place % len(sentences)] + "+" * (place // len(sentences)) for place in range(self._stated.of(sentences))
            )
            return json.dumps(list(facts), ensure_ascii=False)
        if asked := unfill(self.filtering, text):
            numbers = _numbers(asked["facts"])
            return json.dumps(numbers[: self._serving.of(numbers)])
        return self.pairs.guess(text)


class _Share:
    """How many of what is there are taken, over all that was seen; fractions are carried over to the next."""

    def __init__(self, share: float) -> None:
        self._first, self._there, self._taken, self._owed = share, 0, 0, 0.5

    def learn(self, there: int, taken: int) -> None:
        self._there, self._taken = self._there + there, self._taken + taken

    def of(self, found: list[Any]) -> int:
        self._owed += len(found) * (self._taken / self._there if self._there else self._first)
        whole = int(self._owed) if found else 0
        self._owed -= whole
        return whole


def _sentences(text: str) -> list[str]:
    return re.findall(r"\S.*?[.!?](?=\s|$)", text, flags=re.DOTALL)


def _numbers(facts: str) -> list[int]:
    return [int(number) for number in re.findall(r"^(\d+)\. ", facts, flags=re.MULTILINE)]


def _entries(reply: str, kind: type[Any]) -> tuple[Any, ...]:
    found: Reading[Any] = read(Reply(text=reply), kind)
    return found.entries


def _pairs(text: str, pairs: int, longer: int) -> str:
    """A reply as long as those in the shipped recordings: questions of 16 words and marks, answers of 4, and some words more."""
    said = "In which country, and in what year, did competition 0 of them begin?"
    return _renewed(json.dumps([{"question": said, "answer": "Bergen in Norway."}] * pairs), text, longer)


def _renewed(reply: str, text: str, longer: int) -> str:
    """A reply of pairs that ask something new, of as many words and some more, and with the same fault."""
    reading = read(Reply(text=reply), Pair)
    if not reading.entries:
        return reply
    pairs = [
        {"question": _other(pair.question, f"{number} {text}", longer), "answer": pair.answer}
        for number, pair in enumerate(reading.entries)
    ]
    written = json.dumps(pairs)
    return (written[:-1] if reading.fault else written).ljust(len(reply))


def _other(question: str, of: str, longer: int) -> str:
    """A question that nobody asked: its longest word is another, and so many short ones stand before it."""
    longest, new = max(re.findall(r"\w+", question), key=len, default=""), digest(of)
    return "then " * longer + question.replace(longest, new[: max(6, len(longest))], 1)
