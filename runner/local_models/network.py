"""A causal chat model of transformers, loaded: prompts in, tokens and greedy replies out."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from runner.data.records import Prompt, Reply
from runner.errors import Fault
from runner.local_models.constrained import constraint
from runner.local_models.glibc_memory import give_back_memory
from runner.local_models.loading import Source, castable, to_answer, tokenizer
from runner.terminal.progress import progress

log = logging.getLogger("runner")

WINDOW = 1024  # tokens that perplexity reads at a time: within the context of any model of today, and its logits in memory

_held: dict[Source, "Weights"] = {}


def held(source: Source) -> "Weights":
    """The network that was asked last, kept for the next questions, or another in its place: no two are in memory."""
    if source not in _held:
        release()
        _held[source] = Weights(source, to_answer(source))
    return _held[source]


def release() -> None:
    """Let go of the network that was asked last."""
    if _held:
        _held.clear()
        give_back_memory()


class Weights:
    """A tokenizer and a module, loaded to answer or to train."""

    def __init__(self, source: Source, module: Any) -> None:
        """Take the module that was loaded of `source`."""
        self.source, self.module = source, module
        self.device, self.dtype = source.first, source.computed_in
        self.tokenizer: Any = tokenizer(source)
        self.constraints: dict[type[BaseModel], Any] = {}  # they take a second each to make

    def ready(self) -> Any:
        """The module, ready to answer."""
        return (self.module.to(self.dtype) if castable(self.module) else self.module).eval()

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Token ids of the prompt in the model's own chat template, and of the reply with its end of turn."""
        turns = [asdict(message) for message in prompt.messages]
        rendered = self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        ids: list[int] = self.tokenizer(rendered, add_special_tokens=False).input_ids
        if reply is None:
            return ids, []
        return ids, [*self.tokenizer(reply, add_special_tokens=False).input_ids, self.tokenizer.eos_token_id]

    def reply(self, prompts: Sequence[Prompt], batch: int, what: str, structured: bool = False) -> Iterator[tuple[int, Reply]]:
        """Yield greedy replies, `batch` prompts at a time, those of like length together; where `structured`, in their forms."""
        encoded = [self.encode(prompt)[0] for prompt in prompts]
        forms = [prompt.schema if structured else None for prompt in prompts]
        order = sorted(range(len(prompts)), key=lambda index: len(encoded[index]))
        self.ready()
        with progress(what, len(prompts)) as advance:
            for form in dict.fromkeys(forms):
                alike = [index for index in order if forms[index] is form]
                while alike:
                    chosen = alike[:batch]
                    limit = max(prompts[index].tokens for index in chosen)
                    found = self._fitted([encoded[index] for index in chosen], limit, form)
                    if found is None:
                        batch = len(chosen) // 2
                        continue
                    for index, ids in zip(chosen, found, strict=True):
                        yield index, self._told(ids, prompts[index].tokens, len(encoded[index]))
                    alike = alike[len(chosen) :]
                    advance(len(chosen))

    def _fitted(self, prompts: list[list[int]], limit: int, form: type[BaseModel] | None) -> list[list[int]] | None:
        """What follows each prompt, or None where memory does not hold so many at once; a Fault if it does not hold one."""
        import torch
        from accelerate.utils.memory import clear_device_cache

        try:
            return self._continue(prompts, limit, form)
        except torch.OutOfMemoryError as error:
            if len(prompts) == 1:
                raise Fault(
                    f"{self.source.id}: the memory of {self.device} does not hold one prompt of {len(prompts[0])} tokens and its "
                    "reply. Set quantization=4bit or device=balanced of this model, or take a smaller one"
                ) from error
        clear_device_cache(garbage_collection=True)  # not above: there the error still holds what was computed
        log.warning("%d prompts at once are too many for the memory of %s, so half as many", len(prompts), self.device)
        return None

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
        self.ready()
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

    def _continue(self, prompts: list[list[int]], limit: int, form: type[BaseModel] | None) -> list[list[int]]:
        """The likeliest ids after each prompt; of all that are possible, or of a form's alone."""
        import torch

        from runner.local_models.generate import write

        constraints = [] if form is None else [self._constraint(form)]
        with torch.compiler.set_stance("force_eager"):  # outlines would compile its mask, with a C++ compiler and in 20 seconds
            return write(self.module, self.tokenizer, prompts, limit, constraints)

    def _constraint(self, form: type[BaseModel]) -> Any:
        if form not in self.constraints:
            self.constraints[form] = constraint(self.module, self.tokenizer, form)
        self.constraints[form].reset()
        return self.constraints[form]
