"""Chat completions through openai's own client.

A prompt goes in; its reply comes out, or a Fault that says in words why there is none.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import aiohttp
import httpx2
import openai
from pydantic import BaseModel

from runner.data.records import Prompt, Reply
from runner.data.text import PER_TOKEN
from runner.errors import Fault, RefusedRequest
from runner.hosts import Endpoint
from runner.hosts.completion import read, sendable
from runner.hosts.concurrency import Pace
from runner.hosts.jobs import refusal
from runner.hosts.reasons import FILTERED, OUT_OF_QUOTA, hidden_status, reason
from runner.hosts.retry_after import in_seconds

log = logging.getLogger("runner")

ADDRESS = "https://api.openai.com/v1"
SLOW = (
    "Every reply that has arrived is kept. Allow more seconds (teacher.timeout, judge.timeout, model.timeout), and run the same "
    "command again"
)
OVERLOADED = {429, 503, 529}  # statuses of a server with too much to do; 529 is not standard, but in use
OF_REQUEST = {400, 413, 422}  # statuses with which servers refuse what a request holds, such as a text that is too long
UNSUPPORTED = {400, 404, 415, 422, 501}  # statuses with which servers refuse a response_format
HIDDEN = "x-answered-with-200"  # our own header, for an error that came with status 200


@asynccontextmanager
async def connected(model: Endpoint, pace: Pace) -> AsyncIterator[Callable[[Prompt], Awaitable[Reply]]]:
    """Open a connection, and yield the call that asks `model`.

    Raise a Fault if no connection can be made. Requests keep to `pace`.
    """
    try:
        # A connection is made in 30 s or never, while a reply may take as long as the model needs.
        timeout = httpx2.Timeout(model.timeout, connect=min(model.timeout, 30))
        client = openai.AsyncOpenAI(**_account(model), timeout=timeout, http_client=_PacedTransport(pace, model.timeout))
    except (OSError, ValueError) as error:  # an unreadable certificate file, or an address that is no URL
        raise Fault(f"no connection can be made ({error}): see base_url, HTTPS_PROXY and SSL_CERT_FILE") from None
    # Set afterwards: as arguments, None would mean OPENAI_ORG_ID and OPENAI_PROJECT_ID, and those would go to any server.
    client.organization, client.project = model.organization, model.project
    async with client:
        yield _Chat(client, model, model.secret(), pace).reply


def client(model: Endpoint) -> openai.OpenAI:
    """Return a synchronous client of the same account.

    It is for batches, files and fine-tuning jobs, where nothing is asked concurrently.
    """
    transport = openai.DefaultHttpxClient(event_hooks={"response": [in_seconds]})
    synchronous = openai.OpenAI(**_account(model), timeout=model.timeout, http_client=transport)
    synchronous.organization, synchronous.project = model.organization, model.project
    return synchronous


def _account(model: Endpoint) -> dict[str, Any]:
    # Never None: for a missing key or address openai's client takes those of OpenAI from the environment. It would then send
    # OPENAI_API_KEY to another server.
    return {"api_key": model.secret() or "none", "base_url": model.base_url or ADDRESS, "max_retries": model.retries}


class _PacedTransport(openai.DefaultAioHttpClient):
    """An HTTP client with a pace and a total timeout.

    It is openai's aiohttp transport, which needs less processor time for a request than the default one. openai's client does its
    retries above it, so every attempt, first or later, waits for its turn.
    """

    def __init__(self, pace: Pace, seconds: float) -> None:
        super().__init__(limits=httpx2.Limits(max_connections=pace.most, max_keepalive_connections=pace.most))
        self._pace, self._seconds = pace, seconds

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        response = await self._pace.turn(lambda: self._whole(request, options), _overloaded)
        in_seconds(response)
        if self._pace.refused or (response.status_code == 429 and OUT_OF_QUOTA in response.text):
            response.headers["x-should-retry"] = "false"  # openai's client obeys this header before its own rules
        return response

    async def _whole(self, request: httpx2.Request, options: dict[str, Any]) -> httpx2.Response:
        """Send a request and read the whole response in time."""
        # The client's own timeout is for each piece of the body: a server that drips bytes would never run into it.
        try:
            async with asyncio.timeout(self._seconds):
                response = await super().send(request, **options)
                await response.aread()
        except TimeoutError:
            raise httpx2.ReadTimeout(f"no whole reply within {self._seconds:g} s", request=request) from None
        except aiohttp.ClientError as error:
            # Those that openai's transport does not know. They hold the request's headers, and so the key.
            raise httpx2.RemoteProtocolError(f"no answer in HTTP: {type(error).__name__}", request=request) from None
        if response.is_success:
            _recheck(response)
        return response


def _overloaded(answer: httpx2.Response | Exception) -> bool:
    """Return true if a server has too much to do."""
    # A server that answers few requests at a time holds the others until they time out.
    return isinstance(answer, httpx2.TimeoutException) or (
        isinstance(answer, httpx2.Response) and answer.status_code in OVERLOADED
    )


def _recheck(response: httpx2.Response) -> None:
    """Turn an error inside a success into a failure.

    Raise a DecodingError for damaged JSON.
    """
    content = _decoded(response)
    # openai's client retries after errors of the transport, as this one, and not after its own error when it reads the JSON.
    if content is None and "json" in response.headers.get("content-type", ""):
        raise httpx2.DecodingError(f"what is no JSON ({response.text[:80]!r})", request=response.request)
    if (status := hidden_status(content)) is not None:
        response.status_code = status
        response.headers[HIDDEN] = "true"


def _decoded(response: httpx2.Response) -> Any:
    """Return the JSON of a response, or None."""
    # Whatever the content type: some servers call JSON text/plain.
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


class _Chat:
    """A connection to one model: prompts to requests, responses to replies."""

    def __init__(self, client: openai.AsyncOpenAI, model: Endpoint, key: str, pace: Pace) -> None:
        self._client, self._model, self._key, self._pace = client, model, key, pace
        self._structured = model.structured
        self._where = f"{model.id} at {client.base_url}"

    async def reply(self, prompt: Prompt) -> Reply:
        """Return the reply to a prompt.

        Raise a Fault if the server refuses the request, cannot be reached, or answers something else than a chat completion.
        """
        await self._pace.spend(_tokens(prompt))
        answer = await self._answer(prompt)
        if isinstance(answer, Reply):
            return answer
        # Some servers send the key back in their message. So the client's error must not be the cause of this Fault, and the
        # key is removed from the text.
        message = self._without_key(f"{self._where} {answer}")
        raise RefusedRequest(message, prompt.messages[0].content) if isinstance(answer, RefusedRequest) else Fault(message)

    def _without_key(self, message: str) -> str:
        return message.replace(self._key, "***") if self._key else message

    async def _answer(self, prompt: Prompt) -> Reply | RefusedRequest | str:
        """Return the reply, or the reason why there is none."""
        tries = f"{self._model.retries + 1} tries" if self._model.retries else "one try"
        try:
            response = await self._complete(prompt)
        except openai.APIStatusError as error:
            if error.code == FILTERED:  # Azure refuses a filtered prompt; elsewhere a filtered reply has this `finish`
                return Reply(text="", finish=FILTERED)
            status = 200 if HIDDEN in error.response.headers else error.status_code
            why = refusal(status, reason(error.body), error.code, error.type)
            return RefusedRequest(why, prompt.messages[0].content) if status in OF_REQUEST else why
        except openai.APIConnectionError as error:
            # Not the address, at which something was listening; a server that can't be reached is told below.
            if isinstance(error.__cause__, httpx2.ReadTimeout):
                return f"gave {error.__cause__} in {tries}. {SLOW}"
            if isinstance(error.__cause__, httpx2.DecodingError):
                return f"sent {error.__cause__} in {tries}. Look at the server, then give the same command again"
            return _unreachable(error)
        content = _decoded(response)
        if isinstance(content, dict) and content.get("choices") is not None:
            return read(content)
        # No retry helps: the server answers every request in this way.
        if response.text.startswith("data:"):
            return 'streams its replies, although "stream": false was sent. Switch streaming off at the server'
        return f"does not speak chat completions; it said {response.text[:80]!r}. Is base_url right? It often ends in /v1"

    async def _complete(self, prompt: Prompt) -> httpx2.Response:
        structured = self._structured and prompt.schema is not None
        try:
            return await self._create(prompt, structured)
        except openai.APIStatusError as error:
            if not structured or error.status_code not in UNSUPPORTED or error.code == FILTERED:
                raise
            refused = reason(error.body)
        # Servers name many reasons why they take no schema. The same request without it tells whether it was the reason.
        response = await self._create(prompt, False)
        if self._structured:
            self._structured = False
            reason_given = f" ({self._without_key(refused)})" if refused else ""
            log.warning("%s takes no response_format%s: it is asked without it from now on", self._where, reason_given)
        return response

    async def _create(self, prompt: Prompt, structured: bool) -> httpx2.Response:
        # Some servers stream unless they are told not to. The field is no part of `body`: batches are found by what was sent.
        request = {**body(self._model, prompt, structured), "stream": False}
        # The raw response, since openai's types assume that each field has the type that the format names.
        response: httpx2.Response = (await self._client.chat.completions.with_raw_response.create(**request)).http_response
        return response


def body(model: Endpoint, prompt: Prompt, structured: bool) -> dict[str, Any]:
    """Return the body of a chat completion request.

    It is the same for a request that is sent alone and for one in a batch. `structured` holds the reply to the prompt's schema.
    """
    request: dict[str, Any] = {
        "model": model.id,
        "messages": [{"role": turn.role, "content": sendable(turn.content)} for turn in prompt.messages],
        model.length_field: prompt.tokens,
    }
    # OpenAI's reasoning models refuse a temperature. So neither field is sent unless one is set.
    if model.temperature is not None:
        request["temperature"] = model.temperature
        if model.seed is not None:
            # Of another attempt another one: the same would give the same reply.
            request["seed"] = model.seed + prompt.attempt
    if structured and prompt.schema:
        request["response_format"] = _response_format(prompt.schema)
    return request


def _unreachable(error: openai.APIConnectionError) -> str:
    first = error.__cause__ or error
    cause: BaseException = first
    while following := cause.__cause__ or cause.__context__:
        cause = following
    if isinstance(cause, ConnectionRefusedError):
        reason = "nothing listens there. Does the server run?"
    elif isinstance(cause, socket.gaierror):
        reason = "no machine of this name is known"
    elif isinstance(cause, ssl.SSLCertVerificationError):
        reason = f"certificate verify failed: {cause.verify_message}. SSL_CERT_FILE names the file of an authority of your own"
    else:
        reason = str(first)[:200] or type(first).__name__
    return f"can't be reached ({reason}). Is its base_url right (teacher.base_url, judge.base_url)?"


def _tokens(prompt: Prompt) -> int:
    """Estimate the tokens that a server counts before it answers."""
    # Servers hold a request against their limit when it arrives, with the longest reply that it allows.
    return int(sum(len(turn.content) for turn in prompt.messages) / PER_TOKEN) + prompt.tokens


@cache
def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    # A function tool holds the same strict schema. It is the client's one public way to make one of a pydantic model.
    function = openai.pydantic_function_tool(schema)["function"]
    return {"type": "json_schema", "json_schema": {"name": schema.__name__, "schema": function["parameters"], "strict": True}}
