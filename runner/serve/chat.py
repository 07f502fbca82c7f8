"""POST /v1/chat/completions: messages to a local model's reply, whole or as server-sent events."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from runner.data.records import Message, Prompt
from runner.serve.engine import Engine, Manner, Piece
from runner.serve.models import Models
from runner.serve.refusal import Refusal

LOOK = 0.5  # seconds between looks whether a client still waits
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}


class Closed(BaseModel):
    """What a client sends: a field that is not here is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class Part(Closed):
    """A part of a message; text is the only kind that these models read."""

    type: Literal["text"]
    text: str


class Turn(Closed):
    """One message."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]
    name: str | None = None

    @property
    def message(self) -> Message:
        """The message as the runner's own models read it."""
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)
        return Message(role=ROLES[self.role], content=text)


class Streaming(Closed):
    """How a stream is to be told."""

    include_usage: bool = False
    include_obfuscation: bool = False


class Form(Closed):
    """The form of the reply: text as it comes; a model here is not held to a schema."""

    type: Literal["text"]


class Wish(Closed):
    """A request for a completion, as OpenAI's API has it; the last five fields say nothing to a model on this machine."""

    model: str
    messages: Annotated[list[Turn], Field(min_length=1)]
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: int | None = None
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    stream: bool | None = None
    stream_options: Streaming | None = None
    n: Literal[1] | None = None
    response_format: Form | None = None
    user: str | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None

    def prompt(self, most: int) -> Prompt:
        """What the model is asked; a Refusal where a longer reply is wanted than this server writes."""
        tokens = self.max_completion_tokens or self.max_tokens or 0
        if tokens > most:
            told = f"max_completion_tokens: found {tokens}, this server writes {most} at most (runner-serve --tokens)"
            raise Refusal(400, told, param="max_completion_tokens")
        return Prompt(messages=tuple(turn.message for turn in self.messages), tokens=tokens)

    @property
    def manner(self) -> Manner:
        """How the reply is to be written; the API's own defaults where nothing is said."""
        return Manner(
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=self.top_p or 1.0,
            seed=self.seed,
            stop=tuple(word for word in ([self.stop] if isinstance(self.stop, str) else self.stop or []) if word),
        )


def routes(models: Models, engine: Engine) -> APIRouter:
    """The one route, over these models."""
    router = APIRouter()

    @router.post("/v1/chat/completions", response_model=None)
    async def complete(wish: Wish, request: Request) -> dict[str, Any] | Response:
        if not wish.stream:
            return await _awaited(request, completion(models, engine, wish))
        pieces = _pieces(models, engine, wish)
        first = await anext(pieces)  # what is wrong with the request is told before a stream begins
        told = bool(wish.stream_options and wish.stream_options.include_usage)
        return StreamingResponse(_events(pieces, first, _about(wish), told), media_type="text/event-stream")

    return router


async def _awaited(request: Request, reply: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any] | Response:
    """The reply, which is not written to its end where the client leaves before."""
    writing = asyncio.create_task(reply)
    try:
        while not (await asyncio.wait({writing}, timeout=LOOK))[0]:
            if await request.is_disconnected():
                return Response(status_code=499)
        return writing.result()
    finally:
        writing.cancel()


async def completion(models: Models, engine: Engine, wish: Wish) -> dict[str, Any]:
    """A reply as the wire has it, whole."""
    written = [piece async for piece in _pieces(models, engine, wish)]
    message = {"role": "assistant", "content": "".join(piece.text for piece in written), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": written[-1].finish}
    return {**_about(wish), "object": "chat.completion", "choices": [choice], "usage": _usage(written[-1])}


def _pieces(models: Models, engine: Engine, wish: Wish) -> AsyncIterator[Piece]:
    return engine.write(models.find(wish.model).model, wish.prompt(engine.limits.tokens), wish.manner)


def _about(wish: Wish) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": wish.model}


async def _events(pieces: AsyncIterator[Piece], piece: Piece, about: dict[str, Any], usage: bool) -> AsyncIterator[str]:
    """Server-sent events: a chunk that names the role, a chunk for each piece, the usage where wanted, and the end."""
    about = {**about, "object": "chat.completion.chunk"}
    yield _event({**about, "choices": [_choice({"role": "assistant", "content": ""}, None)]})
    try:
        async for piece in pieces:
            delta = {"content": piece.text} if piece.text else {}
            yield _event({**about, "choices": [_choice(delta, piece.finish or None)]})
    except Exception as error:
        yield _event(Refusal(500, f"the reply broke off: {error}").body)
        raise
    if usage:
        yield _event({**about, "choices": [], "usage": _usage(piece)})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _choice(delta: dict[str, str], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _usage(piece: Piece) -> dict[str, int]:
    together = piece.prompt_tokens + piece.reply_tokens
    return {"prompt_tokens": piece.prompt_tokens, "completion_tokens": piece.reply_tokens, "total_tokens": together}
