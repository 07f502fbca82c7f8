"""A folder of JSON documents, one for each thing that outlives the server: written whole or not at all."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runner.data.atomic_write import publish
from runner.serve.refusal import Refusal

Document = dict[str, Any]


class Shelf:
    """Documents by their id, in memory and each in a folder of its own, ID/document.json, beside what belongs to it."""

    def __init__(self, folder: Path, kind: str) -> None:
        """Open the shelf, with all that was put there before; `kind` is what people call a document."""
        self.folder, self.kind = folder, kind
        folder.mkdir(parents=True, exist_ok=True)
        found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/document.json")]
        self.documents: dict[str, Document] = {one["id"]: one for one in sorted(found, key=lambda one: one["created_at"])}

    def room(self, name: str) -> Path:
        """The folder of a document."""
        return self.folder / name

    def put(self, document: Document) -> Document:
        """Keep a document, new or changed."""
        place = self.room(document["id"]) / "document.json"
        place.parent.mkdir(exist_ok=True)
        publish(place, json.dumps(document))
        self.documents[document["id"]] = document
        return document

    def every(self) -> list[Document]:
        """All documents, the oldest first."""
        return list(self.documents.values())

    def find(self, name: str) -> Document:
        """The document of this id; a Refusal where there is none."""
        if name not in self.documents:
            raise Refusal(404, f"no {self.kind} {name!r} is kept here", param="id")
        return self.documents[name]

    def drop(self, name: str) -> None:
        """Remove a document and all that belongs to it."""
        self.find(name)
        del self.documents[name]
        shutil.rmtree(self.room(name))


def page(documents: Sequence[Document], after: str | None, limit: int) -> Document:
    """Documents from behind the one whose id is `after`, `limit` of them, as OpenAI's wire lists them."""
    names = [one["id"] for one in documents]
    if after and after not in names:
        raise Refusal(400, f"after={after!r} is not in this list", param="after")
    start = names.index(after) + 1 if after else 0
    chosen = list(documents[start : start + max(1, min(limit, 10_000))])
    ends = {"first_id": chosen[0]["id"], "last_id": chosen[-1]["id"]} if chosen else {"first_id": None, "last_id": None}
    return {"object": "list", "data": chosen, "has_more": start + len(chosen) < len(names), **ends}
