"""Keep JSON objects on disk, beyond the server's end."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runner.data.atomic_write import publish
from runner.serve.api_errors import ApiError

JsonObject = dict[str, Any]


class JsonStore:
    """JSON objects by id, in memory and on disk.

    Each is the file ID/document.json, in a folder that holds all that belongs to it. A file is written whole or not at all.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        """Read the objects in `folder`; `kind` is their name in messages."""
        self.folder, self.kind = folder, kind
        folder.mkdir(parents=True, exist_ok=True)
        stored = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/document.json")]
        # `all` gives them in this order, and files come in any.
        ordered = sorted(stored, key=lambda record: record["created_at"])
        self.objects: dict[str, JsonObject] = {record["id"]: record for record in ordered}

    def folder_of(self, name: str) -> Path:
        """Return the folder of an object."""
        return self.folder / name

    def save(self, record: JsonObject) -> JsonObject:
        """Save an object, new or changed, and return it."""
        path = self.folder_of(record["id"]) / "document.json"
        path.parent.mkdir(exist_ok=True)
        # To disk first: what a client was shown must be there after a crash.
        publish(path, json.dumps(record))
        self.objects[record["id"]] = record
        return record

    def all(self) -> list[JsonObject]:
        """Return all objects, the oldest first."""
        # A copy, since other threads add objects while a caller reads the list.
        return list(self.objects.values())

    def get(self, name: str) -> JsonObject:
        """Return an object by its id, or raise an ApiError."""
        # An id from a client becomes a path only after it was found here, so that `..` in it reaches nothing.
        if name not in self.objects:
            raise ApiError(404, f"no {self.kind} {name!r} is kept here", param="id")
        return self.objects[name]

    def delete(self, name: str) -> None:
        """Delete an object and its folder."""
        self.get(name)
        del self.objects[name]
        shutil.rmtree(self.folder_of(name))


def page(records: Sequence[JsonObject], after: str | None, limit: int) -> JsonObject:
    """Return a page of a list.

    It has the form of OpenAI's API, and begins behind the object whose id is `after`.
    """
    names = [record["id"] for record in records]
    if after and after not in names:
        raise ApiError(400, f"after={after!r} is not in this list", param="after")
    start = names.index(after) + 1 if after else 0
    # A limit outside 1 to 10,000, the API's largest, is moved into that range instead of being refused.
    chosen = list(records[start : start + max(1, min(limit, 10_000))])
    ends = {"first_id": chosen[0]["id"], "last_id": chosen[-1]["id"]} if chosen else {"first_id": None, "last_id": None}
    return {"object": "list", "data": chosen, "has_more": start + len(chosen) < len(names), **ends}
