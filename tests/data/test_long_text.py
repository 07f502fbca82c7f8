"""Long text is split at the best places: no word is lost, no piece is too long, and a table's header row is repeated."""

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from runner.data.long_text import split

LONGEST = 2000
HEADER = "| register | reset |\n|---|---|\n"
WORDS = st.lists(st.text(st.sampled_from("ab1.。-*|é字\r"), min_size=1, max_size=12), min_size=1, max_size=12).map(" ".join)
# Paragraphs, lists, tables, prose without line breaks, and words that are longer than a passage.
BLOCK = st.one_of(
    WORDS,
    st.builds(lambda text, times: "".join(f"- {text} {at}\n" for at in range(times)), WORDS, st.integers(1, 150)),
    st.builds(lambda text, times: HEADER + f"| {text} | 0 |\n" * times, WORDS, st.integers(0, 150)),
    st.builds(lambda text, times: f"{text} ended. " * times, WORDS, st.integers(1, 150)),
    st.builds(lambda text, times: text * times, st.sampled_from(["x", "\n", " "]), st.integers(1, 5000)),
)
TEXT = st.lists(BLOCK, min_size=1, max_size=5).map("\n\n".join)


def pieces(text: str) -> list[str]:
    """All pieces of a text."""
    return list(split(text, LONGEST))


@settings(max_examples=150, deadline=None)
@given(text=TEXT)
def test_no_word_is_lost_the_order_stays_and_no_piece_is_too_long(text: str) -> None:
    found = pieces(text)
    assert all(0 < len(piece) <= LONGEST for piece in found)
    # Each piece continues where the one before it ended, after a repeated header.
    left = re.sub(r"\s", "", text)
    for piece in found:
        own = re.sub(r"\s", "", piece)
        header = re.sub(r"\s", "", HEADER)
        own = own if left.startswith(own) else own.removeprefix(header)
        assert own and left.startswith(own)
        left = left.removeprefix(own)
    assert not left


def test_a_table_is_split_between_rows_and_each_piece_has_the_header_row() -> None:
    rows = [f"| REG_{at} | sets the mode. Default is {at} |\n" for at in range(200)]
    table = pieces("The registers:\n\n" + HEADER + "".join(rows))
    assert table[0].startswith(f"The registers:\n\n{HEADER}")
    assert all(piece.startswith(HEADER) for piece in table[1:])
    assert [line + "\n" for piece in table for line in piece.split("\n") if line.startswith("| REG")] == rows


def test_a_table_whose_rows_have_no_pipe_at_their_ends_keeps_its_header_too() -> None:
    table = pieces("name | reset\n--- | ---\n" + "".join(f"REG_{at} | {at}\n" for at in range(400)))
    assert len(table) > 1
    assert all(piece.startswith("name | reset\n--- | ---\nREG_") for piece in table)


def test_text_behind_a_table_has_no_header_row() -> None:
    found = pieces(HEADER + "| A | 1 |\n" * 200 + "\n" + "Text follows here. " * 200)
    assert HEADER not in found[-1]


def test_a_row_that_is_longer_than_a_piece_has_the_header_row_in_each_part() -> None:
    found = pieces(HEADER + f"| {'word ' * 900}| 0 |\n")
    assert len(found) > 2
    assert all(piece.startswith(HEADER.strip()) for piece in found)


def test_a_row_that_fits_alone_but_not_with_its_header_is_split() -> None:
    found = pieces(HEADER + f"| {'word ' * 396}| 0 |\n" * 2)
    assert max(map(len, found)) <= LONGEST
    assert all(piece.startswith(HEADER.strip()) for piece in found)


def test_a_header_that_would_fill_the_pieces_is_not_repeated() -> None:
    wide = "|" + "name|" * 300 + "\n|" + "-|" * 300 + "\n"
    assert sum(piece.startswith("|name") for piece in pieces(wide + ("|" + "1|" * 300 + "\n") * 9)) == 1


def test_a_list_is_split_between_items() -> None:
    items = [f"- item {at} is here.\n  It goes on. And on" for at in range(99)]
    assert all(piece.startswith("- item") for piece in pieces("\n".join(items)))


def test_a_paragraph_is_split_between_sentences_and_not_between_lines() -> None:
    sentence = "This sentence is\nwrapped in the middle."
    assert {piece[-1] for piece in pieces(" ".join([sentence] * 200))} == {"."}


def test_a_chinese_paragraph_is_split_between_sentences() -> None:
    assert {piece[-1] for piece in pieces("总线在三月发货。" * 600)} == {"。"}


def test_paragraphs_stay_whole_where_they_fit() -> None:
    paragraphs = [f"Paragraph {at}. " + "It goes on. " * 40 for at in range(20)]
    assert all(piece.startswith("Paragraph") for piece in pieces("\n\n".join(paragraphs)))


def test_words_stay_whole_and_pieces_are_filled() -> None:
    found = pieces("seventeen " * 1000)
    assert {word for piece in found for word in piece.split()} == {"seventeen"}
    assert all(len(one) + len(two) > LONGEST for one, two in pairwise(found))
