"""What methods share: putting prompts to a teacher, asking again where a reply can't be read, and keeping count."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Generic, TypeVar

from runner.data.records import Label, Labelling, Ledger, Message, Prompt
from runner.data.text import normal
from runner.method.reading import FILTERED, FORMS, Pair, Reading, read
from runner.model import Model

U = TypeVar("U")
T = TypeVar("T")


@dataclass
class Unit(Generic[U]):
    """What labels are asked for (a section or a fact) and those kept so far; `position` is where the next one stands.

    `asked` counts its rounds, `barren` those since the last that brought something new.
    """

    source: U
    labels: list[Label] = field(default_factory=list)
    position: float = 0
    asked: int = 0
    barren: int = 0


@dataclass
class Account:
    """The ledger while it is being written."""

    stage: str
    requested: int = 0
    kept: int = 0
    filtered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    again: int = 0

    def close(self) -> Ledger:
        """The ledger, which refuses to be made where it does not reconcile."""
        return Ledger(
            stage=self.stage,
            requested=self.requested,
            kept=self.kept,
            filtered=dict(self.filtered),
            failed=dict(self.failed),
            again=self.again,
        )


PLACE = r"\{([A-Za-z_]\w*)\}"  # of a value in a template


def fill(template: str, **values: object) -> str:
    """The template with each {name} that is given replaced; every other brace stays as it is."""
    return re.sub(PLACE, lambda match: str(values.get(match[1], match[0])), template)


def unfill(template: str, text: str) -> dict[str, str] | None:
    """What `fill` put into the template, by name; None where the text was not made of it."""
    parts, names, pattern = re.split(PLACE, template), set[str](), ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in names else f"(?P<{part}>.*?)"
            names.add(part)
    found = re.fullmatch(pattern, text, flags=re.DOTALL)
    return found.groupdict() if found else None


def ask(
    teacher: Model, texts: Sequence[str], kind: type[T], tokens: int, again: int, attempts: Sequence[int] = ()
) -> list[Reading[T]]:
    """What the teacher's replies hold, one for each text, in the order of the texts.

    Where a reply can't be read, or not all of it, the teacher is told so and asked again, `again` times at most; what its
    replies hold together counts. A content filter is not asked again, it would say the same. Nor is a reply that is right but
    holds fewer than asked for: the next round asks for the rest. So a recording without faults (the shipped ones are) answers
    every request; one of a teacher that was asked again holds the replies to that too. `attempts` says how often each text
    was asked in earlier rounds.
    """
    prompts = [
        Prompt(messages=(Message(role="user", content=text),), tokens=tokens, attempt=attempt, schema=FORMS[kind])
        for text, attempt in zip(texts, attempts or [0] * len(texts), strict=True)
    ]
    readings = _readings(teacher, prompts, kind)
    for _ in range(again):
        faulty = [place for place, reading in enumerate(readings) if reading.fault not in ("", FILTERED)]
        if not faulty:
            break
        for place in faulty:
            prompts[place] = _corrected(prompts[place], readings[place])
        for place, reading in zip(faulty, _readings(teacher, [prompts[place] for place in faulty], kind), strict=True):
            readings[place] = readings[place].then(reading)
    return readings


def _readings(teacher: Model, prompts: Sequence[Prompt], kind: type[T]) -> list[Reading[T]]:
    readings = {place: read(reply, kind) for place, reply in teacher.ask(prompts)}
    return [readings[place] for place in range(len(prompts))]


def _corrected(prompt: Prompt, reading: Reading[T]) -> Prompt:
    """The prompt, the reply with as much of it as its tokens could have held, and what is wrong with it."""
    said = reading.said[: 10 * prompt.tokens].strip() or "(nothing)"  # servers refuse an empty turn
    turns = Message(role="assistant", content=said), Message(role="user", content=reading.told)
    return replace(prompt, messages=(*prompt.messages, *turns))


class Pairs(Generic[U]):
    """Asks for pairs round by round until each unit has enough, and keeps those that are fit to train on.

    `prompt` writes the request for a unit, `place` makes a label of a pair and says how far it takes the unit.
    """

    def __init__(self, teacher: Model, pairs: int, tokens: int, longest: int, again: int) -> None:
        """Ask for `pairs` at a time in replies of `tokens` at most; drop answers of more than `longest` characters."""
        self.teacher, self.pairs, self.tokens, self.longest, self.again = teacher, pairs, tokens, longest, again
        self.account, self.seen = Account("pairs"), set[str]()

    def gather(
        self,
        units: Sequence[Unit[U]],
        scale: float,
        prompt: Callable[[Unit[U]], str],
        place: Callable[[Unit[U], Pair], tuple[Label, float]],
    ) -> Labelling:
        """Labels of every unit up to `scale`; a unit that three rounds in a row bring nothing new is left short.

        Replies are asked for together, but taken in the order of the positions that they start from. So all that a label
        may not repeat stands below it, and a larger scale begins with the labels of a smaller one.
        """
        queue, readings = [(unit.position, unit.barren, number) for number, unit in enumerate(units)], dict[int, Reading[Pair]]()
        while queue:
            if queue[0][-1] not in readings:
                missing = sorted(number for *_, number in queue if number not in readings)
                texts, attempts = [prompt(units[number]) for number in missing], [units[number].barren for number in missing]
                readings |= zip(missing, ask(self.teacher, texts, Pair, self.tokens, self.again, attempts), strict=True)
            *_, number = heappop(queue)
            unit = units[number]
            self._take(unit, readings.pop(number), place)
            if unit.position < scale and unit.barren < 3:
                heappush(queue, (unit.position, unit.barren, number))  # a barren unit waits, lest it be asked alone
        return Labelling(
            labels=tuple(label for unit in units for label in unit.labels),
            ledgers=(self.account.close(),),
            short=sum(unit.position < scale for unit in units),
            units=len(units),
        )

    def _take(self, unit: Unit[U], reading: Reading[Pair], place: Callable[[Unit[U], Pair], tuple[Label, float]]) -> None:
        before = len(unit.labels)
        for pair in self._fit(reading):
            label, step = place(unit, pair)
            unit.labels.append(label)
            unit.position += step
        unit.asked += 1
        unit.barren = 0 if len(unit.labels) > before else unit.barren + 1

    def _fit(self, reading: Reading[Pair]) -> Iterator[Pair]:
        """The pairs that may be kept; what becomes of all that were asked for or written goes into the account."""
        account, found = self.account, reading.entries
        account.requested += max(self.pairs, len(found))
        account.again += reading.again
        if len(found) < self.pairs:
            account.failed[reading.fault or "fewer than asked for"] += self.pairs - len(found)
        if len(found) > self.pairs:
            account.filtered["more than asked for"] += len(found) - self.pairs
        for pair in found[: self.pairs]:
            if reason := self._fault(pair):
                account.filtered[reason] += 1
            else:
                account.kept += 1
                self.seen.add(normal(pair.question))
                yield Pair(question=pair.question.strip(), answer=pair.answer.strip())

    def _fault(self, pair: Pair) -> str:
        if not pair.question.strip() or not pair.answer.strip():
            return "empty"
        if len(pair.answer) > self.longest:
            return "over-long"
        return "duplicate" if normal(pair.question) in self.seen else ""


def earlier(labels: Sequence[Label]) -> str:
    """The questions already written, a line each, so that the teacher does not write them again."""
    return "\n".join(f"- {label.question}" for label in labels) or "(none yet)"
