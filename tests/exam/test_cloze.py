"""An exam of gaps needs no model, says what it is worth, and says where it is smaller than asked for."""

import pytest

from runner.data.records import Material
from runner.errors import Fault
from runner.exam.cloze import Cloze
from tests.given import Scripted, section

SILENT = Scripted(lambda prompt: "")


def test_the_exam_says_what_it_is_worth_and_that_it_is_smaller_than_asked_for() -> None:
    exam = Cloze(facts=2).write(Material(sections=(section("The block has 28 pins in all."),), questions=()), SILENT)
    assert [question.answer for question in exam.questions] == ["28"]
    assert "wording was recalled, not that it was understood" in exam.origin
    assert exam.notes == ("the documents have 1 sentence to ask about, and 2 were asked for",)
    assert SILENT.asked == []


def test_documents_without_a_sentence_to_ask_about_are_refused() -> None:
    with pytest.raises(Fault, match=r"exam=cloze: no whole sentence .* exam=written"):
        Cloze().write(Material(sections=(section("CTRL"),), questions=()), SILENT)


def test_a_difference_to_see_decides_the_number_of_facts() -> None:
    sections = tuple(section(f"The block has {number} pins in all.", heading=f"H{number}") for number in range(100, 200))
    assert len(Cloze(facts=1, sees=30).write(Material(sections=sections, questions=()), SILENT).questions) == 47
