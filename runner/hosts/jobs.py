"""Long work at a host, such as batches.

Such work is noted on disk before anybody waits for it, so that a command that was killed can take it up again. Errors of
openai's client become Faults.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from runner.data.atomic_write import publish
from runner.data.records import digest
from runner.errors import Fault
from runner.hosts.reasons import OUT_OF_QUOTA, reason

# The functions import openai themselves: a tuner at a host imports this module when it is built, before a study is checked.
if TYPE_CHECKING:
    from openai import OpenAI as Client

T = TypeVar("T")

# What to look at when a server refuses a request, by its status.
_KEY = ". Is the key that of this server, and may it use this model? The setting key names the variable that holds it"
_PLACE = ". Does the server have this model (id), and is base_url its whole address? It often ends in /v1"
_CHECK = {401: _KEY, 403: _KEY, 404: _PLACE, 405: _PLACE}

log = logging.getLogger("runner")


class Note:
    """A file that records work under way at a host.

    `known` holds the ids of that work; it is empty if nothing is recorded.
    """

    def __init__(self, path: Path) -> None:
        """Read the note from this file, which need not exist.

        Raise a Fault if it is damaged.
        """
        self.path = path
        try:
            self.known = dict[str, Any](json.loads(path.read_bytes())) if path.exists() else {}
            # Notes of older versions have no checksum.
            if self.known.pop("sha256", None) not in (None, digest(self.known)):
                raise ValueError("it was changed")
        except (OSError, ValueError, TypeError) as error:
            # To forget the note would pay for the work a second time, so a person must decide.
            raise Fault(
                f"{path} can't be read ({error}). It notes work that was begun, and paid for, at a host. Look there whether it "
                "still runs, then delete the file: the same command begins that work anew"
            ) from error

    def write(self, **known: Any) -> None:
        """Add to the note, and wait for the disk."""
        self.known |= known
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # With fsync, since the work costs money: after a power cut a missing note would have it paid for again.
        publish(self.path, json.dumps({**self.known, "sha256": digest(self.known)}), lasting=True)

    def forget(self) -> None:
        """Remove the note, since its work has ended."""
        self.known = {}
        self.path.unlink(missing_ok=True)


def patiently(ask: Callable[[], T], seconds: float) -> T:
    """Call `ask` until the host answers, and return its answer.

    Wait `seconds` after each failure. There is no limit of retries: the work goes on at the host while it cannot be reached. An
    error that waiting does not help is raised.
    """
    import httpx2
    import openai

    # httpx2's own errors too: they come from a download, which openai's client does not wrap.
    temporary = (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError, httpx2.RequestError)
    while True:
        try:
            return ask()
        except temporary as error:
            if isinstance(error, openai.APIError) and error.code == OUT_OF_QUOTA:
                raise
            log.warning("the host did not answer (%s); asking again in %g s", type(error).__name__, seconds)
            time.sleep(seconds)


@contextmanager
def faults(client: "Client", what: str) -> Iterator[None]:
    """Raise errors of openai's client as Faults, without the key."""
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        message = f"{what}: {client.base_url} {refusal(error.status_code, reason(error.body), error.code, error.type)}"
    except openai.APIConnectionError as error:
        message = f"{client.base_url} can't be reached ({error.__cause__ or error}). Give the same command again when it can be"
    else:
        return
    # Raised outside the except block and `from None`: some servers send the key back, so the client's error may hold it, and a
    # traceback would show that error as the cause.
    raise Fault(message.replace(client.api_key, "***")) from None


def refusal(status: int, message: str, *codes: str | None) -> str:
    """Describe a refused request and what to do.

    The text continues a sentence that begins with the host. `codes` are the error's code and type: servers differ in which of
    the two names the reason. Status 200 is that of an error that came as a reply.
    """
    reply = f"It said: {message}" if message else "It gave no reason"
    if OUT_OF_QUOTA in codes:
        advice = "is out of quota for this key: add credit or raise its limit, then give the same command again"
    elif status == 429:
        # The client has retried by now, with growing pauses: only a lower rate helps.
        advice = "asks for fewer requests at a time: set requests_per_minute, tokens_per_minute or more retries"
    elif status == 200:
        advice = "answered each try with an error in place of a reply. Look at the server, then give the same command again"
    elif status >= 500:
        advice = f"failed at each try with status {status}. Look at the server, then give the same command again"
    else:
        return f"refused a request: {status} {message.rstrip('.') or 'without a reason'}{_CHECK.get(status, '')}"
    return f"{advice}. {reply}"
