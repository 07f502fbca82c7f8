"""runner-serve: OpenAI's API over models of this machine.

It serves chat completions, embeddings, files, batches and fine-tuning jobs.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


@dataclass(frozen=True, kw_only=True)
class Access:
    """The clients that a server admits.

    An empty `key` admits every program. A web page is admitted only if its origin, such as http://localhost:3000, is listed.
    """

    key: str = ""
    host: str = "127.0.0.1"  # the address that the server listens at
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one server accepts."""

    body: int = 64_000_000  # bytes of a request
    # As in Apache's mod_reqtimeout: a request's headers may take 20 seconds, and so may its body, which gets a second more for
    # each 500 bytes that came. Else a few clients that send a byte a minute could hold all connections.
    seconds: float = 20
    rate: int = 500
    tokens: int = 2048  # of a reply
    jobs: int = 4  # unfinished fine-tuning jobs, and as many unfinished batches
    waiting: int = 64  # requests that wait for a reply


class RequestBody(BaseModel):
    """The body of a request.

    A field that is not listed is refused: if it were ignored, a client would believe that it took effect. One that is null or
    empty asks for nothing. Clients send such fields by habit, as in a reply of ours that they send back.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return {name: value for name, value in body.items() if name in cls.model_fields or value not in (None, [], {})}
