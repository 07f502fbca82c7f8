"""runner-serve: OpenAI's API over models of this machine.

It serves chat completions, embeddings, files, batches and fine-tuning jobs.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

# At these addresses no key is needed, as only this machine reaches them. Requests must name one of them as their host, since a
# web page could else reach the server through a domain of its own that resolves to 127.0.0.1 (DNS rebinding).
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one server accepts."""

    body: int = 64_000_000  # bytes of a request
    tokens: int = 2048  # of a reply
    jobs: int = 4  # unfinished fine-tuning jobs, and as many unfinished batches
    waiting: int = 64  # requests that wait for a reply


class RequestBody(BaseModel):
    """The body of a request.

    A field that is not listed is refused: if it were ignored, a client would believe that it took effect.
    """

    model_config = ConfigDict(extra="forbid")
