"""Retry-After dates while a clock, the server's or this machine's, is hours off or jumps."""

import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from runner.hosts.retry_after import in_seconds
from runner.model.openai import OpenAI
from runner.store.local import LocalStore
from tests.given import prompts
from tests.server import Asked, Response, completion, refusal, serving

pytestmark = pytest.mark.usefixtures("key")

HOUR = 3600


def busy(*clocks: float) -> Callable[[Asked], Response]:
    """A server that is busy once for each clock, which is so many seconds off; then it answers."""
    left = list(clocks)

    def respond(asked: Asked) -> Response:
        if not left:
            return completion(f"to {asked.said}")
        now = time.time() + left.pop(0)
        return refusal(429, "slow down", Date=formatdate(now, usegmt=True), Retry_After=formatdate(now + 1, usegmt=True))

    return respond


@pytest.mark.parametrize("off", [0, 3 * HOUR, -3 * HOUR], ids=["right", "ahead", "behind"])
def test_a_date_is_read_by_the_clock_of_the_server_that_sends_it(off: float) -> None:
    with serving(busy(off)) as server:
        ((_, reply),) = OpenAI(id="m", base_url=server.url).ask(prompts("q"))
    assert reply.text == "to q"
    assert 0.95 < server.asked[1].at - server.asked[0].at < 5


def test_a_clock_that_jumps_between_replies_neither_hangs_a_run_nor_has_it_ask_without_a_pause() -> None:
    with serving(busy(0, 5 * HOUR, -5 * HOUR)) as server:
        replies = list(OpenAI(id="m", base_url=server.url, concurrency=1).ask(prompts("a", "b")))
    at = [asked.at for asked in server.asked]
    assert ([reply.text for _, reply in replies], len(at)) == (["to a", "to b"], 5)
    assert [0.95 < later - sooner < 5 for sooner, later in pairwise(at[:4])] == [True] * 3


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, "7"),
        ({"retry-after": "Mon, 04 May 2026 10:00:09 GMT", "date": "Mon, 04 May 2026 10:00:00 GMT"}, "9"),
        ({"retry-after": "Mon, 04 May 2026 13:00:00 GMT", "date": "Mon, 04 May 2026 10:00:00 GMT"}, None),
        ({"retry-after": "Mon, 04 May 2026 09:00:00 GMT", "date": "Mon, 04 May 2026 10:00:00 GMT"}, None),
        ({"retry-after": "Mon, 04 May 2026 10:00:09 GMT"}, None),
        ({"retry-after": "Mon, 04 May 2026 10:00:09 GMT", "date": "this morning"}, None),
        ({"date": "Mon, 04 May 2026 10:00:00 GMT"}, None),
        ({"retry-after": "soon"}, "soon"),
    ],
    ids=["seconds", "date", "jumped on", "jumped back", "no clock", "no date", "nothing", "words"],
)
def test_a_date_is_rewritten_only_if_the_server_s_clock_makes_it_plausible(headers: dict[str, str], seconds: str | None) -> None:
    response = httpx2.Response(429, headers=headers)
    in_seconds(response)
    header = response.headers.get("retry-after")
    assert header == seconds or float(header) == float(seconds or "nan")


def test_a_clock_of_this_machine_that_jumps_by_hours_leaves_rates_locks_and_waits_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, [0.0]

    def jumping() -> float:
        jumps[0] = -jumps[0] or 6.0 * HOUR
        return real() + jumps[0]

    with serving(busy(0)) as server:
        monkeypatch.setattr(time, "time", jumping)
        began = time.monotonic()
        model = OpenAI(id="m", base_url=server.url, requests_per_minute=600, tokens_per_minute=60_000)
        store = LocalStore(tmp_path)
        with store.lock("one"):
            kept = store.keep(
                "stage",
                "made",
                lambda folder: (folder / "said").write_text(str(len(list(model.ask(prompts("q")))))),
                Path.iterdir,
            )
        assert (kept.folder / "said").read_text() == "1"
        assert 0 < kept.seconds < time.monotonic() - began < 15
    assert len(server.asked) == 2
