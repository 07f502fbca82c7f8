"""Equal facts of two sections are one if their words say what they are about, and else two."""

import pytest

from runner.data.records import AtomicFact, Section
from runner.data.text import plain
from runner.method import repeated_facts
from runner.method.repeated_facts import FactList


def section(document: str, title: str, heading: str) -> Section:
    """A section with these names."""
    return Section(
        id=f"{document}#{heading}", document=document, title=title, heading=heading, category="c", text="The text of a section."
    )


UART = section("ip/uart/registers.md", "Registers", "FIFO > Depth")
SPI = section("ip/spi_host/registers.md", "Registers", "FIFO > Depth")
STATUS = section("ip/uart/registers.md", "Registers", "STATUS")
OVERVIEW = section("cup-2023.md", "2023 Men's Cricket World Cup", "Overview")
FINAL = section("cup-2023.md", "2023 Men's Cricket World Cup", "The final")


@pytest.mark.parametrize(
    ("first", "second", "text", "kept"),
    [
        (UART, SPI, "The FIFO is 64 bytes deep.", 2),
        (UART, SPI, "The depth of the FIFO is 64 and not 32.", 2),
        (UART, SPI, "The FIFO of the UART is 64 bytes deep.", 1),
        (UART, SPI, "The FIFO of the SPI host is 64 bytes deep.", 1),
        (UART, STATUS, "The reset value is 0x0.", 2),
        (UART, STATUS, "STATUS is reset to 0x0.", 1),
        (OVERVIEW, FINAL, "Australia won the 2023 World Cup.", 1),
        (OVERVIEW, FINAL, "India were bowled out for 240.", 2),
        (OVERVIEW, OVERVIEW, "India were bowled out for 240.", 1),
    ],
)
def test_equal_facts_are_one_only_if_their_subject_is(first, second, text, kept):
    facts = FactList({each.id: each for each in (first, second)})
    added = [facts.add(AtomicFact(section=each.id, text=text, category="c")) for each in (first, second)]
    assert (added, len(facts)) == ([True, kept == 2], kept)
    assert [fact.section for fact in facts] == [first.id, second.id][:kept]


def test_a_repetition_of_any_earlier_fact_is_found():
    facts = FactList({each.id: each for each in (UART, SPI)})
    sections = [UART, SPI, SPI, UART]
    assert [facts.add(AtomicFact(section=each.id, text="It is 64.", category="c")) for each in sections] == [
        True,
        True,
        False,
        False,
    ]


def test_a_fact_is_compared_once_with_thousands_of_equal_words(monkeypatch):
    read = list[str]()
    monkeypatch.setattr(repeated_facts, "plain", lambda text: read.append(text) or plain(text))
    sections = [section(f"ip/block{number}.md", "Registers", "STATUS") for number in range(50)]
    facts = FactList({each.id: each for each in sections})
    assert all(facts.add(AtomicFact(section=each.id, text="The reset value is 0x0.", category="c")) for each in sections)
    assert len(read) <= 2 * len(sections)
