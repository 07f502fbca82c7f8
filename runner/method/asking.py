"""What methods share: putting prompts to a teacher, reading pairs out of its replies, and keeping count."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from runner.model import Model
from runner.records import Label, Labelling, Ledger, Message, Prompt, digest
from runner.wording import normal

U = TypeVar("U")
T = TypeVar("T")


class Pair(BaseModel):
    """One question/answer pair as a teacher writes it."""

    question: str
    answer: str


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

    def close(self) -> Ledger:
        """The ledger, which refuses to be made where it does not reconcile."""
        return Ledger(
            stage=self.stage,
            requested=self.requested,
            kept=self.kept,
            filtered=dict(self.filtered),
            failed=dict(self.failed),
        )


def fill(template: str, **values: object) -> str:
    """The template with each {name} that is given replaced; every other brace stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), template)


def unfill(template: str, text: str) -> dict[str, str] | None:
    """What `fill` put into the template, by name; None where the text was not made of it."""
    parts, names, pattern = re.split(r"\{(\w+)\}", template), set[str](), ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in names else f"(?P<{part}>.*?)"
            names.add(part)
    found = re.fullmatch(pattern, text, flags=re.DOTALL)
    return found.groupdict() if found else None


def guess_pairs(text: str, pairs: int) -> str:
    """A reply as long as a teacher's to a request for pairs: in the shipped recordings questions hold 17 words, answers 5."""
    of = digest(text)[:8]
    written = (
        {
            "question": f"In which year, and at what place, did number {number} of the {of} first begin?",
            "answer": "On 3 May, Oslo.",
        }
        for number in range(pairs)
    )
    return "[\n" + ",\n".join(json.dumps(pair) for pair in written) + "\n]"


def ask(teacher: Model, texts: Sequence[str], tokens: int, attempts: Sequence[int] = ()) -> list[str]:
    """The teacher's replies, one for each text, in the order of the texts; `attempts` says how often each was asked before."""
    prompts = [
        Prompt(messages=(Message(role="user", content=text),), tokens=tokens, attempt=attempt)
        for text, attempt in zip(texts, attempts or [0] * len(texts), strict=True)
    ]
    replies = dict(teacher.ask(prompts))
    return [replies[index].text for index in range(len(prompts))]


def parse(reply: str, kind: type[T]) -> list[T] | None:
    """The JSON array in a reply, with or without a code fence or words around it; None where there is none."""
    found = re.search(r"\[.*\]", reply, flags=re.DOTALL)
    if not found:
        return None
    try:
        return TypeAdapter(list[kind]).validate_json(found[0], strict=True)  # type: ignore[valid-type]
    except ValidationError:  # of what is no JSON, too: nested without end, or half of a surrogate pair
        return None


class Pairs(Generic[U]):
    """Asks for pairs round by round until each unit has enough, and keeps those that are fit to train on.

    `prompt` writes the request for a unit, `place` makes a label of a pair and says how far it takes the unit.
    """

    def __init__(self, teacher: Model, pairs: int, tokens: int, longest: int) -> None:
        """Ask for `pairs` at a time in replies of `tokens` at most; drop answers of more than `longest` characters."""
        self.teacher, self.pairs, self.tokens, self.longest = teacher, pairs, tokens, longest
        self.account, self.seen = Account("pairs"), set[str]()

    def gather(
        self,
        units: Sequence[Unit[U]],
        scale: float,
        prompt: Callable[[Unit[U]], str],
        place: Callable[[Unit[U], Pair], tuple[Label, float]],
    ) -> Labelling:
        """Labels of every unit up to `scale`; a unit that three rounds in a row bring nothing new is left short.

        Replies are asked for together, but read in the order of the positions that they start from. So all that a label
        may not repeat stands below it, and a larger scale begins with the labels of a smaller one.
        """
        queue, replies = [(unit.position, unit.barren, number) for number, unit in enumerate(units)], dict[int, str]()
        while queue:
            if queue[0][-1] not in replies:
                missing = sorted(number for *_, number in queue if number not in replies)
                texts, attempts = [prompt(units[number]) for number in missing], [units[number].barren for number in missing]
                replies |= zip(missing, ask(self.teacher, texts, self.tokens, attempts), strict=True)
            *_, number = heappop(queue)
            unit = units[number]
            self._take(unit, replies.pop(number), place)
            if unit.position < scale and unit.barren < 3:
                heappush(queue, (unit.position, unit.barren, number))  # a barren unit waits, lest it be asked alone
        return Labelling(
            labels=tuple(label for unit in units for label in unit.labels),
            ledgers=(self.account.close(),),
            short=sum(unit.position < scale for unit in units),
            units=len(units),
        )

    def _take(self, unit: Unit[U], reply: str, place: Callable[[Unit[U], Pair], tuple[Label, float]]) -> None:
        before = len(unit.labels)
        for pair in self._fit(reply):
            label, step = place(unit, pair)
            unit.labels.append(label)
            unit.position += step
        unit.asked += 1
        unit.barren = 0 if len(unit.labels) > before else unit.barren + 1

    def _fit(self, reply: str) -> Iterator[Pair]:
        """The reply's pairs that may be kept; what becomes of all asked for or written goes into the account."""
        account, found = self.account, parse(reply, Pair)
        account.requested += max(self.pairs, len(found or ()))
        if found is None:
            account.failed["unreadable reply"] += self.pairs
            return
        if len(found) < self.pairs:
            account.failed["fewer than asked for"] += self.pairs - len(found)
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


def statements(reply: str) -> list[str] | None:
    """The strings of the JSON array in a reply without the space around them; None where there is no such array."""
    found = parse(reply, str)
    return None if found is None else [text.strip() for text in found]
