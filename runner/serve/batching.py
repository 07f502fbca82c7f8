"""/v1/batches: the routes by which clients create, follow and cancel batches."""

from typing import Literal

from fastapi import APIRouter

from runner.serve.batches import Batches
from runner.serve.chat import Closed
from runner.serve.shelf import Document, page


class Wish(Closed):
    """A request for a batch, as OpenAI's API has it."""

    input_file_id: str
    endpoint: Literal["/v1/chat/completions"]
    completion_window: Literal["24h"]
    metadata: dict[str, str] | None = None


def routes(batches: Batches) -> APIRouter:
    """Create, list, tell and cancel."""
    router = APIRouter(prefix="/v1/batches")

    @router.post("")
    async def create(wish: Wish) -> Document:
        return batches.create(wish.input_file_id, wish.endpoint, wish.metadata)

    @router.get("")
    async def every(after: str | None = None, limit: int = 20) -> Document:
        return page(batches.shelf.every()[::-1], after, limit)

    @router.get("/{name}")
    async def one(name: str) -> Document:
        return batches.shelf.find(name)

    @router.post("/{name}/cancel")
    async def cancel(name: str) -> Document:
        return batches.cancel(name)

    return router
