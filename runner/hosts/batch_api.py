"""Prompts in, their replies out by the Batch API, at half the price and within a day; what failed or expired is asked again.

A request is named by the hash of what is asked, so that neither order nor restarts matter.
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
from openai.types.chat import ChatCompletion

from runner.data.records import Prompt, Reply, digest
from runner.errors import Fault
from runner.hosts import Endpoint
from runner.hosts.batch_register import Register
from runner.hosts.client import body, read
from runner.hosts.jobs import OUT_OF_QUOTA, Note, faults, patiently, refusal
from runner.terminal.progress import progress

log = logging.getLogger("runner")

ENDED = ("completed", "failed", "expired", "cancelled")
PASSING = {0, 408, 409, 429}  # of what is no server's error; 0: the batch ended before the request was sent
FULL = "token_limit_exceeded"  # more tokens wait in batches than the account may have waiting


@dataclass(frozen=True)
class Failure:
    """Why a request has no reply; a lasting reason would be the same another time."""

    reason: str
    lasting: bool = False


class Batches:
    """Asks one model by batch; `retries` times again for what failed, expired or was left out."""

    def __init__(self, model: Endpoint) -> None:
        """Ask for replies of a form where the model is asked so, until the host refuses it."""
        self.model, self.structured = model, model.structured

    def check(self) -> None:
        """Raise a Fault where the host has no Batch API for this key; asks for one line of the list of batches."""
        if not self.model.batch_folder:
            raise Fault(f"{self.model.id} is asked by batch, and batch_folder, where batches are noted, is not set")
        with self.model.client() as client, faults(client, f"{self.model.id}: batches are not offered to this key"):
            client.batches.list(limit=1)

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Each place and reply as batches end; a Fault where a request is refused, or gets no reply however often it is asked."""
        left, failed = self._named(prompts, range(len(prompts))), dict[str, Failure]()
        with self.model.client() as client, faults(client, f"{self.model.id}: asking by batch failed"):
            register = Register(self.model, client)
            for again in range(self.model.retries + 1):
                if again:
                    time.sleep(self.model.batch_poll)
                begun = register.begun({name: prompts[places[0]] for name, places in left.items()}, self._body)
                for note, batch in self._ended(client, begun):
                    wanted = left.keys() & set(note.known["requests"])
                    for name, outcome in self._outcomes(client, batch, wanted):
                        if isinstance(outcome, Reply):
                            yield from ((place, outcome) for place in left.pop(name, ()))
                        else:
                            failed[name] = outcome
                    register.strike(note, wanted)
                    self._refuse(failed[name] for name in left.keys() & wanted)
                if not left:
                    return
                reason = failed[next(iter(left))].reason
                left = self._named(prompts, [place for places in left.values() for place in places])
        raise Fault(f"{self.model.id}: {len(left)} requests got no reply in {self.model.retries + 1} batches: {reason}")

    def _named(self, prompts: Sequence[Prompt], places: Iterable[int]) -> dict[str, list[int]]:
        """Places by the name of what is asked there."""
        named: dict[str, list[int]] = {}
        for place in places:
            named.setdefault(digest([self._body(prompts[place]), prompts[place].attempt]), []).append(place)
        return named

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        return body(self.model, prompt, self.structured)

    def _ended(self, client: openai.OpenAI, notes: list[Note]) -> Iterator[tuple[Note, Batch]]:
        """Each batch when it has ended; Ctrl-C leaves them to the next command."""
        done, waiting = dict.fromkeys(notes, 0), list(notes)
        try:
            with progress(f"batch, {self.model.id}", sum(len(note.known["requests"]) for note in notes)) as advance:
                while waiting:
                    for note in list(waiting):
                        batch = self._told(client, note)
                        if (now := _answered(batch, len(note.known["requests"]))) > done[note]:
                            advance(now - done[note])
                            done[note] = now
                        if batch.status in ENDED:
                            waiting.remove(note)
                            yield note, batch
                    if waiting:
                        time.sleep(self.model.batch_poll)
        except KeyboardInterrupt:
            log.warning("%s: what was asked by batch goes on at the host, and the same command takes it up", self.model.id)
            raise

    def _told(self, client: openai.OpenAI, note: Note) -> Batch:
        try:
            return patiently(lambda: client.batches.retrieve(note.known["batch"]), self.model.batch_poll)
        except openai.NotFoundError:
            told = f"{client.base_url} does not know the batch {note.known['batch']}, or not by this key"
        raise Fault(f"{told}. Use the key that began it, or remove {note.path} to ask, and pay for, its requests again")

    def _outcomes(self, client: openai.OpenAI, batch: Batch, wanted: set[str]) -> Iterator[tuple[str, Reply | Failure]]:
        """What became of the requests that are wanted; one may be told of twice, then the latter counts."""
        failure = Failure("it was left out of the batch's files")
        if batch.status in ("failed", "cancelled"):
            error = batch.errors.data[0] if batch.errors and batch.errors.data else None
            told = error.message if error else "the host gives no reason"
            failure = Failure(f"the batch {batch.id} was {batch.status}: {told}", lasting=not error or error.code != FULL)
        yield from ((name, failure) for name in wanted)
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            for row in self._rows(client, file):
                if row.get("custom_id") in wanted and (row.get("response") or not failure.lasting):
                    yield row["custom_id"], self._outcome(row)

    def _rows(self, client: openai.OpenAI, file: str) -> Iterator[dict[str, Any]]:
        """The lines of a file of the host's, which is fetched whole first; none where it is not there any more."""
        with tempfile.TemporaryDirectory() as folder:
            fetched = Path(folder) / "lines.jsonl"

            def fetch() -> None:
                with client.files.with_streaming_response.content(file) as content:
                    content.stream_to_file(fetched)

            try:
                patiently(fetch, self.model.batch_poll)
            except openai.NotFoundError:
                log.warning("%s: the file %s of a batch is not there any more: its requests are asked again", self.model.id, file)
                return
            with fetched.open("rb") as lines:
                for line in lines:
                    try:
                        row = json.loads(line)
                    except ValueError:
                        continue
                    if isinstance(row, dict):
                        yield row

    def _outcome(self, row: dict[str, Any]) -> Reply | Failure:
        """What one line of a batch's files tells, by the rules that hold for a reply that is waited for."""
        response = row.get("response") or {}
        status, told = response.get("status_code") or 0, response.get("body") or {}
        if status == 200 and isinstance(told, dict) and told.get("choices") is not None:
            return replace(read(ChatCompletion.construct(**told)), batch=True)
        error = (told.get("error") if isinstance(told, dict) else None) or row.get("error") or {}
        code, kind, message = (str(error.get(part) or "") for part in ("code", "type", "message"))
        if code == "content_filter":
            return Reply(text="", finish="content_filter", batch=True)
        if status in (400, 422) and self.structured and "response_format" in message:
            return Failure(message)
        out = OUT_OF_QUOTA in (code, kind)
        return Failure(refusal(status, message or str(told)[:80], code, kind), out or (status < 500 and status not in PASSING))

    def _refuse(self, failures: Iterable[Failure]) -> None:
        """Raise a Fault for a lasting failure; where the host takes no form of a reply, ask without from now on."""
        for failure in failures:
            if failure.lasting:
                raise Fault(f"{self.model.id}: {failure.reason}")
            if self.structured and "response_format" in failure.reason:
                self.structured = False
                log.warning("%s takes no response_format: asked without, from now on", self.model.id)


def _answered(batch: Batch, requests: int) -> int:
    """How many of the requests have an answer so far, as the host counts."""
    if batch.status in ENDED:
        return requests
    counts = batch.request_counts
    return min(requests, (counts.completed or 0) + (counts.failed or 0)) if counts else 0
