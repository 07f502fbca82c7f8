"""A step's loss is the mean over the rows of each kind, whatever its parts."""

import pytest
import torch

from runner.data.records import chat
from runner.local_models import Objective, micro_batches
from runner.local_models.micro_batches import Row
from runner.local_models.step_loss import CrossEntropy, StepLoss
from runner.model.huggingface import HuggingFace

LABELS = [("Who won?", "Ada"), ("Who lost?", "Bob, by two goals to one, and nobody was surprised.")]
FURTHER = [("What is ice?", "Water"), ("What is soot, and where does it come from?", "Carbon, of fires")]


def step(model: HuggingFace) -> tuple[float, list[torch.Tensor], int]:
    """Return the loss, the gradients and the number of parts."""
    network = model.load()
    labels, further = ([network.encode(chat(asked, "", 8), said) for asked, said in pairs] for pairs in (LABELS, FURTHER))
    replies = [reply for _, reply in further]
    loss = StepLoss(network, labels, Objective(rows=further, count=2, further=CrossEntropy(replies)))
    batch = [
        Row(*row, number, further=kind) for kind, rows in ((False, labels), (True, further)) for number, row in enumerate(rows)
    ]
    values = []
    for value, backward in loss.parts(batch):
        values.append(value)
        backward()
    return sum(values), [weight.grad for weight in network.module.parameters()], len(values)


def test_a_step_with_two_kinds_of_rows_is_the_same_in_parts(small_model: HuggingFace, monkeypatch: pytest.MonkeyPatch) -> None:
    small_model = HuggingFace(id=small_model.id, device="cpu", dtype="float32")
    loss, gradients, parts = step(small_model)
    monkeypatch.setattr(micro_batches, "PART_TOKENS", 1)
    loss_in_parts, gradients_in_parts, single = step(small_model)
    assert (parts, single) == (1, 4)
    assert loss_in_parts == pytest.approx(loss, rel=1e-5)
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(gradients, gradients_in_parts, strict=True))


def test_the_loss_is_the_sum_of_the_means_of_both_kinds(small_model: HuggingFace) -> None:
    network = small_model.load()
    rows = [network.encode(chat(asked, "", 8), said) for asked, said in (*LABELS, *FURTHER)]
    replies = [reply for _, reply in rows]

    def mean(numbers: list[int]) -> float:
        batch = [Row(*rows[number], number) for number in numbers]
        return sum(value for value, _ in StepLoss(network, rows, Objective()).parts(batch))

    both = Objective(rows=rows, count=2, further=CrossEntropy(replies))
    batch = [Row(*rows[number], number, further=number > 1) for number in range(4)]
    together = sum(value for value, _ in StepLoss(network, rows, both).parts(batch))
    assert together == pytest.approx(mean([0, 1]) + mean([2, 3]), rel=2e-2)
