"""A register on disk of the batches at a host.

Named requests go in; batches that hold them come out. Each batch is noted before anybody waits for it. A batch that an earlier
command noted is used again, running or ended, whatever else it holds. Only the remaining requests go into new batches, so that
nothing is paid for twice.
"""

import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

import openai
from filelock import FileLock

from runner.data.local_folder import local_folder
from runner.data.records import Prompt, digest
from runner.hosts import Endpoint
from runner.hosts.jobs import Note
from runner.hosts.reasons import OUT_OF_QUOTA

log = logging.getLogger("runner")

Body = Callable[[Prompt], dict[str, Any]]


class Register:
    """Notes of one model's batches at one host."""

    def __init__(self, model: Endpoint, client: openai.OpenAI) -> None:
        """Keep the notes in the model's `batch_folder`."""
        self.model, self.client, self.address = model, client, str(client.base_url)
        self.most = model.batch_requests  # in one batch; lowered if the host has no room for so many
        self.folder = local_folder(model.batch_folder or "")

    def batches_of(self, prompts: Mapping[str, Prompt], body: Body) -> list[Note]:
        """Return notes of batches that hold all named requests.

        Batches are created for requests that are in none. Meanwhile no other process can create any.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        notes, missing = list[Note](), dict(prompts)
        with self._locked():
            for note in map(Note, sorted(self.folder.glob("*.json"))):
                shared = [name for name in note.known["requests"] if name in missing]
                # Another host may be asked for the same: its batches are unknown at this one.
                if shared and note.known["address"] == self.address and self._exists(note):
                    log.info("%s: continuing with the batch %s", self.model.id, note.known["batch"])
                    notes.append(note)
                    for name in shared:
                        del missing[name]
            # One file on disk, filled again for each batch: a batch may hold 200 MB of requests.
            with tempfile.TemporaryFile() as file:
                notes += [self._create(file, names) for names in self._filled(missing, body, file)]
        return notes

    def strike(self, note: Note, names: set[str]) -> None:
        """Remove requests from a note.

        Either their replies are kept by now, or they have to be asked again. A note without requests is deleted.
        """
        with self._locked():
            current = Note(note.path)  # read again: another process that waits for the same batch may have changed it
            if rest := [name for name in current.known.get("requests", ()) if name not in names]:
                current.write(requests=rest)
            else:
                current.forget()

    def _locked(self) -> FileLock:
        return FileLock(self.folder / "lock")

    def _exists(self, note: Note) -> bool:
        """Return true if there is a batch for a note."""
        # The process that uploaded the file may have been killed before it noted the batch, or before it created one.
        if "batch" not in note.known:
            if not (batch := self._batch_of(note.known["file"])):
                note.forget()
                return False
            note.write(batch=batch)
        return True

    def _filled(self, prompts: Mapping[str, Prompt], body: Body, file: IO[bytes]) -> Iterator[list[str]]:
        """Fill the file with requests up to the host's limits.

        Yield the names in it, then fill it again with the next requests.
        """
        names = list[str]()
        for name, prompt in prompts.items():
            request = {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body(prompt)}
            line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
            if names and (len(names) >= self.most or file.tell() + len(line) > self.model.batch_bytes):
                yield names
                file.seek(0)
                file.truncate()
                names = []
            file.write(line)
            names.append(name)
        if names:
            yield names

    def _create(self, file: IO[bytes], names: Sequence[str]) -> Note:
        """Upload a file, create its batch, and note both."""
        file.seek(0)
        uploaded = self.client.files.create(file=("requests.jsonl", file), purpose="batch")
        # The file is noted before the batch is created. If this process is killed between the two, the next command finds the
        # batch by its file.
        note = Note(self.folder / f"{digest([self.address, uploaded.id])}.json")
        note.write(address=self.address, file=uploaded.id, requests=names)
        # Azure reads a file for a while before a batch can be made of it. The client's type does not know this status.
        while str(uploaded.status) == "pending":
            time.sleep(self.model.batch_poll)
            uploaded = self.client.files.retrieve(uploaded.id)
        note.write(batch=self._created(uploaded.id))
        log.info("%s: created the batch %s of %d requests", self.model.id, note.known["batch"], len(names))
        return note

    def _created(self, file: str) -> str:
        """Create a batch of a file; return its id."""
        endpoint: Any = self.model.batch_endpoint  # Azure's differs from those that the client's type allows
        # Without the client's own retries. If the answer to the first request is lost, its retry would create a second batch,
        # which costs as much again. So the host's list is searched before each retry.
        batches, attempts, batch = self.client.with_options(max_retries=0).batches, 0, ""
        while not batch:
            try:
                return batches.create(input_file_id=file, endpoint=endpoint, completion_window="24h").id
            except (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError) as error:
                if attempts >= self.model.retries or error.code == OUT_OF_QUOTA:
                    raise
            attempts += 1
            time.sleep(self.model.batch_poll)
            batch = self._batch_of(file)
        return batch

    def _batch_of(self, file: str) -> str:
        """Return the id of a file's batch, or ""."""
        return next((batch.id for batch in self.client.batches.list(limit=100) if batch.input_file_id == file), "")
