"""Replies to usage by model, and to US dollars."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path

from runner.data.records import Prompt, Reply, read
from runner.model import Model, answering_member, is_paid
from runner.spending.prices import Prices, price_of

USAGE_FILE = "spent.jsonl"  # in the folder of a finished stage


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Requests and tokens of a stage at one model."""

    model: str
    hosted: bool  # a host charges for them
    batch: bool = False  # by the Batch API, at its price
    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0  # of the prompt tokens
    reply_tokens: int = 0
    trained_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Return the tokens in, out and trained on together."""
        return self.prompt_tokens + self.reply_tokens + self.trained_tokens

    def usd(self, prices: Prices) -> float:
        """Return the cost in US dollars, or nan if unknown."""
        price = price_of(self.model, self.hosted, prices)
        # nan and not 0: it stays nan in every sum, and is shown as "unknown". A price without `training` does not make
        # training free.
        if not price or (self.trained_tokens and price.training is None):
            return nan
        cached = price.input if price.cached is None else price.cached
        asking = price.input * (self.prompt_tokens - self.cached_tokens) + cached * self.cached_tokens
        asking += price.output * self.reply_tokens
        return ((price.batch if self.batch else 1.0) * asking + (price.training or 0) * self.trained_tokens) / 1e6


def usage_in(folder: Path) -> tuple[Usage, ...]:
    """Read the usage of a finished stage."""
    # The file is missing where the stage asked no model.
    return read(folder / USAGE_FILE, Usage) if (folder / USAGE_FILE).exists() else ()


class MeteredModel:
    """A model that counts the requests that it answers.

    `cache` is what is asked: the model itself, or a cache in front of it. `model` is who is paid.
    """

    def __init__(self, cache: Model, model: Model) -> None:
        """Begin with nothing counted."""
        self.cache, self.model, self.name = cache, model, model.name
        self._counts: dict[tuple[str, bool, bool], list[int]] = {}

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield replies as they arrive, and count different prompts."""
        # Equal prompts are one request, since the cache asks for each prompt once. Hashes take less memory than prompts.
        counted = set[int]()
        for place, reply in self.cache.ask(prompts):
            key = hash(prompts[place])
            if key not in counted:
                counted.add(key)
                self._count(prompts[place], reply)
            yield place, reply

    def _count(self, prompt: Prompt, reply: Reply) -> None:
        # Each member of a panel has a price of its own, and a reply may come by batch or not.
        member = answering_member(self.model, prompt)
        counts = self._counts.setdefault((member.name, is_paid(member), reply.batch), [0, 0, 0, 0])
        for number, more in enumerate((1, reply.prompt_tokens, reply.cached_tokens, reply.reply_tokens)):
            counts[number] += more

    @property
    def usage(self) -> tuple[Usage, ...]:
        """Return the usage so far, by model and price."""
        return tuple(
            Usage(
                model=model,
                hosted=paid,
                batch=batch,
                requests=requests,
                prompt_tokens=prompts,
                cached_tokens=cached,
                reply_tokens=replies,
            )
            for (model, paid, batch), (requests, prompts, cached, replies) in self._counts.items()
        )


def cost_metrics(stages: Mapping[str, Sequence[Usage]], prices: Prices, gain: float = 0.0) -> dict[str, float]:
    """Return the costs of an arm as metrics by name.

    They are `cost/<stage>/requests`, `tokens`, `cached_tokens` and `usd`, the sum `cost/usd`, and `cost/usd_per_point` for each
    point of accuracy gained. `gain` is a share from 0 to 1.
    """
    metrics: dict[str, float] = {}
    paid: list[float] = []
    for stage, parts in stages.items():
        counts = {
            "requests": sum(part.requests for part in parts),
            "tokens": sum(part.tokens for part in parts),
            "cached_tokens": sum(part.cached_tokens for part in parts),
        }
        # Some models count no tokens. A column of zeros would look like a measurement.
        metrics |= {f"cost/{stage}/{name}": count for name, count in counts.items() if count}
        if costs := [part.usd(prices) for part in parts if part.hosted]:
            metrics[f"cost/{stage}/usd"] = sum(costs)
            paid += costs
    if paid:  # otherwise every model is on this machine, and money is no question
        metrics["cost/usd"] = sum(paid)
        # Where nothing is gained, no number of dollars would buy a point.
        if gain > 0:
            metrics["cost/usd_per_point"] = sum(paid) / (100 * gain)
    return metrics
