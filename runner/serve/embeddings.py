"""POST /v1/embeddings: texts to the vectors that dense retrieval compares."""

import base64
from functools import cache
from typing import Any, Literal

from fastapi import APIRouter

from runner.retriever.dense import embed, encoder
from runner.serve.chat import Closed
from runner.serve.models import EMBEDDINGS
from runner.serve.refusal import Refusal

MOST = 2048  # texts in one request, as at OpenAI


class Texts(Closed):
    """A request for embeddings, as OpenAI's API has it."""

    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Literal[384] | None = None
    user: str | None = None


def routes() -> APIRouter:
    """The one route."""
    router, loaded = APIRouter(), cache(encoder)

    @router.post("/v1/embeddings")
    def vectors(wish: Texts) -> dict[str, Any]:
        if wish.model != EMBEDDINGS:
            told = f"no model {wish.model!r} embeds here; there is {EMBEDDINGS}"
            raise Refusal(404, told, param="model", code="model_not_found")
        texts = [wish.input] if isinstance(wish.input, str) else wish.input
        if not 1 <= len(texts) <= MOST or not all(texts):
            raise Refusal(400, f"expected 1 to {MOST} texts, none of them empty, found {len(texts)}", param="input")
        tokenizer, _ = loaded()
        lengths = [len(ids) for ids in tokenizer(texts).input_ids]
        if max(lengths) > tokenizer.model_max_length:
            told = (
                f"text {lengths.index(max(lengths))} holds {max(lengths)} tokens, expected {tokenizer.model_max_length} at most"
            )
            raise Refusal(400, told, param="input", code="context_length_exceeded")
        rows = embed(texts, loaded())
        data = [
            {"object": "embedding", "index": at, "embedding": _told(row, wish.encoding_format)} for at, row in enumerate(rows)
        ]
        usage = {"prompt_tokens": sum(lengths), "total_tokens": sum(lengths)}
        return {"object": "list", "data": data, "model": wish.model, "usage": usage}

    return router


def _told(row: Any, form: str) -> list[float] | str:
    return base64.b64encode(row.astype("<f4").tobytes()).decode() if form == "base64" else row.tolist()
