"""A budget: the most that one command pays hosted models.

As many requests are sent at once as the rest of the budget covers, even at their highest cost. When they are answered, their
real cost is counted, and the next ones are sent. So the budget is never passed, and never far from used up.
"""

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

from pydantic import BaseModel, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.data.text import most_tokens
from runner.errors import Fault
from runner.model import Model, answering_member, is_paid, members, uses_batches
from runner.spending.prices import Prices, price_of
from runner.spending.usage import Usage
from runner.store.reply_cache import PromptSelection, ask_all

# A batch may take a day. So near the end of a budget no batch is begun that holds less than this share of what is left.
LEAST = 0.1


@component
class Budget:
    """The limits of a command; None is no limit."""

    usd: PositiveFloat | None = None
    tokens: PositiveInt | None = None
    requests: PositiveInt | None = None


@dataclass
class Total:
    """Dollars, tokens and requests that were paid for or reserved."""

    usd: float = 0.0
    tokens: int = 0
    requests: int = 0

    def add(self, usage: Usage, prices: Prices, times: int = 1) -> None:
        """Add one item; `times` is -1 to release a reservation."""
        self.usd += times * usage.usd(prices)
        self.tokens += times * usage.tokens
        self.requests += times * usage.requests


# One total for the process: the runs of a sweep follow each other in it, and share the budget of their command. Where a
# launcher runs jobs in several processes, each has its own.
COMMAND = Total()


class BudgetGuard:
    """Asks hosted models only as far as a budget allows."""

    def __init__(self, budget: Budget, prices: Prices, total: Total = COMMAND) -> None:
        """Count all costs in `total`."""
        self.budget, self.prices, self.total = budget, prices, total
        self.limits = {name: limit for name, limit in asdict(budget).items() if limit is not None}

    def check(self, model: Model) -> None:
        """Raise a Fault if dollars are limited without a price."""
        if self.budget.usd is None:
            return
        # A cost of nan compares as false with every limit, so an unknown price would stop the first request.
        for member in members(model):
            if price_of(member.name, is_paid(member), self.prices) is None:
                raise Fault(
                    f"budget.usd={self.budget.usd:g}: the price of {member.name} is not known. Give it in US dollars for a "
                    f"million tokens: '+prices={{{member.name}: {{input: ..., output: ...}}}}'; or limit budget.tokens or "
                    "budget.requests"
                )

    def check_tuning(self, model: Model, epochs: int | str) -> None:
        """Raise a Fault if tuning may cost without limit."""
        price = price_of(model.name, True, self.prices)
        # With auto the host decides how many tokens it trains on, and no limit holds.
        if self.limits and epochs == "auto":
            raise Fault("a budget needs the number of epochs, and tuner.epochs is auto. Set a number: tuner.epochs=3")
        if self.budget.usd is not None and price and (price.training is None or price.tuned is None):
            raise Fault(
                f"budget.usd={self.budget.usd:g}: the price of tuning {model.name}, or of the tuned model, is not known. Give "
                f"both: '+prices={{{model.name}: {{training: ..., tuned: {{input: ..., output: ...}}}}}}'; or limit budget.tokens"
            )

    def ask(self, model: Model, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield replies as they arrive.

        Raise a Fault before the budget would be passed, after all that was asked so far has arrived.
        """
        if not self.limits:
            yield from ask_all(model, prompts)
            return
        start = 0
        while start < len(prompts):
            end = self._affordable(model, prompts, start)
            # The first batch may be as small as it has to be: a small budget should buy something.
            least = LEAST * (len(prompts) - start) if start and uses_batches(answering_member(model, prompts[start])) else 1
            if end - start < max(1, least):
                raise Fault(self._stopped("another request"))
            for place, reply in model.ask(PromptSelection(prompts, range(start, end))):
                self.total.add(_paid(model, prompts[start + place], reply), self.prices)
                yield start + place, reply
            start = end

    def once(self, description: str, most: Usage, work: Callable[[], Usage]) -> Usage:
        """Do a piece of paid work and return its cost.

        `most` is its highest cost. Raise a Fault, and do nothing, where that might pass the budget.
        """
        after = replace(self.total)
        after.add(most, self.prices)
        if not self._within(after):
            # The highest cost is named, so that the user can raise the budget once and for all.
            alone = Total()
            alone.add(most, self.prices)
            cost = ", ".join(f"{asdict(alone)[name]:.6g} {name}" for name in self.limits)
            raise Fault(self._stopped(f"{description}, which takes up to {cost},"))
        # Where the work raises an error, the reservation stays: the host may charge for what it began.
        self.total.add(most, self.prices)
        real = work()
        self.total.add(most, self.prices, times=-1)
        self.total.add(real, self.prices)
        return real

    def _within(self, total: Total) -> bool:
        amounts = asdict(total)
        return all(amounts[name] <= limit for name, limit in self.limits.items())

    def _affordable(self, model: Model, prompts: Sequence[Prompt], start: int) -> int:
        """Return the end of the prompts that the budget covers."""
        # A model's highest cost is far above its usual one. So a budget lasts for several rounds, which get smaller.
        after = replace(self.total)
        for place in range(start, len(prompts)):
            after.add(_highest(model, prompts[place]), self.prices)
            if not self._within(after):
                return place
        return len(prompts)

    def _stopped(self, reason: str) -> str:
        amounts = asdict(self.total)
        used = ", ".join(f"{amounts[name]:.6g} of budget.{name}={limit:g}" for name, limit in self.limits.items())
        return (
            f"stopped before the budget is passed: this command used {used}, and {reason} might pass it. Everything so "
            f"far is kept. To go on from there with as much again: {shlex.join(['run.py', *sys.argv[1:]])}"
        )


def _highest(model: Model, prompt: Prompt) -> Usage:
    """Return the most that a request can cost."""
    member = answering_member(model, prompt)
    if not is_paid(member):
        return Usage(model=member.name, hosted=False)
    # A token holds at least one byte, and no reply is longer than its limit.
    texts = most_tokens([turn.content for turn in prompt.messages])
    schema = _bytes(prompt.schema) if prompt.schema else 0
    tokens = {"prompt_tokens": texts + schema, "reply_tokens": prompt.tokens}
    return Usage(model=member.name, hosted=True, batch=uses_batches(member), requests=1, **tokens)


def _paid(model: Model, prompt: Prompt, reply: Reply) -> Usage:
    """Return the cost of a request that was answered."""
    highest = _highest(model, prompt)
    # Some servers count no tokens. Then the highest cost counts, or the budget could be passed.
    if not highest.hosted or not reply.prompt_tokens + reply.reply_tokens:
        return highest
    paid = replace(highest, batch=reply.batch, prompt_tokens=reply.prompt_tokens, reply_tokens=reply.reply_tokens)
    return replace(paid, cached_tokens=reply.cached_tokens)


@cache
def _bytes(schema: type[BaseModel]) -> int:
    # The server counts the schema of a structured reply as part of the prompt.
    return len(json.dumps(schema.model_json_schema()).encode())
