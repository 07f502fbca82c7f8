"""POST /v1/embeddings: texts to the vectors of dense retrieval."""

import base64
from typing import Any, Literal

from fastapi import APIRouter

from runner.embedding.minilm import embed, encoder, token_ids
from runner.serve import RequestBody
from runner.serve.api_errors import ApiError
from runner.serve.models import EMBEDDINGS

MOST_TEXTS = 2048  # in one request, as at OpenAI


class EmbeddingsRequest(RequestBody):
    """An embeddings request of OpenAI's API."""

    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Literal[384] | None = None  # the model's own; shorter vectors are not offered
    user: str | None = None  # accepted without effect


def routes() -> APIRouter:
    """Make the route for embeddings."""
    router = APIRouter()

    # Not async: FastAPI then runs it in a thread, and the server goes on answering other requests.
    @router.post("/v1/embeddings")
    def create(body: EmbeddingsRequest) -> dict[str, Any]:
        if body.model != EMBEDDINGS:
            message = f"no model {body.model!r} embeds here; there is {EMBEDDINGS}"
            raise ApiError(404, message, param="model", code="model_not_found")
        texts = [body.input] if isinstance(body.input, str) else body.input
        if not 1 <= len(texts) <= MOST_TEXTS or not all(texts):
            raise ApiError(400, f"expected 1 to {MOST_TEXTS} texts, none of them empty, found {len(texts)}", param="input")
        tokenizer, _ = encoder()  # loaded at the first request, and then kept
        lengths = [len(ids) for ids in token_ids(texts, tokenizer)]
        # The encoder would cut a longer text without a word, and the vector would be of its beginning only.
        if max(lengths) > tokenizer.model_max_length:
            longest, most = lengths.index(max(lengths)), tokenizer.model_max_length
            message = f"text {longest} holds {max(lengths)} tokens, expected {most} at most"
            raise ApiError(400, message, param="input", code="context_length_exceeded")
        vectors = embed(texts, encoder())
        data = [
            {"object": "embedding", "index": index, "embedding": _encoded(vector, body.encoding_format)}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": sum(lengths), "total_tokens": sum(lengths)}
        return {"object": "list", "data": data, "model": body.model, "usage": usage}

    return router


def _encoded(vector: Any, encoding: str) -> list[float] | str:
    # base64 is of little-endian fp32, whatever this machine's byte order; OpenAI's client asks for it by default.
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if encoding == "base64" else vector.tolist()
