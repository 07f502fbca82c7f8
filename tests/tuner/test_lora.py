"""The lora tuner: the adapter that it leaves answers what it was taught."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from runner.data.records import chat
from runner.model.huggingface import HuggingFace
from runner.tuner.lora import Lora

TAUGHT = [(chat("Who won the cup?", "", 8), "Ada of Oslo"), (chat("Who lost the cup?", "", 8), "Bob")]
EPOCHS = 30


def test_the_adapter_answers_what_it_was_taught_holds_nothing_pickled_and_its_training_is_counted(
    talker: HuggingFace, tmp_path: Path
) -> None:
    tuner = Lora(epochs=EPOCHS, batch=2, rate=1e-2, warmup=0.1, clip=1.0, rank=16, alpha=32, dropout=0.0)
    tuning = tuner.tune(talker, TAUGHT, 0, tmp_path)
    replies = dict(talker.tuned_in(tmp_path).ask([prompt for prompt, _ in TAUGHT]))
    assert [replies[0].text, replies[1].text] == ["Ada of Oslo", "Bob"]
    assert (tmp_path / "adapter_model.safetensors").exists()
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".bin", ".pt", ".pkl"}]
    network = talker.load()
    epoch = sum(len(prompt) + len(reply) for prompt, reply in (network.encode(*taught) for taught in TAUGHT))
    assert tuning.tokens == EPOCHS * epoch
    assert len(tuning.losses) == EPOCHS


@pytest.mark.parametrize(
    "setting",
    [
        {"dropout": 1.5},
        {"dropout": 1.0},
        {"dropout": -0.1},
        {"rank": 0},
        {"rate": -1e-3},
        {"rate": float("inf")},
        {"epochs": 0},
        {"clip": float("inf")},
        {"alpha": float("nan")},
        {"batch": 0},
        {"warmup": 1.0},
    ],
)
def test_a_setting_that_no_training_can_have_is_refused(setting: dict[str, float]) -> None:
    usual = {"rank": 2, "alpha": 4, "dropout": 0.0, "epochs": 1, "batch": 1, "rate": 1e-3, "warmup": 0.1, "clip": 1.0}
    with pytest.raises(ValidationError, match=next(iter(setting))):
        Lora(**{**usual, **setting})
