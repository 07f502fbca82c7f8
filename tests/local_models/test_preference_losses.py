"""The losses of DPO and KTO: the papers' formulas, computed a token at a time, and TRL's trainers on the same batch."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from runner.data.training import Judged, Supervised
from runner.local_models import Objective
from runner.local_models.micro_batches import Row
from runner.local_models.preference_losses import JudgedLoss, PairLoss, log_probabilities, unrelated
from runner.local_models.step_loss import StepLoss
from runner.local_models.training_loop import train
from runner.tuner.full import FullTuning
from tests.refine.given import LESSONS, log_probability, moved, network

BETA = 0.3
SCHEDULE = FullTuning(epochs=20, batch=2, rate=1e-2, warmup=0.1, clip=1.0)


def encoded(of: Any, lessons: list[Judged] = LESSONS) -> list[tuple[list[int], list[int]]]:
    """The token ids of the lessons."""
    return [of.encode(prompt, reply) for prompt, reply, _ in lessons]


def objective(kind: str, of: Any) -> Objective:
    """The objective of a network that is not trained yet."""
    if kind == "dpo":
        return Objective(labels=PairLoss(of, encoded(of), BETA), together=2)
    return Objective(labels=JudgedLoss(of, encoded(of), [lesson.good for lesson in LESSONS], BETA, 2.0))


def step(of: Any, made: Objective) -> float:
    """The loss of one step with all lessons."""
    rows = [Row(*row, number) for number, row in enumerate(encoded(of))]
    return sum(value for value, _ in StepLoss(of, encoded(of), made).parts(rows))


def gains(before: Any, after: Any, rows: list[tuple[list[int], list[int]]]) -> list[float]:
    """By how much each reply became likelier."""
    return [log_probability(after.module, *row) - log_probability(before.module, *row) for row in rows]


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-value))."""
    return 1 / (1 + math.exp(-value))


def test_a_reply_is_as_likely_as_its_tokens_one_after_the_other() -> None:
    logits = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    own = log_probabilities(logits, [[1, 2], [3, 0, 1]]).tolist()
    logs = logits.log_softmax(-1)
    assert own == pytest.approx([float(logs[0, 1] + logs[1, 2]), float(logs[2, 3] + logs[3, 0] + logs[4, 1])])


def test_the_loss_of_pairs_is_that_of_the_paper() -> None:
    of = network()
    made = objective("dpo", of)
    assert step(of, made) == pytest.approx(math.log(2), abs=1e-6)  # nothing has changed, so no reply is preferred yet
    own = gains(network(), moved(of), encoded(of))
    margins = [BETA * (own[at] - own[at + 1]) for at in range(0, len(own), 2)]
    assert max(map(abs, margins)) > 0.1
    assert step(of, made) == pytest.approx(sum(-math.log(sigmoid(margin)) for margin in margins) / 3, abs=1e-5)
    assert made.labels.rewards[3:] == pytest.approx(margins, abs=1e-4)  # type: ignore[union-attr]


def test_the_loss_of_judged_replies_is_that_of_the_paper() -> None:
    of = network()
    made = objective("kto", of)
    assert step(of, made) == pytest.approx((0.5 + 2 * 0.5) / 2, abs=1e-6)
    rows = encoded(of)
    own = gains(network(), moved(of), rows)
    others = gains(network(), of, [(prompt, rows[place - len(rows) // 2][1]) for place, (prompt, _) in enumerate(rows)])
    distance = max(0.0, sum(others) / len(others))
    losses = [
        1 - sigmoid(BETA * (gain - distance)) if lesson.good else 2 * (1 - sigmoid(BETA * (distance - gain)))
        for gain, lesson in zip(own, LESSONS, strict=True)
    ]
    assert step(of, made) == pytest.approx(sum(losses) / len(losses), abs=1e-5)


def test_a_prompt_is_joined_with_a_reply_that_fits_else_with_a_part_of_one() -> None:
    # Each row has 7 or 8 tokens. The reply of the row half of all rows before fits no long prompt.
    long, short = [([10] * 6, [1]), ([9] * 6, [2])], [([8], [3] * 6), ([7], [4] * 7)]
    assert unrelated([*long, *short], None) == [([10] * 6, [3] * 6), ([9] * 6, [4] * 7), ([8], [1]), ([7], [2])]
    assert unrelated([*long, *short], 8) == [([10] * 6, [2]), ([9] * 6, [1]), ([8], [1]), ([7], [2])]
    assert unrelated([long[0], short[0]], 8) == [([10] * 6, [3, 3]), ([8], [1])]


def test_data_that_fits_the_context_is_learned_whatever_it_is_joined_with() -> None:
    of = network()
    of.context = max(len(prompt) + len(reply) for prompt, reply in encoded(of))
    assert max(len(prompt) + len(reply) for prompt, reply in unrelated(encoded(of), None)) > of.context
    assert math.isfinite(step(moved(of), objective("kto", of)))


@pytest.mark.parametrize("kind", ["dpo", "kto"])
def test_a_training_makes_preferred_replies_likelier_than_rejected_ones(kind: str) -> None:
    of = network()
    made = objective(kind, of)
    tuning = train(of, [Supervised(prompt, reply) for prompt, reply, _ in LESSONS], SCHEDULE, 0, made)
    assert tuning.losses[-1] < tuning.losses[0] / 2
    own = gains(network(), of, encoded(of))
    assert all(own[at] > own[at + 1] for at in range(0, len(own), 2))
    assert sum(made.labels.rewards[-3:]) > sum(made.labels.rewards[:3])  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["dpo", "kto"])
def test_the_loss_equals_that_of_trl_on_the_same_batch(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("trl", reason="pip install -e '.[bench]'")
    of = network()
    network().module.save_pretrained(tmp_path)
    made = objective(kind, of)
    assert step(moved(of), made) == pytest.approx(of_trl(kind, tmp_path, of), abs=1e-4)


def digits() -> Any:
    """A tokenizer of transformers for the network of digits."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import PreTrainedTokenizerFast

    names = {**{str(digit): digit for digit in range(10)}, "<s>": 10, "</s>": 11}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(names, unk_token="0")), eos_token="</s>", bos_token="<s>", pad_token="0"
    )


def of_trl(kind: str, untrained: Path, of: Any) -> float:
    """The loss of TRL's trainer for the trained network, beside the untrained one."""
    from datasets import Dataset
    from transformers import AutoModelForCausalLM
    from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

    rows, tokenizer = encoded(of), digits()
    usual = {"output_dir": str(untrained / "out"), "beta": BETA, "report_to": "none", "use_cpu": True, "bf16": False}
    usual |= {"per_device_train_batch_size": len(rows), "remove_unused_columns": False, "disable_dropout": True}
    reference = AutoModelForCausalLM.from_pretrained(untrained)
    if kind == "dpo":
        pairs = [{"prompt": "1", "chosen": "2", "rejected": "3"}]
        trainer = DPOTrainer(
            of.module, reference, DPOConfig(**usual), train_dataset=Dataset.from_list(pairs), processing_class=tokenizer
        )
        examples = [
            {"prompt_ids": chosen[0], "chosen_ids": chosen[1], "rejected_ids": rejected[1]}
            for chosen, rejected in zip(rows[::2], rows[1::2], strict=True)
        ]
    else:
        judged = [{"prompt": "1", "completion": "2", "label": True}, {"prompt": "1", "completion": "3", "label": False}]
        trainer = KTOTrainer(
            of.module,
            reference,
            KTOConfig(**usual, undesirable_weight=2.0),
            train_dataset=Dataset.from_list(judged),
            processing_class=tokenizer,
        )
        examples = [
            {
                "prompt_ids": prompt,
                "completion_ids": reply,
                "KL_completion_ids": rows[place - len(rows) // 2][1],
                "label": LESSONS[place].good,
            }
            for place, (prompt, reply) in enumerate(rows)
        ]
    batch = trainer.data_collator(examples)
    with torch.no_grad():
        return float(trainer.compute_loss(of.module, batch))
