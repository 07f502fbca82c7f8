"""What a host does for hours: noted on disk before it is waited for, asked after with patience, its errors told as Faults."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from runner.data.atomic_write import publish
from runner.errors import Fault

if TYPE_CHECKING:
    from openai import OpenAI as Client

T = TypeVar("T")
log = logging.getLogger("runner")

OUT_OF_QUOTA = "insufficient_quota"


class Note:
    """What is known of such work, so that a later command takes it up; `known` is empty where nothing is."""

    def __init__(self, path: Path) -> None:
        """The note in this file, which need not be there yet."""
        self.path = path
        self.known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def write(self, **known: Any) -> None:
        """Add to what is known; on disk, whatever happens next."""
        self.known |= known
        self.path.parent.mkdir(parents=True, exist_ok=True)
        publish(self.path, json.dumps(self.known), lasting=True)

    def forget(self) -> None:
        """Nothing is known any more."""
        self.known = {}
        self.path.unlink(missing_ok=True)


def patiently(ask: Callable[[], T], seconds: float) -> T:
    """The host's answer, asked for every so many seconds however often it can't be reached or is busy: its work goes on."""
    import httpx2
    import openai

    passing = (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError, httpx2.RequestError)
    while True:
        try:
            return ask()
        except passing as error:
            if getattr(error, "code", None) == OUT_OF_QUOTA:
                raise
            log.warning("the host does not tell how its work goes (%s); asking again", type(error).__name__)
            time.sleep(seconds)


@contextmanager
def faults(client: "Client", what: str) -> Iterator[None]:
    """Tell what the client raises as a Fault, without the key."""
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        told = f"{what}: {client.base_url} {refusal(error.status_code, error.message, error.code, error.type)}"
    except openai.APIConnectionError as error:
        told = f"{client.base_url} can't be reached ({error.__cause__ or error}). The same command goes on when it can"
    else:
        return
    raise Fault(told.replace(client.api_key, "***")) from None  # the client's own error may hold the key that was sent back


def refusal(status: int, message: str, *codes: str | None) -> str:
    """What a host did when it refused a request, and what to do about it; `codes` are the error's code and type."""
    if OUT_OF_QUOTA in codes:
        advice = "is out of quota for this key: add credit or raise its limit, then give the same command again"
    elif status == 429:
        advice = "asks to be asked more slowly: set requests_per_minute, tokens_per_minute or more retries"
    else:
        return f"refused a request: {status} {message}"
    return f"{advice}. It said: {message}"
