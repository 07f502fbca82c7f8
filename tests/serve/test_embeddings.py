"""Embeddings, through OpenAI's client."""

import numpy as np
import openai
import pytest
from openai import OpenAI

MODEL = "all-minilm-l6-v2"


def test_texts_of_like_meaning_have_like_vectors_in_either_encoding(client: OpenAI) -> None:
    texts = ["Who won the cup?", "The winner of the trophy", "Salt dissolves in water"]
    binary = client.embeddings.create(model=MODEL, input=texts)
    plain = client.embeddings.create(model=MODEL, input=texts, encoding_format="float")
    vectors = np.array([entry.embedding for entry in binary.data])
    assert vectors.shape == (3, 384)
    assert np.allclose(vectors, [entry.embedding for entry in plain.data])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert binary.usage.total_tokens > 10


def test_a_text_longer_than_the_model_reads_is_refused_rather_than_cut(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="text 1 holds"):
        client.embeddings.create(model=MODEL, input=["short", "long " * 600])


def test_an_empty_text_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="none of them empty"):
        client.embeddings.create(model=MODEL, input=["short", ""])
