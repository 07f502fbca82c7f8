"""The sentences of a section that support an item are marked."""

from runner.review_page.marking import marked
from tests.review_page.given import FIFO, candidate


def test_the_sentence_with_the_answer_is_marked_and_no_letter_is_lost() -> None:
    parts = marked(FIFO.text, candidate().item)
    assert "".join(text for text, _ in parts) == FIFO.text
    assert [text.strip() for text, is_fact in parts if is_fact] == ["The FIFO is 64 bytes deep."]


def test_nothing_is_marked_where_no_word_stands() -> None:
    assert [is_fact for _, is_fact in marked(FIFO.text, candidate(question="Who?", answer="Zoe").item)] == [False]
    assert marked("", candidate().item) == []
