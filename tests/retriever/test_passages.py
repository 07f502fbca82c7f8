"""Sections are cut into windows of sentences, of which none is lost, and searched with title and heading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.data.long_text import LONGEST, SENTENCE
from runner.retriever.lexical import Lexical
from runner.retriever.passages import cut, cut_version, searchable
from tests.given import section

TEXT = "Ada won. Did Bea score? Yes!  She did\nin 2018. It ended 4-2."


@pytest.mark.parametrize(
    ("sentences", "texts"),
    [
        (1, ["Ada won.", "Did Bea score?", "Yes!", "She did in 2018.", "It ended 4-2."]),
        (2, ["Ada won. Did Bea score?", "Yes! She did in 2018.", "It ended 4-2."]),
        (9, [" ".join(TEXT.split())]),
        (0, [TEXT]),
    ],
)
def test_a_passage_holds_so_many_sentences(sentences, texts):
    assert [passage.text for passage in cut([section(TEXT)], sentences)] == texts


@pytest.mark.parametrize(
    "text",
    [
        "A.J. Brown and J. Hurts met.",
        "It cost 3.5 million.",
        "It took place at 5 p.m. in Moscow.",
        "Version 2. is out.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(text):
    assert [passage.text for passage in cut([section(text)], 1)] == [text]


def test_a_passage_never_spans_two_sections():
    passages = cut([section("Ada won.", heading="a"), section("Bea lost.", heading="b")], 2)
    assert [(passage.section, passage.text) for passage in passages] == [("cup.md#a", "Ada won."), ("cup.md#b", "Bea lost.")]


def test_a_passage_is_searched_with_title_and_heading():
    sections = [section("Ada won.")]
    assert searchable(cut(sections, 1), sections) == ["The Cup, Final: Ada won."]


def test_a_long_table_becomes_passages_that_fit_and_hold_every_row() -> None:
    rows = [f"| REG_{at} | sets the mode. Default is {at} |" for at in range(900)]
    table = "\n".join(["| register | purpose |", "|---|---|", *rows])
    for sentences in (0, 9, 10000):
        texts = [passage.text for passage in cut([section(table)], sentences)]
        assert max(map(len, texts)) <= LONGEST
        text = " ".join(texts)
        assert all(f"REG_{at} |" in text and f"Default is {at} |" in text for at in range(900))


@settings(deadline=None)
@given(text=st.text(st.sampled_from('ab1. \n"(|-')), sentences=st.integers(0, 4))
def test_a_short_text_is_cut_as_ever(text: str, sentences: int) -> None:
    parts = SENTENCE.split(" ".join(text.split())) if sentences else [text]
    step = sentences or 1
    groups = [" ".join(parts[at : at + step]) for at in range(0, len(parts), step)]
    assert [passage.text for passage in cut([section(text)], sentences)] == groups


@pytest.mark.parametrize("sentences", [0, 1, 2])
def test_short_and_long_passages_of_one_section_keep_their_order(sentences: int) -> None:
    words = "Ada won. " + "Bea scored " * 300 + "here. Cleo kept the gate."
    assert " ".join(passage.text for passage in cut([section(words)], sentences)).split() == words.split()


def test_only_sections_with_a_long_passage_give_the_search_another_key() -> None:
    long_sentence, long_section = section("word " * 500), section("Ada won. " * 500)
    assert cut_version(Lexical(passages=1, sentences=1), [long_sentence])
    assert cut_version(Lexical(passages=1, sentences=0), [long_section])
    assert cut_version(Lexical(passages=1, sentences=1), [long_section]) == []
    assert cut_version(object(), [long_sentence]) == []
