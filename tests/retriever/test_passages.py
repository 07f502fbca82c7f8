"""Sections are cut into windows of sentences, of which none is lost, and searched with title and heading."""

import pytest

from runner.retriever.passages import cut, searchable
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
