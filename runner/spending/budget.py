"""A budget: the most that one command pays hosted models.

As many requests are sent at once as the rest of the budget covers, even at their highest cost. When they are answered, their
real cost is counted, and the next ones are sent. So the budget is never passed, and never far from used up. All processes of a
command share its ledger: what one has reserved, another does not spend.
"""

import json
import logging
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from pydantic import BaseModel, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.data.text import most_tokens
from runner.errors import Fault
from runner.model import Model, answering_member, is_paid, members, uses_batches
from runner.spending.ledger import Book, PaymentLedger, Reservation, Total, current_ledger, reserve
from runner.spending.prices import Prices, price_of
from runner.spending.usage import Usage
from runner.store.reply_cache import PromptSelection, ask_all

# A batch may take a day. So near the end of a budget no batch is begun that holds less than this share of what is left.
LEAST = 0.1
WAIT = 0.5  # seconds between two looks at a ledger in which others have reserved the rest

log = logging.getLogger("runner")


@component
class Budget:
    """The limits of a command; None is no limit."""

    usd: PositiveFloat | None = None
    tokens: PositiveInt | None = None
    requests: PositiveInt | None = None


class BudgetGuard:
    """Asks hosted models only as far as a budget allows."""

    def __init__(self, budget: Budget, prices: Prices, ledger: PaymentLedger | None = None) -> None:
        """Count all costs in a ledger, usually the command's."""
        self.budget, self.prices, self.ledger = budget, prices, ledger or current_ledger()
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
            reservation, end = self._reserve_round(model, prompts, start)
            part = _Round(prompts, range(start, end))
            with reservation:
                try:
                    for place, reply in model.ask(part):
                        most = _highest(model, prompts[start + place])
                        reservation.pay(most, _paid(most, reply))
                        yield start + place, reply
                finally:
                    for place in part.never_read():
                        reservation.release(_highest(model, prompts[start + place]))
            start = end

    def once(self, description: str, most: Usage, work: Callable[[], Usage]) -> Usage:
        """Do a piece of paid work and return its cost.

        `most` is its highest cost. Raise a Fault, and do nothing, where that might pass the budget.
        """
        amount = Total()
        amount.add(most, self.prices)
        # The highest cost is named, so that the user can raise the budget once and for all.
        cost = ", ".join(f"{asdict(amount)[name]:.6g} {name}" for name in self.limits)
        with self._reserve(
            lambda total: amount if self._within(total + amount) else None, f"{description}, which takes up to {cost},"
        ) as reservation:
            real = work()
            reservation.pay(most, real)
        return real

    def _within(self, total: Total) -> bool:
        amounts = asdict(total)
        return all(amounts[name] <= limit for name, limit in self.limits.items())

    def _reserve(self, choose: Callable[[Total], Total | None], reason: str) -> Reservation:
        """Reserve what `choose` makes of the total that counts already.

        None is nothing: wait then, as long as another process may release some of its reservation. Raise a Fault where none can.
        """
        waits = False
        while True:
            book = self.ledger.read()
            if amount := choose(book.total):
                # Choosing may take long, and the ledger is not locked meanwhile. Another process may have been first.
                if reservation := reserve(self.ledger, self.prices, amount, self._within):
                    return reservation
                continue
            # One that ended after the first look has released its reservation; then there is more to choose from.
            if not self.ledger.others_at_work(book) and self.ledger.read().reserved.keys() == book.reserved.keys():
                raise Fault(self._stopped(book, reason))
            if not waits:
                log.info("waiting: other runs of this command have reserved the rest of its budget")
            waits = True
            time.sleep(WAIT)

    def _reserve_round(self, model: Model, prompts: Sequence[Prompt], start: int) -> tuple[Reservation, int]:
        """Reserve requests from `start` on, and return their end."""
        # The first batch may be as small as it has to be: a small budget should buy something.
        least = LEAST * (len(prompts) - start) if start and uses_batches(answering_member(model, prompts[start])) else 1
        end = start

        def affordable(total: Total) -> Total | None:
            # A model's highest cost is far above its usual one. So a budget lasts for several rounds, which get smaller.
            nonlocal end
            amount, after = Total(), replace(total)
            for end in range(start, len(prompts) + 1):
                if end == len(prompts):
                    break
                highest = _highest(model, prompts[end])
                after.add(highest, self.prices)
                if not self._within(after):
                    break
                amount.add(highest, self.prices)
            return amount if end - start >= max(1, least) else None

        return self._reserve(affordable, "another request"), end

    def _stopped(self, book: Book, reason: str) -> str:
        amounts = asdict(book.total)
        # Only processes that were killed have left any: this function is called where no other one is at work.
        left = [name for name in book.reserved if not name.startswith(f"{self.ledger.holder}/")]
        killed = "What runs that were killed had reserved counts too, since it may be charged for. " if left else ""
        used = ", ".join(f"{amounts[name]:.6g} of budget.{name}={limit:g}" for name, limit in self.limits.items())
        return (
            f"stopped before the budget is passed: this command used {used}, and {reason} might pass it. {killed}Everything so "
            f"far is kept. To go on from there with as much again: {shlex.join(['run.py', *sys.argv[1:]])}"
        )


class _Round(PromptSelection):
    """Prompts that are put to a model at once; it notes which the model reads.

    A model reads a prompt just before it sends it. So of a round that ends early, the prompts that were never read cost nothing.
    """

    def __init__(self, prompts: Sequence[Prompt], places: range) -> None:
        super().__init__(prompts, places)
        self._read = bytearray(len(places))

    def __getitem__(self, place: Any) -> Any:
        numbers = range(len(self))[place]
        for number in numbers if isinstance(numbers, range) else (numbers,):
            self._read[number] = True
        return super().__getitem__(place)

    def never_read(self) -> Iterator[int]:
        """Yield the places of prompts that the model never read."""
        return (number for number, read in enumerate(self._read) if not read)


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


def _paid(highest: Usage, reply: Reply) -> Usage:
    """Return the cost of a request that was answered."""
    # Some servers count no tokens. Then the highest cost counts, or the budget could be passed.
    if not highest.hosted or not reply.prompt_tokens + reply.reply_tokens:
        return highest
    paid = replace(highest, batch=reply.batch, prompt_tokens=reply.prompt_tokens, reply_tokens=reply.reply_tokens)
    return replace(paid, cached_tokens=reply.cached_tokens)


@cache
def _bytes(schema: type[BaseModel]) -> int:
    # The server counts the schema of a structured reply as part of the prompt.
    return len(json.dumps(schema.model_json_schema()).encode())
