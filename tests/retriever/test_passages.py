"""Sections are cut into windows of sentences, of which none is lost, and searched with title and heading."""

import numpy as np
import pytest

from runner.data.records import Passage
from runner.data.text import count
from runner.retriever.passages import best, cut, searchable, shortened
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
    assert [passage.text for passage in cut([section(TEXT)], sentences, 200)] == texts


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
    assert [passage.text for passage in cut([section(text)], 1, 200)] == [text]


def test_a_passage_never_spans_two_sections():
    passages = cut([section("Ada won.", heading="a"), section("Bea lost.", heading="b")], 2, 200)
    assert [(passage.section, passage.text) for passage in passages] == [("cup.md#a", "Ada won."), ("cup.md#b", "Bea lost.")]


def test_a_passage_is_searched_with_title_and_headings():
    (passage,) = cut([section("Ada won.", heading="Final > Goals")], 1, 200)
    assert passage.source == "The Cup > Final > Goals"
    assert searchable(passage) == "The Cup > Final > Goals: Ada won."


def test_a_heading_that_is_the_title_stands_once():
    sources = [next(cut([section(heading=heading)], 0, 200)).source for heading in ("The Cup", "The Cup > Final", "The Cups")]
    assert sources == ["The Cup", "The Cup > Final", "The Cup > The Cups"]


TABLE = ["| register | purpose |", "|---|---|", *(f"| REG_{at} | sets the mode. Default is {at} |" for at in range(90))]
CODE = "```sv\nmodule fifo;\n  // Depth. Always 64.\n\nendmodule\n```"


@pytest.mark.parametrize("sentences", [0, 1, 9, 10000])
def test_a_table_becomes_passages_of_whole_rows_that_fit_and_repeat_the_header(sentences: int) -> None:
    passages = list(cut([section("The registers:\n\n" + "\n".join(TABLE) + "\n\nThat is all.")], sentences, 60))
    tables = [passage.text.split("\n") for passage in passages if "| REG" in passage.text]
    assert max(count(searchable(passage)) for passage in passages) <= 60
    assert [row for table in tables for row in table if row.startswith("| REG")] == TABLE[2:]
    assert {tuple(row for row in table if row in TABLE[:2]) for table in tables} == {tuple(TABLE[:2])}
    assert passages[-1].text.endswith("That is all.")


def test_code_is_one_passage_where_it_fits_and_keeps_its_lines() -> None:
    texts = [passage.text for passage in cut([section(f"It is a FIFO. Here it is:\n\n{CODE}\n\nDone.")], 1, 200)]
    assert texts == ["It is a FIFO.", "Here it is:", CODE, "Done."]


def test_an_item_of_a_list_counts_as_a_sentence() -> None:
    texts = [passage.text for passage in cut([section("Two modes:\n- slow. It saves power\n- fast")], 1, 200)]
    assert texts == ["Two modes:", "- slow.", "It saves power", "- fast"]
    assert next(cut([section("Two modes:\n- slow\n- fast")], 3, 200)).text == "Two modes:\n- slow\n- fast"


@pytest.mark.parametrize("sentences", [0, 1, 2])
def test_short_and_long_passages_of_one_section_keep_their_order_and_every_word(sentences: int) -> None:
    words = "Ada won. " + "Bea scored " * 300 + "here. Cleo kept the gate."
    assert " ".join(passage.text for passage in cut([section(words)], sentences, 100)).split() == words.split()


def test_a_title_that_fills_the_passage_leaves_half_of_it_to_the_text() -> None:
    passages = cut([section("Ada won it. " * 40, heading="word " * 90)], 0, 50)
    assert {count(passage.text) <= 25 for passage in passages} == {True}


def test_passages_that_a_model_reads_in_part_are_split_and_the_others_stay() -> None:
    short, long = Passage(section="a", text="Ada won.", source="The Cup"), Passage(section="b", text="x1 " * 50, source="The Cup")
    parts = list(shortened([short, long], 40, len))
    assert parts[0] == short
    assert {len(searchable(part)) <= 40 and part.section == "b" and part.source == "The Cup" for part in parts[1:]} == {True}
    assert " ".join(part.text for part in parts[1:]).split() == long.text.split()


def test_the_best_come_first_and_of_equals_the_earlier() -> None:
    passages = [Passage(section=name, text=name) for name in "abcd"]
    assert [passage.section for passage in best(passages, np.array([0, 2, 2, 1]), 3)] == ["b", "c", "d"]
