"""Chat completions through the Batch API.

Prompts go in; their replies come out within a day, at half the price. Requests that failed or expired are sent again. A request
is named by the hash of its content, so that neither the order of prompts nor a restart changes what is sent.
"""

import json
import logging
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openai
from openai.types import Batch

from runner.data.records import Prompt, Reply, digest
from runner.errors import Fault, RefusedRequest
from runner.hosts import Endpoint
from runner.hosts.batch_register import Register
from runner.hosts.client import UNSUPPORTED, body
from runner.hosts.completion import read
from runner.hosts.jobs import Note, faults, patiently, refusal
from runner.hosts.reasons import FILTERED, OUT_OF_QUOTA, hidden_status, reason
from runner.terminal.progress import progress

log = logging.getLogger("runner")

ENDED = ("completed", "failed", "expired", "cancelled")
TEMPORARY = {0, 408, 409, 429}  # besides server errors; 0: the batch ended before this request was sent
QUEUE_FULL = "token_limit_exceeded"  # the account has as many tokens in waiting batches as it may have


@dataclass(frozen=True)
class Failure:
    """Why a request has no reply; a lasting reason excludes a retry."""

    reason: str
    lasting: bool = False
    no_room: bool = False  # at the host, which did not try it


class BatchClient:
    """Asks one model by the Batch API.

    Requests that failed, expired or were left out are sent again, up to the model's `retries` times.
    """

    def __init__(self, model: Endpoint) -> None:
        """Send schemas with the prompts if `model.structured` is set.

        Once the host refuses a schema, no more are sent.
        """
        self.model, self.structured = model, model.structured

    def check(self) -> None:
        """Raise a Fault if this key cannot use batches.

        It asks for one entry of the list of batches, which costs nothing.
        """
        if not self.model.batch_folder:
            raise Fault(
                f"{self.model.id} is asked by the Batch API, but batch_folder is not set. Name the folder that keeps notes of "
                "its batches: batch_folder=PATH"
            )
        with self.model.client() as client, faults(client, f"{self.model.id}: batches are not offered to this key"):
            client.batches.list(limit=1)

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield each prompt's index and reply as batches end.

        Raise a Fault if a request is refused, or has no reply after all retries.
        """
        pending, tries = self._by_name(prompts, range(len(prompts))), 0
        with self.model.client() as client, faults(client, f"{self.model.id}: asking by batch failed"):
            register = Register(self.model, client)
            while tries <= self.model.retries:
                if tries:
                    time.sleep(self.model.batch_poll)
                asked, failures = len(pending), dict[str, Failure]()
                notes = register.batches_of({name: prompts[places[0]] for name, places in pending.items()}, self._body)
                for note, batch in self._ended(client, notes):
                    wanted = pending.keys() & set(note.known["requests"])
                    for name, outcome in self._outcomes(client, batch, wanted):
                        if isinstance(outcome, Reply):
                            yield from ((place, outcome) for place in pending.pop(name, ()))
                        else:
                            failures[name] = outcome
                    # Only now: a consumer has kept each reply when it asks for the next. A process that is killed before this
                    # line leaves the note, and the next command reads the same batch again.
                    register.strike(note, wanted)
                    self._refuse((failures[name], prompts[pending[name][0]]) for name in pending.keys() & wanted)
                if not pending:
                    return
                reason = failures[next(iter(pending))].reason
                no_room, replied = any(failures[name].no_room for name in pending), len(pending) < asked
                # What found no room behind others was not tried. Where nothing found any, the batches are too large.
                tries += not (no_room and replied)
                if no_room and not replied:
                    register.most = max(1, max(len(note.known["requests"]) for note in notes) // 2)
                # Named again, since a request without its schema is another request.
                pending = self._by_name(prompts, [place for places in pending.values() for place in places])
        raise Fault(f"{self.model.id}: {len(pending)} requests got no reply in {tries} batches: {reason}")

    def _by_name(self, prompts: Sequence[Prompt], places: Iterable[int]) -> dict[str, list[int]]:
        """Group places by the name of the request there."""
        # Equal requests have one name and are sent once. The attempt is part of it: another attempt must be another request.
        names: dict[str, list[int]] = {}
        for place in places:
            names.setdefault(digest([self._body(prompts[place]), prompts[place].attempt]), []).append(place)
        return names

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        return body(self.model, prompt, self.structured)

    def _ended(self, client: openai.OpenAI, notes: list[Note]) -> Iterator[tuple[Note, Batch]]:
        """Yield each batch once it has ended.

        Ctrl-C leaves the batches at the host, for the next command to continue.
        """
        answered, waiting = dict.fromkeys(notes, 0), list(notes)
        try:
            with progress(f"batch, {self.model.id}", sum(len(note.known["requests"]) for note in notes)) as advance:
                while waiting:
                    for note in list(waiting):
                        batch = self._retrieved(client, note)
                        if (now := _answered(batch, len(note.known["requests"]))) > answered[note]:
                            advance(now - answered[note])
                            answered[note] = now
                        if batch.status in ENDED:
                            waiting.remove(note)
                            yield note, batch
                    if waiting:
                        time.sleep(self.model.batch_poll)
        except KeyboardInterrupt:
            log.warning("%s: its batches continue at the host; the same command takes it up from there", self.model.id)
            raise

    def _retrieved(self, client: openai.OpenAI, note: Note) -> Batch:
        try:
            return patiently(lambda: client.batches.retrieve(note.known["batch"]), self.model.batch_poll)
        except openai.NotFoundError:
            pass  # the Fault is raised outside this block, so that no traceback shows the client's error, which may hold the key
        # The requests are not sent again by themselves: the batch may belong to another key, and be paid for already.
        raise Fault(
            f"{client.base_url} does not know the batch {note.known['batch']}, or not by this key. Use the key that began it, "
            f"or remove {note.path} to ask, and pay for, its requests again"
        )

    def _outcomes(self, client: openai.OpenAI, batch: Batch, wanted: set[str]) -> Iterator[tuple[str, Reply | Failure]]:
        """Yield outcomes of the wanted requests of an ended batch.

        A request may come more than once; the last outcome counts.
        """
        # First every request gets a failure, which stays only if the batch's files do not mention it.
        failure = Failure("it was left out of the batch's files")
        if batch.status in ("failed", "cancelled"):
            error = batch.errors.data[0] if batch.errors and batch.errors.data else None
            reason = error.message if error else "the host gives no reason"
            no_room = error is not None and error.code == QUEUE_FULL
            failure = Failure(f"the batch {batch.id} was {batch.status}: {reason}", lasting=not no_room, no_room=no_room)
        yield from ((name, failure) for name in wanted)
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            for row in self._rows(client, file):
                # A cancelled batch has a line without a response for each request that it did not send. It would only hide the
                # lasting failure of the batch.
                if row.get("custom_id") in wanted and (row.get("response") or not failure.lasting):
                    yield row["custom_id"], self._outcome(row)

    def _rows(self, client: openai.OpenAI, file: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a file at the host; none if it is gone."""
        with tempfile.TemporaryDirectory() as folder:
            fetched = Path(folder) / "lines.jsonl"

            # The whole file first, to disk: it may be large, and a connection that is cut half-way is then simply tried again.
            def fetch() -> None:
                with client.files.with_streaming_response.content(file) as content:
                    content.stream_to_file(fetched)

            try:
                patiently(fetch, self.model.batch_poll)
            except openai.NotFoundError:
                log.warning("%s: the file %s of a batch is no longer there: its requests are sent again", self.model.id, file)
                return
            with fetched.open("rb") as lines:
                for line in lines:
                    try:
                        row = json.loads(line)
                    except ValueError:
                        continue  # its request then counts as left out, and is sent again
                    if isinstance(row, dict):
                        yield row

    def _outcome(self, row: dict[str, Any]) -> Reply | Failure:
        """Read one line of a batch's files.

        The rules are those for a request that is sent alone.
        """
        response = row.get("response") or {}
        status, content = response.get("status_code") or 0, response.get("body") or {}
        hidden = hidden_status(content) if status == 200 else None
        if status == 200 and hidden is None:
            if isinstance(content, dict) and content.get("choices") is not None:
                return replace(read(content), batch=True)
            return Failure(f"the host answered with what is no chat completion: {str(content)[:80]!r}", lasting=True)
        # A refusal is in the response's body, a request that was never sent has its error beside the response.
        error = (content.get("error") if isinstance(content, dict) else content) or row.get("error") or content
        code, kind = (str(error.get(part) or "") if isinstance(error, dict) else "" for part in ("code", "type"))
        if code == FILTERED:
            return Reply(text="", finish=FILTERED, batch=True)
        message = reason(error)
        if status in UNSUPPORTED and self.structured and "response_format" in message:
            return Failure(message)  # not lasting: `_refuse` turns schemas off before the retry
        reached = hidden or status
        lasting = OUT_OF_QUOTA in (code, kind) or (reached < 500 and reached not in TEMPORARY)
        return Failure(refusal(status, message, code, kind), lasting)

    def _refuse(self, failures: Iterable[tuple[Failure, Prompt]]) -> None:
        """Raise a Fault for a lasting failure.

        If the host refused a schema, send none from now on.
        """
        for failure, prompt in failures:
            if failure.lasting:
                raise RefusedRequest(f"{self.model.id}: {failure.reason}", prompt.messages[0].content)
            if self.structured and "response_format" in failure.reason:
                self.structured = False
                log.warning("%s takes no response_format: it is asked without it from now on", self.model.id)


def _answered(batch: Batch, requests: int) -> int:
    """Return the number of requests that the host has answered."""
    if batch.status in ENDED:
        return requests
    counts = batch.request_counts
    return min(requests, (counts.completed or 0) + (counts.failed or 0)) if counts else 0
