"""A second training: the earlier adapter stays, the new one is trained, and one folder holds both."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from runner.local_models.loading import Quantization, Source, to_train, whole
from runner.tuner.lora import Lora

LORA = Lora(rank=2, alpha=6, dropout=0.0, epochs=1, batch=1, rate=1e-2, warmup=0.1, clip=1.0)
IDS = torch.tensor([[3, 1, 4, 1, 5]])
KINDS = pytest.mark.parametrize("quantization", [None, "4bit"])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    torch.manual_seed(0)
    sizes = {"vocab_size": 16, "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    LlamaForCausalLM(LlamaConfig(**sizes)).save_pretrained(folder := tmp_path_factory.mktemp("base"))
    return folder


def source(base: Path, tuned: Path | None, quantization: Quantization | None) -> Source:
    """These weights on the processor, and how they are loaded."""
    if quantization:
        pytest.importorskip("bitsandbytes", reason="pip install -e '.[quantized]'")
    tuned_in = str(tuned) if tuned else ""
    return Source(id=str(base), tuned=tuned_in, device="cpu", dtype="float32", quantization=quantization)


def logits(module: Any) -> torch.Tensor:
    """What a module says to some tokens."""
    with torch.no_grad():
        return torch.as_tensor(module(IDS).logits)


def trained(weights: Source, folder: Path, seed: int) -> torch.Tensor:
    """Train and save an adapter; return what the network says then. Any change of the new weights is a training."""
    network = SimpleNamespace(module=to_train(weights), adapter=Path(weights.tuned) if weights.adapter else None)
    saved = LORA.adapt(network, seed)  # type: ignore[arg-type]  # it reads no more of a network than this
    for number, weight in enumerate(weight for weight in network.module.parameters() if weight.requires_grad):
        torch.nn.init.normal_(weight, std=0.3, generator=torch.Generator().manual_seed(seed * 1000 + number))
    said = logits(network.module)
    folder.mkdir()
    saved.save_pretrained(folder)
    return said


@KINDS
def test_one_folder_holds_what_two_trainings_learned(base: Path, tmp_path: Path, quantization: Quantization | None) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    once = trained(source(base, None, quantization), first, 1)
    twice = trained(source(base, first, quantization), second, 2)
    assert not torch.allclose(once, twice, atol=0.01)
    near = {"rtol": 1e-3, "atol": 1e-3}
    torch.testing.assert_close(logits(to_train(source(base, first, quantization))), once, **near)
    torch.testing.assert_close(logits(to_train(source(base, second, quantization))), twice, **near)
    torch.testing.assert_close(logits(whole(source(base, second, quantization))), twice, **near)  # as an export writes them


def test_both_are_saved_as_one_adapter_of_the_base_model(base: Path, tmp_path: Path) -> None:
    trained(source(base, None, None), tmp_path / "first", 1)
    trained(source(base, tmp_path / "first", None), tmp_path / "second", 2)
    settings = json.loads((tmp_path / "second" / "adapter_config.json").read_text())
    assert (settings["r"], settings["lora_alpha"], settings["base_model_name_or_path"]) == (4, 4, str(base))
    assert {file.name for file in (tmp_path / "second").iterdir()} >= {"adapter_config.json", "adapter_model.safetensors"}
    assert not [file for file in (tmp_path / "second").iterdir() if file.is_dir()]


@KINDS
def test_before_it_is_trained_the_new_adapter_changes_nothing(
    base: Path, tmp_path: Path, quantization: Quantization | None
) -> None:
    once = trained(source(base, None, quantization), tmp_path / "first", 1)
    network = SimpleNamespace(module=to_train(source(base, tmp_path / "first", quantization)), adapter=tmp_path / "first")
    LORA.adapt(network, 0)  # type: ignore[arg-type]
    torch.testing.assert_close(logits(network.module), once, rtol=1e-3, atol=1e-3)
    names = [name for name, weight in network.module.named_parameters() if weight.requires_grad]
    assert names
    assert all(".default." in name for name in names)


@KINDS
def test_a_training_that_goes_on_after_it_was_saved_is_saved_once_more(
    base: Path, tmp_path: Path, quantization: Quantization | None
) -> None:
    trained(source(base, None, quantization), tmp_path / "first", 1)
    network = SimpleNamespace(module=to_train(source(base, tmp_path / "first", quantization)), adapter=tmp_path / "first")
    saved = LORA.adapt(network, 2)  # type: ignore[arg-type]
    network.module.train()
    learning = {name: weight for name, weight in network.module.named_parameters() if weight.requires_grad}
    for name, factor in (("second", 1), ("third", 2)):
        for number, weight in enumerate(learning.values()):
            torch.nn.init.normal_(weight, std=0.3, generator=torch.Generator().manual_seed(factor * 1000 + number))
        (tmp_path / name).mkdir()
        saved.save_pretrained(tmp_path / name)
        loaded = logits(to_train(source(base, tmp_path / name, quantization)))
        torch.testing.assert_close(loaded, logits(network.module), rtol=1e-3, atol=1e-3)
        still = {name: weight for name, weight in network.module.named_parameters() if weight.requires_grad}
        assert {name: id(weight) for name, weight in still.items()} == {name: id(weight) for name, weight in learning.items()}
        assert network.module.training
