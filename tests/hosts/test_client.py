"""The chat client against a server that fails on command: retries, Faults and their words."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from runner.data.records import Reply
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.store.reply_cache import CachedModel
from tests.given import KEY, prompts
from tests.server import Asked, Response, completion, page, refusal, serving, told

pytestmark = pytest.mark.usefixtures("key")


def first(response: Response) -> Callable[[Asked], Response]:
    """A server that sends this response once, and good replies from then on."""
    left = [response]
    return lambda asked: left.pop() if left else completion(f"to {asked.said}")


def asked_once(response: Response, retries: int = 2, timeout: float = 5) -> tuple[Reply, list[Asked]]:
    """Ask a server that sends this response first; return the reply, and the requests that it got."""
    with serving(first(response)) as server:
        ((_, reply),) = OpenAI(id="m", base_url=server.url, retries=retries, timeout=timeout).ask(prompts("q"))
    return reply, server.asked


def test_too_many_requests_are_sent_again_after_the_time_that_the_server_names() -> None:
    reply, asked = asked_once(refusal(429, "slow down", Retry_After="1"))
    assert reply.text == "to q"
    assert asked[1].at - asked[0].at > 0.95


@pytest.mark.parametrize(
    "response",
    [
        refusal(429, "slow down"),
        refusal(500, "broken"),
        completion("a reply that never comes whole", cut=60),
        completion("late", delay=20),
        completion("slow " * 50, pieces=200, pause=0.1),
        Response(b'{"choices": [{"message"'),
        Response(b""),
        Response(b'{"error": {"message": "the model is loading", "code": 503}}'),
        Response(b'{"error": "overloaded"}', headers={"Content-Type": "text/plain"}),
        told({"choices": [], "error": {"message": "no host is free", "code": "server_error"}}),
        told({"choices": [{"message": {"content": "ha"}, "finish_reason": "error", "error": {"message": "lost the host"}}]}),
    ],
    ids=[
        *("429", "500", "dropped in mid-body", "hang", "slow drip", "malformed JSON", "empty"),
        *("error in 200", "error as text", "error beside choices", "error in a choice"),
    ],
)
def test_a_temporary_failure_is_retried(response: Response) -> None:
    reply, asked = asked_once(response, timeout=1)
    assert (reply.text, len(asked)) == ("to q", 2)


def test_a_server_that_hangs_is_a_fault_after_all_retries() -> None:
    began = time.monotonic()
    with serving(lambda _: completion("late", delay=20)) as server, pytest.raises(Fault) as caught:
        list(OpenAI(id="m", base_url=server.url, retries=1, timeout=1).ask(prompts("q")))
    assert (server.count, time.monotonic() - began < 15) == (2, True)
    assert "gave no whole reply within 1 s in 2 tries. Every reply that has arrived is kept. Allow more" in str(caught.value)
    assert "base_url" not in str(caught.value)


def test_a_server_that_stays_overloaded_is_a_fault_that_names_the_settings() -> None:
    with (
        serving(lambda _: refusal(429, "slow down", retry_after_ms="5")) as server,
        pytest.raises(Fault, match=r"set requests_per_minute, tokens_per_minute or more retries.*slow down"),
    ):
        list(OpenAI(id="m", base_url=server.url, retries=2).ask(prompts("q")))
    assert server.count == 3


def test_out_of_quota_fails_at_once() -> None:
    with (
        serving(lambda _: refusal(429, "You exceeded your current quota", code="insufficient_quota")) as server,
        pytest.raises(Fault, match=r"is out of quota for this key: add credit.*You exceeded your current quota"),
    ):
        list(OpenAI(id="m", base_url=server.url).ask(prompts("q")))
    assert server.count == 1


def test_a_refused_key_is_a_fault_with_the_model_the_address_and_the_reason() -> None:
    with (
        serving(lambda _: refusal(401, f"Incorrect API key provided: {KEY}")) as server,
        pytest.raises(Fault, match=r"m at .* refused a request: 401 .*Incorrect API key provided: \*\*\*") as caught,
    ):
        list(OpenAI(id="m", base_url=server.url).ask(prompts("q")))
    assert server.url in str(caught.value)
    assert server.count == 1


def test_a_key_that_expires_half_way_loses_nothing_that_was_answered() -> None:
    def respond(asked: Asked) -> Response:
        return completion("yes") if asked.said < "d" else refusal(401, "expired")

    texts = []
    with serving(respond) as server, pytest.raises(Fault, match="expired"):
        for _, reply in OpenAI(id="m", base_url=server.url, concurrency=1).ask(prompts(*"abcdefghi")):
            texts.append(reply.text)
    assert (texts, server.count) == (["yes"] * 3, 4)


def test_replies_in_flight_when_another_is_refused_are_yielded_first() -> None:
    def respond(asked: Asked) -> Response:
        return refusal(400, "too long") if asked.said == "bad" else completion("paid for", delay=0.4)

    texts = []
    with serving(respond) as server, pytest.raises(Fault, match="too long"):
        for _, reply in OpenAI(id="m", base_url=server.url).ask(prompts("good", "bad")):
            texts.append(reply.text)
    assert texts == ["paid for"]


def test_a_dead_address_is_a_fault_that_names_it_and_the_setting() -> None:
    with serving() as server:
        pass
    with pytest.raises(Fault, match=r"can't be reached \(nothing listens there\. Does the server run\?\).*base_url") as caught:
        list(OpenAI(id="m", base_url=server.url, retries=0).ask(prompts("q")))
    assert server.url in str(caught.value)


@contextmanager
def sending(content: bytes) -> Iterator[str]:
    """A server of another protocol: it sends these bytes to each connection, and closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError):  # the test is over
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(content)

        Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


@pytest.mark.parametrize("content", [b"SSH-2.0-OpenSSH_9\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_a_server_that_speaks_no_http_is_a_short_fault_without_the_key(content: bytes) -> None:
    with sending(content) as url, pytest.raises(Fault, match="can't be reached") as caught:
        list(OpenAI(id="m", base_url=url, retries=0, timeout=5).ask(prompts("q")))
    assert KEY not in str(caught.value)
    assert len(str(caught.value)) < 350


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        (page("<html>welcome</html>"), "'<html>welcome</html>'"),
        (Response(b'{"detail": "no such page"}'), "no such page"),
        (Response(b"[1]"), "[1]"),
        (Response(b"null", headers={"Content-Type": "text/plain"}), "null"),
        (Response(b'{"choices": null}'), '{"choices": null}'),
    ],
)
def test_a_response_that_is_no_completion_is_a_fault_that_shows_it(response: Response, shown: str) -> None:
    with serving(lambda _: response) as server, pytest.raises(Fault, match="does not speak chat completions; it said") as caught:
        list(OpenAI(id="m", base_url=server.url, retries=0).ask(prompts("q")))
    assert shown in str(caught.value)


def test_a_filtered_prompt_is_a_reply_that_says_so() -> None:
    assert asked_once(refusal(400, "filtered", code="content_filter"))[0] == Reply(text="", finish="content_filter")
    assert asked_once(Response(b'{"error": {"code": "content_filter"}}'))[0] == Reply(text="", finish="content_filter")


def test_a_reply_is_read_whatever_content_type_it_has() -> None:
    body = completion("yes").body
    for headers in ({"Content-Type": "text/plain"}, {"Content-Type": ""}):
        assert asked_once(Response(b"\xef\xbb\xbf" + body, headers=headers))[0].text == "yes"


def fault(response: Response, retries: int = 0) -> str:
    """The words of the Fault if a server always sends this response."""
    with serving(lambda _: response) as server, pytest.raises(Fault) as caught:
        list(OpenAI(id="m", base_url=server.url, retries=retries).ask(prompts("q")))
    return str(caught.value).replace(server.url, "URL")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (Response(b'{"error": "no model m"}', 404), "refused a request: 404 no model m. Does the server have this model (id)"),
        (Response(b"<h1>Forbidden</h1>", 403), "refused a request: 403 Forbidden. Is the key that of this server"),
        (Response(b"too long.", 400), "refused a request: 400 too long"),
        (Response(b"", 500), "failed at each try with status 500. Look at the server"),
        (
            Response(b'{"detail": "busy"}', 502),
            "failed at each try with status 502. Look at the server, then give the same command again. It said: busy",
        ),
        (Response(b'{"error": "no model m"}'), "answered each try with an error in place of a reply. Look at the server"),
        (Response(b'{"error": {"message": "spent", "code": "insufficient_quota"}}'), "is out of quota for this key"),
        (Response(b"{"), "sent what is no JSON ('{') in one try. Look at the server"),
        (Response(b'data: {"choices": []}', headers={"Content-Type": "text/event-stream"}), "streams its replies, although"),
    ],
)
def test_a_fault_says_what_the_server_said_and_what_to_look_at(response: Response, words: str) -> None:
    assert f"m at URL/ {words}" in fault(response)


def test_a_reply_with_odd_tokens_is_paid_for_once(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 10.5, "completion_tokens": "7"}
    response = told({"choices": [{"message": {"content": [{"type": "text", "text": "yes"}]}}], "usage": usage})
    with serving(lambda _: response) as server:
        model = CachedModel(OpenAI(id="m", base_url=server.url), tmp_path)
        replies = [reply for _ in range(2) for _, reply in model.ask(prompts("q"))]
    assert replies == [Reply(text="yes", prompt_tokens=11, reply_tokens=7)] * 2
    assert server.count == 1


def test_servers_are_told_not_to_stream() -> None:
    assert asked_once(completion("yes"))[1][0].body["stream"] is False


@pytest.mark.parametrize(
    ("sent", "text"),
    [("caf\ud83d\ude00", "caf\U0001f600"), ("half \ud83d", "half \ufffd"), ("\udc00é", "\ufffdé"), ("a\x00b", "a\x00b")],
)
def test_a_reply_can_be_written_as_unicode(sent: str, text: str) -> None:
    assert asked_once(completion(sent))[0].text == text


def test_half_a_surrogate_pair_in_a_prompt_is_sent_as_the_replacement_mark() -> None:
    with serving() as server:
        ((_, reply),) = OpenAI(id="m", base_url=server.url).ask(prompts("half \ud83d"))
    assert (server.asked[0].said, reply.text) == ("half \ufffd", "to half \ufffd")


def test_a_reply_of_five_megabytes_arrives_whole() -> None:
    text = "é" * 2_500_000
    assert asked_once(completion(text))[0].text == text
