"""Requests by name in; the host's batches that hold them out, each noted on disk before anybody waits for it.

A batch that an earlier command noted is taken up, open or ended, whatever else it holds; only the rest goes into new ones.
"""

import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import openai
from filelock import FileLock

from runner.data.records import Prompt, digest
from runner.hosts import Endpoint
from runner.hosts.jobs import OUT_OF_QUOTA, Note

log = logging.getLogger("runner")

Body = Callable[[Prompt], dict[str, Any]]


class Register:
    """The batches of one model at one host."""

    def __init__(self, model: Endpoint, client: openai.OpenAI) -> None:
        """Notes lie in the model's `batch_folder`."""
        self.model, self.client, self.address = model, client, str(client.base_url)
        self.folder = Path(model.batch_folder or "").expanduser()

    def begun(self, prompts: Mapping[str, Prompt], body: Body) -> list[Note]:
        """Batches that hold the named requests, new ones where there are none; nobody else begins any meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        found, missing = list[Note](), dict(prompts)
        with self._locked():
            for note in map(Note, sorted(self.folder.glob("*.json"))):
                held = [name for name in note.known["requests"] if name in missing]
                if held and note.known["address"] == self.address and self._found(note):
                    log.info("%s: going on with the batch %s", self.model.id, note.known["batch"])
                    found.append(note)
                    for name in held:
                        del missing[name]
            with tempfile.TemporaryFile() as file:
                found += [self._create(file, chosen) for chosen in self._files(missing, body, file)]
        return found

    def strike(self, note: Note, names: set[str]) -> None:
        """Take requests off a note: their replies are kept, or they are to be asked again."""
        with self._locked():
            noted = Note(note.path)
            if rest := [name for name in noted.known.get("requests", ()) if name not in names]:
                noted.write(requests=rest)
            else:
                noted.forget()

    def _locked(self) -> FileLock:
        return FileLock(self.folder / "lock")

    def _found(self, note: Note) -> bool:
        """Whether there is a batch of what was noted: one that was created and not yet noted is found by its file."""
        if "batch" not in note.known:
            if not (batch := self._of(note.known["file"])):
                note.forget()
                return False
            note.write(batch=batch)
        return True

    def _files(self, prompts: Mapping[str, Prompt], body: Body, file: IO[bytes]) -> Iterator[list[str]]:
        """Fill the file with requests up to the host's limits, and again with the next ones; the names in it each time."""
        chosen = list[str]()
        for name, prompt in prompts.items():
            asked = {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body(prompt)}
            line = json.dumps(asked, ensure_ascii=False).encode() + b"\n"
            if chosen and (len(chosen) >= self.model.batch_requests or file.tell() + len(line) > self.model.batch_bytes):
                yield chosen
                file.seek(0)
                file.truncate()
                chosen = []
            file.write(line)
            chosen.append(name)
        if chosen:
            yield chosen

    def _create(self, file: IO[bytes], names: Sequence[str]) -> Note:
        """A batch of a file; the file is noted first, so that a batch whose creation is not noted any more is found by it."""
        file.seek(0)
        uploaded = self.client.files.create(file=("requests.jsonl", file), purpose="batch")
        note = Note(self.folder / f"{digest([self.address, uploaded.id])}.json")
        note.write(address=self.address, file=uploaded.id, requests=names)
        while str(uploaded.status) == "pending":  # as Azure may have it for a while
            time.sleep(self.model.batch_poll)
            uploaded = self.client.files.retrieve(uploaded.id)
        note.write(batch=self._created(uploaded.id))
        log.info("%s: %d requests are asked by the batch %s", self.model.id, len(names), note.known["batch"])
        return note

    def _created(self, file: str) -> str:
        """A new batch; where the answer is lost, it is looked for in the host's list before it is asked for again."""
        endpoint: Any = self.model.batch_endpoint
        batches, again, found = self.client.with_options(max_retries=0).batches, 0, ""
        while not found:
            try:
                return batches.create(input_file_id=file, endpoint=endpoint, completion_window="24h").id
            except (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError) as error:
                if again >= self.model.retries or getattr(error, "code", None) == OUT_OF_QUOTA:
                    raise
            again += 1
            time.sleep(self.model.batch_poll)
            found = self._of(file)
        return found

    def _of(self, file: str) -> str:
        """The batch that was created of a file; empty where there is none."""
        return next((batch.id for batch in self.client.batches.list(limit=100) if batch.input_file_id == file), "")
