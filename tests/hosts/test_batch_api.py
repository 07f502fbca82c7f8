"""The Batch API against a scripted host, and against runner-serve with a process that is killed."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.component import identity
from runner.data.records import Prompt, Reply, chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.store.reply_cache import CachedModel
from tests.batching import EXPIRED, Host, answered, asked_in_turn, first, hosted, notes, refused
from tests.conftest import Serving
from tests.given import KEY, prompts
from tests.model.test_openai import formed
from tests.server import Asked, Response, echo, refusal, serving

pytestmark = pytest.mark.usefixtures("key")
ROOT = Path(__file__).resolve().parent.parent.parent


def once(*statuses: str) -> Callable[[int], str]:
    """Return the final status of each batch: these first, then completed."""
    return lambda number: statuses[number] if number < len(statuses) else "completed"


def first_time(row: Any) -> Callable[[str], Any]:
    """Answer each question with this row first, and with a reply when it is asked again."""
    seen: set[str] = set()

    def answer(said: str) -> Any:
        if said in seen or said == "fine":
            return answered(f"to {said}")
        seen.add(said)
        return row

    return answer


def test_replies_are_at_their_places_whatever_the_order_of_the_lines(tmp_path: Path) -> None:
    host = Host()
    with hosted(host, tmp_path) as (model, _):
        replies = dict(model.ask(prompts("a", "b", "ü")))
    assert [replies[place].text for place in range(3)] == ["to a", "to b", "to ü"]
    assert replies[0] == Reply(text="to a", prompt_tokens=11, reply_tokens=7, finish="stop", batch=True)
    assert (host.executed, notes(tmp_path)) == ([["a", "b", "ü"]], [])


@pytest.mark.parametrize("settings", [{}, {"temperature": 0.5, "seed": 3}, {"structured": True}, {"length_field": "max_tokens"}])
def test_a_request_in_a_batch_equals_one_that_is_sent_alone(tmp_path: Path, settings: dict[str, Any]) -> None:
    host = Host()
    with hosted(host, tmp_path, **settings) as (model, _):
        list(model.ask([formed("q")]))
    with serving() as alone:
        list(OpenAI(id="m", base_url=alone.url, **settings).ask([formed("q")]))
    (line,) = host.lines("batch-0")
    # A batch never streams. A field more would make every batch that is under way another one.
    sent = {name: value for name, value in alone.asked[0].body.items() if name != "stream"}
    assert (line["method"], line["url"], line["body"]) == ("POST", "/v1/chat/completions", sent)


def test_another_attempt_is_another_request_and_equal_prompts_are_one(tmp_path: Path) -> None:
    host, again = Host(), Prompt(messages=prompts("a")[0].messages, tokens=32, attempt=1)
    with hosted(host, tmp_path) as (model, _):
        assert sorted(place for place, _ in model.ask([*prompts("a"), again, *prompts("a")])) == [0, 1, 2]
    assert host.executed == [["a", "a"]]


HIDDEN = {"response": {"status_code": 200, "body": {"error": {"message": "no host is free", "code": 503}}}}


@pytest.mark.parametrize(
    "row", [EXPIRED, None, refused(500, "broke"), refused(429, "slow down"), {**answered("x"), "response": {}}, HIDDEN]
)
def test_only_requests_that_failed_expired_or_were_left_out_are_sent_again(tmp_path: Path, row: Any) -> None:
    host = Host(first_time(row), status=once("expired" if row is EXPIRED else "completed"))
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, "a", "fine", "b") == ["to a", "to fine", "to b"]
    assert host.executed == [["a", "fine", "b"], ["a", "b"]]


def test_a_request_without_a_reply_is_a_fault_after_all_retries(tmp_path: Path) -> None:
    host = Host(lambda said: answered("yes") if said == "fine" else refused(500, "broke"))
    with hosted(host, tmp_path) as (model, _):
        replies = model.ask(prompts("fine", "a"))
        assert next(replies)[0] == 0
        with pytest.raises(Fault, match=r"m: 1 requests got no reply in 3 batches: failed at each try with status 500.*broke"):
            next(replies)
    assert host.executed == [["fine", "a"], ["a"], ["a"]]


def test_a_content_filter_is_a_reply(tmp_path: Path) -> None:
    with hosted(Host(lambda said: refused(400, "filtered", "content_filter")), tmp_path) as (model, _):
        assert list(model.ask(prompts("a"))) == [(0, Reply(text="", finish="content_filter", batch=True))]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (refused(400, "too long"), "refused a request: 400 too long"),
        (refused(429, "spent", "insufficient_quota"), "out of quota for this key: add credit"),
        (refused(404, "no model m"), "404 no model m. Does the server have this model"),
        ({"response": {"status_code": 400, "body": {"detail": "too long"}}}, "refused a request: 400 too long"),
        ({"response": {"status_code": 200, "body": {"hello": 1}}}, "what is no chat completion: \"{'hello': 1}\""),
    ],
)
def test_a_lasting_refusal_is_a_fault_after_the_other_replies(tmp_path: Path, row: Any, words: str) -> None:
    host, places = Host(lambda said: answered("yes") if said == "fine" else row), []
    with hosted(host, tmp_path) as (model, _), pytest.raises(Fault, match=words):
        for place, _ in model.ask(prompts("a", "fine")):
            places.append(place)
    assert (places, len(host.executed)) == ([1], 1)


def test_out_of_quota_at_creation_is_a_fault_at_once(tmp_path: Path) -> None:
    def broke(asked: Asked) -> Response | None:
        wanted = (asked.method, asked.path) == ("POST", "/v1/batches")
        return refusal(429, "You exceeded your current quota", "insufficient_quota") if wanted else None

    with hosted(Host(before=broke), tmp_path) as (model, server), pytest.raises(Fault, match="out of quota for this key"):
        list(model.ask(prompts("a")))
    assert [asked.path for asked in server.asked] == ["/v1/files", "/v1/batches"]


def test_a_host_that_refuses_a_schema_is_asked_without_it(tmp_path: Path) -> None:
    host = Host()
    host.answer = lambda said: answered("yes") if host.executed[1:] else refused(400, "Unknown parameter: 'response_format'")
    with hosted(host, tmp_path, structured=True) as (model, _):
        assert [reply.text for _, reply in model.ask([formed("a"), formed("b")])] == ["yes", "yes"]
    assert ["response_format" in host.lines(name)[0]["body"] for name in host.batches] == [True, False]


def test_a_batch_that_the_full_queue_refuses_is_created_again(tmp_path: Path) -> None:
    host = Host(status=once("failed"), errors=[{"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}])
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, "a") == ["to a"]
    assert len(host.executed) == 2


FULL = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}]


def test_batches_that_find_no_room_behind_others_wait_for_them_without_counting_as_tries(tmp_path: Path) -> None:
    host = Host(status=once("completed", "failed", "failed", "completed", "failed", "completed"), errors=FULL)
    with hosted(host, tmp_path, batch_requests=2, retries=1) as (model, _):
        assert asked_in_turn(model, *"abcdef") == [f"to {text}" for text in "abcdef"]
    assert [len(batch) for batch in host.executed] == [2] * 6


def test_a_batch_too_large_for_the_queue_is_divided(tmp_path: Path) -> None:
    host = Host(errors=FULL)
    host.status = lambda number: "failed" if len(host.lines(f"batch-{number}")) > 2 else "completed"
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, *"abcdefgh") == [f"to {text}" for text in "abcdefgh"]
    assert [len(batch) for batch in host.executed] == [8, 4, 4, 2, 2, 2, 2]


def test_a_failed_batch_is_a_fault_with_the_hosts_reason(tmp_path: Path) -> None:
    host = Host(status=once("failed"), errors=[{"code": "model_not_found", "message": "There is no m"}])
    with hosted(host, tmp_path) as (model, _), pytest.raises(Fault, match="the batch batch-0 was failed: There is no m"):
        list(model.ask(prompts("a")))


def test_replies_of_a_cancelled_batch_are_used_and_the_rest_is_left_to_the_next_command(tmp_path: Path) -> None:
    cancelled = {"response": None, "error": {"code": "batch_cancelled", "message": "cancelled"}}
    host, places = Host(first_time(cancelled), status=once("cancelled")), []
    with hosted(host, tmp_path) as (model, _):
        with pytest.raises(Fault, match="was cancelled"):
            for place, _ in model.ask(prompts("a", "fine")):
                places.append(place)
        assert (places, asked_in_turn(model, "a")) == ([1], ["to a"])
    assert host.executed == [["a", "fine"], ["a"]]


def test_requests_whose_result_file_is_gone_are_sent_again(tmp_path: Path) -> None:
    def gone(asked: Asked) -> Response | None:
        return refusal(404, "No such File object") if asked.path == "/v1/files/output-batch-0/content" else None

    host = Host(before=gone)
    with hosted(host, tmp_path) as (model, _):
        assert asked_in_turn(model, "a") == ["to a"]
    assert host.executed == [["a"], ["a"]]


@pytest.mark.parametrize("path", ["/v1/batches/batch-0", "/v1/files/output-batch-0/content"])
@pytest.mark.parametrize("wrong", [Response(b"{}" * 99, cut=5), refusal(500, "broke"), refusal(429, "slow down")])
def test_a_host_that_fails_for_a_while_is_asked_again(tmp_path: Path, path: str, wrong: Response) -> None:
    host = Host(before=first(path, wrong))
    with hosted(host, tmp_path, retries=0) as (model, _):
        assert asked_in_turn(model, "a") == ["to a"]
    assert host.executed == [["a"]]


def test_ctrl_c_leaves_the_batch_to_the_next_command_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    host = Host(polls=3)
    with hosted(host, tmp_path) as (model, _):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("runner.hosts.batch_api.time.sleep", stopped)
            list(model.ask(prompts("a")))
        assert "the same command takes it up" in caplog.text
        assert asked_in_turn(model, "a") == ["to a"]
    assert host.executed == [["a"]]


def test_an_unknown_batch_is_not_paid_for_again_without_being_asked(tmp_path: Path) -> None:
    host = Host(before=first("/v1/batches/batch-0", refusal(404, "No batch found")))
    with hosted(host, tmp_path) as (model, _), pytest.raises(Fault, match=r"does not know the batch batch-0.*or remove .*json"):
        list(model.ask(prompts("a")))
    assert len(notes(tmp_path)) == 1


def test_the_check_refuses_a_host_without_batches(tmp_path: Path) -> None:
    with hosted(Host(), tmp_path) as (model, _):
        assert model.check() is None
    with serving(lambda asked: refusal(404, "Not Found")) as server, pytest.raises(Fault, match="batches are not offered"):
        OpenAI(id="m", base_url=server.url, batch=True, batch_folder=str(tmp_path)).check()
    with pytest.raises(Fault, match="batch_folder"):
        OpenAI(id="m", batch=True).check()


def test_the_key_reaches_no_note_log_or_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    host = Host(before=lambda asked: refusal(401, f"Incorrect key: {asked.headers}") if asked.method == "GET" else None)
    with hosted(host, tmp_path) as (model, server), pytest.raises(Fault) as caught:
        list(model.ask(prompts("a")))
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    texts = [caplog.text, "".join(traceback.format_exception(caught.value)), json.dumps(notes(tmp_path))]
    assert [text for text in texts if KEY in text] == []


def test_a_reply_that_was_kept_is_used_by_batch_too(tmp_path: Path) -> None:
    with serving(echo) as server:
        list(CachedModel(OpenAI(id="m", base_url=server.url), tmp_path).ask(prompts("a")))
        settings = {"batch": True, "batch_folder": "here", "batch_poll": 1, "batch_requests": 9, "batch_bytes": 9}
        by_batch = OpenAI(id="m", base_url=server.url, batch_endpoint="/there", **settings)
        assert identity(by_batch) == identity(OpenAI(id="m", base_url=server.url))
        assert [reply.batch for _, reply in CachedModel(by_batch, tmp_path).ask(prompts("a"))] == [False]


ASKER = """
import sys
from runner.model.openai import OpenAI
from runner.data.records import chat
from runner.store.reply_cache import CachedModel
from pathlib import Path

store = Path(sys.argv[2])
settings = {"batch": True, "batch_folder": f"{store}/batches", "batch_poll": 0.05}
model = OpenAI(id="small", base_url=sys.argv[1], temperature=0, **settings)
print(len(list(CachedModel(model, store / "replies").ask([chat(f"Who won cup {number}?", "", 60) for number in range(30)]))))
"""


@pytest.mark.slow
def test_a_process_killed_between_creation_and_fetch_pays_for_nothing_twice(serving: Serving, tmp_path: Path) -> None:
    """Kill the process while its batch is half answered: the next one continues the batch, and nothing is asked twice."""
    with serving(tmp_path / "served", key=KEY) as client:
        command = [sys.executable, "-c", ASKER, str(client.base_url), str(tmp_path / "store")]
        process = subprocess.Popen(command, cwd=ROOT)
        until = time.monotonic() + 120
        while not (begun := list(client.batches.list())) or not begun[0].request_counts.completed:
            assert time.monotonic() < until
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert client.batches.retrieve(begun[0].id).status == "in_progress"
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        (batch,) = client.batches.list()
    assert (batch.id, batch.status, batch.request_counts.completed) == (begun[0].id, "completed", 30)
    assert (done.stdout.strip(), notes(tmp_path / "store")) == ("30", [])
    kept = [json.loads(file.read_text())["reply"] for file in (tmp_path / "store" / "replies").rglob("*.json")]
    assert (len(kept), all(reply["batch"] for reply in kept)) == (30, True)


def test_runner_serve_gives_the_same_replies_by_batch_as_one_by_one(serving: Serving, tmp_path: Path) -> None:
    asked = [chat("Who won the cup?", "", 12), chat("Who lost the cup?", "", 12)]
    with serving(tmp_path / "served", key=KEY) as client:
        alone = OpenAI(id="small", base_url=str(client.base_url), temperature=0)
        by_batch = OpenAI(
            id="small",
            base_url=str(client.base_url),
            temperature=0,
            batch=True,
            batch_folder=str(tmp_path),
            batch_poll=0.02,
        )
        by_batch.check()
        assert {place: reply.text for place, reply in by_batch.ask(asked)} == {
            place: reply.text for place, reply in alone.ask(asked)
        }
