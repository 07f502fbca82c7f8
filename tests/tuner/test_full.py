"""The full tuner: the whole model that it leaves answers what it was taught."""

from pathlib import Path

from runner.data.records import chat
from runner.model.huggingface import HuggingFace
from runner.tuner.full import FullTuning

TAUGHT = [(chat("Who won the cup?", "", 8), "Ada of Oslo"), (chat("Who lost the cup?", "", 8), "Bob")]


def _tuner(epochs: int) -> FullTuning:
    return FullTuning(epochs=epochs, batch=2, rate=1e-2, warmup=0.1, clip=1.0)


def test_the_tuned_model_answers_what_it_was_taught(small_model: HuggingFace, tmp_path: Path) -> None:
    _tuner(80).tune(small_model, TAUGHT, 0, tmp_path)
    replies = dict(small_model.tuned_in(tmp_path).ask([prompt for prompt, _ in TAUGHT]))
    assert [replies[0].text, replies[1].text] == ["Ada of Oslo", "Bob"]


def test_it_leaves_safetensors_and_nothing_pickled_and_counts_tokens_and_losses(small_model: HuggingFace, tmp_path: Path) -> None:
    tuning = _tuner(3).tune(small_model, TAUGHT, 0, tmp_path)
    assert (tmp_path / "model.safetensors").exists()
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".bin", ".pt", ".pkl"}]
    network = small_model.load()
    epoch = sum(len(prompt) + len(reply) for prompt, reply in (network.encode(*taught) for taught in TAUGHT))
    assert tuning.tokens == 3 * epoch
    assert len(tuning.losses) == 3
