"""Any server that speaks OpenAI's chat completions: the hosted ones, vLLM, llama.cpp, Ollama, a gateway."""

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

VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,49}")  # as names of environment variables are written


@component
class OpenAI:
    """A chat model by its id; the key is read from the environment variable that `key` names, never from a config.

    `base_url` None is api.openai.com; empty, it is still to be named. `key` None is a server that wants none. `structured` sends
    a prompt's `schema` as `response_format`, and goes on without where the server refuses that. `batch` asks by the Batch API, at
    a batch's price; which batches were begun is kept in `batch_folder`.
    """

    hosted: ClassVar[bool] = True
    incidental: ClassVar[frozenset[str]] = frozenset(
        {"key", "organization", "project", "length_field", "timeout", "retries"}
        | {"concurrency", "requests_per_minute", "tokens_per_minute"}
        | {"batch", "batch_folder", "batch_endpoint", "batch_poll", "batch_requests", "batch_bytes"}
    )

    id: str
    base_url: str | None = None
    key: str | None = "OPENAI_API_KEY"
    organization: str | None = None
    project: str | None = None
    temperature: NonNegativeFloat | None = None
    seed: int = 0
    structured: bool = False
    length_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    timeout: PositiveFloat = 120
    retries: NonNegativeInt = 5
    concurrency: PositiveInt = 32
    requests_per_minute: PositiveFloat | None = None
    tokens_per_minute: PositiveFloat | None = None
    batch: bool = False
    batch_folder: str | None = None
    batch_endpoint: str = "/v1/chat/completions"
    batch_poll: NonNegativeFloat = 30
    batch_requests: PositiveInt = 50_000
    batch_bytes: PositiveInt = 200_000_000

    @property
    def name(self) -> str:
        """The model's id."""
        return self.id

    def check(self) -> None:
        """Raise a Fault where there is no address, no key, or one that can't be sent; or no Batch API where that is asked for."""
        if self.base_url == "":
            raise Fault(f"{self.id} needs the address of its server, which is not set: base_url=http://localhost:8000/v1")
        if self.base_url and "@" in urlsplit(self.base_url).netloc:
            raise Fault(f"the base_url of {self.id} holds a name or a password. A key goes into the variable that key names")
        self.secret()
        if self.batch:
            from runner.hosts.batch_api import Batches

            Batches(self).check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Replies as they arrive, `concurrency` requests at a time or as many as the server bears; it retries by itself.

        Where a request is refused, those in flight are still waited for and yielded, since they are paid for. By batch, replies
        come when a batch has ended.
        """
        if not prompts:
            return
        if self.batch:
            from runner.hosts.batch_api import Batches

            yield from Batches(self).ask(prompts)
            return
        from runner.hosts.client import connected
        from runner.hosts.concurrency import Pace, flow

        pace = Pace(min(self.concurrency, len(prompts)), self.requests_per_minute, self.tokens_per_minute)
        with (
            closing(flow(prompts, lambda: connected(self, pace), pace)) as arriving,
            progress(f"asking, {self.id}", len(prompts)) as advance,
        ):
            for arrived in arriving:
                yield arrived
                advance()

    def secret(self) -> str:
        """The key; empty where the server wants none."""
        if self.key is None:
            return ""
        key = os.environ.get(self.key, "").strip()
        if not key and not VARIABLE.fullmatch(self.key):  # perhaps the key itself
            raise Fault(
                f"the setting `key` of {self.id} names the environment variable that holds its key (OPENAI_API_KEY), and none "
                "has the name that it is set to, which is not shown here. Never write a key into a setting"
            )
        if not key:
            raise Fault(
                f"{self.id} needs a key in the environment variable {self.key}, which is not set. export {self.key}=... "
                "(model=compatible is for a server that wants none)"
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise Fault(f"the key in {self.key} holds characters that no key has. Copy it again; it is not shown here")
        return key

    def client(self) -> "Client":
        """A client of this model's host, for what is not a chat."""
        from runner.hosts.client import client

        return client(self)

    def called(self, name: str) -> "OpenAI":
        """The model of this id at the same host."""
        return replace(self, id=name)

    def tuned_in(self, folder: Path) -> "OpenAI":
        """This model as its host tuned it: under the id in folder/model.json."""
        return self.called(json.loads((folder / "model.json").read_text(encoding="utf-8"))["model"])
