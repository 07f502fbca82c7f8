"""Batches, through OpenAI's client: each request is answered once, even if the server is killed."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types import Batch

from runner.serve import Limits
from tests.conftest import Serving

ENDED = ("completed", "failed", "expired", "cancelled")


def request(name: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": "Who won the cup?"}]
    body = {"model": "small", "messages": messages, "temperature": 0, "max_completion_tokens": 8, **more}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


def created(client: OpenAI, requests: Sequence[dict[str, Any]]) -> Batch:
    content = "".join(f"{json.dumps(row)}\n" for row in requests).encode()
    file = client.files.create(file=("requests.jsonl", content), purpose="batch")
    return client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")


def waited(client: OpenAI, batch: str, *states: str) -> Batch:
    for _ in range(3000):
        if (current := client.batches.retrieve(batch)).status in (states or ENDED):
            return current
        time.sleep(0.02)
    raise TimeoutError(current)


def rows(client: OpenAI, file: str | None) -> dict[str, dict[str, Any]]:
    assert file
    return {row["custom_id"]: row for row in map(json.loads, client.files.content(file).text.splitlines())}


def test_replies_and_refusals_come_in_files_of_their_own_by_name(client: OpenAI) -> None:
    requests = [request("a"), request("b", n=2), request("c", model="nobody")]
    batch = waited(client, created(client, requests).id)
    assert (batch.status, batch.request_counts.completed, batch.request_counts.failed) == ("completed", 1, 2)
    (reply,) = rows(client, batch.output_file_id).values()
    alone = client.chat.completions.create(**requests[0]["body"])
    assert (reply["custom_id"], reply["response"]["status_code"], reply["error"]) == ("a", 200, None)
    assert reply["response"]["body"]["choices"][0]["message"]["content"] == alone.choices[0].message.content != ""
    assert reply["response"]["body"]["usage"] == alone.usage.model_dump(exclude_none=True)
    failed = rows(client, batch.error_file_id)
    assert {name: row["response"]["status_code"] for name, row in failed.items()} == {"b": 400, "c": 404}
    assert failed["c"]["response"]["body"]["error"]["code"] == "model_not_found"


def test_batches_are_listed_the_newest_first(client: OpenAI) -> None:
    first, second = (waited(client, created(client, [request("a")]).id) for _ in range(2))
    assert [batch.id for batch in client.batches.list(limit=1)][:2] == [second.id, first.id]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([], "empty_file"),
        ([request("a"), request("a")], "duplicate_custom_id"),
        ([{**request("a"), "url": "/v1/embeddings"}], "invalid_request"),
        ([{"custom_id": "a"}], "invalid_json_line"),
        ([request("\ud800")], "invalid_json_line"),
    ],
)
def test_a_file_that_breaks_the_rules_fails_its_batch(client: OpenAI, content: list[dict[str, Any]], code: str) -> None:
    batch = waited(client, created(client, content).id)
    assert (batch.status, batch.errors.data[0].code) == ("failed", code)
    assert batch.output_file_id is None


def test_a_batch_is_cancelled_between_replies_and_hands_out_those_that_it_has(client: OpenAI) -> None:
    batch = created(client, [request(str(number), max_completion_tokens=200) for number in range(300)])
    while client.batches.retrieve(batch.id).request_counts.completed < 1:
        time.sleep(0.01)
    assert client.batches.cancel(batch.id).status == "cancelling"
    ended = waited(client, batch.id)
    assert ended.status == "cancelled"
    assert 0 < len(rows(client, ended.output_file_id)) == ended.request_counts.completed < 300
    with pytest.raises(openai.ConflictError, match="has ended: it is cancelled"):
        client.batches.cancel(batch.id)


def test_a_server_that_starts_again_answers_the_rest(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        batch = created(client, [request(str(number), max_completion_tokens=60) for number in range(36)])
        while client.batches.retrieve(batch.id).request_counts.completed < 2:
            time.sleep(0.01)
    written = tmp_path / "batches" / batch.id / "answers.jsonl"
    before = [line for line in written.read_text().split("\n") if line]
    assert 2 <= len(before) < 36
    written.write_text("\n".join(["", *before, before[0][:40]]))  # as a kill in the middle of a line leaves it
    with serving(tmp_path) as client:
        ended = waited(client, batch.id)
        answers = rows(client, ended.output_file_id)
    assert (ended.status, len(answers)) == ("completed", 36)
    assert [answers[json.loads(line)["custom_id"]] for line in before] == [json.loads(line) for line in before]


def test_what_is_not_answered_within_a_day_expires(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        batch = created(client, [request(str(number), max_completion_tokens=100) for number in range(40)])
        while client.batches.retrieve(batch.id).request_counts.completed < 1:
            time.sleep(0.01)
    document = tmp_path / "batches" / batch.id / "document.json"
    document.write_text(json.dumps({**json.loads(document.read_text()), "expires_at": 1}))
    with serving(tmp_path) as client:
        ended = waited(client, batch.id)
        expired, answered = rows(client, ended.error_file_id), rows(client, ended.output_file_id)
    assert ended.status == "expired"
    assert (len(expired) + len(answered), len(answered) > 0) == (40, True)
    assert {row["error"]["code"] for row in expired.values()} == {"batch_expired"}


def test_more_batches_than_the_server_takes_are_told_to_come_later(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, Limits(jobs=0)) as client, pytest.raises(openai.RateLimitError, match="0 batches are not done"):
        created(client, [request("a")])
