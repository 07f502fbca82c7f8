"""A budget is never passed, whatever it limits; what was paid for until then is kept, and the same command goes on."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from runner.data.records import Prompt, Reply, chat
from runner.errors import Fault
from runner.model.panel import Panel
from runner.spending.budget import Budget, BudgetGuard
from runner.spending.ledger import OwnLedger, Total
from runner.spending.prices import Price
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, study

PRICES = {"paid": Price(input=1, output=2)}


class Paid(Scripted):
    """A hosted model that tells 10 tokens in and 5 out for every request."""

    hosted: ClassVar[bool] = True

    def ask(self, prompts):
        """Each reply with its usage."""
        for place, reply in super().ask(prompts):
            yield place, Reply(text=reply.text, prompt_tokens=10, reply_tokens=5)


class ByBatch(Paid):
    """The same by batch; `batches` are the sizes of what it was asked at once."""

    batch: ClassVar[bool] = True

    def ask(self, prompts):
        """Each reply at a batch's price."""
        self.batches = [*getattr(self, "batches", []), len(prompts)]
        for place, reply in super().ask(prompts):
            yield place, replace(reply, batch=True)


def prompts(number: int) -> list[Prompt]:
    return [chat(f"question {place}", "", 20) for place in range(number)]


def teacher(name: str = "paid") -> Paid:
    return Paid(lambda prompt: "yes", name=name)


def test_what_a_host_had_read_before_is_reserved_in_full_and_paid_at_its_price() -> None:
    class Remembering(Paid):
        """A host that had read all of each request before."""

        def ask(self, prompts):
            for place, reply in super().ask(prompts):
                yield place, replace(reply, cached_tokens=10)

    prices = {"paid": Price(input=1, cached=0.1, output=2)}
    for usd, asked in ((5e-4, 10), (1e-5, 0)):  # the second does not cover the highest cost of one request
        model, ledger = Remembering(lambda prompt: "yes", name="paid"), OwnLedger()
        with pytest.raises(Fault) if not asked else nullcontext():
            list(BudgetGuard(Budget(usd=usd), prices, ledger).ask(model, prompts(10)))
        assert (len(model.asked), ledger.book.total.usd) == (asked, pytest.approx(asked * 11e-6))


@pytest.mark.parametrize(
    ("limit", "most"), [({"requests": 37}, 37), ({"tokens": 600}, 40), ({"usd": 0.0008}, 40), ({"usd": 1.0, "requests": 3}, 3)]
)
def test_a_budget_is_used_and_never_passed(limit: dict[str, float], most: int) -> None:
    model, ledger = teacher(), OwnLedger()
    with pytest.raises(Fault, match=r"stopped before the budget is passed: .*run\.py"):
        list(BudgetGuard(Budget(**limit), PRICES, ledger).ask(model, prompts(1000)))
    assert most - 4 <= len(model.asked) <= most
    assert all(getattr(ledger.book.total, name) <= value for name, value in limit.items())


def test_within_the_budget_all_is_asked_and_every_reply_is_at_its_place() -> None:
    model = teacher()
    model.reply = lambda prompt: prompt.messages[-1].content
    replies = dict(BudgetGuard(Budget(tokens=1600), PRICES, OwnLedger()).ask(model, prompts(100)))
    assert [replies[place].text for place in range(100)] == [f"question {place}" for place in range(100)]


def test_a_server_that_tells_no_usage_is_counted_at_its_worst() -> None:
    class Silent(Scripted):
        hosted: ClassVar[bool] = True

    model, ledger = Silent(lambda prompt: "yes", name="paid"), OwnLedger()
    with pytest.raises(Fault):
        list(BudgetGuard(Budget(tokens=500), PRICES, ledger).ask(model, prompts(100)))
    assert 0 < len(model.asked) <= 500 // 20
    assert 400 < ledger.book.total.tokens <= 500


def test_a_batch_is_asked_as_one_with_the_budget_set_aside_for_all_of_it_at_half_the_price() -> None:
    model, ledger = ByBatch(lambda prompt: "yes", name="paid"), OwnLedger()
    assert len(list(BudgetGuard(Budget(usd=0.0035), PRICES, ledger).ask(model, prompts(100)))) == 100
    assert (model.batches, ledger.book.total.usd) == ([100], pytest.approx(100 * 20 / 1e6 / 2))


def test_a_budget_that_is_too_small_for_all_is_used_for_what_fits_and_not_for_ever_smaller_batches() -> None:
    model, ledger = ByBatch(lambda prompt: "yes", name="paid"), OwnLedger()
    with pytest.raises(Fault, match="stopped before the budget is passed"):
        list(BudgetGuard(Budget(usd=0.001), PRICES, ledger).ask(model, prompts(1000)))
    assert 0 < len(model.batches) < 4
    assert 0 < ledger.book.total.usd <= 0.001


def test_what_runs_on_this_machine_costs_nothing() -> None:
    model, ledger = Scripted(lambda prompt: "yes"), OwnLedger()
    assert len(list(BudgetGuard(Budget(usd=0.01, tokens=1, requests=1), {}, ledger).ask(model, prompts(50)))) == 50
    assert ledger.book.total == Total()


def test_the_stages_of_a_command_share_its_budget() -> None:
    ledger, models = OwnLedger(), (teacher(), teacher())
    list(BudgetGuard(Budget(requests=10), PRICES, ledger).ask(models[0], prompts(7)))
    with pytest.raises(Fault):
        list(BudgetGuard(Budget(requests=10), PRICES, ledger).ask(models[1], prompts(7)))
    assert [len(model.asked) for model in models] == [7, 3]


def test_what_was_paid_for_is_kept_and_the_next_command_goes_on(tmp_path: Path) -> None:
    model, replies = teacher(), []
    for _ in range(2):
        asking = CachedModel(model, tmp_path, BudgetGuard(Budget(requests=6), PRICES, OwnLedger()).ask)
        try:
            replies = list(asking.ask(prompts(10)))
        except Fault:
            assert len(model.asked) == 6
    assert (len(replies), len(model.asked)) == (10, 10)


def test_dollars_can_not_be_limited_where_a_price_is_not_known() -> None:
    guard = BudgetGuard(Budget(usd=1), PRICES, OwnLedger())
    guard.check(teacher())
    guard.check(Scripted(lambda prompt: "yes", name="local"))
    for model in (teacher("new"), Panel(members={"one": teacher(), "other": teacher("new")})):
        with pytest.raises(Fault, match=r"the price of new is not known.*prices=\{new: "):
            guard.check(model)
    BudgetGuard(Budget(tokens=1), PRICES, OwnLedger()).check(teacher("new"))


@pytest.mark.parametrize("wrong", ["budget.usd=-1", "budget.tokens=lots", "budget.requests=0", "+budget.euro=1"])
def test_a_budget_that_is_none_is_a_fault_that_names_the_field(wrong: str) -> None:
    with pytest.raises(Fault, match=wrong.lstrip("+").split("=")[0]):
        study(wrong)
