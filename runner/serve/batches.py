"""Batches: a file of requests to files of replies and errors, with the states of OpenAI's Batch API; one reply at a time."""

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

from pydantic import ValidationError

from runner.serve.chat import Wish
from runner.serve.files import BATCH, BATCH_RESULTS, Files
from runner.serve.refusal import Refusal, misfit
from runner.serve.shelf import Document, Shelf

log = logging.getLogger("runner")

OPEN = ("validating", "in_progress", "finalizing", "cancelling")
DAY = 24 * 60 * 60
MOST = 50_000  # requests in one batch, as at OpenAI
ENDPOINT = "/v1/chat/completions"
EXPIRED = {"code": "batch_expired", "message": "This request could not be executed before the completion window expired."}
TIMES = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")

Complete = Callable[[Wish], Awaitable[Document]]


class Batches:
    """The batches of one server; each answer is written down as it is made, so that a server that starts again goes on."""

    def __init__(self, folder: Path, files: Files, complete: Complete, most: int) -> None:
        """Open the batches kept in `folder`; `complete` makes one reply, and `most` may be open at once."""
        self.files, self.complete, self.most = files, complete, most
        self.shelf = Shelf(folder, "batch")
        self.changed = asyncio.Event()

    def create(self, file: str, endpoint: str, metadata: dict[str, str] | None) -> Document:
        """A new batch, which starts as soon as it can; a Refusal where the file is none of requests."""
        if self.files.shelf.find(file)["purpose"] != BATCH:
            raise Refusal(400, f"{file} was not uploaded with the purpose {BATCH}", param="input_file_id")
        waiting = [batch for batch in self.shelf.every() if batch["status"] in OPEN]
        if len(waiting) >= self.most:
            raise Refusal(429, f"{len(waiting)} batches are not done, the most that this server takes. Wait, or cancel one")
        now = int(time.time())
        about = {"id": f"batch_{uuid.uuid4().hex}", "object": "batch", "created_at": now, "expires_at": now + DAY}
        asked = {"endpoint": endpoint, "input_file_id": file, "completion_window": "24h", "metadata": metadata}
        empty = {f"{state}_at": None for state in TIMES} | {"errors": None, "output_file_id": None, "error_file_id": None}
        counts = {"total": 0, "completed": 0, "failed": 0}
        made = self.shelf.put({**about, **asked, **empty, "request_counts": counts, "status": "validating"})
        self.changed.set()
        return made

    def cancel(self, name: str) -> Document:
        """End a batch after the reply that is being made; a Refusal where it has ended."""
        if (status := self.shelf.find(name)["status"]) not in OPEN:
            raise Refusal(409, f"the batch {name} has ended: it is {status}")
        if status not in ("finalizing", "cancelling"):
            self._change(name, "cancelling")
        return self.shelf.find(name)

    async def work(self) -> None:
        """Do one batch after the other, for ever."""
        while True:
            self.changed.clear()
            for batch in self.shelf.every():
                if batch["status"] in OPEN:
                    try:
                        await self._do(batch["id"])
                    except Exception as error:
                        log.error("a batch failed", exc_info=error)
                        self._fail(batch["id"], [_error("server_error", f"{type(error).__name__}: {error}", None)])
            await self.changed.wait()

    async def _do(self, name: str) -> None:
        """Validate, answer what is not answered yet, and hand the files out."""
        rows, errors = await asyncio.to_thread(_requests, self.files.content(self.shelf.find(name)["input_file_id"]))
        if errors:
            self._fail(name, errors)
            return
        if self.shelf.find(name)["status"] == "validating":
            self._change(name, "in_progress")
        done = {row["custom_id"]: _fine(row) for row in self._answers(name)}
        self._count(name, done, len(rows))
        for row in rows:
            batch = self.shelf.find(name)
            if batch["status"] == "cancelling":
                break
            if row["custom_id"] not in done:
                expired = time.time() >= batch["expires_at"]
                done[row["custom_id"]] = self._write(
                    name, row, {"error": EXPIRED} if expired else await self._answer(row["body"])
                )
                self._count(name, done, len(rows))
        self._finish(name)

    async def _answer(self, body: Document) -> Document:
        """The response to one request, whatever it is; where too many replies are waited for, it waits too."""
        while True:
            try:
                told = 200, await self.complete(Wish.model_validate(body))
            except ValidationError as error:
                told = 400, misfit(error.errors()).body
            except Refusal as refusal:
                if refusal.status == 429:
                    await asyncio.sleep(0.1)
                    continue
                told = refusal.status, refusal.body
            except Exception as error:
                told = 500, Refusal(500, f"the reply broke off: {error}").body
            return {"response": {"status_code": told[0], "request_id": f"req_{uuid.uuid4().hex}", "body": told[1]}}

    def _write(self, name: str, row: Document, outcome: Document) -> bool:
        """Write an answer down, in the API's form of a line; whether it is a reply."""
        about = {"id": f"batch_req_{uuid.uuid4().hex}", "custom_id": row["custom_id"], "response": None, "error": None}
        with (self.shelf.room(name) / "answers.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(about | outcome)}")
        return _fine(about | outcome)

    def _answers(self, name: str) -> list[Document]:
        found, file = list[Document](), self.shelf.room(name) / "answers.jsonl"
        for line in file.read_text(encoding="utf-8").split("\n") if file.exists() else ():
            with suppress(ValueError):  # one that was half written at a kill
                found.append(json.loads(line))
        return found

    def _count(self, name: str, done: dict[str, bool], total: int) -> None:
        completed = sum(done.values())
        counts = {"total": total, "completed": completed, "failed": len(done) - completed}
        self.shelf.put({**self.shelf.find(name), "request_counts": counts})

    def _finish(self, name: str) -> None:
        """Hand out the answers as two files, and end the batch."""
        ended, answers = "cancelled", self._answers(name)
        if self.shelf.find(name)["status"] != "cancelling":
            self._change(name, "finalizing")
            ended = "expired" if any(row["error"] == EXPIRED for row in answers) else "completed"
        results = dict[str, str]()
        for field, fine in (("output", True), ("error", False)):
            if lines := [json.dumps(row) for row in answers if _fine(row) == fine]:
                content = BytesIO("".join(f"{line}\n" for line in lines).encode())
                results[f"{field}_file_id"] = self.files.add(f"{name}_{field}.jsonl", BATCH_RESULTS, content)["id"]
        self._change(name, ended, **results)

    def _fail(self, name: str, errors: list[Document]) -> None:
        self._change(name, "failed", errors={"object": "list", "data": errors})

    def _change(self, name: str, status: str, **fields: Any) -> None:
        self.shelf.put({**self.shelf.find(name), "status": status, f"{status}_at": int(time.time()), **fields})


def _fine(row: Document) -> bool:
    return bool(row["response"]) and row["response"]["status_code"] == 200


def _requests(file: Path) -> tuple[list[Document], list[Document]]:
    """The requests in a file, and what is wrong with it, with the lines."""
    rows, errors, names = list[Document](), list[Document](), set[str]()
    for number, line in _lines(file):
        try:
            row = json.loads(line)
            name, way = row["custom_id"], (row["method"], row["url"], type(row["body"]))
        except (ValueError, TypeError, KeyError) as error:
            told = f"expected a JSON object with custom_id, method, url and body ({type(error).__name__}: {error})"
            errors.append(_error("invalid_json_line", told, number))
            continue
        if not isinstance(name, str) or name in names:
            errors.append(_error("duplicate_custom_id", f"custom_id: found {name!r}, expected a text of its own", number))
        if way != ("POST", ENDPOINT, dict):
            errors.append(_error("invalid_request", f"expected method POST, url {ENDPOINT} and an object as body", number))
        names.add(str(name))
        rows.append(row)
    if not 1 <= len(rows) <= MOST and not errors:
        told = f"the file holds {len(rows)} requests, expected 1 to {MOST}"
        errors.append(_error("too_many_tasks" if rows else "empty_file", told, None))
    return rows, errors


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; a file that was removed has none."""
    with suppress(FileNotFoundError), file.open("rb") as lines:
        yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _error(code: str, message: str, line: int | None) -> Document:
    return {"code": code, "message": message, "line": line, "param": None}
