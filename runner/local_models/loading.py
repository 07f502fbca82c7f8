"""Which weights to load and how, to a tokenizer and a module of transformers on its devices."""

import logging
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from runner.errors import Fault

Dtype = Literal["auto", "float32", "bfloat16", "float16"]
Quantization = Literal["8bit", "4bit"]
SPREADS = ("balanced", "balanced_low_0", "sequential")  # as accelerate calls its ways of filling several GPUs


@dataclass(frozen=True, kw_only=True)
class Source:
    """A model's hub id or folder, what was tuned of it (a folder with an adapter or with whole weights), and how to load it."""

    id: str
    tuned: str = ""
    revision: str | None = None
    device: str = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None

    @property
    def adapter(self) -> bool:
        """Whether what was tuned is an adapter."""
        return bool(self.tuned) and (Path(self.tuned) / "adapter_config.json").exists()

    @property
    def spread(self) -> bool:
        """Whether the model may lie on several GPUs."""
        return self.device in SPREADS

    @property
    def first(self) -> str:
        """The device on which the first layer lies: the only one unless the model is spread."""
        import torch

        if self.device != "auto" and not self.spread:
            return self.device
        return "cuda" if torch.cuda.is_available() else "cpu"

    @property
    def computed_in(self) -> Any:
        """The torch.dtype of its products; by itself bfloat16 where the processor multiplies it.

        On AVX-512 answers then come three times as fast, on AVX2 slower.
        """
        import torch

        if self.dtype != "auto":
            return getattr(torch, self.dtype)
        native = self.first != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return torch.bfloat16 if native else torch.float32


def tokenizer(source: Source) -> Any:
    """The tokenizer, which pads on the left."""
    from transformers import AutoTokenizer

    found = AutoTokenizer.from_pretrained(source.id, revision=source.revision, padding_side="left")
    if found.pad_token_id is None:
        found.pad_token = found.eos_token
    return found


def to_train(source: Source) -> Any:
    """The module with fp32 weights, or quantised as it answers; a Fault where the GPUs do not hold it."""
    import torch

    # nothing scales the loss, so that in fp16 gradients would vanish
    products = torch.float32 if source.computed_in is torch.float16 else source.computed_in
    module = _adapted(source, _read(source, products if source.quantization else torch.float32, products))
    if lent := sorted({"cpu", "disk"} & set(places(module))):
        raise Fault(
            f"model.device={source.device}: the GPUs do not hold {source.id}, parts of it would lie on {' and '.join(lent)} "
            "and can't be trained there. Take more GPUs, or model.quantization=4bit with tuner=lora"
        )
    return module


def to_answer(source: Source) -> Any:
    """The module in the type that it computes in; in fp32, to be cast, where an adapter was merged."""
    import torch

    exact = source.adapter and not source.quantization and not source.spread
    return _adapted(source, _read(source, torch.float32 if exact else source.computed_in, source.computed_in))


def whole(source: Source) -> Any:
    """The module with all that was tuned of it merged, in plain fp32 weights: quantised ones with the values that answer.

    It is made in the processor's memory, since a GPU that holds quantised weights may not hold them whole.
    """
    import torch

    weights = source.computed_in if source.quantization else torch.float32
    module = _read(replace(source, device="cpu"), weights, source.computed_in)
    return _merged(source, (module.dequantize() if quantised(module) else module).to(torch.float32))


def quantised(module: Any) -> bool:
    """Whether its weights are, by us or in the files that it was read from."""
    return getattr(module, "quantization_method", None) is not None


def places(module: Any) -> list[Any]:
    """The devices of its parts where they are several, `cpu` and `disk` among them where memory is lent; else none."""
    found = list(dict.fromkeys(getattr(module, "hf_device_map", {}).values()))
    return found if len(found) > 1 else []


def castable(module: Any) -> bool:
    """Whether its weights may be cast, and an adapter be merged into them without loss."""
    return not quantised(module) and not places(module)


def _read(source: Source, weights: Any, products: Any) -> Any:
    """The module with `weights` as they are stored in memory; quantised ones are multiplied as `products`."""
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it tells of each layer that it casts inputs to fp16
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing")  # a name that PEFT asks transformers for
    _need(source)
    replaced = bool(source.tuned) and not source.adapter
    module = AutoModelForCausalLM.from_pretrained(
        source.tuned if replaced else source.id,
        revision=None if replaced else source.revision,
        use_safetensors=True,
        dtype=weights,
        device_map=source.device if source.spread else {"": source.first},
        quantization_config=_quantization(source.quantization, products),
    )
    for layer in module.modules():  # where it can, bitsandbytes multiplies 4 bits in bf16 whatever type it was given
        if getattr(layer, "support_avx512bf16_for_cpu", False):
            layer.support_avx512bf16_for_cpu = products is torch.bfloat16
    return module


def _need(source: Source) -> None:
    """Raise a Fault where this machine has no such device."""
    import torch

    asked, kind = torch.device(source.first), torch.accelerator.current_accelerator()
    there = ["cpu", *(f"{kind.type}:{number}" for number in range(torch.accelerator.device_count()))] if kind else ["cpu"]
    if asked.type != "cpu" and f"{asked.type}:{asked.index or 0}" not in there:
        raise Fault(f"model.device={source.device}: this machine has {', '.join(there)}. Name one of them, or model.device=auto")


def _quantization(kind: Quantization | None, products: Any) -> Any:
    """bitsandbytes' LLM.int8 (arXiv 2208.07339) or, as in QLoRA (arXiv 2305.14314), NF4 with quantised constants."""
    from transformers import BitsAndBytesConfig

    if kind == "4bit":
        nf4 = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}
        return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=products, **nf4)
    return BitsAndBytesConfig(load_in_8bit=True) if kind else None


def _adapted(source: Source, module: Any) -> Any:
    """The module with its adapter: merged, or beside weights that merging would round again."""
    from peft import PeftModel

    if not castable(module):
        return PeftModel.from_pretrained(module, source.tuned).get_base_model() if source.adapter else module
    # PEFT's merging turns gradients off, and torch then takes a path for bf16 products on a CPU that needs three times
    # the time and 5 GB more (measured with torch 2.13: 9.9 s and 6.4 GB against 3.2 s and 1.4 GB)
    return _merged(source, module).requires_grad_(True)


def _merged(source: Source, module: Any) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(module, source.tuned).merge_and_unload() if source.adapter else module
