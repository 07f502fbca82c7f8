"""Generate replies of local models, one at a time.

A reply is yielded chunk by chunk, while it is generated.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.data.records import Prompt
from runner.model.huggingface import HuggingFace
from runner.serve import Limits
from runner.serve.api_errors import ApiError

if TYPE_CHECKING:
    from runner.local_models.network import Weights


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """The settings by which a reply's tokens are chosen.

    At temperature 0 the most likely token is taken each time, as `run.py` does. A reply ends before any of the texts in `stop`.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None  # None draws another reply each time
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReplyChunk:
    """A piece of a reply, with token counts so far."""

    text: str = ""
    prompt_tokens: int
    reply_tokens: int = 0
    finish: str = ""  # in the last chunk `stop` or `length`


class InferenceQueue:
    """Requests for replies, generated one after another in one thread.

    One thread, because a model takes all cores or the whole GPU, and because only one model at a time is in memory.
    """

    def __init__(self, limits: Limits) -> None:
        """Start with no model; each is loaded at its first request."""
        self.limits, self.waiting = limits, 0
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="reply")

    async def stream(self, model: HuggingFace, prompt: Prompt, sampling: Sampling) -> AsyncIterator[ReplyChunk]:
        """Yield a reply in chunks.

        The first chunk is empty; it comes as soon as the prompt is accepted. Generation stops where the caller stops reading.
        Raises an ApiError where too many requests wait, or the prompt is too long.
        """
        if self.waiting >= self.limits.waiting:
            raise ApiError(
                429, f"{self.waiting} replies are waited for already, the most that this server takes. Ask again later"
            )
        loop, chunks, left = asyncio.get_running_loop(), asyncio.Queue[ReplyChunk | BaseException](), threading.Event()

        # asyncio's queue is not thread-safe, so the thread only asks the event loop to fill it.
        def send(chunk: ReplyChunk | BaseException) -> None:
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)

        def generate() -> None:
            try:
                _generate(model.network(), prompt, sampling, self.limits.tokens, _Reader(send, left))
            except BaseException as error:
                # To the reader, who would else wait for ever.
                send(error)

        self.waiting += 1
        generation = self.thread.submit(generate)
        try:
            while True:
                chunk = await chunks.get()
                if isinstance(chunk, BaseException):
                    raise chunk
                yield chunk
                if chunk.finish:
                    return
        finally:
            # Also where the client left: `left` stops a reply that is being generated, `cancel` one that waits.
            self.waiting -= 1
            left.set()
            generation.cancel()


@dataclass(frozen=True)
class _Reader:
    send: Callable[[ReplyChunk], None]
    left: threading.Event  # set when the client no longer reads


def _generate(weights: "Weights", prompt: Prompt, sampling: Sampling, most: int, reader: _Reader) -> None:
    """Generate a reply of up to `prompt.tokens` tokens.

    Where that is 0, as many as the model's context holds, and `most` at most.
    """
    import torch
    from transformers import StoppingCriteriaList

    ids = _encode(weights, prompt)
    room = (weights.context or 2**31) - len(ids)
    if room < max(1, prompt.tokens):
        raise ApiError(
            400,
            f"the model reads {len(ids) + room} tokens, the messages hold {len(ids)}, and {max(1, prompt.tokens)} are asked "
            "for. Shorten the messages, or lower max_completion_tokens",
            param="messages",
            code="context_length_exceeded",
        )
    weights.ready()
    streamer = _TextStreamer(weights, sampling.stop, len(ids), reader)
    inputs = torch.tensor([ids], device=weights.device)
    # A streamer can't stop `generate`; a criterion that asks the streamer can.
    stopped = StoppingCriteriaList([lambda rows, *_, **__: torch.full((len(rows),), streamer.stopped, device=rows.device)])
    with torch.inference_mode():
        weights.module.generate(
            input_ids=inputs,
            attention_mask=torch.ones_like(inputs),
            max_new_tokens=prompt.tokens or min(room, most),
            pad_token_id=weights.tokenizer.pad_token_id,
            streamer=streamer,
            stopping_criteria=stopped,
            **_arguments(sampling),
        )


def _encode(weights: "Weights", prompt: Prompt) -> list[int]:
    from jinja2 import TemplateError

    try:
        return weights.encode(prompt)[0]
    except TemplateError as error:
        # Some templates take no system message, or want user and assistant in turn.
        raise ApiError(400, f"this model's chat template refuses the messages: {error}", param="messages") from error


def _arguments(sampling: Sampling) -> dict[str, Any]:
    """Return the arguments of `generate`; seed torch for sampling."""
    import torch

    if not sampling.temperature:
        return {"do_sample": False}
    # Without a seed, torch is seeded anew: else a reply would repeat after an earlier request with a seed.
    torch.seed() if sampling.seed is None else torch.manual_seed(sampling.seed)
    # top_k=0 turns off a limit of 50 that transformers sets by default, and that OpenAI's API does not have.
    return {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}


class _TextStreamer:
    """A streamer of transformers: tokens in, chunks of text out.

    Text is sent as soon as later tokens can't change it.
    """

    def __init__(self, weights: "Weights", stop: tuple[str, ...], prompt_tokens: int, reader: _Reader) -> None:
        self.tokenizer, self.stop, self.prompt_tokens, self.reader = weights.tokenizer, stop, prompt_tokens, reader
        ends = weights.module.generation_config.eos_token_id
        self.ends = {self.tokenizer.eos_token_id, self.tokenizer.pad_token_id, *(ends if isinstance(ends, list) else [ends])}
        self.ids: list[int] = []
        self.sent, self.finish, self.prompt_seen = 0, "", False
        # The empty first chunk: the prompt fits, so a client's stream may begin.
        reader.send(ReplyChunk(prompt_tokens=prompt_tokens))

    @property
    def stopped(self) -> bool:
        return bool(self.finish) or self.reader.left.is_set()

    def put(self, tokens: Any) -> None:
        """Take the prompt's tokens first, then the reply's."""
        if not self.prompt_seen:
            self.prompt_seen = True
        elif (token := int(tokens[0])) in self.ends:
            self.finish = "stop"
        else:
            self.ids.append(token)
            text, cut = self._text()
            if cut:
                self.finish = "stop"
            # A character may consist of several tokens; until the last of them it decodes to U+FFFD.
            elif not text.endswith("\ufffd"):
                # The end of the text may be the beginning of a stop text; it waits for the next tokens.
                unsure = max((_overlap(text, word) for word in self.stop), default=0)
                self._send(text[: len(text) - unsure].rstrip())

    def end(self) -> None:
        """Send the rest of the text and the finish reason."""
        self._send(self._text()[0])
        self.reader.send(self._chunk(finish=self.finish or "length"))

    def _text(self) -> tuple[str, bool]:
        """Return the text so far, and whether it was cut.

        A stop text cuts it. White space around it is removed, as in the replies of `run.py`.
        """
        # All ids each time: a token's text depends on its neighbours.
        text = str(self.tokenizer.decode(self.ids, skip_special_tokens=True)).strip()
        end = min((place for word in self.stop if (place := text.find(word)) >= 0), default=None)
        return text[:end].rstrip(), end is not None

    def _send(self, text: str) -> None:
        if len(text) > self.sent:
            new, self.sent = text[self.sent :], len(text)
            self.reader.send(self._chunk(text=new))

    def _chunk(self, text: str = "", finish: str = "") -> ReplyChunk:
        return ReplyChunk(text=text, prompt_tokens=self.prompt_tokens, reply_tokens=len(self.ids), finish=finish)


def _overlap(text: str, word: str) -> int:
    """Count the last characters that may begin the word."""
    return next((size for size in range(min(len(text), len(word) - 1), 0, -1) if word.startswith(text[-size:])), 0)
