"""/v1/files: what clients upload to tune on or to have answered, and what jobs and batches leave for them."""

import shutil
import time
import uuid
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse

from runner.serve.refusal import Refusal
from runner.serve.shelf import Document, Shelf, page

UPLOADED = "fine-tune"
RESULTS = "fine-tune-results"
BATCH = "batch"
BATCH_RESULTS = "batch_output"


class Files:
    """The files of one server; a file's own name is only told, never a path."""

    def __init__(self, folder: Path) -> None:
        """Open the files that are kept in `folder`."""
        self.shelf = Shelf(folder, "file")

    def add(self, name: str, purpose: str, source: BinaryIO) -> Document:
        """Keep what `source` holds."""
        kept = f"file-{uuid.uuid4().hex}"
        content = self.content(kept)
        content.parent.mkdir()
        with content.open("wb") as target:
            shutil.copyfileobj(source, target)
        size = content.stat().st_size
        about = {"id": kept, "object": "file", "created_at": int(time.time()), "filename": name, "status": "processed"}
        return self.shelf.put({**about, "bytes": size, "purpose": purpose})

    def content(self, name: str) -> Path:
        """Where a file's content lies."""
        return self.shelf.room(name) / "content"

    def routes(self) -> APIRouter:
        """Upload, list, tell, hand out and remove."""
        router = APIRouter()

        @router.post("/v1/files")
        def upload(file: UploadFile, purpose: Annotated[str, Form()]) -> Document:
            if purpose not in (UPLOADED, BATCH):
                told = f"purpose: found {purpose!r}, this server takes files to tune on ({UPLOADED}) or to answer ({BATCH})"
                raise Refusal(400, told, param="purpose")
            return self.add(file.filename or "file", purpose, file.file)

        @router.get("/v1/files")
        def every(after: str | None = None, limit: int = 10_000, purpose: str | None = None, order: str = "desc") -> Document:
            found = [one for one in self.shelf.every() if purpose in (None, one["purpose"])]
            return page(found if order == "asc" else found[::-1], after, limit)

        @router.get("/v1/files/{name}")
        def one(name: str) -> Document:
            return self.shelf.find(name)

        @router.get("/v1/files/{name}/content", response_model=None)
        def content(name: str) -> FileResponse:
            return FileResponse(self.content(self.shelf.find(name)["id"]), media_type="application/octet-stream")

        @router.delete("/v1/files/{name}")
        def remove(name: str) -> dict[str, Any]:
            self.shelf.drop(name)
            return {"id": name, "object": "file", "deleted": True}

        return router
