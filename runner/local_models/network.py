"""Answer prompts with a chat model in memory."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from runner.data.records import Prompt, Reply
from runner.errors import Fault
from runner.local_models.batch_progress import BatchProgress
from runner.local_models.chat_encoding import ChatEncoder
from runner.local_models.constrained import constraint
from runner.local_models.glibc_memory import give_back_memory
from runner.local_models.loading import Source, castable, context_length, to_answer, tokenizer
from runner.terminal.progress import Advance, progress

log = logging.getLogger("runner")

# Tokens of a batch, padding and replies included: they decide its memory. With the embedded model 96 questions of ordinary
# length have a third of them.
BATCH_TOKENS = 32768
# Tokens of padding in a batch, if they are also a fifth of it: to read them takes longer than another batch. Exams of ordinary
# questions stay below.
PADDING = 2048
WINDOW = 1024  # tokens that perplexity reads at a time: any current model reads as many, and their logits fit in memory

_held: dict[Source, "Weights"] = {}


def held(source: Source) -> "Weights":
    """Return the network of `source`, loading it where needed.

    The last network stays in memory for the next questions. It is released before another is loaded, so that memory never
    has to hold two.
    """
    if source not in _held:
        release()
        _held[source] = Weights(source, to_answer(source), source.computed_in)
    return _held[source]


def release() -> None:
    """Release the network that answered last."""
    if _held:
        _held.clear()
        give_back_memory()


class Weights:
    """A tokenizer and a module, to answer or to train."""

    def __init__(self, source: Source, module: Any, dtype: Any) -> None:
        """Take a module of `source`, and its products' torch.dtype."""
        self.source, self.module = source, module
        self.device, self.dtype = source.first, dtype
        self.tokenizer: Any = tokenizer(source)
        self.encoder = ChatEncoder(self.tokenizer)
        self.constraints: dict[type[BaseModel], Any] = {}  # kept, because each takes a second to make
        self.temperature = 0.0  # of the replies that are written now; 0 for greedy ones

    @property
    def context(self) -> int | None:
        """The most tokens that it reads; None without a limit."""
        return context_length(self.module.config, self.tokenizer)

    @property
    def adapter(self) -> Path | None:
        """The folder of an earlier training's adapter, or None."""
        return Path(self.source.tuned) if self.source.adapter else None

    def ready(self) -> Any:
        """Prepare the module for answering, and return it."""
        # An adapter was merged in fp32; only now may its weights be rounded.
        return (self.module.to(self.dtype) if castable(self.module) else self.module).eval()

    def encode(self, prompt: Prompt, reply: str | None = None) -> tuple[list[int], list[int]]:
        """Return the token ids of prompt and reply.

        The prompt is written in the model's own chat template. The reply ends with the end of a turn.
        """
        ids = self.encoder.chat([asdict(message) for message in prompt.messages])
        if reply is None:
            return ids, []
        # Encoded apart from the prompt: together, a token could reach across their border, and training would see other
        # tokens than answering does.
        return ids, [*self.encoder.text(reply), self.tokenizer.eos_token_id]

    def reply(
        self, prompts: Sequence[Prompt], batch: int, what: str, structured: bool = False, temperature: float = 0.0
    ) -> Iterator[tuple[int, Reply]]:
        """Yield each prompt's index and reply: greedy, or drawn at a temperature.

        `batch` prompts are answered at a time, and `what` names the work in the progress bar. Where `structured`, a reply is
        constrained to the schema of its prompt.
        """
        self.temperature = temperature
        encoded = [self.encode(prompt)[0] for prompt in prompts]
        limits = self._limits(prompts, encoded)
        forms = [prompt.schema if structured else None for prompt in prompts]
        self.ready()
        with progress(what, len(prompts)) as advance:
            for index, ids in self._written(encoded, limits, forms, batch, advance):
                yield index, self._decode(ids, limits[index], len(encoded[index]))

    def draw(
        self, prompts: Sequence[Prompt], temperature: float, advance: Advance
    ) -> list[tuple[tuple[list[int], list[int]], str]]:
        """Draw a reply to each prompt, also in training.

        Returns the token ids of prompt and reply, and the reply's text.
        """
        import torch

        self.temperature = temperature
        encoded = [self.encode(prompt)[0] for prompt in prompts]
        limits, end = self._limits(prompts, encoded), [self.tokenizer.eos_token_id]
        # Not `ready`, which would round the weights that are trained.
        with torch.autocast(torch.device(self.device).type, dtype=torch.bfloat16, enabled=self.dtype is torch.bfloat16):
            written = dict(self._written(encoded, limits, [None] * len(prompts), len(prompts), advance))
        replies = [(written[index][:limit], limit) for index, limit in enumerate(limits)]
        return [
            ((prompt, ids if len(ids) == limit else ids + end), self.tokenizer.decode(ids, skip_special_tokens=True).strip())
            for prompt, (ids, limit) in zip(encoded, replies, strict=True)
        ]

    def _written(
        self,
        encoded: Sequence[list[int]],
        limits: Sequence[int],
        forms: Sequence[type[BaseModel] | None],
        batch: int,
        advance: Advance,
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield each prompt's index and its reply's ids.

        A reply may be longer than its own limit, up to that of its batch.
        """
        for index in range(len(encoded)):
            if not limits[index]:
                yield index, []
                advance(1)
        # Prompts of similar length together, so that little is padded.
        order = sorted((index for index in range(len(encoded)) if limits[index]), key=lambda index: len(encoded[index]))
        # A constraint serves a whole batch, so a batch holds prompts of one schema.
        for form in dict.fromkeys(forms):
            waiting = [index for index in order if forms[index] is form]
            while waiting:
                sizes = [(len(encoded[index]), limits[index]) for index in waiting[:batch]]
                chosen = waiting[: batch_rows(sizes, self.context)]
                limit = max(limits[index] for index in chosen)
                rows = BatchProgress(advance, len(chosen))
                replies = self._try_generate([encoded[index] for index in chosen], limit, form, rows)
                rows.close(len(chosen) if replies else 0)
                if replies is None:
                    # For the later batches too: within a schema, prompts only get longer.
                    batch = len(chosen) // 2
                    continue
                yield from zip(chosen, replies, strict=True)
                waiting = waiting[len(chosen) :]

    def _limits(self, prompts: Sequence[Prompt], encoded: Sequence[list[int]]) -> list[int]:
        """Return the most tokens that each reply may have.

        It is 0 where the prompt fills the model's context.
        """
        context = self.context
        if not context:
            return [prompt.tokens for prompt in prompts]
        limits = [max(0, min(prompt.tokens, context - len(ids))) for prompt, ids in zip(prompts, encoded, strict=True)]
        if refused := limits.count(0):
            words = "%d of %d prompts are longer than the %d tokens that %s reads, and get no reply"
            log.warning(words, refused, len(limits), context, self.source.id)
        return limits

    def _try_generate(
        self, prompts: list[list[int]], limit: int, form: type[BaseModel] | None, rows: BatchProgress
    ) -> list[list[int]] | None:
        """Return the replies' ids, or None without enough memory.

        Raises a Fault where it is too small for a single prompt.
        """
        import torch
        from accelerate.utils.memory import clear_device_cache

        try:
            return self._generate(prompts, limit, form, rows)
        except torch.OutOfMemoryError as error:
            if len(prompts) == 1:
                raise Fault(
                    f"{self.source.id}: the memory of {self.device} does not hold one prompt of {len(prompts[0])} tokens and its "
                    "reply. Set quantization=4bit or device=balanced of this model, or take a smaller one"
                ) from error
        # After the except block: inside it, the traceback still refers to the tensors that filled the memory.
        clear_device_cache(garbage_collection=True)
        log.warning("%d prompts at once are too many for the memory of %s; going on with half as many", len(prompts), self.device)
        return None

    def _decode(self, ids: list[int], limit: int, prompt_tokens: int) -> Reply:
        # A batch is generated up to its largest limit; each reply is cut at its own.
        text = self.tokenizer.decode(ids[:limit], skip_special_tokens=True).strip()
        finish = "length" if len(ids) >= limit else "stop"
        return Reply(text=text, prompt_tokens=prompt_tokens, reply_tokens=min(len(ids), limit), finish=finish)

    def perplexity(self, text: str) -> float:
        """Compute the perplexity of plain text, without a chat template.

        It is exp of the mean negative log-likelihood of a token. The text is cut into windows of `WINDOW` tokens, or of the
        model's context where that is shorter, without overlap. A window's first token has no context and does not count; all
        others count alike. Raises a Fault for a text of fewer than two tokens.
        """
        import torch

        ids = torch.tensor(self.encoder.text(text), device=self.device)
        if len(ids) < 2:
            raise Fault(f"perplexity: the text {text[:60]!r} holds {len(ids)} tokens, expected a page of at least two")
        self.ready()
        size = min(WINDOW, self.context or WINDOW)
        windows = [window for window in ids.split(size) if len(window) > 1]
        with torch.inference_mode():
            losses = [self._loss(window) for window in windows]
        return math.exp(sum(losses) / sum(len(window) - 1 for window in windows))

    def _loss(self, window: Any) -> float:
        """Sum the negative log-likelihood of a window's tokens."""
        from torch.nn.functional import cross_entropy

        # In fp32: a sum over hundreds of tokens would lose its digits in bf16.
        logits = self.module(window[None]).logits[0, :-1].float()
        return float(cross_entropy(logits, window[1:], reduction="sum"))

    def _generate(
        self, prompts: list[list[int]], limit: int, form: type[BaseModel] | None, rows: BatchProgress
    ) -> list[list[int]]:
        """Generate replies, free or constrained to a schema."""
        import torch

        from runner.local_models.drawing import Drawn
        from runner.local_models.generate import write

        constraints = [
            *([] if form is None else [self._constraint(form)]),
            *([Drawn(self.temperature)] if self.temperature else []),
        ]
        # outlines compiles its mask with torch.compile, which takes 20 seconds and needs a C++ compiler.
        with torch.compiler.set_stance("force_eager"), rows.watched(self.module):
            return write(self.module, self.tokenizer, prompts, limit, constraints, rows.step)

    def _constraint(self, form: type[BaseModel]) -> Any:
        if form not in self.constraints:
            self.constraints[form] = constraint(self.module, self.tokenizer, form)
        self.constraints[form].reset()  # it counts the tokens of one batch
        return self.constraints[form]


def batch_rows(waiting: Sequence[tuple[int, int]], context: int | None) -> int:
    """Count the first prompts that form a batch; at least one does.

    Each has its length and the most tokens of its reply, and none is longer than the next.
    """
    limit = total = 0
    for rows, (tokens, most) in enumerate(waiting):
        limit, total = max(limit, most), total + tokens
        # A whole batch goes on to the longest of its replies, so it must fit the context with that one.
        if rows and ((context and tokens + limit > context) or (rows + 1) * (tokens + limit) > BATCH_TOKENS):
            return rows
        if (rows + 1) * tokens - total > max(PADDING, total / 4):
            return rows
    return len(waiting)
