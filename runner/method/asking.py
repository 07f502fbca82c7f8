"""Requests to a teacher: texts in, readings of its replies out.

A teacher whose reply cannot be read is told what is wrong and asked again.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from runner.data.records import Ledger, Message, Prompt
from runner.method.forms import FORMS
from runner.method.reading import CUT_OFF, FILTERED, THINKING, Reading, read
from runner.model import Model

log = logging.getLogger("runner")

T = TypeVar("T")


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


@dataclass(frozen=True)
class Inquiry:
    """A text for the teacher.

    `attempt` says how often it was asked in earlier rounds. `most` is the largest number that its reply may hold, 0 for any.
    A reply that was cut off is continued until there are `entries`.
    """

    text: str
    attempt: int = 0
    most: int = 0
    entries: int = 0


def ask(teacher: Model, inquiries: Sequence[Inquiry], kind: type[T], tokens: int, retries: int) -> list[Reading[T]]:
    """Send texts to the teacher and read its replies.

    Return one reading for each text, in the order of the texts. If a reply cannot be read completely, the teacher is shown
    the fault and asked again, up to `retries` times; the entries of all its replies count. Where it was cut off, the requests
    that bring new entries are no such times. `tokens` limits each reply.
    """
    prompts = [
        Prompt(messages=(Message(role="user", content=inquiry.text),), tokens=tokens, attempt=inquiry.attempt, schema=FORMS[kind])
        for inquiry in inquiries
    ]
    limits = [inquiry.most for inquiry in inquiries]
    readings = _readings(teacher, prompts, kind, limits)
    left = [retries] * len(readings)
    # A content filter would refuse the same text again. A reply that is readable but has fewer entries than asked for is
    # no fault: the next round asks for the rest. So the shipped recordings, whose replies are all readable, need no
    # reply to a correction.
    while faulty := [place for place, reading in enumerate(readings) if left[place] and reading.fault not in ("", FILTERED)]:
        for place in faulty:
            prompts[place] = _corrected(prompts[place], readings[place])
        later = _readings(teacher, [prompts[place] for place in faulty], kind, [limits[place] for place in faulty])
        for place, reading in zip(faulty, later, strict=True):
            before = len(readings[place].entries)
            readings[place] = readings[place].then(reading)
            # A teacher that repeats itself with new words would go on for ever, so there is a limit.
            goes_on = before < len(readings[place].entries) < inquiries[place].entries
            left[place] -= not (reading.fault == CUT_OFF and goes_on)
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
