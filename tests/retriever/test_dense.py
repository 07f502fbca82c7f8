"""Dense search finds by meaning, with the real embedding model and no hub."""

from pathlib import Path

from runner.retriever.dense import Dense
from runner.retriever.hybrid import Hybrid
from runner.retriever.index import read_passages
from tests.given import section


def test_a_passage_is_found_by_its_meaning_though_it_shares_no_word() -> None:
    sections = [section("The feline slept on a rug.", heading="A"), section("Shares fell on the exchange.", heading="B")]
    found = Dense(passages=1, sentences=0).find(["Where did the cat nap?", "What did stock markets do?"], sections)
    assert [passages[0].section for passages in found] == ["cup.md#A", "cup.md#B"]


def test_no_questions_find_nothing() -> None:
    assert Dense(passages=1, sentences=0).find([], [section()]) == []


def test_a_passage_is_no_longer_than_the_embedding_model_reads(tmp_path: Path) -> None:
    # 150 words to us, but 600 tokens to the model.
    words = " ".join(f"0x{at:08x}" for at in range(150))
    Dense(passages=1, sentences=0).index([section(words)], tmp_path)
    passages = read_passages(tmp_path)
    assert len(passages) > 2
    assert " ".join(passage.text for passage in passages) == words


def test_dense_and_hybrid_search_share_an_index_and_other_sizes_have_their_own() -> None:
    dense, hybrid = Dense(passages=1, sentences=1), Hybrid(passages=3, sentences=1)
    assert dense.indexed_by() == hybrid.indexed_by()
    others = [Dense(passages=1, sentences=0), Dense(passages=1, sentences=1, tokens=90)]
    assert all(dense.indexed_by() != other.indexed_by() for other in others)
