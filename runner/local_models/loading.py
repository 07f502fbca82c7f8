"""Load a model's tokenizer and weights with transformers."""

import logging
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from runner.errors import Fault
from runner.local_models.foreign_code import refuse_foreign_code

Dtype = Literal["auto", "float32", "bfloat16", "float16"]
Quantization = Literal["8bit", "4bit"]
SPREADS = ("balanced", "balanced_low_0", "sequential")  # accelerate's names for its ways to fill several GPUs

# torch and transformers are imported inside functions: the first takes seconds, and a setting is checked without either.


@dataclass(frozen=True, kw_only=True)
class Source:
    """The weights to load, and how to load them.

    `id` is a hub id or a folder. `tuned` is a folder that a tuner wrote: an adapter, or whole weights instead of those of `id`.
    """

    id: str
    tuned: str = ""
    revision: str | None = None
    device: str = "auto"
    dtype: Dtype = "auto"
    quantization: Quantization | None = None

    @property
    def adapter(self) -> bool:
        """True if `tuned` holds an adapter."""
        return bool(self.tuned) and (Path(self.tuned) / "adapter_config.json").exists()

    @property
    def spread(self) -> bool:
        """True if the layers may lie on several GPUs."""
        return self.device in SPREADS

    @property
    def first(self) -> str:
        """The device of the first layer.

        It is the only device, unless the model is spread.
        """
        import torch

        if self.device != "auto" and not self.spread:
            return self.device
        return "cuda" if torch.cuda.is_available() else "cpu"

    @property
    def computed_in(self) -> Any:
        """The torch.dtype of the matrix products.

        `auto` takes bfloat16 where the processor can multiply it, else float32.
        """
        import torch

        if self.dtype != "auto":
            return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[self.dtype]
        # On AVX-512 with bf16, generation is three times as fast in it; on AVX2, which emulates it, slower.
        native = self.first != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return torch.bfloat16 if native else torch.float32

    @property
    def trained_in(self) -> Any:
        """The torch.dtype of the matrix products of a training.

        As in `computed_in`; but `auto` takes float32 on a processor that multiplies bfloat16 without tiles (AMX).
        """
        import torch

        # Training multiplies many rows at once. Without tiles bf16 has no higher rate than fp32 there, and the weights must be
        # cast: fp32 trains 1.6 times as fast. Not in fp16: without loss scaling its gradients would underflow to zero.
        tiles = self.first != "cpu" or torch.cpu._is_amx_tile_supported()
        rounded = self.computed_in is torch.bfloat16 and (tiles or self.dtype == "bfloat16" or bool(self.quantization))
        return torch.bfloat16 if rounded else torch.float32


def tokenizer(source: Source) -> Any:
    """Load the tokenizer, which pads on the left.

    On the left, so that in a batch each reply begins directly behind its prompt.
    """
    from transformers import AutoTokenizer

    loaded = AutoTokenizer.from_pretrained(source.id, revision=source.revision, padding_side="left", trust_remote_code=False)
    # Many chat models name no padding token; which one is used does not matter, as the mask hides it.
    if loaded.pad_token_id is None:
        loaded.pad_token = loaded.eos_token
    return loaded


def to_train(source: Source) -> Any:
    """Load the module for training.

    Its weights are fp32, or quantised as they are for answering. Raises a Fault where the GPUs do not hold them.
    """
    import torch

    products = source.trained_in
    module = _adapted(source, _read(source, products if source.quantization else torch.float32, products))
    if offloaded := sorted({"cpu", "disk"} & set(places(module))):
        raise Fault(
            f"model.device={source.device}: the GPUs do not hold {source.id}, parts of it would lie on {' and '.join(offloaded)} "
            "and can't be trained there. Take more GPUs, or model.quantization=4bit with tuner=lora"
        )
    return module


def to_answer(source: Source) -> Any:
    """Load the module for answering.

    It is in the type that it computes in; but in fp32, to be cast by the caller, where an adapter was merged.
    """
    import torch

    # An adapter is merged in fp32, since bf16 would round most of its small changes away.
    exact = source.adapter and not source.quantization and not source.spread
    return _adapted(source, _read(source, torch.float32 if exact else source.computed_in, source.computed_in))


def whole(source: Source) -> Any:
    """Load plain fp32 weights with all tuning merged.

    Quantised weights are dequantised, to the values that they answer with.
    """
    import torch

    weights = source.computed_in if source.quantization else torch.float32
    # In the processor's memory: a GPU that holds the quantised weights may be too small for plain ones.
    module = _read(replace(source, device="cpu"), weights, source.computed_in)
    return _merged(source, (module.dequantize() if quantised(module) else module).to(torch.float32))


def quantised(module: Any) -> bool:
    """True if the weights are quantised.

    Either by `Source.quantization` or in the files that they were read from.
    """
    # transformers sets this attribute on quantised models only, and asks for it in the same way.
    return getattr(module, "quantization_method", None) is not None


def places(module: Any) -> list[Any]:
    """List the devices of a module that lies on several.

    The list holds `cpu` and `disk` where layers are offloaded there. It is empty for a module on one device.
    """
    # accelerate sets this attribute on the models that it dispatches, and on no others.
    devices = list(dict.fromkeys(getattr(module, "hf_device_map", {}).values()))
    return devices if len(devices) > 1 else []


def castable(module: Any) -> bool:
    """True if weights can be cast and adapters merged losslessly."""
    return not quantised(module) and not places(module)


def context_length(config: Any, tokenizer: Any) -> int | None:
    """Return the most tokens that the model reads, or None.

    A sliding window is no limit: a model with one reads on, and looks back less far.
    """
    text = config.get_text_config()
    # Each architecture has a config of its own; recurrent models have no such limit and no such field.
    positions = getattr(text, "max_position_embeddings", None)
    rope = text.to_dict().get("rope_parameters") or {}
    # One for all layers, or one for each kind of layers.
    for part in [rope, *(part for part in rope.values() if isinstance(part, dict))]:
        if positions and {"factor", "original_max_position_embeddings"} <= part.keys():
            positions = max(positions, round(part["factor"] * part["original_max_position_embeddings"]))
    # A tokenizer without a limit has one of 10**30.
    return min((limit for limit in (positions, tokenizer.model_max_length) if limit and limit < 10**9), default=None)


def _read(source: Source, weights: Any, products: Any) -> Any:
    """Read the module from its files.

    `weights` is the type of the weights in memory; `products` is the type in which quantised weights are multiplied.
    """
    import torch
    from transformers import AutoModelForCausalLM

    _silence()
    check_device(source)
    replaced = bool(source.tuned) and not source.adapter
    refuse_foreign_code(source.tuned if replaced else source.id, None if replaced else source.revision)
    module, report = AutoModelForCausalLM.from_pretrained(
        source.tuned if replaced else source.id,
        # A revision is one of the hub's; a folder that a tuner wrote has none.
        revision=None if replaced else source.revision,
        # Never the pickled format, which can run code when it is read, and no code of the model's own.
        use_safetensors=True,
        trust_remote_code=False,
        dtype=weights,
        device_map=source.device if source.spread else {"": source.first},
        quantization_config=_quantization(source.quantization, products),
        output_loading_info=True,
    )
    # transformers would go on with random numbers in their place.
    if missing := sorted(report["missing_keys"]):
        raise Fault(
            f"model.id={source.id}: its files lack {len(missing)} of the weights that its config.json names, "
            f"such as {missing[0]}. Expected the weights of this very model"
        )
    for layer in module.modules():
        # With AVX-512, bitsandbytes multiplies 4-bit weights in bf16, whatever type it was given. Asked by attribute, since
        # bitsandbytes is optional, and its class can't be named where it is not installed.
        if getattr(layer, "support_avx512bf16_for_cpu", False):
            layer.support_avx512bf16_for_cpu = products is torch.bfloat16
    return module


def _silence() -> None:
    """Turn off library messages that users can't act on."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # a line for each layer whose input it casts to fp16
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing")  # PEFT uses an old name of transformers


def check_device(source: Source) -> None:
    """Raise a Fault where this machine lacks the device."""
    import torch

    wanted, kind = torch.device(source.first), torch.accelerator.current_accelerator()
    devices = ["cpu", *(f"{kind.type}:{number}" for number in range(torch.accelerator.device_count()))] if kind else ["cpu"]
    if wanted.type != "cpu" and f"{wanted.type}:{wanted.index or 0}" not in devices:
        raise Fault(
            f"model.device={source.device}: this machine has {', '.join(devices)}. Name one of them, or model.device=auto"
        )


def _quantization(kind: Quantization | None, products: Any) -> Any:
    """Make the configuration of bitsandbytes.

    8 bits: LLM.int8 (arXiv 2208.07339). 4 bits: NF4 with double quantisation, as in QLoRA (arXiv 2305.14314).
    """
    from transformers import BitsAndBytesConfig

    if kind == "4bit":
        nf4 = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}
        return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=products, **nf4)
    return BitsAndBytesConfig(load_in_8bit=True) if kind else None


def _adapted(source: Source, module: Any) -> Any:
    """Apply the adapter to the module, where there is one."""
    from peft import PeftModel

    from runner.local_models.earlier_adapter import EARLIER

    # Not merged: quantised weights would be rounded again, and offloaded ones can't be changed.
    if not castable(module):
        return PeftModel.from_pretrained(module, source.tuned, EARLIER).get_base_model() if source.adapter else module
    # PEFT turns gradients off when it merges. torch then takes a path for bf16 products on a CPU that needs three times
    # the time and 5 GB more (measured with torch 2.13: 9.9 s and 6.4 GB against 3.2 s and 1.4 GB).
    return _merged(source, module).requires_grad_(True)


def _merged(source: Source, module: Any) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(module, source.tuned).merge_and_unload() if source.adapter else module
