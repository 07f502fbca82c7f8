"""POST /v1/chat/completions: a local model's reply to messages.

The reply is sent whole, or as a stream of server-sent events.
"""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from runner.data.records import Message, Prompt
from runner.serve import RequestBody
from runner.serve.api_errors import ApiError
from runner.serve.inference import InferenceQueue, ReplyChunk, Sampling
from runner.serve.models import Models

DISCONNECT_POLL = 0.5  # seconds; a client that has left is noticed after this time
Off = Annotated[float, Field(ge=0, le=0)]
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}  # templates know no developer


class TextPart(RequestBody):
    """A part of a message: text, which is all that these models read."""

    type: Literal["text"]
    text: str


class ChatMessage(RequestBody):
    """A message of a conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]
    name: str | None = None

    @property
    def message(self) -> Message:
        """The message as the runner's models read it."""
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)
        return Message(role=ROLES[self.role], content=text)


class StreamOptions(RequestBody):
    """The options of a stream."""

    include_usage: bool = False
    include_obfuscation: bool = False  # accepted without effect: padding against those who watch an encrypted network


class ResponseFormat(RequestBody):
    """The format of a reply: only free text is offered."""

    type: Literal["text"]


class ChatRequest(RequestBody):
    """A chat completion request of OpenAI's API."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    max_tokens: Annotated[int, Field(ge=1)] | None = None  # the older name of max_completion_tokens
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None  # the range of the API, and of torch
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    # Only the values that change nothing are offered.
    frequency_penalty: Off | None = None
    presence_penalty: Off | None = None
    logprobs: Literal[False] | None = None
    response_format: ResponseFormat | None = None
    # Accepted without effect, since clients send them by habit; they concern a host with accounts.
    user: str | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None

    def prompt(self, limit: int) -> Prompt:
        """Make the prompt; raise an ApiError if its reply may exceed `limit`."""
        tokens = self.max_completion_tokens or self.max_tokens or 0
        if tokens > limit:
            message = f"max_completion_tokens: found {tokens}, this server writes {limit} at most (runner-serve --tokens)"
            raise ApiError(400, message, param="max_completion_tokens")
        return Prompt(messages=tuple(message.message for message in self.messages), tokens=tokens)

    @property
    def sampling(self) -> Sampling:
        """The sampling settings, with the API's own defaults."""
        stop = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return Sampling(
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=self.top_p or 1.0,
            seed=self.seed,
            # An empty text would stop every reply at once.
            stop=tuple(text for text in stop if text),
        )


def routes(models: Models, queue: InferenceQueue) -> APIRouter:
    """Make the route for chat completions."""
    router = APIRouter()

    @router.post("/v1/chat/completions", response_model=None)
    async def complete(body: ChatRequest, request: Request) -> dict[str, Any] | Response:
        if not body.stream:
            return await _unless_disconnected(request, completion(models, queue, body))
        chunks = _chunks(models, queue, body)
        # The first chunk comes once the prompt is accepted. So an error gets its own HTTP status, before the stream begins.
        first = await anext(chunks)
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return StreamingResponse(_events(chunks, first, _head(body), usage), media_type="text/event-stream")

    return router


async def _unless_disconnected(request: Request, reply: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any] | Response:
    """Await a reply, but cancel it when the client disconnects."""
    task = asyncio.create_task(reply)
    try:
        # Starlette does not cancel a handler whose client left, so it must be asked.
        while not (await asyncio.wait({task}, timeout=DISCONNECT_POLL))[0]:
            if await request.is_disconnected():
                return Response(status_code=499)  # nginx's code for a client that left; nobody reads it
        return task.result()
    finally:
        task.cancel()


async def completion(models: Models, queue: InferenceQueue, body: ChatRequest) -> dict[str, Any]:
    """Generate a whole reply, in the form of OpenAI's API."""
    chunks = [chunk async for chunk in _chunks(models, queue, body)]
    message = {"role": "assistant", "content": "".join(chunk.text for chunk in chunks), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": chunks[-1].finish}
    return {**_head(body), "object": "chat.completion", "choices": [choice], "usage": _usage(chunks[-1])}


def _chunks(models: Models, queue: InferenceQueue, body: ChatRequest) -> AsyncIterator[ReplyChunk]:
    return queue.stream(models.find(body.model).model, body.prompt(queue.limits.tokens), body.sampling)


def _head(body: ChatRequest) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": body.model}


async def _events(chunks: AsyncIterator[ReplyChunk], chunk: ReplyChunk, head: dict[str, Any], usage: bool) -> AsyncIterator[str]:
    """Yield the server-sent events of a stream.

    They are an event that names the role, an event for each chunk, the usage where it is wanted, and the end.
    """
    head = {**head, "object": "chat.completion.chunk"}
    yield _event({**head, "choices": [_choice({"role": "assistant", "content": ""}, None)]})
    try:
        async for chunk in chunks:
            delta = {"content": chunk.text} if chunk.text else {}
            yield _event({**head, "choices": [_choice(delta, chunk.finish or None)]})
    except Exception as error:
        # The status 200 is sent already, so the error is an event of the stream.
        yield _event(ApiError(500, f"the reply broke off: {error}").body)
        raise
    if usage:
        yield _event({**head, "choices": [], "usage": _usage(chunk)})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _choice(delta: dict[str, str], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _usage(chunk: ReplyChunk) -> dict[str, int]:
    total = chunk.prompt_tokens + chunk.reply_tokens
    return {"prompt_tokens": chunk.prompt_tokens, "completion_tokens": chunk.reply_tokens, "total_tokens": total}
