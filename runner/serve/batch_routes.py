"""/v1/batches: the routes to create, follow and cancel batches."""

from typing import Literal

from fastapi import APIRouter

from runner.serve import RequestBody
from runner.serve.batch_queue import BatchQueue
from runner.serve.json_store import JsonObject, page


class BatchRequest(RequestBody):
    """A batch request of OpenAI's API."""

    input_file_id: str
    # The API has other endpoints too; only chat completions can be asked in batches here.
    endpoint: Literal["/v1/chat/completions"]
    completion_window: Literal["24h"]
    metadata: dict[str, str] | None = None


def routes(batches: BatchQueue) -> APIRouter:
    """Make the routes: create, list, show and cancel."""
    router = APIRouter(prefix="/v1/batches")

    # Async, unlike the routes of jobs: the queue's event belongs to the event loop and must not be set from a thread.
    @router.post("")
    async def create(body: BatchRequest) -> JsonObject:
        return batches.create(body.input_file_id, body.endpoint, body.metadata)

    @router.get("")
    async def list_batches(after: str | None = None, limit: int = 20) -> JsonObject:
        return page(batches.records.all()[::-1], after, limit)

    @router.get("/{name}")
    async def show(name: str) -> JsonObject:
        return batches.records.get(name)

    @router.post("/{name}/cancel")
    async def cancel(name: str) -> JsonObject:
        return batches.cancel(name)

    return router
