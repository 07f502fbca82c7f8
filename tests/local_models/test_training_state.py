"""A training that was stopped goes on as if nobody had stopped it."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors import safe_open
from safetensors.torch import save_file

from runner.data.records import Tuning, chat
from runner.data.unfinished import unfinished_in
from runner.local_models.training_loop import tune
from runner.model.huggingface import HuggingFace
from runner.terminal.progress import followed
from runner.tuner.full import FullTuning
from runner.tuner.lora import Lora
from tests.local_models.test_training_loop import FACTS

SHARED: dict[str, Any] = {"epochs": 3, "batch": 2, "rate": 5e-3, "warmup": 0.2, "clip": 1.0, "checkpoint": 0}
# Dropout draws from the random generator in each step.
LORA, FULL = Lora(rank=4, alpha=8, dropout=0.2, **SHARED), FullTuning(**SHARED)
STEPS = 6


class StoppedError(Exception):
    """Ends a training, as a kill would."""


def trained(
    model: HuggingFace, tuner: Lora | FullTuning, folder: Path, stop: int = STEPS + 1, seed: int = 0
) -> tuple[Tuning, list[int]]:
    """Tune into a folder up to a step; return what was measured, and the numbers of the steps that were done here."""
    steps = list[int]()

    def follow(done: int, total: int, numbers: dict[str, float]) -> None:
        steps.append(done)
        if done == stop:
            raise StoppedError

    folder.mkdir(exist_ok=True)
    examples = [(chat(asked, "", 8), answer) for asked, answer in FACTS]
    with unfinished_in(folder / "unfinished"), followed(follow):
        return tune(tuner, model, examples, seed, folder), steps


def weights(model: HuggingFace, folder: Path) -> list[torch.Tensor]:
    return list(model.tuned_in(folder).load().module.state_dict().values())


@pytest.mark.parametrize("tuner", [LORA, FULL], ids=["lora", "full"])
def test_a_stopped_training_goes_on_bit_for_bit(small_model: HuggingFace, tmp_path: Path, tuner: Lora | FullTuning) -> None:
    whole, every = trained(small_model, tuner, tmp_path / "whole")
    assert every == [1, 2, 3, 4, 5, 6]
    for stop in (2, 5):
        with pytest.raises(StoppedError):
            trained(small_model, tuner, tmp_path / "parts", stop)
    torch.manual_seed(99)  # of another process
    parts, last = trained(small_model, tuner, tmp_path / "parts")
    assert last == [6]
    assert (parts.losses, parts.tokens) == (whole.losses, whole.tokens)
    both = zip(weights(small_model, tmp_path / "whole"), weights(small_model, tmp_path / "parts"), strict=True)
    assert all(torch.equal(one, other) for one, other in both)


def cut(file: Path, other: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def of_another_adapter(file: Path, other: Path) -> None:
    file.write_bytes(other.read_bytes())


def of_another_generator(file: Path, other: Path) -> None:
    with safe_open(file, "pt") as read:
        metadata, tensors = read.metadata(), {name: read.get_tensor(name) for name in read.keys()}  # noqa: SIM118
    save_file({**tensors, "random.cpu": torch.zeros(3, dtype=torch.uint8)}, file, metadata)


@pytest.mark.parametrize("damage", [cut, of_another_adapter, of_another_generator])
def test_a_state_that_can_not_be_used_is_told_and_the_training_begins_anew(
    small_model: HuggingFace, tmp_path: Path, damage: Callable[[Path, Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    whole, _ = trained(small_model, LORA, tmp_path / "whole")
    for tuner, name in ((LORA, "cup"), (Lora(rank=2, alpha=8, dropout=0, **SHARED), "other")):
        with pytest.raises(StoppedError):
            trained(small_model, tuner, tmp_path / name, 2)
    damage(*(next((tmp_path / name / "unfinished").iterdir()) for name in ("cup", "other")))
    again, steps = trained(small_model, LORA, tmp_path / "cup")
    assert steps == [1, 2, 3, 4, 5, 6]
    assert again.losses == whole.losses
    assert "so it begins anew" in caplog.text


def test_without_the_setting_or_before_its_time_nothing_is_kept(small_model: HuggingFace, tmp_path: Path) -> None:
    for every in (None, 1000):
        trained(small_model, Lora(rank=2, alpha=8, dropout=0, **{**SHARED, "checkpoint": every}), tmp_path)
    assert not (tmp_path / "unfinished").exists()


def test_a_disk_that_takes_no_state_does_not_end_the_training(
    small_model: HuggingFace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "unfinished").write_text("a file in its place")
    assert trained(small_model, LORA, tmp_path)[1] == [1, 2, 3, 4, 5, 6]
    assert caplog.text.count("the state of the training can't be kept") == 1


def test_weights_that_the_disk_has_no_room_for_are_written_in_the_place_of_the_state(
    small_model: HuggingFace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, refused = PeftModel.save_pretrained, list[Path]()

    def full(adapted: PeftModel, folder: Path) -> None:
        if (tmp_path / "unfinished").exists():
            refused.append(folder)
            raise OSError(errno.ENOSPC, "No space left on device")
        save(adapted, str(folder))

    monkeypatch.setattr(PeftModel, "save_pretrained", full)
    trained(small_model, LORA, tmp_path)
    assert refused == [tmp_path]
    assert (tmp_path / "adapter_model.safetensors").exists()


def test_two_trainings_of_one_stage_have_a_state_each(small_model: HuggingFace, tmp_path: Path) -> None:
    alone = [trained(small_model, LORA, tmp_path / f"alone {seed}", seed=seed)[0].losses for seed in (0, 1)]
    trained(small_model, LORA, tmp_path)
    with pytest.raises(StoppedError):
        trained(small_model, LORA, tmp_path, 3, seed=1)
    assert [trained(small_model, LORA, tmp_path, seed=seed)[0].losses for seed in (0, 1)] == alone
