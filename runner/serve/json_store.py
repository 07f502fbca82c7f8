"""Keep JSON objects on disk, beyond the server's end."""

import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from runner.data.atomic_write import publish
from runner.serve.api_errors import ApiError

log = logging.getLogger("runner")

JsonObject = dict[str, Any]


class JsonStore:
    """JSON objects by id, in memory and on disk.

    Each is the file ID/document.json, in a folder that holds all that belongs to it. A file is written whole or not at all.
    """

    def __init__(self, folder: Path, kind: str, form: type[BaseModel]) -> None:
        """Read the objects in `folder`; `kind` is their name in messages.

        A file that does not hold an object of `form` is left as it is, with a warning.
        """
        self.folder, self.kind = folder, kind
        folder.mkdir(parents=True, exist_ok=True)
        stored = [record for path in folder.glob("*/document.json") for record in _stored(path, kind, form)]
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
        publish(path, json.dumps(record), lasting=True)
        self.objects[record["id"]] = record
        return record

    def all(self) -> list[JsonObject]:
        """Return all objects, the oldest first."""
        # A copy, since other threads add objects while a caller reads the list.
        return list(self.objects.values())

    def get(self, name: str) -> JsonObject:
        """Return an object by its id, or raise an ApiError."""
        # An id from a client becomes a path only after it was found here, so that `..` in it reaches nothing.
        if (record := self.objects.get(name)) is None:
            raise self.missing(name)
        return record

    def delete(self, name: str) -> None:
        """Delete an object and its folder, or raise an ApiError."""
        # Taken out in one step: of two requests that delete it at once, one is told that it is not there.
        if self.objects.pop(name, None) is None:
            raise self.missing(name)
        # First, so that a kill in between leaves no object without its content.
        (self.folder_of(name) / "document.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder_of(name), ignore_errors=True)

    def missing(self, name: str) -> ApiError:
        """Make the error for an object that is not there."""
        return ApiError(404, f"no {self.kind} {name!r} is kept here", param="id")


def lines(path: Path, form: type[BaseModel]) -> list[JsonObject]:
    """Read a file of one JSON object a line; none if it is missing.

    Lines that do not hold an object of `form` are left out: a kill can leave half a line, a disk worse.
    """
    rows = path.read_bytes().split(b"\n") if path.exists() else []
    return [json.loads(row) for row in rows if not _faults(row, form)]


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


def _stored(path: Path, kind: str, form: type[BaseModel]) -> Iterator[JsonObject]:
    """Yield the object in a file, or warn."""
    try:
        content = path.read_bytes()
        reason = _faults(content, form)
    except OSError as error:
        content, reason = b"", str(error.strerror)
    # Its folder is found by its id, and removed by it too.
    if not reason and json.loads(content)["id"] != path.parent.name:
        reason = f"its id is not {path.parent.name}"
    if reason:
        log.warning("%s holds no %s that can be read (%s). It is left out and kept as it is", path, kind, reason)
    else:
        yield json.loads(content)


def _faults(content: bytes, form: type[BaseModel]) -> str:
    """Describe the first thing that is wrong; empty if all is right."""
    try:
        form.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
    return ""
