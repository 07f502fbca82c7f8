"""/v1/files: the files that clients upload, and results for them."""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import StreamingResponse
from openai.types import FileObject

from runner.serve.api_errors import ApiError
from runner.serve.json_store import JsonObject, JsonStore, page

# A file's purpose, in the words of OpenAI's API. Clients upload the first and the third; the server makes the others.
TUNING = "fine-tune"
TUNING_RESULTS = "fine-tune-results"
BATCH = "batch"
BATCH_RESULTS = "batch_output"

PIECE = 1 << 16  # bytes of a file that are sent at a time


class Files:
    """The files of one server."""

    def __init__(self, folder: Path) -> None:
        """Open the files that are kept in `folder`."""
        self.records = JsonStore(folder, "file", FileObject)

    def add(self, name: str, purpose: str, source: BinaryIO) -> JsonObject:
        """Keep the content of `source` under a new id."""
        file_id = f"file-{uuid.uuid4().hex}"
        content = self.content(file_id)
        content.parent.mkdir()
        # The content before the record: a file that is listed is always there whole.
        with content.open("wb") as target:
            shutil.copyfileobj(source, target)
        size = content.stat().st_size
        # The client's own name is shown again, but is never part of a path: it may hold `../`.
        head = {"id": file_id, "object": "file", "created_at": int(time.time()), "filename": name, "status": "processed"}
        return self.records.save({**head, "bytes": size, "purpose": purpose})

    def content(self, name: str) -> Path:
        """Return the path of a file's content."""
        return self.records.folder_of(name) / "content"

    def routes(self) -> APIRouter:
        """Make the routes: upload, list, show, download and delete."""
        router = APIRouter()

        @router.post("/v1/files")
        def upload(file: UploadFile, purpose: Annotated[str, Form()]) -> JsonObject:
            if purpose not in (TUNING, BATCH):
                message = f"purpose: found {purpose!r}, this server takes files to tune on ({TUNING}) or to answer ({BATCH})"
                raise ApiError(400, message, param="purpose")
            return self.add(file.filename or "file", purpose, file.file)

        # Default and order are those of OpenAI's API.
        @router.get("/v1/files")
        def list_files(
            after: str | None = None, limit: int = 10_000, purpose: str | None = None, order: str = "desc"
        ) -> JsonObject:
            files = [record for record in self.records.all() if purpose in (None, record["purpose"])]
            return page(files if order == "asc" else files[::-1], after, limit)

        @router.get("/v1/files/{name}")
        def show(name: str) -> JsonObject:
            return self.records.get(name)

        # `get` first: an unknown id is a 404, and only a known id becomes a path.
        @router.get("/v1/files/{name}/content", response_model=None)
        def download(name: str) -> StreamingResponse:
            try:
                content = self.content(self.records.get(name)["id"]).open("rb")
            except FileNotFoundError as error:
                raise self.records.missing(name) from error
            # Opened before the reply begins: who deletes the file now does not break off a download.
            length = {"Content-Length": str(os.fstat(content.fileno()).st_size)}
            return StreamingResponse(_pieces(content), media_type="application/octet-stream", headers=length)

        @router.delete("/v1/files/{name}")
        def delete(name: str) -> dict[str, Any]:
            self.records.delete(name)
            return {"id": name, "object": "file", "deleted": True}

        return router


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    """Yield a file's content piece by piece, and close it."""
    with content:
        yield from iter(partial(content.read, PIECE), b"")
