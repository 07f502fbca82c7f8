"""What methods share: putting prompts to a teacher, reading pairs out of its replies, and keeping count."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from runner.model import Model
from runner.records import Label, Labelling, Ledger, Message, Prompt
from runner.wording import normal

U = TypeVar("U")
T = TypeVar("T")


class Pair(BaseModel):
    """One question/answer pair as a teacher writes it."""

    question: str
    answer: str


@dataclass
class Unit(Generic[U]):
    """What labels are asked for (a section or a fact) and those kept so far; `position` is where the next one stands."""

    source: U
    labels: list[Label] = field(default_factory=list)
    position: float = 0
    asked: int = 0


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


def ask(teacher: Model, texts: Sequence[str], tokens: int) -> list[str]:
    """The teacher's replies, one for each text, in the order of the texts."""
    prompts = [Prompt(messages=(Message(role="user", content=text),), tokens=tokens) for text in texts]
    replies = dict(teacher.ask(prompts))
    return [replies[index].text for index in range(len(prompts))]


def parse(reply: str, kind: type[T]) -> list[T] | None:
    """The JSON array in a reply, with or without a code fence or words around it; None where there is none."""
    found = re.search(r"\[.*\]", reply, flags=re.DOTALL)
    if not found:
        return None
    try:
        return TypeAdapter(list[kind]).validate_python(json.loads(found[0]), strict=True)  # type: ignore[valid-type]
    except (ValueError, ValidationError):
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
        """Labels of every unit up to `scale`; a unit that three rounds in a row bring nothing new is left short."""
        barren: Counter[int] = Counter()
        while open_units := [unit for unit in units if unit.position < scale and barren[id(unit)] < 3]:
            replies = ask(self.teacher, [prompt(unit) for unit in open_units], self.tokens)
            for unit, reply in zip(open_units, replies, strict=True):
                before = len(unit.labels)
                for pair in self._fit(reply):
                    label, step = place(unit, pair)
                    unit.labels.append(label)
                    unit.position += step
                unit.asked += 1
                barren[id(unit)] = 0 if len(unit.labels) > before else barren[id(unit)] + 1
        return Labelling(
            labels=tuple(label for unit in units for label in unit.labels),
            ledgers=(self.account.close(),),
            short=sum(unit.position < scale for unit in units),
            units=len(units),
        )

    def _fit(self, reply: str) -> Iterator[Pair]:
        """The reply's pairs that may be kept; what becomes of all those asked for goes into the account."""
        account, found = self.account, parse(reply, Pair)
        account.requested += self.pairs
        if found is None:
            account.failed["unreadable reply"] += self.pairs
            return
        found = found[: self.pairs]
        if len(found) < self.pairs:
            account.failed["fewer than asked for"] += self.pairs - len(found)
        for pair in found:
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
    """The non-empty strings of the JSON array in a reply; None where it holds none."""
    found: list[Any] | None = parse(reply, str)
    return None if found is None else [text.strip() for text in found if text.strip()]
