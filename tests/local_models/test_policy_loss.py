"""The loss of GRPO: the paper's formula, computed a token at a time, and TRL's trainer on the same batch."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from runner.local_models.drawn_groups import Graded, advantages
from runner.local_models.micro_batches import Row
from runner.local_models.policy_loss import PolicyLoss
from runner.local_models.preference_losses import measure_tokens
from runner.local_models.reply_logits import reply_logits
from runner.refine.grpo import PolicyOptimisation
from tests.refine.given import moved, network

SETTINGS = PolicyOptimisation(
    samples=3, temperature=0.7, beta=0.3, epsilon=0.2, iterations=2, loss_type="dapo", epochs=1, batch=2, rate=1e-3
)
END = 11
# Two questions with three answers each; the last one was cut, and does not end.
ROWS = [
    ([10, *asked], answer)
    for asked, each in {
        (1, 2): ([3, 4, 5, END], [6, END], [END]),
        (7,): ([8, 9, END], [1, 2, 3, 4, END], [5, 5, 5, 5, 5, 5]),
    }.items()
    for answer in each
]
REWARDS = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0]
KINDS = ["dapo", "grpo"]


def groups() -> list[list[Graded]]:
    """The answers of each question with their rewards."""
    graded = [Graded(row, reward) for row, reward in zip(ROWS, REWARDS, strict=True)]
    return [graded[:3], graded[3:]]


def measured(of: Any) -> list[torch.Tensor]:
    """The log-probabilities of all answers' tokens in a network."""
    return list(measure_tokens(of, ROWS, lambda count: None, SETTINGS.temperature))


def step(loss: PolicyLoss, of: Any) -> float:
    """The loss of one step with all answers."""
    rows = [Row(*row, number) for number, row in enumerate(ROWS)]
    with torch.no_grad():
        return float(loss.mean(range(len(ROWS)), reply_logits(of.module, rows, torch.device("cpu"), torch.float32)))


def third_policy(kind: str) -> tuple[PolicyLoss, Any, list[list[torch.Tensor]]]:
    """A loss and the network at its second step, and what the reference, the drawing and the present network think likely."""
    of = network()
    reference = measured(of)
    drawn = measured(moved(of, 0.1))
    loss = PolicyLoss(replace(SETTINGS, loss_type=kind))
    loss.take(ROWS, [each for group in groups() for each in advantages(group)], reference)
    step(loss, of)
    loss.distance()
    return loss, of, [reference, drawn, measured(moved(of, 0.1))]


def test_an_advantage_is_the_distance_from_the_mean_in_standard_deviations() -> None:
    first, second = map(advantages, groups())
    assert first == pytest.approx(
        [(2 / 3) / math.sqrt(1 / 3), -(1 / 3) / math.sqrt(1 / 3), -(1 / 3) / math.sqrt(1 / 3)], abs=1e-3
    )
    assert second == pytest.approx([-first[1], -first[1], -first[0]])


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_is_that_of_the_paper(kind: str) -> None:
    loss, of, known = third_policy(kind)
    expected: list[list[float]] = []
    clipped = 0
    for row, advantage in enumerate(each for group in groups() for each in advantages(group)):
        tokens = []
        for before, drawn, own in zip(*(values[row].tolist() for values in known), strict=True):
            ratio = math.exp(own - drawn)
            clipped += not 0.8 <= ratio <= 1.2
            gain = min(ratio * advantage, min(max(ratio, 0.8), 1.2) * advantage)
            tokens.append(SETTINGS.beta * ratio * (math.exp(before - own) - (before - own) - 1) - gain)
        expected.append(tokens)
    assert clipped
    every = [token for tokens in expected for token in tokens]
    mean = sum(every) / len(every) if kind == "dapo" else sum(sum(tokens) / len(tokens) for tokens in expected) / len(expected)
    assert step(loss, of) == pytest.approx(mean, abs=1e-5)


def test_the_distance_is_the_mean_over_the_tokens_of_a_step() -> None:
    loss, of, known = third_policy("dapo")
    step(loss, of)
    away = torch.cat(known[0]) - torch.cat(known[2])
    assert loss.distance() == pytest.approx(float((away.exp() - away - 1).mean()), abs=1e-5)


def test_parts_of_a_step_have_together_the_mean_of_the_whole() -> None:
    for kind in KINDS:
        loss, of, _ = third_policy(kind)
        whole, total = step(loss, of), sum(map(loss.weight, range(6)))
        parts = 0.0
        for numbers in ([0, 4], [1, 2, 3, 5]):
            rows = [Row(*ROWS[number], number) for number in numbers]
            logits = reply_logits(of.module, rows, torch.device("cpu"), torch.float32)
            parts += float(loss.mean(numbers, logits)) * sum(map(loss.weight, numbers)) / total
        assert parts == pytest.approx(whole, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_equals_that_of_trl_on_the_same_batch(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("trl", reason="pip install -e '.[bench]'")
    loss, of, known = third_policy(kind)
    assert step(loss, of) == pytest.approx(of_trl(kind, tmp_path, of, known), abs=1e-4)


def of_trl(kind: str, folder: Path, of: Any, known: list[list[torch.Tensor]]) -> float:
    """The loss of TRL's trainer for the same answers, rewards and former log-probabilities."""
    from datasets import Dataset
    from torch.nn.utils.rnn import pad_sequence
    from transformers import AutoModelForCausalLM
    from trl import GRPOConfig, GRPOTrainer
    from trl.trainer.utils import nanstd

    from tests.local_models.test_preference_losses import digits

    usual = {"output_dir": str(folder / "out"), "report_to": "none", "use_cpu": True, "bf16": False}
    usual |= {"num_generations": 3, "per_device_train_batch_size": 6, "loss_type": kind}
    config = GRPOConfig(**usual, beta=SETTINGS.beta, epsilon=SETTINGS.epsilon, temperature=SETTINGS.temperature)
    # From a folder, since the trainer reads its reference from there.
    of.module.save_pretrained(folder)
    policy = AutoModelForCausalLM.from_pretrained(folder)
    questions = Dataset.from_list([{"prompt": "1"}])
    trainer = GRPOTrainer(policy, lambda completions, **_: [0.0] * len(completions), config, questions, processing_class=digits())
    rewards = torch.tensor(REWARDS).view(2, 3)
    scaled = (rewards - rewards.mean(1, keepdim=True)) / (nanstd(rewards, dim=1, keepdim=True) + 1e-4)
    prompts, answers = ([torch.tensor(row[side]) for row in ROWS] for side in (0, 1))
    completion_ids = pad_sequence(answers, batch_first=True)
    mask = pad_sequence([torch.ones_like(answer) for answer in answers], batch_first=True)
    batch = {
        "prompt_ids": pad_sequence(prompts, batch_first=True, padding_side="left"),
        "prompt_mask": pad_sequence([torch.ones_like(prompt) for prompt in prompts], batch_first=True, padding_side="left"),
        "completion_ids": completion_ids,
        "completion_mask": mask,
        "advantages": scaled.flatten(),
        "ref_per_token_logps": pad_sequence(known[0], batch_first=True),
        "old_per_token_logps": pad_sequence(known[1], batch_first=True),
        "num_items_in_batch": mask.sum(),
    }
    policy.eval()
    with torch.no_grad():
        return float(trainer.compute_loss(policy, batch))
