"""A network draws groups of answers, learns from those that differ, and says so where none do."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from runner.data.records import Tuning, chat
from runner.data.training import Supervised
from runner.errors import Fault
from runner.local_models.training_loop import train
from runner.model.huggingface import HuggingFace
from runner.refine.grpo import PolicyOptimisation
from runner.tuner.full import FullTuning
from tests.refine.given import network

GRPO = PolicyOptimisation(
    samples=6, temperature=1.5, beta=0.01, epsilon=0.2, iterations=1, loss_type="dapo", epochs=1, steps=6, batch=3, rate=1e-3
)
ASKED = [chat("Who won the cup?", "", 3), chat("Who lost the cup?", "", 3), chat("Who?", "", 3)]
Rule = Callable[[int, str], float | None]


def learned(model: HuggingFace, rule: Rule, grpo: PolicyOptimisation = GRPO) -> tuple[Tuning, list[float]]:
    """Train on answers whose reward a rule tells; return the training and all rewards."""
    return taught(model.load(), rule, grpo)


def taught(of: Any, rule: Rule, grpo: PolicyOptimisation) -> tuple[Tuning, list[float]]:
    """Train a network in the same way."""
    questions = [Supervised(prompt, "Ada") for prompt in ASKED]

    def reward(places: Sequence[int], texts: Sequence[str]) -> list[float | None]:
        return [rule(place, text) for place, text in zip(places, texts, strict=True)]

    objective = grpo.reinforced(of, questions, reward, 0)
    tuning = train(of, questions, FullTuning(warmup=0.1, clip=1.0, **grpo.schedule), 0, objective)
    return tuning, objective.labels.rewards  # type: ignore[union-attr]


@pytest.mark.slow
def test_the_reward_rises_and_the_same_seed_gives_the_same_numbers(talker: HuggingFace) -> None:
    tuning, rewards = learned(talker, lambda place, text: float(text.startswith(("Ada", "Bob"))))
    course = tuning.course
    assert sum(course["reward"][-2:]) > sum(course["reward"][:2]) + 0.4
    assert course["kl"][0] == pytest.approx(0, abs=1e-6)
    assert course["kl"][-1] > 0.01
    assert len(rewards) == 6 * 3 * 6
    again, _ = learned(talker, lambda place, text: float(text.startswith(("Ada", "Bob"))), replace(GRPO, epochs=6, steps=None))
    assert again.losses == tuning.losses
    assert again.course == course


class Written:
    """The tiny network with answers of the test's own."""

    def __init__(self, answers: Sequence[str]) -> None:
        """Give these answers in turns."""
        inner = network()
        self.module, self.dtype, self.context, self.adapter = inner.module, inner.dtype, None, None
        self.answers, self.asked = answers, list[str]()

    def encode(self, prompt: Any, reply: str = "") -> tuple[list[int], list[int]]:
        """A question is as long as it is."""
        return [10] * len(prompt.messages[-1].content), [*(int(each) for each in reply if each.isdigit()), 11]

    def draw(self, prompts: Sequence[Any], temperature: float, advance: Callable[..., None]) -> list[Any]:
        """Give the next answers."""
        texts = [self.answers[(len(self.asked) + number) % len(self.answers)] for number in range(len(prompts))]
        self.asked += [prompt.messages[-1].content for prompt in prompts]
        advance(1, speed=1.0)
        return [(self.encode(prompt, text), text) for prompt, text in zip(prompts, texts, strict=True)]


def right(place: int, text: str) -> float | None:
    """1 is right, 0 is wrong, and nothing else has a verdict."""
    return {"1": 1.0, "0": 0.0}.get(text)


def test_groups_of_equal_rewards_are_skipped_counted_and_replaced() -> None:
    # Of the first two questions one has equal answers, so a third is asked in its place.
    of = Written(["1", "1", "1", "0", "0", "1"])
    tuning, rewards = taught(of, right, replace(GRPO, samples=2, steps=1, batch=2))
    assert [of.asked[at] for at in (0, 2, 4)] == [of.asked[at] for at in (1, 3, 5)]
    assert sorted(of.asked) == sorted(prompt.messages[-1].content for prompt in ASKED for _ in range(2))
    assert rewards == [1, 1, 1, 0, 0, 1]
    assert tuning.course == {
        "reward": (4 / 6,),
        "kl": (pytest.approx(0, abs=1e-6),),
        "length": (2.0,),
        "skipped": (1,),
    }


@pytest.mark.parametrize(("answers", "right_ones"), [(["1"], 6), (["0"], 0), (["1", "?"], 3)])
def test_equal_rewards_of_all_groups_are_a_fault_before_any_step(answers: list[str], right_ones: int) -> None:
    of = Written(answers)
    before = [weight.detach().clone() for weight in of.module.parameters()]
    message = rf"none of the 3 practice questions got both right and wrong answers .*{right_ones} were right\).*refine\.samples"
    with pytest.raises(Fault, match=message):
        taught(of, right, replace(GRPO, samples=2, batch=2))
    assert all((weight == old).all() for weight, old in zip(of.module.parameters(), before, strict=True))
    assert len(of.asked) == 6


def test_a_training_ends_when_nothing_is_left_to_learn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "runner")
    tuning, _ = taught(Written([*"10" * 2, *"1" * 100]), right, replace(GRPO, samples=2, batch=2))
    assert len(tuning.losses) == len(tuning.course["reward"]) == 1
    assert "the answers to each of 3 questions are all right or all wrong now" in caplog.text


def test_answers_are_used_for_as_many_steps_as_iterations() -> None:
    of = Written(["1", "0"])
    tuning, _ = taught(of, right, replace(GRPO, samples=2, steps=4, batch=2, iterations=2))
    assert len(tuning.losses) == 4
    assert len(of.asked) == 2 * 2 * 2
