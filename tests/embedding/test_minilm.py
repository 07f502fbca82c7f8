"""Embeddings are of the text alone, in the order of the texts, and hardly padded."""

import logging
import random

import numpy as np
import pytest

from runner.embedding import minilm as embedding
from runner.embedding.minilm import BATCH_TOKENS, batches, embed, encoder, token_ids


def test_vectors_are_of_unit_length_and_equal_texts_have_equal_ones() -> None:
    vectors = embed(["one", "two", "one"], encoder())
    assert vectors.shape == (3, 384)
    assert np.allclose((vectors**2).sum(1), 1, atol=1e-5)
    assert np.allclose(vectors[0], vectors[2], atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.99


def test_the_model_is_loaded_once() -> None:
    assert encoder() is encoder()


def test_no_texts_have_no_vectors() -> None:
    assert embed([], encoder()).shape == (0, 384)


def test_the_vector_of_a_text_does_not_depend_on_the_texts_beside_it() -> None:
    texts = ["word " * length for length in (90, 1, 40, 2, 200, 5)]
    together, loaded = embed(texts, encoder()), encoder()
    alone = np.concatenate([embed([text], loaded) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_a_control_token_in_a_text_is_read_as_text() -> None:
    # Read as the control token, the text would end in a second [SEP]. Its cosine to the plain text would be above 0.99.
    first, second = embed(["The [SEP] of the bus.", "The [ SEP ] of the bus."], encoder())
    assert first @ second > 0.999


def test_batches_hold_every_text_once_with_little_padding() -> None:
    lengths = [random.Random(at).choice([12, 30, 250]) for at in range(999)]
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(999))
    padded = [len(batch) * max(lengths[place] for place in batch) for batch in found]
    assert max(padded) <= BATCH_TOKENS
    assert sum(padded) < 1.1 * sum(lengths)


def test_a_text_that_fills_a_batch_is_embedded_alone() -> None:
    assert list(batches([BATCH_TOKENS * 2, 3, BATCH_TOKENS * 2])) == [[1], [0], [2]]


def test_token_ids_are_cut_where_that_is_asked_for() -> None:
    tokenizer, _ = encoder()
    assert [len(ids) for ids in token_ids(["a b", "x " * 600], tokenizer)] == [4, 602]
    assert [len(ids) for ids in token_ids(["x " * 600], tokenizer, 512)] == [512]


def test_the_progress_of_many_texts_is_shown_and_that_of_few_is_not(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "runner")
    embed(["one"], encoder())
    assert caplog.messages == []
    monkeypatch.setattr(embedding, "MANY", 1)
    embed(["one", "two"], encoder())
    assert caplog.messages[-1].startswith("embedding: 2 of 2 in ")
