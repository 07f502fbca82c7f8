"""Answer batches of requests.

A batch leads from an uploaded file to a file of replies and a file of errors. Its states are those of OpenAI's Batch API. One
request is answered at a time.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from openai.types import Batch
from pydantic import BaseModel, ValidationError

from runner.serve.api_errors import ApiError, validation_error
from runner.serve.chat import ChatRequest
from runner.serve.files import BATCH, BATCH_RESULTS, Files
from runner.serve.json_store import JsonObject, JsonStore, lines

log = logging.getLogger("runner")

OPEN = ("validating", "in_progress", "finalizing", "cancelling")  # the states of a batch that has not ended
DAY = 24 * 60 * 60
MOST_REQUESTS = 50_000  # in one batch, as at OpenAI
ENDPOINT = "/v1/chat/completions"
EXPIRED = {"code": "batch_expired", "message": "This request could not be executed before the completion window expired."}
STATES_WITH_TIME = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")


class BatchedRequest(BaseModel):
    """A line of a batch's file."""

    custom_id: str
    method: str
    url: str
    body: JsonObject


class AnswerStatus(BaseModel):
    """The status of a request that was answered."""

    status_code: int


class AnsweredRequest(BaseModel):
    """A line of a batch's answers: the fields read here."""

    custom_id: str
    response: AnswerStatus | None
    error: JsonObject | None


Complete = Callable[[ChatRequest], Awaitable[JsonObject]]


class BatchQueue:
    """The batches of one server, answered one after another.

    Each answer is written to disk as soon as it is there, so that a restarted server continues with the next.
    """

    def __init__(self, folder: Path, files: Files, complete: Complete, most: int) -> None:
        """Open the batches in `folder`.

        `complete` answers a single request. At most `most` batches may be unfinished.
        """
        self.files, self.complete, self.most = files, complete, most
        self.records = JsonStore(folder, "batch", Batch)
        # Wakes `work` when a batch was added.
        self.changed = asyncio.Event()

    def create(self, file: str, endpoint: str, metadata: dict[str, str] | None) -> JsonObject:
        """Add a batch to the queue.

        Raises an ApiError where the file is not one of requests, or too many batches are unfinished.
        """
        if self.files.records.get(file)["purpose"] != BATCH:
            raise ApiError(400, f"{file} was not uploaded with the purpose {BATCH}", param="input_file_id")
        unfinished = [batch for batch in self.records.all() if batch["status"] in OPEN]
        if len(unfinished) >= self.most:
            raise ApiError(429, f"{len(unfinished)} batches are not done, the most that this server takes. Wait, or cancel one")
        now = int(time.time())
        head = {"id": f"batch_{uuid.uuid4().hex}", "object": "batch", "created_at": now, "expires_at": now + DAY}
        request = {"endpoint": endpoint, "input_file_id": file, "completion_window": "24h", "metadata": metadata}
        # All fields of the API from the start, empty: clients expect them in each state.
        empty = {f"{state}_at": None for state in STATES_WITH_TIME}
        empty |= {"errors": None, "output_file_id": None, "error_file_id": None}
        counts = {"total": 0, "completed": 0, "failed": 0}
        batch = self.records.save({**head, **request, **empty, "request_counts": counts, "status": "validating"})
        self.changed.set()
        return batch

    def cancel(self, name: str) -> JsonObject:
        """Cancel a batch; raise an ApiError if it has ended.

        A reply that is being generated is finished first, so the state is `cancelling` until then.
        """
        if (status := self.records.get(name)["status"]) not in OPEN:
            raise ApiError(409, f"the batch {name} has ended: it is {status}")
        if status not in ("finalizing", "cancelling"):
            self._change(name, "cancelling")
        return self.records.get(name)

    async def work(self) -> None:
        """Answer one batch after another, without end."""
        while True:
            # Cleared before the batches are read: a batch that is added meanwhile sets it again and is not missed.
            self.changed.clear()
            for batch in self.records.all():
                if batch["status"] in OPEN:
                    try:
                        await self._answer_batch(batch["id"])
                    except Exception as error:
                        # One faulty batch must not stop the queue.
                        log.error("a batch failed", exc_info=error)
                        self._fail(batch["id"], [_error("server_error", f"{type(error).__name__}: {error}", None)])
            await self.changed.wait()

    async def _answer_batch(self, name: str) -> None:
        """Check a batch's file, answer its requests, and write results.

        Requests that were answered before a restart are not answered again.
        """
        # In a thread, since a large file would hold up all other requests.
        rows, errors = await asyncio.to_thread(_requests, self.files.content(self.records.get(name)["input_file_id"]))
        if errors:
            self._fail(name, errors)
            return
        if self.records.get(name)["status"] == "validating":
            self._change(name, "in_progress")
        done = {row["custom_id"]: _succeeded(row) for row in self._answers(name)}
        self._count(name, done, len(rows))
        for row in rows:
            # Read again each time: a request may have cancelled the batch meanwhile.
            batch = self.records.get(name)
            if batch["status"] == "cancelling":
                break
            if row.custom_id not in done:
                # Expired requests still get a line each: a client can tell which ones to send again.
                expired = time.time() >= batch["expires_at"]
                outcome = {"error": EXPIRED} if expired else await self._answer(row.body)
                done[row.custom_id] = self._write(name, row.custom_id, outcome)
                self._count(name, done, len(rows))
        self._finish(name)

    async def _answer(self, body: JsonObject) -> JsonObject:
        """Answer a request, with a reply or with an error."""
        while True:
            try:
                status, content = 200, await self.complete(ChatRequest.model_validate(body))
            except ValidationError as error:
                status, content = 400, validation_error(error.errors()).body
            except ApiError as error:
                if error.status == 429:
                    # Too many requests wait at this moment. A batch has time: it waits instead of failing.
                    await asyncio.sleep(0.1)
                    continue
                status, content = error.status, error.body
            except Exception as error:
                status, content = 500, ApiError(500, f"the reply broke off: {error}").body
            return {"response": {"status_code": status, "request_id": f"req_{uuid.uuid4().hex}", "body": content}}

    def _write(self, name: str, custom_id: str, outcome: JsonObject) -> bool:
        """Append an answer to the batch's file; return true for a reply."""
        head = {"id": f"batch_req_{uuid.uuid4().hex}", "custom_id": custom_id, "response": None, "error": None}
        with (self.records.folder_of(name) / "answers.jsonl").open("a", encoding="utf-8") as file:
            # The line break comes first: after a kill, the next line does not continue a half-written one.
            file.write(f"\n{json.dumps(head | outcome)}")
        return _succeeded(head | outcome)

    def _answers(self, name: str) -> list[JsonObject]:
        # The request of a line that can't be read is answered again.
        return lines(self.records.folder_of(name) / "answers.jsonl", AnsweredRequest)

    def _count(self, name: str, done: dict[str, bool], total: int) -> None:
        completed = sum(done.values())
        counts = {"total": total, "completed": completed, "failed": len(done) - completed}
        self.records.save({**self.records.get(name), "request_counts": counts})

    def _finish(self, name: str) -> None:
        """End a batch, with files of replies and errors.

        A cancelled batch gets them too, for the requests that were answered.
        """
        status, answers = "cancelled", self._answers(name)
        if self.records.get(name)["status"] != "cancelling":
            self._change(name, "finalizing")
            status = "expired" if any(row["error"] == EXPIRED for row in answers) else "completed"
        results = dict[str, str]()
        for field, success in (("output", True), ("error", False)):
            # Without lines there is no file: the API leaves the id null.
            if lines := [json.dumps(row) for row in answers if _succeeded(row) == success]:
                content = BytesIO("".join(f"{line}\n" for line in lines).encode())
                results[f"{field}_file_id"] = self.files.add(f"{name}_{field}.jsonl", BATCH_RESULTS, content)["id"]
        self._change(name, status, **results)

    def _fail(self, name: str, errors: list[JsonObject]) -> None:
        self._change(name, "failed", errors={"object": "list", "data": errors})

    def _change(self, name: str, status: str, **fields: Any) -> None:
        self.records.save({**self.records.get(name), "status": status, f"{status}_at": int(time.time()), **fields})


def _succeeded(row: JsonObject) -> bool:
    return bool(row["response"]) and row["response"]["status_code"] == 200


def _requests(file: Path) -> tuple[list[BatchedRequest], list[JsonObject]]:
    """Read a file's requests, and the errors in it.

    All errors are collected, each with its line number, so that a user can mend them at once.
    """
    rows, errors, names = list[BatchedRequest](), list[JsonObject](), set[str]()
    for number, line in _lines(file):
        try:
            row = BatchedRequest.model_validate_json(line)
        except ValidationError as error:
            message = f"expected a JSON object with custom_id, method, url and body ({validation_error(error.errors()).message})"
            errors.append(_error("invalid_json_line", message, number))
            continue
        # The answers are found by this id, so it must be unique.
        if row.custom_id in names:
            errors.append(_error("duplicate_custom_id", f"custom_id: {row.custom_id!r} stands in an earlier line too", number))
        if (row.method, row.url) != ("POST", ENDPOINT):
            errors.append(_error("invalid_request", f"expected method POST and url {ENDPOINT}", number))
        names.add(row.custom_id)
        rows.append(row)
    if not 1 <= len(rows) <= MOST_REQUESTS and not errors:
        message = f"the file holds {len(rows)} requests, expected 1 to {MOST_REQUESTS}"
        errors.append(_error("too_many_tasks" if rows else "empty_file", message, None))
    return rows, errors


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with text, with their numbers.

    A file that was deleted meanwhile has none, so that its batch fails as empty.
    """
    with suppress(FileNotFoundError), file.open("rb") as lines:
        yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _error(code: str, message: str, line: int | None) -> JsonObject:
    return {"code": code, "message": message, "line": line, "param": None}
