"""A cache of model replies: no request is paid for twice.

There is one file for each reply, named by the hash of its request. Any number of processes and machines write without a
lock. A log would need an index that grows in memory. SQLite needs locks that shared file systems do not keep.
"""

import json
import logging
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from runner.component import identity
from runner.data.atomic_write import publish
from runner.data.records import Prompt, Reply, canonical, fingerprint
from runner.model import Model
from runner.model.text_version import text_version
from runner.store import Sharing
from runner.store.local import SharedByFolder

Ask: TypeAlias = Callable[[Model, Sequence[Prompt]], Iterator[tuple[int, Reply]]]

log = logging.getLogger("runner")

TOGETHER = 200  # replies that are looked for at a time

_REPLY = TypeAdapter(Reply)  # made once, since making one takes longer than reading a reply


def ask_all(model: Model, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
    """Ask a model for all replies, without a budget."""
    return model.ask(prompts)


class CachedModel:
    """A model that is asked for missing replies only."""

    def __init__(self, model: Model, folder: Path, ask: Ask = ask_all, shared: Sharing | None = None) -> None:
        """Keep the model's replies in `folder`; `ask` puts the missing prompts to it.

        `shared` passes replies on to other machines, and fetches theirs.
        """
        self.model, self.folder, self.asking, self.name = model, folder, ask, model.name
        self.shared = shared or SharedByFolder()
        self.identity = identity(model)  # computed once, and not for each of a million requests

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield kept replies first, then the model's as they arrive.

        Each is kept before it is passed on. Equal prompts are asked for once.
        """
        first, repeated = dict[bytes, int](), dict[int, list[int]]()
        for place, key in self._keys(prompts):
            if key in first:
                repeated.setdefault(first[key], []).append(place)
            elif kept := self._read(key):
                yield place, kept
            else:
                first[key] = place
        # An array of numbers, since a million prompts may be missing and their keys are not needed any more.
        missing = array("Q", first.values())
        first.clear()
        try:
            for number, reply in self.asking(self.model, PromptSelection(prompts, missing)):
                # Kept before it is passed on: whatever the caller does with it, it is paid for once.
                self.keep(prompts[missing[number]], reply)
                yield from ((place, reply) for place in (missing[number], *repeated.get(missing[number], ())))
        finally:
            self.shared.finish()

    def find_each(self, prompts: Sequence[Prompt]) -> dict[int, Reply]:
        """Return the kept replies by their places."""
        return {place: reply for place, key in self._keys(prompts) if (reply := self._read(key))}

    def find(self, prompt: Prompt) -> Reply | None:
        """Return the kept reply, or None if there is none."""
        return self._read(fingerprint(self._request(prompt)))

    def keep(self, prompt: Prompt, reply: Reply) -> None:
        """Write a reply with its request."""
        request = self._request(prompt)
        path = self._path(fingerprint(request))
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without fsync, which would take longer than a fast server. A renamed file outlives the kill -9 of its process. One
        # that a power cut damages is asked for again. The draft lies where the drafts of killed processes are found quickly.
        content = canonical(reply)
        publish(
            path, f'{{"request": {request}, "reply": {content}, "sha256": "{fingerprint(content).hex()}"}}', drafts=self.folder
        )
        self.shared.send(_name(fingerprint(request)))

    def _keys(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, bytes]]:
        """Yield places and keys, after fetching what others have."""
        for start in range(0, len(prompts), TOGETHER):
            places = range(start, min(start + TOGETHER, len(prompts)))
            keys = [fingerprint(self._request(prompts[place])) for place in places]
            self.shared.receive([_name(key) for key in keys])
            yield from zip(places, keys, strict=True)

    def _request(self, prompt: Prompt) -> str:
        version = text_version(self.model, (turn.content for turn in prompt.messages))
        # A request without a version is the one that older stores know.
        return canonical({"model": self.identity, "prompt": prompt, **({"version": version} if version else {})})

    def _path(self, key: bytes) -> Path:
        return self.folder / _name(key)

    def _read(self, key: bytes) -> Reply | None:
        # No look before the read: over a network each look costs as much as the read itself.
        try:
            entry: Any = json.loads(self._path(key).read_bytes())
            # An older reply has no checksum.
            if "sha256" in entry and entry["sha256"] != fingerprint(canonical(entry["reply"])).hex():
                raise ValueError("its checksum differs")
            if fingerprint(canonical(entry["request"])) != key:
                raise ValueError("it answers another request")
            return _REPLY.validate_python(entry["reply"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the kept reply %s is damaged (%r). Its request is asked again", self._path(key), error)
            return None


def _name(key: bytes) -> str:
    # Folders by the first byte: file systems are slow with a million files in one folder.
    return f"{key.hex()[:2]}/{key.hex()}.json"


class PromptSelection(Sequence[Prompt]):
    """Some prompts of a sequence, which are not copied."""

    # A copy of a million prompts would double their memory, and hosted models look at those in flight only.

    def __init__(self, prompts: Sequence[Prompt], places: Sequence[int]) -> None:
        """Select `prompts[places[0]]` first."""
        self.prompts, self.places = prompts, places

    def __len__(self) -> int:
        """Return the number of selected prompts."""
        return len(self.places)

    def __getitem__(self, place: Any) -> Any:
        """Return one prompt, or for a slice another selection."""
        if isinstance(place, slice):
            return PromptSelection(self.prompts, self.places[place])
        return self.prompts[self.places[place]]
