"""A chat model at any OpenAI-compatible server.

That may be OpenAI, Azure, vLLM, llama.cpp, Ollama or a gateway. `runner.hosts` sends the requests; it is imported inside
functions only, since importing openai's client takes about 0.7 s, which a study without hosted models need not wait for.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.errors import Fault
from runner.terminal.progress import progress

if TYPE_CHECKING:
    from openai import OpenAI as Client

VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,49}")  # looks like the name of an environment variable, and not like a key


# A model does not know its role, and an override without it would be refused.
WHERE = "teacher.base_url=http://localhost:8000/v1 (or model.base_url, judge.base_url)"


@component
class OpenAI:
    """A chat model by its id at an OpenAI-compatible server.

    `key` names the environment variable that holds the key; None is a server that wants none. The key itself is in no config.
    `base_url` None is api.openai.com; an empty one must still be set. `structured` sends a prompt's `schema` as
    `response_format`, and goes on without it if the server refuses it. `batch` sends requests by the Batch API, at its lower
    price; `batch_folder` keeps notes of the batches that were created.
    """

    hosted: ClassVar[bool] = True  # who uses it pays for it, as far as this program can know
    # How a server is reached does not change its replies. So a reply that was paid for is found again after these change.
    incidental: ClassVar[frozenset[str]] = frozenset(
        {"key", "organization", "project", "length_field", "timeout", "retries"}
        | {"concurrency", "requests_per_minute", "tokens_per_minute"}
        | {"batch", "batch_folder", "batch_endpoint", "batch_poll", "batch_requests", "batch_bytes"}
    )

    id: str  # at Azure, the name of the deployment
    base_url: str | None = None
    key: str | None = "OPENAI_API_KEY"
    organization: str | None = None
    project: str | None = None
    temperature: NonNegativeFloat | None = None
    seed: int | None = 0  # None is not sent
    structured: bool = False
    length_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    timeout: PositiveFloat = 120  # seconds until a reply has arrived whole
    retries: NonNegativeInt = 5
    concurrency: PositiveInt = 32
    requests_per_minute: PositiveFloat | None = None
    tokens_per_minute: PositiveFloat | None = None
    batch: bool = False
    batch_folder: str | None = None
    batch_endpoint: str = "/v1/chat/completions"
    batch_poll: NonNegativeFloat = 30  # seconds between two looks at a batch
    batch_requests: PositiveInt = 50_000  # OpenAI's limits for one batch, in requests and in bytes
    batch_bytes: PositiveInt = 200_000_000

    @property
    def name(self) -> str:
        """The model's id."""
        return self.id

    def check(self) -> None:
        """Raise a Fault if the model cannot be asked.

        Reasons are a missing address, one without http://, a missing key, a key that cannot be sent, and a host without the Batch
        API if `batch` is set. Only the last one sends a request.
        """
        if self.base_url == "":
            raise Fault(f"{self.id} needs the address of its server, which is not set: {WHERE}")
        if self.base_url and urlsplit(self.base_url).scheme not in ("http", "https"):
            raise Fault(f"the base_url of {self.id} does not begin with http:// or https://. Write the whole address: {WHERE}")
        # The address is shown in logs and errors, and kept in the store. A password in it would be too.
        if self.base_url and "@" in urlsplit(self.base_url).netloc:
            raise Fault(f"the base_url of {self.id} holds a name or a password. A key goes into the variable that key names")
        self.secret()
        if self.batch:
            from runner.hosts.batch_api import BatchClient

            BatchClient(self).check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield replies as they arrive.

        Up to `concurrency` requests are in flight, fewer while the server answers 429. Failed requests are retried. If a request
        is refused, the requests in flight are still waited for and yielded, since they are paid for; then a Fault is raised. With
        `batch`, replies come when a batch has ended.
        """
        if not prompts:
            return
        if self.batch:
            from runner.hosts.batch_api import BatchClient

            yield from BatchClient(self).ask(prompts)
            return
        from runner.hosts.client import connected
        from runner.hosts.concurrency import Pace, flow

        # Never more than there are prompts: the pace starts that many workers, whether or not there is work for them.
        pace = Pace(min(self.concurrency, len(prompts)), self.requests_per_minute, self.tokens_per_minute)
        with (
            closing(flow(prompts, lambda: connected(self, pace), pace)) as arriving,
            progress(f"asking, {self.id}", len(prompts)) as advance,
        ):
            for place, reply in arriving:
                yield place, reply
                advance()

    def secret(self) -> str:
        """Return the key; empty if the server wants none.

        Raise a Fault, which never shows the key, if it is missing or cannot be sent.
        """
        if self.key is None:
            return ""
        key = os.environ.get(self.key, "").strip()  # a key that was read from a file often ends in a line break
        if not key and not VARIABLE.fullmatch(self.key):  # perhaps it is the key itself, so the message must not show it
            raise Fault(
                f"the setting `key` of {self.id} names the environment variable that holds its key (OPENAI_API_KEY), and none "
                "has the name that it is set to, which is not shown here. Never write a key into a setting"
            )
        if not key:
            raise Fault(
                f"{self.id} needs a key in the environment variable {self.key}, which is not set. export {self.key}=... "
                "(model=compatible is for a server that wants none)"
            )
        # Such a key cannot be part of an HTTP header. The client would fail later, with an error that may show the header.
        if not key.isascii() or not key.isprintable() or " " in key:
            raise Fault(f"the key in {self.key} holds characters that no key has. Copy it again; it is not shown here")
        return key

    def client(self) -> "Client":
        """Return an open openai client of this model's host.

        It is for everything but chat completions: batches, files and fine-tuning jobs.
        """
        from runner.hosts.client import client

        return client(self)

    def called(self, name: str) -> "OpenAI":
        """Return the model of this id at the same host."""
        return replace(self, id=name)

    def at_temperature(self, temperature: float, seed: int) -> "OpenAI":
        """Return this model, whose replies are drawn."""
        return replace(self, temperature=temperature, seed=seed)

    def tuned_in(self, folder: Path) -> "OpenAI":
        """Return this model as its host tuned it.

        The tuner wrote the tuned model's id into model.json in `folder`.
        """
        return self.called(json.loads((folder / "model.json").read_text(encoding="utf-8"))["model"])
