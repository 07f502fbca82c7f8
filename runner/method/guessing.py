"""Guesses of a teacher's replies: earlier replies in, likely ones out.

A forecast uses them instead of a teacher. A guess is an earlier reply in other words: one about the same section or fact if there
is one, or else about any. Of those it is the one whose request listed about as many earlier questions. So a guess has as many
pairs as earlier replies, and is as often unreadable. If there is no earlier reply, lengths and shares are those of the shipped
recordings.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from runner.data.guesses import LikelyRange
from runner.data.records import Reply, canonical, digest
from runner.data.templates import unfill
from runner.data.text import count
from runner.method.forms import FactPair, Pair
from runner.method.reading import Reading, read
from runner.method.shares import Share, spread

# Measured in the shipped recordings: by how many words the questions of token labels grow from one request for a section to the
# next (the short questions are taken by then), and the share of facts that serve the purpose. A sentence states one fact; where
# there are few sentences, so do as many words.
GROWTH = 0.8
SERVING = 5 / 6
WORDS = 22


class PairGuesses:
    """Guesses of pairs for requests made from one template."""

    def __init__(self, template: str, pairs: int) -> None:
        """Begin without any earlier reply.

        `pairs` is how many pairs one request asks for, for each of its facts.
        """
        self.template, self.pairs = template, pairs
        # The keys are the subject of a request and the number of earlier questions that it lists. Requests that repeat an
        # unreadable one have the subject "".
        self._replies: dict[str, dict[int, list[str]]] = {}
        # All replies whose subject is known, by the number of earlier questions.
        self._all_replies: dict[int, list[str]] = {}
        # (number of questions, number of their words). Sums, so that a guess takes the same time after many replies.
        self._words: dict[int, tuple[int, int]] = {}
        self._guessed = 0
        self.lengths = Share(1.0)  # characters of a reply, for each fact

    def learn(self, text: str, reply: str) -> None:
        """Note a reply under the subject of its request."""
        subject, written, facts = self._subject(text)
        self.lengths.learn(max(1, facts), len(reply))
        for replies in (self._replies.setdefault(subject, {}), *([self._all_replies] if subject else [])):
            replies.setdefault(written, []).append(reply)
        for pair in _entries(reply, Pair):
            questions, words = self._words.get(written, (0, 0))
            self._words[written] = questions + 1, words + count(pair.question)

    def guess(self, text: str) -> str:
        """Return the nearest earlier reply with new questions.

        Several replies that are equally near are used in turn.
        """
        subject, written, facts = self._subject(text)
        replies = self._replies.get(subject) or (self._all_replies if subject else {})
        if not replies:
            return _shipped_pairs(text, self.pairs, facts, self._growth(0, written))
        nearest = min(replies, key=lambda before: abs(before - written))
        self._guessed += 1
        reply = replies[nearest][self._guessed % len(replies[nearest])]
        return _renewed(reply, text, facts, self._growth(nearest, written))

    def spread(self) -> LikelyRange:
        """Return the likely spread of what is guessed."""
        return spread(self.lengths)

    def _growth(self, before: int, written: int) -> int:
        """Return by how many words questions grow between two requests.

        The requests list `before` and `written` earlier questions.
        """
        growth = GROWTH / self.pairs
        if len(self._words) > 1:
            first, last = min(self._words), max(self._words)
            short, long = (words / questions for questions, words in (self._words[first], self._words[last]))
            growth = (long - short) / (last - first)
        return max(0, round(growth * (written - before)))

    def _subject(self, text: str) -> tuple[str, int, int]:
        """Return a request's subject, and its earlier questions and facts.

        The questions are those of each fact; 0 facts are a section. A request that repeats an unreadable one was not made from
        the template. Its subject is empty.
        """
        values = unfill(self.template, text)
        if not values:
            return "", 0, 0
        facts = len(_numbers(values.get("facts", "")))
        written = len(re.findall("^- ", values.pop("earlier", ""), re.MULTILINE))
        return canonical(values), written // max(1, facts), facts


class FactGuesses:
    """Guesses for the three requests of fact labels.

    They list facts, filter them, and ask for pairs; a request's template tells which it is.
    """

    def __init__(self, facts: str, filtering: str, pairs: PairGuesses) -> None:
        """Begin without any earlier reply."""
        self.facts, self.filtering, self.pairs = facts, filtering, pairs
        self._stated, self._serving = Share(1.0), Share(SERVING)

    def learn(self, text: str, reply: str) -> None:
        """Note the number of facts, of relevant facts, or pairs."""
        if values := unfill(self.facts, text):
            self._stated.learn(_statements(values["text"]), len(_entries(reply, str)))
        elif values := unfill(self.filtering, text):
            self._serving.learn(len(_numbers(values["facts"])), len(_entries(reply, int)))
        else:
            self.pairs.learn(text, reply)

    def guess(self, text: str) -> str:
        """Return pieces of the section, the first numbers, or pairs."""
        if values := unfill(self.facts, text):
            words = values["text"].split()
            many = self._stated.take(_statements(values["text"]))
            pieces = (words[place * len(words) // many : (place + 1) * len(words) // many] for place in range(many))
            # With a number, since equal facts would count as duplicates.
            facts = [f"{' '.join(piece)} ({number})" for number, piece in enumerate(pieces, 1)]
            return json.dumps(facts, ensure_ascii=False)
        if values := unfill(self.filtering, text):
            numbers = _numbers(values["facts"])
            return json.dumps(numbers[: self._serving.take(len(numbers))])
        return self.pairs.guess(text)

    def spread(self) -> LikelyRange:
        """Return the likely spread of what is guessed."""
        return spread(self._stated, self._serving, self.pairs.lengths)


def _statements(text: str) -> int:
    """Count what states a fact: sentences, or as many words."""
    # A table has no sentences, and each of its rows states facts.
    return max(len(re.findall(r"[.!?](?=\s|$)", text)), round(len(text.split()) / WORDS), 1)


def _numbers(facts: str) -> list[int]:
    """Return the numbers of a numbered list."""
    return [int(number) for number in re.findall(r"^(\d+)\. ", facts, flags=re.MULTILINE)]


def _entries(reply: str, kind: type[Any]) -> tuple[Any, ...]:
    """Return the entries of a reply."""
    reading: Reading[Any] = read(Reply(text=reply), kind)
    return reading.entries


def _shipped_pairs(text: str, pairs: int, facts: int, growth: int) -> str:
    """Write a reply like those in the shipped recordings."""
    # Their questions have 16 words and punctuation marks on average, their answers 4.
    pair = {"question": "In which country, and in what year, did competition 0 of them begin?", "answer": "Bergen in Norway."}
    numbered = [{"fact": number, **pair} for number in range(1, facts + 1) for _ in range(pairs)]
    return _renewed(json.dumps(numbered or [pair] * pairs), text, facts, growth)


def _renewed(reply: str, text: str, facts: int, growth: int) -> str:
    """Write a reply again with new questions.

    There are pairs for as many facts. Each question gets `growth` words more. A reply that could not be read completely is cut
    off again.
    """
    reading: Reading[Any] = read(Reply(text=reply), FactPair if facts else Pair)
    entries = reading.entries
    if not entries:
        return reply
    pairs = [
        {
            **({"fact": number} if facts else {}),
            "question": _new_question(pair.question, f"{place} {number} {text}", growth),
            "answer": pair.answer,
        }
        for number, place, pair in (_on_each(entries, facts) if facts else [(0, *each) for each in enumerate(entries)])
    ]
    written = json.dumps(pairs)
    # Words around the pairs, such as a code fence, were paid for too; so the reply is padded to its length.
    return (written[:-1] if reading.fault else written).ljust(len(reply) * len(pairs) // len(entries))


def _on_each(entries: Sequence[FactPair], facts: int) -> Iterator[tuple[int, int, FactPair]]:
    """Yield number, place and pair for each fact."""
    known = sorted({pair.fact for pair in entries})
    for number in range(1, facts + 1):
        own = known[(number - 1) % len(known)]
        for place, pair in enumerate(pair for pair in entries if pair.fact == own):
            yield number, place, pair


def _new_question(question: str, seed: str, growth: int) -> str:
    """Replace a question's longest word, and lengthen the question.

    The replacement is made from `seed`, so that a forecast is the same each time.
    """
    # At least six characters of a digest: a shorter word would soon repeat a question, which would count as a duplicate.
    longest, new = max(re.findall(r"\w+", question), key=len, default=""), digest(seed)
    return "then " * growth + question.replace(longest, new[: max(6, len(longest))], 1)
