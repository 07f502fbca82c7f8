"""Statements that differ in a value alone are found, and what only looks so is not."""

from dataclasses import replace

import pytest

from runner.corpus.contradictions import contradictions
from runner.data.records import AtomicFact
from tests.given import section


def found(first: str, second: str, titles: tuple[str, str] = ("UART guide", "The UART")):
    sections = [
        replace(section(text, document=name), title=title)
        for name, text, title in zip(("a.md", "b.md"), (first, second), titles, strict=True)
    ]
    return [(pair.first, pair.second) for pair in contradictions(sections, [])]


def test_a_sentence_with_another_number_in_a_document_on_the_same_is_found():
    assert found("It is fast. The FIFO holds 64 entries.", "Sizes:\n\n- The FIFO holds 32 entries.\n") == [
        ("The FIFO holds 64 entries.", "The FIFO holds 32 entries.")
    ]


def test_a_sentence_with_an_abbreviation_and_one_that_follows_a_line_without_a_full_stop_are_found_whole():
    first, second = "Between approx. 3 V and 5 V it holds 64 entries.", "Between approx. 3 V and 5 V it holds 32 entries."
    assert found(f"It is fast. {first}", f"Sizes\n{second}") == [(first, second)]


@pytest.mark.parametrize(
    ("first", "second", "titles"),
    [
        ("The FIFO holds up to 64 entries.", "The FIFO holds up to 64 entries.", ("UART guide", "The UART")),
        ("The FIFO holds up to 64 entries.", "The FIFO holds up to 32 entries.", ("UART", "SPI")),
        (
            "The FIFO holds up to 64 entries. The FIFO holds up to 9 entries.",
            "The FIFO holds up to 32 entries.",
            ("UART", "UART"),
        ),
        ("The table on page 3 shows all of it.", "The table on page 4 shows all of it.", ("UART", "UART")),
        ("| depth | entries of the FIFO | 64 |", "| depth | entries of the FIFO | 32 |", ("UART", "UART")),
        ("Copyright 2019 by the authors of this.", "Copyright 2020 by the authors of this.", ("UART", "UART")),
        ("It is 5.", "It is 6.", ("UART", "UART")),
    ],
    ids=["equal", "other subject", "of several things", "page", "table", "licence", "short"],
)
def test_what_only_looks_like_a_contradiction_is_not_found(first, second, titles):
    assert found(first, second, titles) == []


def test_a_sentence_that_names_its_subject_needs_no_title():
    first, second = "The register TX_CTRL has up to 3 fields.", "The register TX_CTRL has up to 4 fields."
    assert found(first, second, ("UART", "Errata")) == [(first, second)]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ("The field TX in the register CTRL of uart is bit 0.", "The field TX in the register CTRL of uart is bits 2:1.", 1),
        ("The register CTRL of uart is read-only.", "The register CTRL of uart is read/write.", 1),
        ("The register CTRL of uart is at offset 0x10.", "The register CTRL of uart is at offset 0x14.", 1),
        ("The register CTRL of uart has the reset value 0x1F.", "The register CTRL of uart has the reset value 8'h1f.", 0),
        ("The register CTRL of uart is read-only.", "The register CTRL of uart is at offset 0x14.", 0),
        ("The port rx of uart is an input.", "The port tx of uart is an output.", 0),
    ],
)
def test_read_facts_on_the_same_attribute_with_another_value_are_found(first, second, count):
    sections = [section("Text.", document=name) for name in ("a.hjson", "b.rdl")]
    facts = [
        AtomicFact(section=part.id, text=text, category="cup", origin="read")
        for part, text in zip(sections, (first, second), strict=True)
    ]
    assert len(contradictions(sections, facts)) == count
