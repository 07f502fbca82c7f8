"""What was asked is counted by model, and costs what the prices say; a price that is not known is never 0."""

from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest

from runner.data.records import Prompt, Reply, chat
from runner.model import uses_batches
from runner.model.huggingface import HuggingFace
from runner.model.openai import OpenAI
from runner.model.panel import Panel
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.spending.prices import Price
from runner.spending.usage import MeteredModel, Usage, cost_metrics
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, study
from tests.teacher import corpus, taught_by, teaching

PRICES = {"a": Price(input=1, output=10)}


def asked(model: str, *, hosted: bool = True, batch: bool = False) -> Usage:
    """A thousand requests of a thousand tokens in and a hundred out."""
    return Usage(model=model, hosted=hosted, batch=batch, requests=1000, prompt_tokens=1_000_000, reply_tokens=100_000)


@pytest.mark.parametrize(
    ("model", "hosted", "usd"), [("a", True, 2.0), ("a-2031-05-03", True, 2.0), ("a-mini", True, None), ("a-mini", False, 0.0)]
)
def test_a_model_costs_what_its_price_says(model: str, hosted: bool, usd: float | None) -> None:
    cost = asked(model, hosted=hosted).usd(PRICES)
    assert isnan(cost) if usd is None else cost == usd


def test_what_the_host_had_read_before_has_its_own_price_or_that_of_the_rest() -> None:
    usage = replace(asked("a"), cached_tokens=600_000)
    assert usage.usd({"a": Price(input=1, cached=0.1, output=10)}) == pytest.approx(1 - 0.6 + 0.06 + 1)
    assert usage.usd(PRICES) == 2.0
    assert cost_metrics({"label": [usage]}, PRICES)["cost/label/cached_tokens"] == 600_000


def test_cached_tokens_are_counted_and_kept_with_the_reply(tmp_path: Path) -> None:
    model = Scripted(lambda prompt: "yes")
    remembering = CachedModel(model, tmp_path)
    remembering.keep(chat("a", "", 5), Reply(text="yes", prompt_tokens=10, cached_tokens=8))
    meter = MeteredModel(CachedModel(model, tmp_path), model)
    list(meter.ask([chat("a", "", 5)]))
    assert [(usage.prompt_tokens, usage.cached_tokens) for usage in meter.usage] == [(10, 8)]


def test_by_batch_half_the_price_is_paid_or_the_share_that_the_price_says() -> None:
    assert asked("a", batch=True).usd(PRICES) == 1.0
    assert asked("a", batch=True).usd({"a": Price(input=1, output=10, batch=0.25)}) == 0.5
    assert study("+prices.gpt-5-mini.batch=0.4").settings.prices["gpt-5-mini"].batch == 0.4


def test_replies_that_came_by_batch_are_counted_apart_whichever_way_is_taken_now(tmp_path: Path) -> None:
    model = Scripted(lambda prompt: "yes")
    remembering = CachedModel(model, tmp_path)
    remembering.keep(chat("a", "", 5), Reply(text="yes", prompt_tokens=10, batch=True))
    meter = MeteredModel(remembering, model)
    list(meter.ask([chat(text, "", 5) for text in "ab"]))
    assert {usage.batch: (usage.requests, usage.prompt_tokens) for usage in meter.usage} == {True: (1, 10), False: (1, 0)}


@pytest.mark.parametrize(
    ("model", "batch"),
    [(OpenAI(id="a", batch=True), True), (OpenAI(id="a"), False), (HuggingFace(id="a", batch_size=96), False)],
)
def test_a_batchs_price_is_that_of_hosted_models_alone(model: object, batch: bool) -> None:
    assert uses_batches(model) is batch


def test_tokens_that_were_trained_on_cost_what_training_does_and_without_its_price_nobody_knows() -> None:
    spent = Usage(model="a", hosted=True, requests=1, trained_tokens=2_000_000)
    assert spent.usd({"a": Price(input=1, output=10, training=25)}) == 50
    assert isnan(spent.usd(PRICES))


def test_stages_are_told_apart_and_summed_up() -> None:
    costs = cost_metrics({"label": [asked("a")], "answer": [asked("s", hosted=False)], "grade": []}, PRICES, gain=0.4)
    assert costs == {
        "cost/label/requests": 1000,
        "cost/label/tokens": 1_100_000,
        "cost/label/usd": 2.0,
        "cost/answer/requests": 1000,
        "cost/answer/tokens": 1_100_000,
        "cost/usd": 2.0,
        "cost/usd_per_point": pytest.approx(0.05),
    }


@pytest.mark.parametrize("gain", [0.0, -0.2])
def test_without_a_gain_no_point_has_a_price(gain: float) -> None:
    assert "cost/usd_per_point" not in cost_metrics({"label": [asked("a")]}, PRICES, gain)


def test_a_sum_with_an_unknown_price_is_unknown() -> None:
    costs = cost_metrics({"label": [asked("a")], "grade": [asked("nobody knows")]}, PRICES, gain=0.1)
    assert costs["cost/label/usd"] == 2.0
    assert all(isnan(costs[name]) for name in ("cost/grade/usd", "cost/usd", "cost/usd_per_point"))


def test_the_replies_of_a_panel_are_counted_for_the_member_that_gave_them() -> None:
    panel = Panel(members={name: Scripted(lambda prompt: "yes", name=name) for name in ("ada", "bea")})
    meter = MeteredModel(panel, panel)
    list(meter.ask([Prompt(messages=chat("q", "", 5).messages, tokens=5, attempt=attempt) for attempt in range(3)]))
    assert [(usage.model, usage.requests) for usage in meter.usage] == [("ada", 2), ("bea", 1)]


def test_of_equal_prompts_one_counts_as_one_is_paid_for(tmp_path: Path) -> None:
    model = Scripted(lambda prompt: "yes")
    meter = MeteredModel(CachedModel(model, tmp_path), model)
    assert len(list(meter.ask([chat(text, "", 5) for text in "aba"]))) == 3
    assert [usage.requests for usage in meter.usage] == [len(model.asked)] == [2]


def test_a_labelling_tells_what_it_asked_also_when_it_was_made_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    overrides = corpus(tmp_path)
    with teaching() as (url, asked):
        for _ in range(2):
            made = study(*overrides, *taught_by(url))
            (total,) = label(made, StoreExecutor(made)).usage
            counts = [body["usage"] for body in asked]
            assert (total.model, total.hosted, total.requests) == ("gpt-5-mini", True, len(asked))
            assert total.prompt_tokens == sum(count["prompt_tokens"] for count in counts)
            assert total.reply_tokens == sum(count["completion_tokens"] for count in counts)
