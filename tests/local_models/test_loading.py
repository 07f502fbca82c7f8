"""Loading of weights: types, quantisation with adapters, and a model on several devices."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.data.records import Reply, chat
from runner.errors import Fault
from runner.local_models import loading
from runner.local_models.loading import context_length
from runner.local_models.network import Weights, release
from runner.model.huggingface import HuggingFace
from runner.pipeline.checks import check
from runner.tuner.lora import Lora
from tests import given

TAUGHT = [(chat("Who won the cup?", "", 8), "Bob"), (chat("Who lost the cup?", "", 8), "Ada")]
PROMPTS = [prompt for prompt, _ in TAUGHT]
PARTS = {"model.embed_tokens": "cpu", "model.layers.0": "disk", "model.layers.1": "cpu", "model.norm": "disk"}
PARTS |= {"model.rotary_emb": "cpu", "lm_head": "cpu"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Release the last network before each test and after it."""
    release()
    yield
    release()


@pytest.fixture
def scattered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Load each model onto two devices, as accelerate does with several GPUs: here memory and disk."""
    from accelerate import dispatch_model

    read = loading._read

    def spread(*asked: Any) -> Any:
        module = read(*asked)
        return dispatch_model(module, PARTS, offload_dir=str(tmp_path / "disk"))

    monkeypatch.setattr(loading, "_read", spread)


def _tuner(epochs: int = 20) -> Lora:
    return Lora(rank=16, alpha=32, dropout=0.0, epochs=epochs, batch=2, rate=1e-2, warmup=0.1, clip=1.0)


def _texts(model: HuggingFace) -> list[str]:
    replies: dict[int, Reply] = dict(model.ask(PROMPTS))
    return [replies[place].text for place in range(len(PROMPTS))]


@pytest.mark.parametrize("name", ["float32", "bfloat16", "float16"])
def test_answers_are_computed_in_the_type_that_is_asked_for(small_model: HuggingFace, name: str) -> None:
    import torch

    network = replace(small_model, dtype=name).network()
    assert {weight.dtype for weight in network.module.parameters()} == {getattr(torch, name)}
    assert len(dict(network.reply(PROMPTS, 2, "answering"))) == 2


@pytest.mark.parametrize("name", ["auto", "bfloat16", "float16"])
def test_weights_are_trained_in_fp32_whatever_they_answer_in(small_model: HuggingFace, name: str) -> None:
    import torch

    module = replace(small_model, dtype=name).load().module
    assert {weight.dtype for weight in module.parameters()} == {torch.float32}


@pytest.mark.parametrize(
    "dtype, tiles, trained", [("auto", True, "bfloat16"), ("auto", False, "float32"), ("bfloat16", False, "bfloat16")]
)
def test_products_of_a_training_are_bf16_where_tiles_multiply_it_or_where_it_is_asked_for(
    small_model: HuggingFace, monkeypatch: pytest.MonkeyPatch, dtype: str, tiles: bool, trained: str
) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles)
    assert replace(small_model, dtype=dtype).load().dtype is getattr(torch, trained)


def test_a_device_that_is_not_there_is_a_fault_that_names_those_that_are(small_model: HuggingFace) -> None:
    with pytest.raises(Fault, match=r"model\.device=xpu:63: this machine has cpu.*model\.device=auto"):
        replace(small_model, device="xpu:63").load()


@pytest.mark.parametrize("device", [*loading.SPREADS])
def test_a_model_is_spread_by_accelerate_and_answers_the_same(talker: HuggingFace, device: str) -> None:
    assert _texts(replace(talker, device=device)) == _texts(talker)


def test_a_model_in_several_places_answers_and_reads_a_page_as_one_in_one_place(
    talker: HuggingFace, request: pytest.FixtureRequest
) -> None:
    expected, surprise = _texts(talker), talker.perplexity("One two three.")
    release()
    request.getfixturevalue("scattered")
    assert loading.places(talker.network().module) == ["cpu", "disk"]
    assert _texts(talker) == expected
    assert talker.perplexity("One two three.") == pytest.approx(surprise, rel=1e-3)


def test_an_adapter_stays_beside_weights_that_lie_in_several_places(
    talker: HuggingFace, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _tuner().tune(talker, TAUGHT, 0, tmp_path)
    request.getfixturevalue("scattered")
    assert _texts(talker.tuned_in(tmp_path)) == ["Bob", "Ada"]


@pytest.mark.usefixtures("scattered")
def test_weights_for_which_the_gpus_have_no_room_are_not_trained(talker: HuggingFace) -> None:
    with pytest.raises(Fault, match=r"parts of it would lie on cpu and disk.*model\.quantization=4bit"):
        talker.load()


def test_a_model_with_the_hooks_by_which_it_is_spread_is_trained(talker: HuggingFace, monkeypatch: pytest.MonkeyPatch) -> None:
    from accelerate import dispatch_model

    network, plain = talker.load(), talker.load()
    dispatch_model(network.module, dict.fromkeys(PARTS, "cpu"), force_hooks=True)
    trained = [_losses(loaded) for loaded in (network, plain)]
    assert trained[0] == pytest.approx(trained[1], rel=1e-3)
    assert trained[0][-1] < trained[0][0]


def _losses(network: Weights) -> tuple[float, ...]:
    from runner.local_models.training_loop import train

    tuner = _tuner(4)
    tuner.adapt(network, 0)
    return train(network, TAUGHT, tuner, 0).losses


@pytest.fixture(params=["8bit", "4bit"])
def quantised(talker: HuggingFace, request: pytest.FixtureRequest) -> HuggingFace:
    """The talking model with quantised weights."""
    pytest.importorskip("bitsandbytes", reason="pip install -e '.[quantized]'")
    return replace(talker, device="cpu", quantization=request.param)


def test_quantised_linear_layers_take_a_byte_or_half_of_one_a_weight(quantised: HuggingFace, talker: HuggingFace) -> None:
    layer = quantised.network().module.model.layers[0].mlp.up_proj
    share = {"8bit": 1, "4bit": 0.5}[str(quantised.quantization)]
    assert layer.weight.numel() * layer.weight.element_size() == 64 * 128 * share


@pytest.mark.slow
def test_quantised_weights_made_whole_read_a_page_as_they_do_themselves(
    quantised: HuggingFace, talker: HuggingFace, tmp_path: Path
) -> None:
    page, exact = "Ada of Oslo won it in the rain. Bob of Bergen lost it.", {"dtype": "float32"}
    replace(quantised, **exact).save(tmp_path)
    merged, plain = (HuggingFace(id=source, device="cpu", **exact).perplexity(page) for source in (str(tmp_path), talker.id))
    near = pytest.approx(replace(quantised, **exact).perplexity(page), rel=1e-4 if quantised.quantization == "4bit" else 0.05)
    assert merged == near
    assert quantised.quantization == "8bit" or plain != near


def test_adapters_beside_quantised_weights_learn_and_answer(quantised: HuggingFace, tmp_path: Path) -> None:
    tuning = _tuner().tune(quantised, TAUGHT, 0, tmp_path)
    assert tuning.losses[-1] < tuning.losses[0] / 10
    assert _texts(quantised.tuned_in(tmp_path)) == ["Bob", "Ada"]


def test_gradients_of_adapters_beside_quantised_weights_are_those_beside_the_same_weights_made_whole(
    quantised: HuggingFace, tmp_path: Path
) -> None:
    model = replace(quantised, dtype="float32")
    model.save(tmp_path)
    gradients, whole = (
        _gradients(source.load()) for source in (model, HuggingFace(id=str(tmp_path), device="cpu", dtype="float32"))
    )
    assert gradients.keys() == whole.keys()
    near = 1e-4 if model.quantization == "4bit" else 0.1  # 8 bits are what inputs are rounded to as well
    assert all((gradients[name] - whole[name]).norm() <= near * whole[name].norm() for name in gradients)
    assert sum(float(gradient.norm()) for gradient in gradients.values()) > 0


def _gradients(network: Weights) -> dict[str, Any]:
    import torch

    from runner.local_models import CROSS_ENTROPY
    from runner.local_models.micro_batches import Row
    from runner.local_models.step_loss import StepLoss

    adapted, chance = _tuner().adapt(network, 0), torch.Generator().manual_seed(0)
    trained = {name: weight for name, weight in adapted.named_parameters() if weight.requires_grad}
    for name in sorted(trained):
        torch.nn.init.normal_(trained[name], std=0.02, generator=chance)
    labels = [network.encode(*pair) for pair in TAUGHT]
    for _, backward in StepLoss(network, labels, CROSS_ENTROPY).parts(
        [Row(*label, number) for number, label in enumerate(labels)]
    ):
        backward()
    return {name: weight.grad for name, weight in trained.items()}


def test_full_tuning_of_quantised_weights_is_a_fault_before_any_work(talker: HuggingFace, tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes", reason="pip install -e '.[quantized]'")
    chosen = ["model=huggingface", f"model.id={talker.id}", "model.quantization=4bit", f"store={tmp_path}"]
    with pytest.raises(Fault, match=r"tuner=full: the weights of .* are quantised.*tuner=lora"):
        check(given.study(*chosen, "tuner=full"))
    check(given.study(*chosen, "tuner=lora"))


YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
LLAMA = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}


@pytest.mark.parametrize(
    ("kind", "values", "limit", "context"),
    [
        ("qwen2", {"max_position_embeddings": 32768}, 10**30, 32768),
        ("qwen2", {"max_position_embeddings": 32768, "rope_scaling": YARN}, 10**30, 131072),
        (
            "llama",
            {"max_position_embeddings": 131072, "rope_scaling": {**LLAMA, "original_max_position_embeddings": 8192}},
            10**30,
            131072,
        ),
        ("mistral", {"max_position_embeddings": 32768, "sliding_window": 4096}, 10**30, 32768),
        ("gpt2", {"n_positions": 1024}, 10**30, 1024),
        ("gpt2", {"n_positions": 2048}, 512, 512),
        ("gemma3", {}, 10**30, 131072),
        ("mamba", {}, 10**30, None),
    ],
)
def test_the_context_is_the_shorter_of_the_models_and_its_tokenizers(
    kind: str, values: dict[str, Any], limit: int, context: int | None
) -> None:
    from transformers import AutoConfig

    class Limit:
        model_max_length = limit

    assert context_length(AutoConfig.for_model(kind, **values), Limit()) == context
