"""Models are recognised by what they can do, without reading a file first."""

import pytest

from runner.data.records import Message, Prompt
from runner.model import (
    Batched,
    DrawsAtHost,
    HostTunable,
    LocalWeights,
    Model,
    Paid,
    Replaying,
    ScoresText,
    Several,
    Tunable,
    answering_member,
    is_paid,
    members,
    uses_batches,
)
from runner.model.huggingface import HuggingFace
from runner.model.openai import OpenAI
from runner.model.panel import Panel
from runner.model.recorded import Recorded
from runner.model.smollm2 import SmolLM2
from tests.given import Scripted

LOCAL = {Model, Tunable, LocalWeights, ScoresText}
PROTOCOLS = (*LOCAL, Paid, Batched, Replaying, Several, HostTunable, DrawsAtHost)


def asked(attempt: int) -> Prompt:
    return Prompt(messages=(Message(role="user", content="Who won?"),), tokens=5, attempt=attempt)


def panel(*names: str) -> Panel:
    return Panel(members={name: Scripted(lambda _: "", name=name) for name in names})


@pytest.mark.parametrize(
    ("model", "kinds"),
    [
        (HuggingFace(id="nobody/no-such-model"), LOCAL),  # neither in the cache nor on the hub, and still recognised
        (SmolLM2(folder="/no/such/folder"), LOCAL),
        (OpenAI(id="a"), {Model, Paid, Batched, Tunable, HostTunable, DrawsAtHost}),
        (Recorded(path="/no/such/folder"), {Model, Replaying}),
        (panel("ada", "bea"), {Model, Several}),
        (Scripted(lambda _: ""), {Model}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_model_is_known_by_what_it_can_do(model: Model, kinds: set[type]) -> None:
    assert {protocol for protocol in PROTOCOLS if isinstance(model, protocol)} == kinds


def test_only_a_paid_model_has_a_batch_price() -> None:
    hosted, batched = OpenAI(id="a"), OpenAI(id="a", batch=True)
    assert [is_paid(model) for model in (hosted, batched, HuggingFace(id="a"), object())] == [True, True, False, False]
    assert [uses_batches(model) for model in (hosted, batched, HuggingFace(id="a"), object())] == [False, True, False, False]


def test_a_panel_within_a_panel_is_the_models_that_answer() -> None:
    outer = Panel(members={"inner": panel("ada", "bea"), "cid": Scripted(lambda _: "", name="cid")})
    assert [model.name for model in members(outer)] == ["ada", "bea", "cid"]
    assert [model.name for model in members(OpenAI(id="a"))] == ["a"]


def test_the_member_that_answers_is_the_one_that_is_asked() -> None:
    inner = panel("ada", "bea")
    outer = Panel(members={"inner": inner, "cid": Scripted(lambda _: "", name="cid")})
    prompts = [asked(attempt) for attempt in range(4)]
    assert [answering_member(outer, prompt).name for prompt in prompts] == ["ada", "cid", "bea", "cid"]
    list(outer.ask(prompts))
    assert [len(model.asked) for model in members(outer)] == [1, 1, 2]
