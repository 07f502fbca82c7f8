"""Dense search finds by meaning, with the real embedding model and no hub."""

import logging

import pytest

from runner.retriever.dense import Dense, dense_scores
from tests.given import section


def test_a_passage_is_found_by_its_meaning_though_it_shares_no_word() -> None:
    sections = [section("The feline slept on a rug.", heading="A"), section("Shares fell on the exchange.", heading="B")]
    found = Dense(passages=1, sentences=0).find(["Where did the cat nap?", "What did stock markets do?"], sections)
    assert [passages[0].section for passages in found] == ["cup.md#A", "cup.md#B"]


def test_scores_are_cosines_of_questions_by_texts() -> None:
    scores = dense_scores(["one", "two"], ["one", "two", "three"])
    assert scores.shape == (2, 3)
    assert scores[0, 0] > 0.99
    assert abs(scores).max() <= 1.001


def test_no_questions_find_nothing() -> None:
    assert Dense(passages=1, sentences=0).find([], [section()]) == []


def test_a_control_token_in_a_text_is_read_as_text() -> None:
    # Read as the control token, the text would end in a second [SEP]. Its cosine to the plain text would be above 0.99.
    (score,) = dense_scores(["The [SEP] of the bus."], ["The [ SEP ] of the bus."])[0]
    assert score > 0.999


def test_passages_beyond_the_limit_of_the_embedding_model_are_counted_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "runner")
    dense_scores(["Who?"], ["a b", "x " * 510])
    assert caplog.messages == []
    dense_scores(["Who?"], ["a b", "x " * 511, "x " * 2000])
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "2 of 3 passages are longer than the 512 tokens that the embedding model reads"
    ]


def test_the_progress_of_many_texts_is_shown_and_that_of_few_is_not(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "runner")
    dense_scores(["one"], ["two"])
    assert caplog.messages == []
    monkeypatch.setattr("runner.retriever.dense.MANY", 1)
    dense_scores(["one"], ["two"])
    assert caplog.messages[-1].startswith("embedding: 2 of 2 in ")
