"""The lora tuner: the adapter that it leaves answers what it was taught."""

from pathlib import Path

from runner.data.records import chat
from runner.model.smollm2 import SmolLM2
from runner.tuner.lora import Lora

TAUGHT = [(chat("Who won the cup?", "", 8), "Ada of Oslo"), (chat("Who lost the cup?", "", 8), "Bob")]


def _tuner() -> Lora:
    return Lora(epochs=15, batch=2, rate=3e-3, warmup=0.1, clip=1.0, rank=8, alpha=16, dropout=0.0)


def test_the_tuned_model_answers_what_it_was_taught(smollm2: SmolLM2, tmp_path: Path) -> None:
    _tuner().tune(smollm2, TAUGHT, 0, tmp_path)
    replies = dict(smollm2.tuned_in(tmp_path).ask([prompt for prompt, _ in TAUGHT]))
    assert [replies[0].text, replies[1].text] == ["Ada of Oslo", "Bob"]


def test_it_leaves_safetensors_and_nothing_pickled(smollm2: SmolLM2, tmp_path: Path) -> None:
    _tuner().tune(smollm2, TAUGHT, 0, tmp_path)
    assert (tmp_path / "adapter_model.safetensors").exists()
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".bin", ".pt", ".pkl"}]


def test_tokens_and_losses_are_counted(smollm2: SmolLM2, tmp_path: Path) -> None:
    tuning = _tuner().tune(smollm2, TAUGHT, 0, tmp_path)
    network = smollm2.load()
    epoch = sum(len(prompt) + len(reply) for prompt, reply in (network.encode(*taught) for taught in TAUGHT))
    assert tuning.tokens == 15 * epoch
    assert len(tuning.losses) == 15
