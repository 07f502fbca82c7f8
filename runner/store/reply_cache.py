"""Replies that were paid for: a model in, and the same model out that is never asked for the same thing twice.

One file a reply, named by the hash of its request and renamed into place without fsync: what a process has written outlives its
`kill -9`, and any number of processes and machines write without a lock. A log would need an index that grows in memory, SQLite
needs locks that shared file systems do not keep. What a power cut damaged is missing, and asked for again.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from runner.component import identity
from runner.data.atomic_write import publish
from runner.data.records import Prompt, Reply, canonical, fingerprint
from runner.model import Model

Ask: TypeAlias = Callable[[Model, Sequence[Prompt]], Iterator[tuple[int, Reply]]]

_REPLY = TypeAdapter(Reply)


def freely(model: Model, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
    """Ask for everything that is asked for."""
    return model.ask(prompts)


class Remembering:
    """A model that looks a reply up before it asks; `asking` puts what is missing to the model."""

    def __init__(self, model: Model, folder: Path, asking: Ask = freely) -> None:
        """Keep the model's replies in `folder`."""
        self.model, self.folder, self.asking, self.name = model, folder, asking, model.name
        self.made_of = identity(model)

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Kept replies first, then those of the model as they arrive, each kept before it is passed on."""
        first, again = dict[bytes, int](), dict[int, list[int]]()  # again: where a prompt stands in the batch once more
        for place, prompt in enumerate(prompts):
            key = fingerprint(self._request(prompt))
            if key in first:
                again.setdefault(first[key], []).append(place)
            elif kept := self._found(key):
                yield place, kept
            else:
                first[key] = place
        missing = array("Q", first.values())
        first.clear()
        for number, reply in self.asking(self.model, Chosen(prompts, missing)):
            self.keep(prompts[missing[number]], reply)
            yield from ((place, reply) for place in (missing[number], *again.get(missing[number], ())))

    def find(self, prompt: Prompt) -> Reply | None:
        """The reply that is kept; None where there is none or its file is damaged."""
        return self._found(fingerprint(self._request(prompt)))

    def keep(self, prompt: Prompt, reply: Reply) -> None:
        """Write a reply, with its request, so that it is there whole or not at all."""
        request = self._request(prompt)
        path = self._path(fingerprint(request))
        path.parent.mkdir(parents=True, exist_ok=True)
        publish(path, f'{{"request": {request}, "reply": {canonical(reply)}}}')

    def _request(self, prompt: Prompt) -> str:
        return canonical({"model": self.made_of, "prompt": prompt})

    def _path(self, key: bytes) -> Path:
        return self.folder / key.hex()[:2] / f"{key.hex()}.json"

    def _found(self, key: bytes) -> Reply | None:
        try:
            entry: Any = json.loads(self._path(key).read_bytes())
            return _REPLY.validate_python(entry["reply"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


class Chosen(Sequence[Prompt]):
    """The prompts at some places of a sequence, without a second list of them."""

    def __init__(self, prompts: Sequence[Prompt], places: Sequence[int]) -> None:
        """The first one is `prompts[places[0]]`."""
        self.prompts, self.places = prompts, places

    def __len__(self) -> int:
        """How many were chosen."""
        return len(self.places)

    def __getitem__(self, place: Any) -> Any:
        """One prompt, or another such sequence for a slice."""
        if isinstance(place, slice):
            return Chosen(self.prompts, self.places[place])
        return self.prompts[self.places[place]]
