"""The chat client against a real HTTP server on loopback: places, usage, retries, and faults in words."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from runner.fault import Fault
from runner.model.openai import OpenAI
from runner.records import Prompt, chat

KEY = "sk-a-secret-that-nobody-may-see"
Answer = tuple[int, dict[str, str], Any]


def completion(text: str) -> Answer:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return 200, {}, {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


def refusal(status: int, message: str, **headers: str) -> Answer:
    return status, headers, {"error": {"message": message, "type": "refused", "code": None}}


@contextmanager
def serving(respond: Callable[[dict[str, Any]], Answer]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server's base URL, and what it was asked so far: each body, with the time and the path."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({**body, "at": time.monotonic(), "path": self.path})
            status, headers, answer = respond(body)
            content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            kind = "text/html" if isinstance(answer, str) else "application/json"
            for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def question(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def prompts(*questions: str) -> list[Prompt]:
    return [chat(text, "Answer briefly.", 32) for text in questions]


def test_replies_come_back_at_their_places_whatever_the_order_of_arrival() -> None:
    others = threading.Semaphore(0)

    def respond(body: dict[str, Any]) -> Answer:
        if question(body) == "first":
            others.acquire(timeout=5)
            others.acquire(timeout=5)
            time.sleep(0.1)
        else:
            others.release()
        return completion(f"to {question(body)}")

    with serving(respond) as (url, _):
        replies = list(OpenAI(id="m", base_url=url).ask(prompts("first", "second", "third")))
    assert replies[-1][0] == 0
    assert {at: reply.text for at, reply in replies} == {0: "to first", 1: "to second", 2: "to third"}


def test_the_usage_that_the_server_tells_is_kept() -> None:
    with serving(lambda _: completion("yes")) as (url, _):
        ((_, reply),) = OpenAI(id="m", base_url=url).ask(prompts("q"))
    assert (reply.prompt_tokens, reply.reply_tokens) == (11, 7)


def test_a_server_that_tells_no_usage_counts_nothing() -> None:
    def respond(_: dict[str, Any]) -> Answer:
        status, headers, body = completion("yes")
        return status, headers, {name: value for name, value in body.items() if name != "usage"}

    with serving(respond) as (url, _):
        ((_, reply),) = OpenAI(id="m", base_url=url).ask(prompts("q"))
    assert (reply.text, reply.prompt_tokens, reply.reply_tokens) == ("yes", 0, 0)


def test_the_request_holds_the_turns_the_model_and_the_longest_reply() -> None:
    with serving(lambda _: completion("yes")) as (url, asked):
        list(OpenAI(id="m", base_url=url, temperature=0.5).ask(prompts("q")))
    turns = [{"role": "system", "content": "Answer briefly."}, {"role": "user", "content": "q"}]
    assert asked[0]["messages"] == turns
    found = [asked[0][name] for name in ("path", "model", "max_completion_tokens", "temperature")]
    assert found == ["/v1/chat/completions", "m", 32, 0.5]


def test_no_temperature_is_sent_where_none_is_set() -> None:
    with serving(lambda _: completion("yes")) as (url, asked):
        list(OpenAI(id="m", base_url=url).ask(prompts("q")))
    assert "temperature" not in asked[0]


def test_no_prompts_ask_the_server_nothing() -> None:
    with serving(lambda _: completion("yes")) as (url, asked):
        assert list(OpenAI(id="m", base_url=url).ask([])) == []
    assert asked == []


def test_too_many_requests_are_sent_again_after_the_time_that_the_server_names() -> None:
    answers = iter([refusal(429, "slow down", Retry_After="1"), completion("yes")])
    with serving(lambda _: next(answers)) as (url, asked):
        ((_, reply),) = OpenAI(id="m", base_url=url).ask(prompts("q"))
    assert reply.text == "yes"
    assert asked[1]["at"] - asked[0]["at"] > 0.95


def test_a_refused_key_is_a_fault_with_the_model_the_address_and_the_reason() -> None:
    with serving(lambda _: refusal(401, "Incorrect API key provided")) as (url, asked):
        with pytest.raises(Fault, match=r"m at .* refused a request: 401 .*Incorrect API key provided") as found:
            list(OpenAI(id="m", base_url=url).ask(prompts("q")))
        assert url in str(found.value)
    assert len(asked) == 1


def test_a_dead_address_is_a_fault_that_names_it() -> None:
    with serving(lambda _: completion("yes")) as (url, _):
        pass
    with pytest.raises(Fault, match=r"can't be reached .*refused") as found:
        list(OpenAI(id="m", base_url=url, retries=0).ask(prompts("q")))
    assert url in str(found.value)


def test_a_dead_address_names_a_setting_that_there_is() -> None:
    with serving(lambda _: completion("yes")) as (url, _):
        pass
    with pytest.raises(Fault, match="base_url") as found:
        list(OpenAI(id="m", base_url=url, retries=0).ask(prompts("q")))
    assert "model@teacher.base_url" not in str(found.value)


def test_a_missing_key_is_a_fault_that_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUR_KEY", raising=False)
    with pytest.raises(Fault, match="needs a key in the environment variable OUR_KEY"):
        OpenAI(id="m", key="OUR_KEY").check()


def test_a_key_that_is_set_passes_the_check() -> None:
    assert OpenAI(id="m").check() is None
    assert KEY not in repr(OpenAI(id="m"))


def test_the_key_is_not_in_the_error_of_a_dead_address() -> None:
    with serving(lambda _: completion("yes")) as (url, _):
        pass
    with pytest.raises(Fault) as found:
        list(OpenAI(id="m", base_url=url, retries=0).ask(prompts("q")))
    assert KEY not in str(found.value)


def test_the_key_is_not_in_the_error_of_a_server_that_says_it_back() -> None:
    with serving(lambda _: refusal(401, f"Incorrect API key provided: {KEY}")) as (url, _), pytest.raises(Fault) as found:
        list(OpenAI(id="m", base_url=url).ask(prompts("q")))
    assert KEY not in str(found.value)


def test_a_line_break_behind_a_key_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    with serving(lambda _: completion("yes")) as (url, _):
        ((_, reply),) = OpenAI(id="m", base_url=url, retries=0).ask(prompts("q"))
    assert reply.text == "yes"


def test_a_key_that_is_not_ascii_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-clé")
    with serving(lambda _: completion("yes")) as (url, _), pytest.raises(Fault, match="OPENAI_API_KEY"):
        list(OpenAI(id="m", base_url=url, retries=0).ask(prompts("q")))


def test_a_page_instead_of_a_completion_is_a_fault() -> None:
    with serving(lambda _: (200, {}, "<html>welcome</html>")) as (url, _), pytest.raises(Fault):
        list(OpenAI(id="m", base_url=url, retries=0).ask(prompts("q")))


def test_replies_in_flight_when_another_is_refused_are_yielded_first() -> None:
    refused = threading.Event()

    def respond(body: dict[str, Any]) -> Answer:
        if question(body) == "bad":
            refused.set()
            return refusal(400, "content filter")
        refused.wait(5)
        time.sleep(0.2)
        return completion("paid for")

    found = []
    with serving(respond) as (url, _), pytest.raises(Fault):
        for _, reply in OpenAI(id="m", base_url=url, retries=0).ask(prompts("good", "bad")):
            found.append(reply.text)
    assert found == ["paid for"]
