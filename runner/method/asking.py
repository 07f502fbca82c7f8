"""Requests to a teacher: units in, labels and a ledger out.

`ask` sends requests, and asks again if a reply cannot be read. `Pairs` asks for pairs until each unit has enough of them.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Generic, TypeAlias, TypeVar

from runner.data.records import Label, Labelling, Ledger, Message, Prompt
from runner.data.text import normal
from runner.method.reading import FILTERED, FORMS, THINKING, Pair, Reading, WrittenDocument, read
from runner.method.refusals import is_form, is_refusal, is_slot
from runner.model import Model

log = logging.getLogger("runner")

U = TypeVar("U")
T = TypeVar("T")
Written: TypeAlias = Pair | WrittenDocument

# The names of what is asked for, in ledgers and messages.
NAMES: dict[type[Written], str] = {Pair: "pairs", WrittenDocument: "documents"}

# After so many rounds in a row without a new pair, a unit is given up: a short section may not hold more questions.
EMPTY_ROUNDS = 3


@dataclass
class Unit(Generic[U]):
    """A section or fact with the labels kept for it.

    `position` is that of the next label, in multiples of the unit. `rounds` counts the requests for the unit, `empty_rounds`
    those since the last one that brought a new pair.
    """

    source: U
    labels: list[Label] = field(default_factory=list)
    position: float = 0
    rounds: int = 0
    empty_rounds: int = 0


@dataclass
class Tally:
    """Counts from which a ledger is made at the end."""

    stage: str
    requested: int = 0
    kept: int = 0
    filtered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    again: int = 0

    def close(self) -> Ledger:
        """Make the ledger. Raise a ValueError if the counts do not add up."""
        return Ledger(
            stage=self.stage,
            requested=self.requested,
            kept=self.kept,
            filtered=dict(self.filtered),
            failed=dict(self.failed),
            again=self.again,
        )


# A name in braces. A number such as {4} is no place: a prompt may contain a regular expression.
PLACE = r"\{([A-Za-z_]\w*)\}"


def fill(template: str, **values: object) -> str:
    """Replace each {name} in a template by its value.

    Names without a value and all other braces stay as they are.
    """
    # In one pass, so that a {name} within a value (a document about templates) is not replaced in its turn. str.format would
    # fail at the braces of JSON or code.
    return re.sub(PLACE, lambda match: str(values.get(match[1], match[0])), template)


def unfill(template: str, text: str) -> dict[str, str] | None:
    """Return the values that `fill` put into a template.

    Return None if the text was not made from this template.
    """
    parts, names, pattern = re.split(PLACE, template), set[str](), ""
    # re.split alternates between plain text and the names that it split at.
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part)
        else:
            # A name that occurs twice must have the same value in both places.
            pattern += f"(?P={part})" if part in names else f"(?P<{part}>.*?)"
            names.add(part)
    match = re.fullmatch(pattern, text, flags=re.DOTALL)
    return match.groupdict() if match else None


@dataclass(frozen=True)
class Inquiry:
    """A text for the teacher.

    `attempt` says how often it was asked in earlier rounds. `most` is the largest number that its reply may hold, 0 for any.
    """

    text: str
    attempt: int = 0
    most: int = 0


def ask(teacher: Model, inquiries: Sequence[Inquiry], kind: type[T], tokens: int, retries: int) -> list[Reading[T]]:
    """Send texts to the teacher and read its replies.

    Return one reading for each text, in the order of the texts. If a reply cannot be read completely, the teacher is shown
    the fault and asked again, up to `retries` times; the entries of all its replies count. `tokens` limits each reply.
    """
    prompts = [
        Prompt(messages=(Message(role="user", content=inquiry.text),), tokens=tokens, attempt=inquiry.attempt, schema=FORMS[kind])
        for inquiry in inquiries
    ]
    limits = [inquiry.most for inquiry in inquiries]
    readings = _readings(teacher, prompts, kind, limits)
    for _ in range(retries):
        # A content filter would refuse the same text again. A reply that is readable but has fewer entries than asked for is
        # no fault: the next round asks for the rest. So the shipped recordings, whose replies are all readable, need no
        # reply to a correction.
        faulty = [place for place, reading in enumerate(readings) if reading.fault not in ("", FILTERED)]
        if not faulty:
            break
        for place in faulty:
            prompts[place] = _corrected(prompts[place], readings[place])
        later = _readings(teacher, [prompts[place] for place in faulty], kind, [limits[place] for place in faulty])
        for place, reading in zip(faulty, later, strict=True):
            readings[place] = readings[place].then(reading)
    return readings


def _readings(teacher: Model, prompts: Sequence[Prompt], kind: type[T], limits: Sequence[int]) -> list[Reading[T]]:
    """Send prompts once and read the replies, in order."""
    readings = {place: read(reply, kind, limits[place]) for place, reply in teacher.ask(prompts)}
    return [readings[place] for place in range(len(prompts))]


def tell_unread(teacher: Model, wanted: str, readings: Sequence[Reading[T]]) -> None:
    """Log the first reply if none could be read.

    `wanted` names the entries that were asked for.
    """
    if not readings or any(reading.entries or not reading.fault for reading in readings):
        return
    faults = Counter(reading.fault for reading in readings)
    advice = (
        "Allow longer replies (method.reply_tokens), or switch thinking off at the server"
        if THINKING in faults
        else "Look at the model's replies: it may be too small for this task, or its server may change them"
    )
    counts = ", ".join(f"{fault}: {count}" for fault, count in faults.items())
    text = next(filter(None, (reading.first or reading.text for reading in readings)), "")
    quote = f". The first began {text[:200]!r}" if text else ""
    log.warning("%s gave no %s in %d replies (%s)%s. %s", teacher.name, wanted, len(readings), counts, quote, advice)


def _corrected(prompt: Prompt, reading: Reading[T]) -> Prompt:
    """Add the faulty reply and a correction to a prompt."""
    # A reply may be far longer than its limit of tokens (a server that ignores it); ten characters a token are generous.
    # Servers refuse an empty turn.
    reply = reading.text[: 10 * prompt.tokens].strip() or "(nothing)"
    turns = Message(role="assistant", content=reply), Message(role="user", content=reading.correction)
    return replace(prompt, messages=(*prompt.messages, *turns))


class Pairs(Generic[U]):
    """Requests for pairs, in rounds, until each unit has enough.

    A document with its question counts as a pair.
    """

    def __init__(self, teacher: Model, pairs: int, tokens: int, longest: int, retries: int, kind: type[Written] = Pair) -> None:
        """Keep the settings of the requests.

        `pairs` is how many pairs one request asks for, `tokens` limits a reply, and answers of more than `longest` characters
        are dropped. `kind` is the form of a reply's entries.
        """
        self.teacher, self.pairs, self.tokens, self.longest, self.retries = teacher, pairs, tokens, longest, retries
        self.kind, self.tally, self.seen, self.readings = kind, Tally(NAMES[kind]), set[str](), list[Reading[Written]]()

    def gather(
        self,
        units: Sequence[Unit[U]],
        scale: float,
        prompt: Callable[[Unit[U]], str],
        place: Callable[[Unit[U], Pair], tuple[Label, float]],
    ) -> Labelling:
        """Collect labels for every unit up to `scale`.

        `prompt` writes the request for a unit. `place` makes a label of a pair and returns the step to the unit's next
        position. A unit that has three rounds in a row without a new pair is given up; it counts as short.
        """
        # A question may be asked only once in all labels. So the order in which replies are taken decides which unit keeps a
        # duplicate. It must not depend on the scale, or the labels of a smaller scale would not be contained in those of a
        # larger one. Hence replies are taken by the position at which their request began: a label can then only repeat
        # labels of lower positions, and every larger scale has those too.
        queue = [(unit.position, unit.empty_rounds, number) for number, unit in enumerate(units)]
        readings = dict[int, Reading[Written]]()
        while queue:
            if queue[0][-1] not in readings:
                # All requests that are known by now are sent together, since hosts answer many at once.
                missing = sorted(number for *_, number in queue if number not in readings)
                # After an empty round the request is the same as before, and would find the reply that is kept for it. As
                # another attempt it is a new request.
                inquiries = [Inquiry(prompt(units[number]), units[number].empty_rounds) for number in missing]
                readings |= zip(missing, ask(self.teacher, inquiries, self.kind, self.tokens, self.retries), strict=True)
            *_, number = heappop(queue)
            unit = units[number]
            self._take(unit, readings.pop(number), place)
            if unit.position < scale and unit.empty_rounds < EMPTY_ROUNDS:
                # The empty rounds are part of the order, so that such a unit waits for the others at its position. It would
                # otherwise be first again at once, and asked alone.
                heappush(queue, (unit.position, unit.empty_rounds, number))
        tell_unread(self.teacher, NAMES[self.kind], self.readings)
        return Labelling(
            labels=tuple(label for unit in units for label in unit.labels),
            ledgers=(self.tally.close(),),
            short=sum(unit.position < scale for unit in units),
            units=len(units),
        )

    def _take(self, unit: Unit[U], reading: Reading[Written], place: Callable[[Unit[U], Pair], tuple[Label, float]]) -> None:
        """Add the usable pairs of a reply to a unit."""
        before = len(unit.labels)
        # `tell_unread` wants them only if none can be read, so one that was read stands for all before it.
        if reading.entries or not reading.fault:
            self.readings.clear()
        self.readings.append(reading)
        for pair in self._usable(reading):
            label, step = place(unit, pair)
            unit.labels.append(label)
            unit.position += step
        unit.rounds += 1
        unit.empty_rounds = 0 if len(unit.labels) > before else unit.empty_rounds + 1

    def _usable(self, reading: Reading[Written]) -> Iterator[Pair]:
        """Yield the pairs to keep; count all others by reason."""
        tally, entries = self.tally, reading.entries
        # A pair that nobody asked for is requested and filtered, so that the ledger adds up.
        tally.requested += max(self.pairs, len(entries))
        tally.again += reading.retries
        if len(entries) < self.pairs:
            tally.failed[reading.fault or "fewer than asked for"] += self.pairs - len(entries)
        if len(entries) > self.pairs:
            tally.filtered["more than asked for"] += len(entries) - self.pairs
        for pair in entries[: self.pairs]:
            if reason := self._reason_to_drop(pair):
                tally.filtered[reason] += 1
            else:
                tally.kept += 1
                self.seen.add(normal(pair.question))
                yield Pair(question=pair.question.strip(), answer=pair.answer.strip())

    def _reason_to_drop(self, pair: Written) -> str:
        """Return the reason to drop a pair, or nothing."""
        if not pair.question.strip() or not pair.answer.strip():
            return "empty"
        # An exam is answered in a few words. A model that is trained on essays writes essays.
        if len(pair.answer) > self.longest:
            return "over-long"
        if is_refusal(pair.answer):
            return "refusal"
        if is_form(pair.question) or is_slot(pair.answer):
            return "form without content"
        return "duplicate" if normal(pair.question) in self.seen else ""


def earlier(labels: Sequence[Label]) -> str:
    """List the questions that the teacher should not repeat."""
    return "\n".join(f"- {label.question}" for label in labels) or "(none yet)"
