"""Hybrid search joins what words find with what meaning finds."""

from runner.retriever.hybrid import Hybrid
from tests.given import section

SECTIONS = [
    section("The feline slept on a rug.", heading="A"),
    section("Part QX-7 ships in March.", heading="B"),
    section("Shares fell on the exchange.", heading="C"),
]


def test_it_finds_by_word_and_by_meaning() -> None:
    found = Hybrid(passages=1, sentences=0).find(["When does QX-7 ship?", "Where did the cat nap?"], SECTIONS)
    assert [passages[0].section for passages in found] == ["cup.md#B", "cup.md#A"]


def test_a_question_without_a_word_of_any_passage_finds_by_meaning_wherever_that_stands() -> None:
    for sections in (SECTIONS, SECTIONS[::-1]):
        (found,) = Hybrid(passages=1, sentences=0).find(["Where did some kitten nap?"], sections)
        assert found[0].section == "cup.md#A"


def test_it_gives_as_many_passages_as_asked_for_each_once() -> None:
    (found,) = Hybrid(passages=3, sentences=0).find(["cat"], SECTIONS)
    assert len({passage.section for passage in found}) == 3


def test_no_questions_find_nothing() -> None:
    assert Hybrid(passages=1, sentences=0).find([], [section()]) == []
