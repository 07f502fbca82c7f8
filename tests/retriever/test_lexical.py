"""Lexical search puts the passage first that shares the question's rare words."""

from dataclasses import replace

import pytest

from runner.retriever.lexical import Lexical
from tests.given import section

SECTIONS = [
    section("Ada won the final. It rained in Moscow.", heading="Final"),
    section("Bea scored three goals. Her shoes were orange.", heading="Goals"),
    section("Cleo kept the gate closed.", heading="Defence"),
]


def found(question: str, passages: int = 2, sentences: int = 1) -> list[str]:
    """The texts that are found for a question."""
    ((*hits,),) = Lexical(passages=passages, sentences=sentences).find([question], SECTIONS)
    return [hit.text for hit in hits]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Where did it rain, in Moscow?", "It rained in Moscow."),
        ("what colour were the ORANGE shoes", "Her shoes were orange."),
        ("Who kept the gate?", "Cleo kept the gate closed."),
    ],
)
def test_the_passage_with_the_words_of_the_question_comes_first(question, text):
    assert found(question)[0] == text


def test_a_heading_is_searched_too():
    assert found("defence", passages=1) == ["Cleo kept the gate closed."]


@pytest.mark.parametrize(("passages", "hits"), [(1, 1), (3, 3), (99, 5)])
def test_so_many_passages_are_found_or_all_there_are(passages, hits):
    assert len(set(found("Moscow", passages))) == hits


def test_a_passage_names_its_section():
    ((hit,),) = Lexical(passages=1, sentences=0).find(["Moscow"], SECTIONS)
    assert (hit.section, hit.text) == (SECTIONS[0].id, SECTIONS[0].text)


def test_each_question_gets_its_own_passages_in_order():
    hits = Lexical(passages=1, sentences=1).find(["orange shoes", "Moscow rain"], SECTIONS)
    assert [own[0].section for own in hits] == [SECTIONS[1].id, SECTIONS[0].id]


def test_words_that_no_passage_holds_find_the_first_ones():
    assert found("zzz qqq", passages=1) == ["Ada won the final."]


@pytest.mark.parametrize("question", ["?", "Is it?", "x", "the"])
def test_a_question_without_a_word_to_search_for_still_gets_passages(question):
    assert len(found(question)) == 2


def test_texts_without_a_word_to_search_for_are_found_in_their_order():
    sections = [section("?", heading="the"), section("the", heading="?")]
    sections = [replace(one, title="?") for one in sections]
    (hits,) = Lexical(passages=2, sentences=0).find(["Moscow"], sections)
    assert [hit.text for hit in hits] == ["?", "the"]


def test_no_questions_find_nothing():
    assert Lexical(passages=1, sentences=0).find([], SECTIONS) == []
