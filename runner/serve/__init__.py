"""runner-serve: the models of this machine, and the tuning of them, over OpenAI's wire."""

from dataclasses import dataclass

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")  # where no key is asked for, and requests must name one of these


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one server takes on: bytes of a request, tokens of a reply, jobs and batches not yet done, replies waited for."""

    body: int = 64_000_000
    tokens: int = 2048
    jobs: int = 4
    waiting: int = 64
