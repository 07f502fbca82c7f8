"""Rounds of requests for pairs: units in, labels and a ledger out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeAlias, TypeVar

from runner.data.records import Label, Labelling
from runner.data.refusals import reason_to_drop
from runner.data.text import normal
from runner.method.asking import Inquiry, Tally, ask, tell_unread
from runner.method.forms import NOT_NUMBERED, FactPair, Pair, WrittenDocument
from runner.method.reading import Reading
from runner.model import Model

U = TypeVar("U")
Written: TypeAlias = Pair | FactPair | WrittenDocument

# The names of what is asked for, in ledgers and messages.
NAMES: dict[type[Written], str] = {Pair: "pairs", FactPair: "pairs", WrittenDocument: "documents"}

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
class Group(Generic[U]):
    """Units that share requests, with the number of these."""

    units: Sequence[Unit[U]]
    rounds: int = 0

    def next_units(self, pairs: int) -> list[Unit[U]]:
        """Return the units of the next request.

        It asks for `pairs` pairs on each. There is no unit where all were given up.
        """
        # Which units these are must not depend on the scale, or a larger scale would ask otherwise and get other labels. So
        # those behind are asked about until they have come to the multiple of `pairs` at which the others wait.
        open_units = [unit for unit in self.units if unit.empty_rounds < EMPTY_ROUNDS]
        level = min((unit.position // pairs + 1 for unit in open_units), default=0) * pairs
        return [unit for unit in open_units if unit.position < level]


class Pairs(Generic[U]):
    """Requests for pairs, in rounds, until each unit has enough.

    A document with its question counts as a pair.
    """

    def __init__(self, teacher: Model, pairs: int, tokens: int, longest: int, retries: int, kind: type[Written] = Pair) -> None:
        """Keep the settings of the requests.

        A request asks for `pairs` pairs on each of its units, `tokens` limits a reply, and answers of more than `longest`
        characters are dropped. `kind` is the form of a reply's entries. Only a FactPair tells several units apart.
        """
        self.teacher, self.pairs, self.tokens, self.longest, self.retries = teacher, pairs, tokens, longest, retries
        self.kind, self.tally, self.seen, self.readings = kind, Tally(NAMES[kind]), set[str](), list[Reading[Written]]()

    def gather(
        self,
        groups: Sequence[Group[U]],
        scale: float,
        prompt: Callable[[Sequence[Unit[U]]], str],
        place: Callable[[Unit[U], Pair], tuple[Label, float]],
    ) -> Labelling:
        """Collect labels for every unit up to `scale`.

        `prompt` writes the request for the units of a group. `place` makes a label of a pair and returns the step to the unit's
        next position. A unit that has three rounds in a row without a new pair is given up; it counts as short.
        """
        # A question may be asked only once in all labels. So the order in which replies are taken decides which unit keeps a
        # duplicate. It must not depend on the scale, or the labels of a smaller scale would not be contained in those of a
        # larger one. Hence replies are taken by the position at which their request began: a label can then only repeat
        # labels of lower positions, and every larger scale has those too.
        queue = [(0.0, 0, number) for number, group in enumerate(groups) if group.units]
        readings = dict[int, tuple[list[Unit[U]], Reading[Written]]]()
        while queue:
            if queue[0][-1] not in readings:
                # All requests that are known by now are sent together, since hosts answer many at once.
                missing = sorted(number for *_, number in queue if number not in readings)
                units = [groups[number].next_units(self.pairs) for number in missing]
                readings |= zip(missing, zip(units, self._ask(units, prompt), strict=True), strict=True)
            *_, number = heappop(queue)
            self._take(*readings.pop(number), place)
            groups[number].rounds += 1
            following = groups[number].next_units(self.pairs)
            if (position := min((unit.position for unit in following), default=scale)) < scale:
                # The rounds are part of the order, so that a group that got nothing waits for the others at its position. It
                # would otherwise be first again at once, and asked alone.
                heappush(queue, (position, groups[number].rounds, number))
        tell_unread(self.teacher, NAMES[self.kind], self.readings)
        everything = [unit for group in groups for unit in group.units]
        return Labelling(
            labels=tuple(label for unit in everything for label in unit.labels),
            ledgers=(self.tally.close(),),
            short=sum(unit.position < scale for unit in everything),
            units=len(everything),
        )

    def _ask(self, requests: Sequence[Sequence[Unit[U]]], prompt: Callable[[Sequence[Unit[U]]], str]) -> list[Reading[Written]]:
        """Ask for pairs on the units of each request."""
        # After a round that brought nothing the request is the same as before, and would find the reply that is kept for it. As
        # another attempt it is a new request.
        inquiries = [
            Inquiry(prompt(units), min(unit.empty_rounds for unit in units), len(units), self.pairs * len(units))
            for units in requests
        ]
        return ask(self.teacher, inquiries, self.kind, self.tokens, self.retries)

    def _take(
        self, units: Sequence[Unit[U]], reading: Reading[Written], place: Callable[[Unit[U], Pair], tuple[Label, float]]
    ) -> None:
        """Add the usable pairs of a reply to their units."""
        # `tell_unread` wants them only if none can be read, so one that was read stands for all before it.
        if reading.entries or not reading.fault:
            self.readings.clear()
        self.readings.append(reading)
        self.tally.again += reading.retries
        for unit, pairs in zip(units, self._shared(reading, len(units)), strict=True):
            before = len(unit.labels)
            for pair in self._usable(pairs, reading.fault):
                label, step = place(unit, pair)
                unit.labels.append(label)
                unit.position += step
            unit.rounds += 1
            unit.empty_rounds = 0 if len(unit.labels) > before else unit.empty_rounds + 1

    def _shared(self, reading: Reading[Written], units: int) -> list[list[Written]]:
        """Return the pairs of each unit; count those of none."""
        shares: list[list[Written]] = [[] for _ in range(units)]
        for entry in reading.entries:
            number = entry.fact if isinstance(entry, FactPair) else 1
            if 1 <= number <= units:
                shares[number - 1].append(entry)
            else:
                self.tally.requested += 1
                self.tally.filtered["without the number of a fact" if number == NOT_NUMBERED else "number of no fact"] += 1
        return shares

    def _usable(self, pairs: Sequence[Written], fault: str) -> Iterator[Pair]:
        """Yield the pairs of a unit to keep; count all others by reason."""
        tally = self.tally
        # A pair that nobody asked for is requested and filtered, so that the ledger adds up.
        tally.requested += max(self.pairs, len(pairs))
        if len(pairs) < self.pairs:
            tally.failed[fault or "fewer than asked for"] += self.pairs - len(pairs)
        if len(pairs) > self.pairs:
            tally.filtered["more than asked for"] += len(pairs) - self.pairs
        for pair in pairs[: self.pairs]:
            reason = reason_to_drop(pair.question, pair.answer, self.longest)
            if not reason and normal(pair.question) in self.seen:
                reason = "duplicate"
            if reason:
                tally.filtered[reason] += 1
            else:
                tally.kept += 1
                self.seen.add(normal(pair.question))
                yield Pair(question=pair.question.strip(), answer=pair.answer.strip())
