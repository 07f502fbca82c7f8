"""Constrain the tokens of a reply to a JSON schema."""

import json
from typing import Any

from pydantic import BaseModel


def constraint(module: Any, tokenizer: Any, form: type[BaseModel]) -> Any:
    """Return a logits processor that allows only JSON of `form`.

    It is transformers' kind of processor, made by outlines, and takes about a second to make. Call its `reset()` before each
    batch. A reply that is cut off by its token limit holds the beginning of such JSON.
    """
    # Imported here: outlines is an optional dependency, which only `structured` models need.
    import outlines
    from outlines.backends import get_json_schema_logits_processor

    model = outlines.from_transformers(module, tokenizer)
    # None takes outlines' default backend.
    return get_json_schema_logits_processor(None, model, json.dumps(form.model_json_schema()))
