"""A limit on what a command pays for: prompts in, replies out, until the next request might pass it.

Before a request is sent, the most that it can cost is set aside: a token holds at least one byte, and no reply is longer than it
may be. So as many requests go out at once as the rest of the budget covers even at their worst (as one batch, where a model is
asked so); what they really cost is then counted, and the next ones go out.
"""

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

from pydantic import BaseModel, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.data.text import most_tokens
from runner.errors import Fault
from runner.model import Model
from runner.spending.usage import Prices, Spent, batched, hosted, member, price_of
from runner.store.reply_cache import Chosen, freely

LEAST = 0.1  # of what is left to ask: for fewer, at the end of a budget, no batch is begun that may take a day


@component
class Budget:
    """The most that a command may pay for; None is no limit."""

    usd: PositiveFloat | None = None
    tokens: PositiveInt | None = None
    requests: PositiveInt | None = None


@dataclass
class Bill:
    """What was paid for so far, or may have to be."""

    usd: float = 0.0
    tokens: int = 0
    requests: int = 0

    def add(self, spent: Spent, prices: Prices, times: int = 1) -> None:
        """One more item; `times` is -1 where it was set aside and is not any more."""
        self.usd += times * spent.usd(prices)
        self.tokens += times * spent.tokens
        self.requests += times * spent.requests


COMMAND = Bill()  # of this process: a sweep's runs share it where they run one after the other


class Purse:
    """Asks hosted models as far as a budget goes; `asking` of a model that remembers."""

    def __init__(self, budget: Budget, prices: Prices, bill: Bill = COMMAND) -> None:
        """What is paid for is added to `bill`."""
        self.budget, self.prices, self.bill = budget, prices, bill
        self.limits = {part.name: limit for part in fields(Budget) if (limit := getattr(budget, part.name)) is not None}

    def check(self, model: Model) -> None:
        """Raise a Fault where dollars are limited and a model has no price."""
        members = getattr(model, "members", {"": model}).values()
        for one in members if self.budget.usd is not None else ():
            if price_of(one.name, hosted(one), self.prices) is None:
                raise Fault(
                    f"budget.usd={self.budget.usd:g}: the price of {one.name} is not known. Say it, in US dollars for a million "
                    f"tokens: '+prices={{{one.name}: {{input: ..., output: ...}}}}'; or limit budget.tokens or budget.requests"
                )

    def ask(self, model: Model, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Replies as they arrive; a Fault before the budget would be passed, when all that was asked for has arrived."""
        if not self.limits:
            yield from freely(model, prompts)
            return
        start = 0
        while start < len(prompts):
            end = self._affordable(model, prompts, start)
            least = LEAST * (len(prompts) - start) if start and batched(member(model, prompts[start])) else 1
            if end - start < max(1, least):
                raise Fault(self._spent("another request"))
            for place, reply in model.ask(Chosen(prompts, range(start, end))):
                self.bill.add(_paid(model, prompts[start + place], reply), self.prices)
                yield start + place, reply
            start = end

    def check_tuning(self, model: Model, epochs: int | str) -> None:
        """Raise a Fault where a limit is set and nobody can tell what it costs at most that a host tunes a model."""
        price = price_of(model.name, True, self.prices)
        if self.limits and epochs == "auto":
            raise Fault("a budget needs to know how long the host tunes: tuner.epochs is auto. Name a number: tuner.epochs=3")
        if self.budget.usd is not None and price and (price.training is None or price.tuned is None):
            raise Fault(
                f"budget.usd={self.budget.usd:g}: the price of tuning {model.name}, or of what is tuned, is not known. Say both: "
                f"'+prices={{{model.name}: {{training: ..., tuned: {{input: ..., output: ...}}}}}}'; or limit budget.tokens"
            )

    def once(self, what: str, most: Spent, work: Callable[[], Spent]) -> Spent:
        """What `work` did cost, which is `most` at worst; a Fault, and no work, where that might pass the budget."""
        bill, alone = replace(self.bill), Bill()
        for one in (bill, alone):
            one.add(most, self.prices)
        if not self._holds(bill):
            told = ", ".join(f"{getattr(alone, name):.6g} {name}" for name in self.limits)
            raise Fault(self._spent(f"{what}, which takes up to {told},"))
        self.bill.add(most, self.prices)
        real = work()
        self.bill.add(most, self.prices, times=-1)
        self.bill.add(real, self.prices)
        return real

    def _holds(self, bill: Bill) -> bool:
        return all(getattr(bill, name) <= limit for name, limit in self.limits.items())

    def _affordable(self, model: Model, prompts: Sequence[Prompt], start: int) -> int:
        """Where the prompts end that are within the budget at their worst."""
        bill = replace(self.bill)
        for place in range(start, len(prompts)):
            bill.add(_worst(model, prompts[place]), self.prices)
            if not self._holds(bill):
                return place
        return len(prompts)

    def _spent(self, what: str) -> str:
        told = ", ".join(f"{getattr(self.bill, name):.6g} of budget.{name}={limit:g}" for name, limit in self.limits.items())
        command = shlex.join(["run.py", *sys.argv[1:]])
        return (
            f"stopped before the budget is passed: this command used {told}, and {what} might pass it. Everything so "
            f"far is kept. To go on from there with as much again: {command}"
        )


def _worst(model: Model, prompt: Prompt) -> Spent:
    """The most that a request can cost."""
    of = member(model, prompt)
    if not hosted(of):
        return Spent(model=of.name, hosted=False)
    texts = most_tokens([turn.content for turn in prompt.messages])
    form = _bytes(prompt.schema) if prompt.schema else 0
    told = {"prompt_tokens": texts + form, "reply_tokens": prompt.tokens}
    return Spent(model=of.name, hosted=True, batch=batched(of), requests=1, **told)


def _paid(model: Model, prompt: Prompt, reply: Reply) -> Spent:
    """What a request did cost; at its worst where the server does not tell."""
    worst = _worst(model, prompt)
    if not worst.hosted or not reply.prompt_tokens + reply.reply_tokens:
        return worst
    told = {"prompt_tokens": reply.prompt_tokens, "reply_tokens": reply.reply_tokens}
    return Spent(model=worst.model, hosted=True, batch=reply.batch, requests=1, **told)


@cache
def _bytes(schema: type[BaseModel]) -> int:
    return len(json.dumps(schema.model_json_schema()).encode())
