"""What replies cost: models and their replies in; requests, tokens and US dollars by stage out.

A price that is not known makes a cost that is not known: nan, through every sum, told as "unknown" and never as 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import Field, NonNegativeFloat

from runner.component import component
from runner.data.records import Prompt, Reply, read
from runner.data.text import undated
from runner.model import Model

SPENT = "spent.jsonl"


@component
class Price:
    """US dollars for a million tokens that go in, and for a million that come out; `batch` is the share paid by the Batch API.

    Of a model that its host tunes also for a million that it is trained on, and the price of its tuned models.
    """

    input: NonNegativeFloat
    output: NonNegativeFloat
    batch: Annotated[float, Field(ge=0, le=1)] = 0.5
    training: NonNegativeFloat | None = None
    tuned: "Price | None" = None


Prices: TypeAlias = Mapping[str, Price]


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a stage asked of one model, now or before; `hosted` where somebody is paid for it, `batch` at a batch's price."""

    model: str
    hosted: bool
    batch: bool = False
    requests: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    trained_tokens: int = 0

    @property
    def tokens(self) -> int:
        """In, out and trained on together."""
        return self.prompt_tokens + self.reply_tokens + self.trained_tokens

    def usd(self, prices: Prices) -> float:
        """What it cost; nan where the model's price is not known."""
        price = price_of(self.model, self.hosted, prices)
        if not price or (self.trained_tokens and price.training is None):
            return nan
        asked = price.input * self.prompt_tokens + price.output * self.reply_tokens
        return ((price.batch if self.batch else 1.0) * asked + (price.training or 0) * self.trained_tokens) / 1e6


def spent_in(folder: Path) -> tuple[Spent, ...]:
    """What a finished stage asked; nothing where it was made before that was kept."""
    return read(folder / SPENT, Spent) if (folder / SPENT).exists() else ()


def price_of(model: str, hosted: bool, prices: Prices) -> Price | None:
    """A model's price by its id, with or without the date that ends it; nothing where it is on this machine.

    One that was tuned, ft:MODEL:..., has the price that stands as `tuned` at MODEL's.
    """
    if not hosted:
        return Price(input=0, output=0, training=0)
    kind, _, rest = model.partition(":")
    if kind == "ft" and model not in prices:
        beneath = price_of(rest.partition(":")[0], hosted, prices)
        return beneath.tuned if beneath else None
    return prices.get(model) or prices.get(undated(model))


def member(model: Any, prompt: Prompt) -> Any:
    """The model that a prompt goes to: the member of a panel whose turn it is, or the model itself."""
    return member(model.member(prompt), prompt) if hasattr(model, "member") else model


def hosted(model: object) -> bool:
    """Whether somebody is paid for a model's replies."""
    return bool(getattr(model, "hosted", False))


def batched(model: object) -> bool:
    """Whether somebody is paid a batch's price for a model's next replies."""
    return hosted(model) and bool(getattr(model, "batch", False))


class Metered:
    """A model that counts what is asked of it: `asked` replies, and `model` is who is behind it."""

    def __init__(self, asked: Model, model: Model) -> None:
        """Nothing is counted yet."""
        self.asked, self.model, self.name = asked, model, model.name
        self._spent: dict[tuple[str, bool, bool], list[int]] = {}

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """The replies as they come; of equal prompts one is asked and paid for, and counts."""
        counted = set[int]()
        for place, reply in self.asked.ask(prompts):
            if (key := hash(prompts[place])) in counted:
                yield place, reply
                continue
            counted.add(key)
            of = member(self.model, prompts[place])
            counts = self._spent.setdefault((of.name, hosted(of), reply.batch), [0, 0, 0])
            for number, more in enumerate((1, reply.prompt_tokens, reply.reply_tokens)):
                counts[number] += more
            yield place, reply

    @property
    def spent(self) -> tuple[Spent, ...]:
        """What was asked so far, by model, and by batch or not."""
        return tuple(
            Spent(model=model, hosted=paid, batch=batch, requests=requests, prompt_tokens=prompts, reply_tokens=replies)
            for (model, paid, batch), (requests, prompts, replies) in self._spent.items()
        )


def metrics(stages: Mapping[str, Iterable[Spent]], prices: Prices, gain: float = 0.0) -> dict[str, float]:
    """`cost/<stage>/requests`, `tokens` and `usd`, `cost/usd` of them all, and `cost/usd_per_point` of a gain in accuracy.

    Dollars are told where somebody is paid; tokens where a model tells them. A gain is a share from 0 to 1.
    """
    found: dict[str, float] = {}
    paid: list[float] = []
    for stage, spent in stages.items():
        parts = list(spent)
        counts = {"requests": sum(part.requests for part in parts), "tokens": sum(part.tokens for part in parts)}
        found |= {f"cost/{stage}/{name}": count for name, count in counts.items() if count}
        if owed := [part.usd(prices) for part in parts if part.hosted]:
            found[f"cost/{stage}/usd"] = sum(owed)
            paid += owed
    if paid:
        found["cost/usd"] = sum(paid)
        if gain > 0:
            found["cost/usd_per_point"] = sum(paid) / (100 * gain)
    return found
