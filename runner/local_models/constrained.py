"""Constrained decoding: a loaded model and a form in, what keeps its every token within that form out."""

import json
from typing import Any

from pydantic import BaseModel


def constraint(module: Any, tokenizer: Any, form: type[BaseModel]) -> Any:
    """A logits processor of transformers, by outlines; `reset()` makes it ready for the next batch.

    Made in about a second. What it lets through is the form's JSON or, where the reply was cut off, the beginning of that.
    """
    import outlines
    from outlines.backends import get_json_schema_logits_processor

    model = outlines.from_transformers(module, tokenizer)
    return get_json_schema_logits_processor(None, model, json.dumps(form.model_json_schema()))
