"""A prompt in, a request of chat completions through openai's own client, its reply or a Fault in words out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from runner.data.records import Prompt, Reply
from runner.data.text import PER_TOKEN
from runner.errors import Fault
from runner.hosts import Endpoint
from runner.hosts.concurrency import Pace
from runner.hosts.jobs import OUT_OF_QUOTA, refusal
from runner.hosts.retry_after import in_seconds

log = logging.getLogger("runner")

ADDRESS = "https://api.openai.com/v1"
SLOWER = {429, 503, 529}  # what servers say when they have too much to do


@asynccontextmanager
async def connected(model: Endpoint, pace: Pace) -> AsyncIterator[Callable[[Prompt], Awaitable[Reply]]]:
    """Ask `model` by what this yields, at this pace. What the environment says of the address or the account does not count."""
    try:
        patience = httpx2.Timeout(model.timeout, connect=min(model.timeout, 30))
        client = openai.AsyncOpenAI(**_account(model), timeout=patience, http_client=_Paced(pace, model.timeout))
    except (OSError, ValueError) as error:
        raise Fault(f"no connection can be made ({error}): see base_url, HTTPS_PROXY and SSL_CERT_FILE") from None
    client.organization, client.project = model.organization, model.project
    async with client:
        yield _Chat(client, model, model.secret(), pace).reply


def client(model: Endpoint) -> openai.OpenAI:
    """A client of the same account for what is no chat; it waits for each answer."""
    way = openai.DefaultHttpxClient(event_hooks={"response": [in_seconds]})
    made = openai.OpenAI(**_account(model), timeout=model.timeout, http_client=way)
    made.organization, made.project = model.organization, model.project
    return made


def _account(model: Endpoint) -> dict[str, Any]:
    """Without a key of its own the client would take OPENAI_API_KEY, whoever the server is."""
    return {"api_key": model.secret() or "none", "base_url": model.base_url or ADDRESS, "max_retries": model.retries}


class _Paced(openai.DefaultAioHttpClient):
    """The client's own quicker way of sending; each time, first or again, in its turn, and whole within the time-out."""

    def __init__(self, pace: Pace, seconds: float) -> None:
        super().__init__(limits=httpx2.Limits(max_connections=pace.most, max_keepalive_connections=pace.most))
        self._pace, self._seconds = pace, seconds

    async def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        response = await self._pace.turn(lambda: self._whole(request, how), lambda found: found.status_code in SLOWER)
        in_seconds(response)
        if self._pace.refused or (response.status_code == 429 and OUT_OF_QUOTA in response.text):
            response.headers["x-should-retry"] = "false"  # which the client obeys
        return response

    async def _whole(self, request: httpx2.Request, how: dict[str, Any]) -> httpx2.Response:
        """The response with all its body: the client's time-out is for each piece, so that a slow drip would never end."""
        try:
            async with asyncio.timeout(self._seconds):
                response = await super().send(request, **how)
                await response.aread()
        except TimeoutError:
            raise httpx2.ReadTimeout(f"no whole reply within {self._seconds:g} s", request=request) from None
        if response.is_success and "json" in response.headers.get("content-type", ""):
            try:
                response.json()
            except ValueError:  # damaged on its way: the client asks again after this error, and would not after its own
                raise httpx2.DecodingError("the reply is no JSON", request=request) from None
        return response


class _Chat:
    """One connection: how a prompt is put, and what is made of what comes back."""

    def __init__(self, client: openai.AsyncOpenAI, model: Endpoint, key: str, pace: Pace) -> None:
        self._client, self._model, self._key, self._pace = client, model, key, pace
        self._structured = model.structured
        self._where = f"{model.id} at {client.base_url}"

    async def reply(self, prompt: Prompt) -> Reply:
        """The reply to a prompt; a Fault where the server refuses it, can't be reached, or speaks something else."""
        await self._pace.spend(_tokens(prompt))
        answer = await self._answer(prompt)
        if isinstance(answer, Reply):
            return answer
        said = f"{self._where} {answer}"  # a server may have sent the key back; so the client's error is no part of the Fault
        raise Fault(said.replace(self._key, "***") if self._key else said)

    async def _answer(self, prompt: Prompt) -> Reply | str:
        """The reply, or why there is none."""
        try:
            completion: Any = await self._complete(prompt)
        except openai.APIStatusError as error:
            if error.code == "content_filter":  # as Azure refuses a prompt; others say it of a reply
                return Reply(text="", finish="content_filter")
            return refusal(error.status_code, error.message, error.code, error.type)
        except openai.APIConnectionError as error:
            reason = str(error.__cause__ or error) or type(error.__cause__).__name__
            return f"can't be reached ({reason}). Is its base_url right (teacher.base_url, judge.base_url)?"
        if getattr(completion, "choices", None) is None:
            said = completion.to_json(indent=None) if isinstance(completion, ChatCompletion) else completion
            return f"does not speak chat completions; it said {str(said)[:80]!r}"
        return read(completion)

    async def _complete(self, prompt: Prompt) -> ChatCompletion:
        structured = self._structured
        try:
            return await self._create(prompt, structured)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if not (structured and prompt.schema) or "response_format" not in error.message:
                raise
        if self._structured:
            self._structured = False
            log.warning("%s takes no response_format: asked without, from now on", self._where)
        return await self._create(prompt, False)

    async def _create(self, prompt: Prompt, structured: bool) -> ChatCompletion:
        completion: ChatCompletion = await self._client.chat.completions.create(**body(self._model, prompt, structured))
        return completion


def body(model: Endpoint, prompt: Prompt, structured: bool) -> dict[str, Any]:
    """A request of chat completions, whichever way it is sent; `structured` holds the reply to the form of the prompt."""
    request: dict[str, Any] = {
        "model": model.id,
        "messages": [{"role": turn.role, "content": _sendable(turn.content)} for turn in prompt.messages],
        model.length_field: prompt.tokens,
    }
    if model.temperature is not None:
        request |= {"temperature": model.temperature, "seed": model.seed}
    if structured and prompt.schema:
        request["response_format"] = _form(prompt.schema)
    return request


def read(completion: ChatCompletion) -> Reply:
    """The reply in a completion; servers leave out what the format requires, so nothing but text is taken for granted."""
    choice = completion.choices[0] if completion.choices else None
    text = getattr(getattr(choice, "message", None), "content", None)
    return Reply(
        text=_sendable(text) if isinstance(text, str) else "",
        prompt_tokens=getattr(completion.usage, "prompt_tokens", None) or 0,
        reply_tokens=getattr(completion.usage, "completion_tokens", None) or 0,
        finish=getattr(choice, "finish_reason", None) or "",
    )


def _tokens(prompt: Prompt) -> int:
    """What servers count against a limit before they answer: about four characters a token, and the longest reply."""
    return int(sum(len(turn.content) for turn in prompt.messages) / PER_TOKEN) + prompt.tokens


def _sendable(text: str) -> str:
    """The text as UTF-8 can hold it: halves of a surrogate pair joined, a lone one replaced."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@cache
def _form(schema: type[BaseModel]) -> dict[str, Any]:
    function = openai.pydantic_function_tool(schema)["function"]  # the client's one public conversion to a strict schema
    return {"type": "json_schema", "json_schema": {"name": schema.__name__, "schema": function["parameters"], "strict": True}}
