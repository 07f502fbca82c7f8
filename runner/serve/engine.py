"""A prompt to a local model's reply, piece by piece as it is written; one reply at a time."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.data.records import Prompt
from runner.model.huggingface import HuggingFace
from runner.serve import Limits
from runner.serve.refusal import Refusal

if TYPE_CHECKING:
    from runner.local_models.network import Weights


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a reply is to be written; temperature 0 takes the likeliest token each time, as the runner's own answering does.

    `seed` is None where chance need not come out the same again; the reply ends before any of the texts in `stop`.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a reply, with the tokens up to it; `finish` is `stop` or `length` in the last piece, else empty."""

    text: str = ""
    prompt_tokens: int
    reply_tokens: int = 0
    finish: str = ""


class Engine:
    """Writes replies in one thread, in the order in which they are asked for."""

    def __init__(self, limits: Limits) -> None:
        """Start with nothing loaded; a model is read when it is first asked."""
        self.limits, self.waiting = limits, 0
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="reply")

    async def write(self, model: HuggingFace, prompt: Prompt, manner: Manner) -> AsyncIterator[Piece]:
        """A first piece without text once the prompt is accepted, then the reply's; writing stops where nobody listens."""
        if self.waiting >= self.limits.waiting:
            raise Refusal(429, f"{self.waiting} replies are waited for already, the most that this server takes. Ask again later")
        loop, pieces, left = asyncio.get_running_loop(), asyncio.Queue[Piece | BaseException](), threading.Event()

        def tell(piece: Piece | BaseException) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        def write() -> None:
            try:
                _write(model.network(), prompt, manner, self.limits.tokens, _Listener(tell, left))
            except BaseException as error:
                tell(error)

        self.waiting += 1
        writing = self.thread.submit(write)
        try:
            while True:
                piece = await pieces.get()
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
                if piece.finish:
                    return
        finally:
            self.waiting -= 1
            left.set()
            writing.cancel()


@dataclass(frozen=True)
class _Listener:
    tell: Callable[[Piece], None]
    left: threading.Event


def _write(weights: "Weights", prompt: Prompt, manner: Manner, most: int, listener: _Listener) -> None:
    """Write a reply of prompt.tokens, or where that is 0 of as many as fit, `most` at most."""
    import torch
    from transformers import StoppingCriteriaList

    ids = _encode(weights, prompt)
    room = (getattr(weights.module.config, "max_position_embeddings", None) or 2**31) - len(ids)
    if room < max(1, prompt.tokens):
        raise Refusal(
            400,
            f"the model reads {len(ids) + room} tokens, the messages hold {len(ids)}, and {max(1, prompt.tokens)} are asked "
            "for. Shorten the messages, or lower max_completion_tokens",
            param="messages",
            code="context_length_exceeded",
        )
    weights.ready()
    pen = _Pen(weights, manner.stop, len(ids), listener)
    inputs = torch.tensor([ids], device=weights.device)
    ended = StoppingCriteriaList([lambda seen, *_, **__: torch.full((len(seen),), pen.stopped, device=seen.device)])
    with torch.inference_mode():
        weights.module.generate(
            input_ids=inputs,
            attention_mask=torch.ones_like(inputs),
            max_new_tokens=prompt.tokens or min(room, most),
            pad_token_id=weights.tokenizer.pad_token_id,
            streamer=pen,
            stopping_criteria=ended,
            **_sampling(manner),
        )


def _encode(weights: "Weights", prompt: Prompt) -> list[int]:
    from jinja2 import TemplateError

    try:
        return weights.encode(prompt)[0]
    except TemplateError as error:
        raise Refusal(400, f"this model's chat template refuses the messages: {error}", param="messages") from error


def _sampling(manner: Manner) -> dict[str, Any]:
    import torch

    if not manner.temperature:
        return {"do_sample": False}
    torch.seed() if manner.seed is None else torch.manual_seed(manner.seed)
    return {"do_sample": True, "temperature": manner.temperature, "top_p": manner.top_p, "top_k": 0}


class _Pen:
    """Takes a reply's tokens one by one, as a streamer of transformers, and tells the text that is certain so far."""

    def __init__(self, weights: "Weights", stop: tuple[str, ...], prompt_tokens: int, listener: _Listener) -> None:
        self.tokenizer, self.stop, self.prompt_tokens, self.listener = weights.tokenizer, stop, prompt_tokens, listener
        ends = weights.module.generation_config.eos_token_id
        self.ends = {self.tokenizer.eos_token_id, self.tokenizer.pad_token_id, *(ends if isinstance(ends, list) else [ends])}
        self.ids: list[int] = []
        self.shown, self.finish, self.began = 0, "", False
        listener.tell(Piece(prompt_tokens=prompt_tokens))

    @property
    def stopped(self) -> bool:
        return bool(self.finish) or self.listener.left.is_set()

    def put(self, tokens: Any) -> None:
        """The prompt's tokens first, then each token of the reply."""
        if not self.began:
            self.began = True
        elif (token := int(tokens[0])) in self.ends:
            self.finish = "stop"
        else:
            self.ids.append(token)
            text, cut = self._text()
            if cut:
                self.finish = "stop"
            elif not text.endswith("\ufffd"):  # a character of several tokens, half read
                held = max((_overlap(text, word) for word in self.stop), default=0)
                self._show(text[: len(text) - held].rstrip())

    def end(self) -> None:
        """The reply is written: tell what was held back, and why it ended."""
        self._show(self._text()[0])
        self.listener.tell(self._piece(finish=self.finish or "length"))

    def _text(self) -> tuple[str, bool]:
        """The text so far, without the white space around it, as the runner's own replies are; and whether it was cut."""
        text = str(self.tokenizer.decode(self.ids, skip_special_tokens=True)).strip()
        end = min((place for word in self.stop if (place := text.find(word)) >= 0), default=None)
        return text[:end].rstrip(), end is not None

    def _show(self, text: str) -> None:
        if len(text) > self.shown:
            new, self.shown = text[self.shown :], len(text)
            self.listener.tell(self._piece(text=new))

    def _piece(self, text: str = "", finish: str = "") -> Piece:
        return Piece(text=text, prompt_tokens=self.prompt_tokens, reply_tokens=len(self.ids), finish=finish)


def _overlap(text: str, word: str) -> int:
    """How many characters at the end of the text may be the beginning of the word."""
    return next((size for size in range(min(len(text), len(word) - 1), 0, -1) if word.startswith(text[-size:])), 0)
