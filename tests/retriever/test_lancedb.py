"""Search on disk finds what hybrid search finds."""

import logging
from pathlib import Path

import pytest

from runner.retriever import lancedb
from runner.retriever.hybrid import Hybrid
from runner.retriever.index import read_passages
from runner.retriever.lance_table import LanceTable
from runner.retriever.lancedb import LanceDB
from tests import given
from tests.given import section

pytest.importorskip("lancedb", reason="pip install -e '.[lancedb]'")

SECTIONS = [
    section("The feline slept on a rug.", heading="A"),
    section("Part QX-7 ships in March.", heading="B"),
    section("Shares fell on the exchange.", heading="C"),
]


def test_it_finds_by_word_and_by_meaning_as_many_passages_as_asked_for() -> None:
    found = LanceDB(passages=2, sentences=0).find(["When does QX-7 ship?", "Where did the cat nap?"], SECTIONS)
    assert [passages[0].section for passages in found] == ["cup.md#B", "cup.md#A"]
    assert [len({passage.section for passage in passages}) for passages in found] == [2, 2]


def test_no_questions_and_no_sections_find_nothing() -> None:
    assert LanceDB(passages=1, sentences=0).find([], SECTIONS) == []
    assert LanceDB(passages=1, sentences=0).find(["Who?"], []) == [()]


def test_the_passages_are_those_of_hybrid_search_and_their_order_hardly_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runner")
    # Several batches of passages and of questions.
    monkeypatch.setattr(lancedb, "MANY", 16)
    monkeypatch.setattr(lancedb, "ASKED", 5)
    material = given.study().material
    questions = [question.question for question in material.questions[:12]]
    hybrid, ours = Hybrid(passages=1, sentences=1), LanceDB(passages=1, sentences=1)
    for retriever, name in ((hybrid, "hybrid"), (ours, "lancedb")):
        (tmp_path / name).mkdir()
        retriever.index(material.sections, tmp_path / name)
    assert caplog.messages[-1].startswith(f"indexing sections: {len(material.sections)} of {len(material.sections)} in ")
    expected = read_passages(tmp_path / "hybrid")
    assert LanceTable(tmp_path / "lancedb").passages(range(len(expected))) == dict(enumerate(expected))
    found, alike = ours.search(questions, tmp_path / "lancedb", 5), hybrid.search(questions, tmp_path / "hybrid", 5)
    # BM25 weighs repeated words and long passages a little differently in the two libraries.
    assert sum(own[0] == other[0] for own, other in zip(found, alike, strict=True)) >= 11


def test_its_index_is_another_one_than_that_of_hybrid_search() -> None:
    ours, hybrid = LanceDB(passages=1, sentences=1), Hybrid(passages=1, sentences=1)
    assert ours.indexed_by() != hybrid.indexed_by()
    assert ours.indexed_by() == LanceDB(passages=3, sentences=1).indexed_by() != LanceDB(passages=1, sentences=0).indexed_by()
    ours.check()
