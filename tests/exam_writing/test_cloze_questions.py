"""Questions about gaps name their place, have one answer, and are drawn in an order that no size changes."""

from typing import Any

from runner.data.records import AtomicFact, Ledger, Material, Question, Section
from runner.exam_writing.cloze_questions import cloze_questions
from tests.given import label, section

UART = section("The transmit buffer of it is 64 bytes deep.", document="uart.md", heading="FIFO", category="uart")
SPI = section("The transmit buffer of it is 32 bytes deep.", document="spi.md", heading="Buffers", category="spi")
GPIO = section("The block has 28 pins in two banks.", document="gpio.md", heading="Pins", category="gpio")


def made(*sections: Section, facts: int = 9, **more: Any) -> tuple[tuple[Question, ...], Ledger]:
    """Questions about these sections, with their ledger."""
    return cloze_questions(Material(sections=sections, questions=(), **more), facts, 1, 0, 0.9)


def test_a_question_names_document_and_heading_and_keeps_section_and_fact() -> None:
    ((question,), ledger) = made(UART)
    assert question.question == "The Cup > FIFO: The transmit buffer of it is ____ deep. What stands in the gap?"
    assert (question.answer, question.section, question.category) == ("64 bytes", UART.id, "uart")
    assert question.fact == UART.text
    assert ledger == Ledger(stage="exam", requested=1, kept=1)


def test_sentences_that_differ_only_in_the_gap_are_left_out_where_their_place_does_not_tell_them_apart() -> None:
    assert len(made(UART, SPI)[0]) == 2
    alike = section("The transmit buffer of it is 32 bytes deep.", document="spi.md", heading="FIFO", category="spi")
    questions, ledger = made(UART, alike)
    assert (questions, ledger.filtered) == ((), {"several answers": 2})


def test_a_read_fact_is_asked_about_too() -> None:
    fact = AtomicFact(section=GPIO.id, text="The field MODE of it is bit 7.", category="gpio", origin="read")
    material = Material(sections=(GPIO,), questions=(), facts=(fact,))
    assert {question.fact for question in cloze_questions(material, 9, 1, 0, 0.9)[0]} == {GPIO.text, fact.text}


def test_a_smaller_exam_is_the_beginning_of_a_larger_one_and_the_ledger_counts_the_rest() -> None:
    few, ledger = made(UART, SPI, GPIO, facts=2)
    assert few == made(UART, SPI, GPIO)[0][:2]
    assert (ledger.requested, ledger.kept, ledger.filtered) == (3, 2, {"more than asked for": 1})


def test_a_question_like_a_persons_label_is_dropped_and_counted() -> None:
    known = label("The Cup > FIFO: The transmit buffer of it is ____ deep. What stands in a gap?")
    questions, ledger = made(UART, labels=(known,))
    assert (questions, ledger.filtered) == ((), {"like a label": 1})


def test_the_name_that_most_sections_hold_is_not_asked_for() -> None:
    towns = ("Oslo", "Bergen", "Hamar", "Moss")
    sections = [section(f"The chip Halvern was shown in {town}.", heading=f"Show {place}") for place, town in enumerate(towns)]
    questions, ledger = made(*sections)
    assert {question.answer for question in questions} == set(towns)
    assert ledger.filtered == {"the subject of the documents": 4}
    assert {question.answer for question in made(*sections[:2])[0]} == {"Halvern"}
