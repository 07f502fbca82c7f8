"""A scripted host with a Batch API, for `serving` of tests/server.py.

Requests for files and batches come in, responses go out.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.model.openai import OpenAI
from tests.given import prompts
from tests.server import Asked, Response, Server, completion, refusal, serving

Row = dict[str, Any]


def answered(text: str) -> Row:
    """A line of an output file: a request with its reply."""
    return {"response": {"status_code": 200, "request_id": "r", "body": json.loads(completion(text).body)}, "error": None}


def refused(status: int, message: str, code: str | None = None) -> Row:
    """A line of an error file: a request that was refused."""
    body = json.loads(refusal(status, message, code).body)
    return {"response": {"status_code": status, "request_id": "r", "body": body}, "error": None}


EXPIRED: Row = {"response": None, "error": {"code": "batch_expired", "message": "This request could not be executed in time."}}


def echoed(said: str) -> Row | None:
    """A good host's answer."""
    return answered(f"to {said}")


@dataclass
class Host:
    """A host that ends each batch after `polls` looks at it.

    `status` is the batch's final status by its number, `answer` the outcome of a request (None: it is left out). `before` may
    answer any request in the host's place, `after` may replace the host's answer. `executed` holds the questions of each batch.
    """

    answer: Callable[[str], Row | None] = echoed
    polls: int = 1
    status: Callable[[int], str] = lambda number: "completed"
    errors: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[Asked], Response | None] = lambda asked: None
    after: Callable[[Asked], Response | None] = lambda asked: None
    file_status: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    executed: list[list[str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Response:
        """Answer one request."""
        if response := self.before(asked):
            return response
        parts = asked.path.partition("?")[0].split("/")[2:]
        response = self._files(asked, parts[1:]) if parts[0] == "files" else self._batches(asked, parts[1:])
        return self.after(asked) or response

    def lines(self, batch: str) -> list[dict[str, Any]]:
        """The requests of a batch."""
        return [json.loads(line) for line in self.files[self.batches[batch]["input_file_id"]].splitlines()]

    def _files(self, asked: Asked, parts: list[str]) -> Response:
        if asked.method == "POST":
            name = f"file-{len(self.files)}"
            self.files[name] = re.split(rb"\r\n\r\n", asked.content.split(b'filename="requests.jsonl"')[1], maxsplit=1)[1]
            self.files[name] = self.files[name].split(b"\r\n--")[0]
            parts = [name]
        if parts[0] not in self.files:
            return refusal(404, "No such File object")
        if parts[1:] == ["content"]:
            return Response(self.files[parts[0]], headers={"Content-Type": "application/octet-stream"})
        status = self.file_status.pop(0) if self.file_status else "processed"
        about = {"id": parts[0], "object": "file", "bytes": 1, "created_at": 1, "filename": "f", "purpose": "batch"}
        return _json({**about, "status": status})

    def _batches(self, asked: Asked, parts: list[str]) -> Response:
        if asked.method == "POST":
            name = f"batch-{len(self.batches)}"
            about = {"id": name, "object": "batch", "created_at": 1, "polls": 0, "request_counts": None, "errors": None}
            self.batches[name] = {**about, **asked.body, "status": "validating", "output_file_id": None, "error_file_id": None}
            return _json(self.batches[name])
        if not parts:
            return _json({"object": "list", "data": list(self.batches.values())[::-1], "has_more": False})
        if parts[0] not in self.batches:
            return refusal(404, "No batch found")
        batch = self.batches[parts[0]]
        batch["polls"] += 1
        if batch["polls"] == self.polls:
            self._end(batch)
        return _json(batch)

    def _end(self, batch: dict[str, Any]) -> None:
        batch["status"] = self.status(len(self.executed))
        self.executed.append([line["body"]["messages"][-1]["content"] for line in self.lines(batch["id"])])
        if batch["status"] == "failed":
            batch["errors"] = {"object": "list", "data": self.errors}
            return
        rows = [(line["custom_id"], self.answer(line["body"]["messages"][-1]["content"])) for line in self.lines(batch["id"])]
        # Backwards, since a real host gives no order either.
        outcomes = [{"id": "r", "custom_id": name, **row} for name, row in rows if row][::-1]
        for kind, fine in (("output", True), ("error", False)):
            chosen = [row for row in outcomes if bool(row["response"] and row["response"]["status_code"] == 200) == fine]
            batch[f"{kind}_file_id"] = f"{kind}-{batch['id']}"
            self.files[f"{kind}-{batch['id']}"] = "".join(f"{json.dumps(row)}\n" for row in chosen).encode()


def _json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value).encode())


@contextmanager
def hosted(host: Host, folder: Path, **settings: Any) -> Iterator[tuple[OpenAI, Server]]:
    """Yield a model at the host, and the server that passes requests on to it."""
    usual = {"batch": True, "batch_folder": str(folder / "batches"), "batch_poll": 0.01, "retries": 2}
    with serving(host) as server:
        yield OpenAI(id="m", base_url=server.url, **{**usual, **settings}), server


def asked_in_turn(model: OpenAI, *texts: str) -> list[str]:
    """Return the replies to these questions, in their order."""
    replies = dict(model.ask(prompts(*texts)))
    return [replies[place].text for place in range(len(texts))]


def notes(folder: Path) -> list[dict[str, Any]]:
    """Read the notes of batches."""
    return [json.loads(note.read_text()) for note in (folder / "batches").glob("*.json")]


def first(path: str, response: Response, method: str = "GET") -> Callable[[Asked], Response | None]:
    """Answer the first request of a path by this response, and no other."""
    left = [response]
    return lambda asked: left.pop() if left and (asked.method, asked.path) == (method, path) else None
