"""A causal chat model of transformers, loaded: prompts in, tokens and greedy replies out."""

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from runner.fault import Fault
from runner.memory import give_back_memory
from runner.model.form import constraint
from runner.progress import progress
from runner.records import Prompt, Reply

WINDOW = 1024  # tokens that perplexity reads at a time: within the context of any model of today, and its logits in memory


_held: dict[tuple[str, str, str | None, str], "Weights"] = {}


def held(source: str, tuned: str, revision: str | None, device: str) -> "Weights":
    """The network that was asked last, kept for the next questions, or another in its place: no two are in memory."""
    made_of = (source, tuned, revision, device)
    if made_of not in _held:
        release()
        _held[made_of] = Weights(*made_of)
    return _held[made_of]


def release() -> None:
    """Let go of the network that was asked last."""
    if _held:
        _held.clear()
        give_back_memory()


class Weights:
    """A tokenizer and a module; `module` has fp32 weights, on the device that was asked for."""

    def __init__(self, source: str, tuned: str = "", revision: str | None = None, device: str = "auto") -> None:
        """Load `source` (a hub id or a folder); `tuned` is a folder with an adapter or with whole weights."""
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing")  # a name that PEFT asks transformers for
        adapter = bool(tuned) and (Path(tuned) / "adapter_config.json").exists()
        weights = tuned if tuned and not adapter else source
        safe = {"use_safetensors": True, "revision": None if weights == tuned else revision}
        self.tokenizer: Any = AutoTokenizer.from_pretrained(source, revision=revision, padding_side="left")
        self.module: Any = AutoModelForCausalLM.from_pretrained(weights, dtype=torch.float32, **safe)
        if adapter:
            from peft import PeftModel

            self.module = PeftModel.from_pretrained(self.module, tuned).merge_and_unload()
        # PEFT's merging turns gradients off, and torch then takes a path for bf16 products on a CPU that needs three times
        # the time and 5 GB more (measured with torch 2.13: 9.9 s and 6.4 GB against 3.2 s and 1.4 GB)
        self.module.requires_grad_(True)
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        self.module.to(self.device)
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.constraints: dict[type[BaseModel], Any] = {}  # they take a second each to make

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Token ids of the prompt in the model's own chat template, and of the reply with its end of turn."""
        turns = [asdict(message) for message in prompt.messages]
        rendered = self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        ids: list[int] = self.tokenizer(rendered, add_special_tokens=False).input_ids
        if reply is None:
            return ids, []
        return ids, [*self.tokenizer(reply, add_special_tokens=False).input_ids, self.tokenizer.eos_token_id]

    def save(self, folder: Path) -> None:
        """Config, weights in safetensors, and tokenizer, as plain transformers load them."""
        self.module.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    def reply(self, prompts: Sequence[Prompt], batch: int, what: str, structured: bool = False) -> Iterator[tuple[int, Reply]]:
        """Yield greedy replies, `batch` prompts at a time, those of like length together; where `structured`, in their forms."""
        encoded = [self.encode(prompt)[0] for prompt in prompts]
        forms = [prompt.schema if structured else None for prompt in prompts]
        order = sorted(range(len(prompts)), key=lambda index: len(encoded[index]))
        self.module.to(self.dtype).eval()
        with progress(what, len(prompts)) as advance:
            for form in dict.fromkeys(forms):
                alike = [index for index in order if forms[index] is form]
                for start in range(0, len(alike), batch):
                    chosen = alike[start : start + batch]
                    limit = max(prompts[index].tokens for index in chosen)
                    found = self._continue([encoded[index] for index in chosen], limit, form)
                    for index, ids in zip(chosen, found, strict=True):
                        yield index, self._told(ids, prompts[index].tokens, len(encoded[index]))
                    advance(len(chosen))

    def _told(self, ids: list[int], limit: int, prompt_tokens: int) -> Reply:
        text = self.tokenizer.decode(ids[:limit], skip_special_tokens=True).strip()
        finish = "length" if len(ids) >= limit else "stop"
        return Reply(text=text, prompt_tokens=prompt_tokens, reply_tokens=min(len(ids), limit), finish=finish)

    def perplexity(self, text: str) -> float:
        """exp of the mean negative log-likelihood of a token of plain text, without a chat template; a Fault if empty.

        The text is cut into windows of `WINDOW` tokens, or of the model's context where that is shorter, one after the
        other without overlap. A window's first token has nothing before it and is not counted; all others count alike.
        """
        import torch

        ids = self.tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids[0].to(self.device)
        if len(ids) < 2:
            raise Fault(f"perplexity: the text {text[:60]!r} holds {len(ids)} tokens, expected a page of at least two")
        self.module.to(self.dtype).eval()
        context = getattr(self.module.config, "max_position_embeddings", None) or WINDOW
        windows = [window for window in ids.split(min(WINDOW, context)) if len(window) > 1]
        with torch.inference_mode():
            losses = [self._surprise(window) for window in windows]
        return math.exp(sum(losses) / sum(len(window) - 1 for window in windows))

    def _surprise(self, window: Any) -> float:
        """The summed negative log-likelihood of a window's tokens from the second one on, the logits in fp32."""
        from torch.nn.functional import cross_entropy

        logits = self.module(window[None]).logits[0, :-1].float()
        return float(cross_entropy(logits, window[1:], reduction="sum"))

    @property
    def dtype(self) -> Any:
        """bfloat16 where the processor multiplies it: on AVX-512 answers then come three times as fast, on AVX2 slower."""
        import torch

        native = self.device != "cpu" or torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return torch.bfloat16 if native else torch.float32

    def _continue(self, prompts: list[list[int]], limit: int, form: type[BaseModel] | None) -> list[list[int]]:
        """The ids that follow each prompt, without padding and end of turn; of all that are possible, or of a form's alone."""
        import torch

        constraints = [] if form is None else [self._constraint(form)]
        inputs = self.tokenizer.pad({"input_ids": prompts}, return_tensors="pt").to(self.device)
        # outlines would have torch compile the mask of tokens, which wants a C++ compiler and 20 seconds
        with torch.inference_mode(), torch.compiler.set_stance("force_eager"):
            output = self.module.generate(
                **inputs,
                max_new_tokens=limit,
                do_sample=False,
                pad_token_id=self.tokenizer.pad_token_id,
                logits_processor=constraints,
            )
        width, ends = inputs.input_ids.shape[1], {self.tokenizer.eos_token_id, self.tokenizer.pad_token_id}
        return [[token for token in row[width:].tolist() if token not in ends] for row in output]

    def _constraint(self, form: type[BaseModel]) -> Any:
        if form not in self.constraints:
            self.constraints[form] = constraint(self.module, self.tokenizer, form)
        self.constraints[form].reset()
        return self.constraints[form]
