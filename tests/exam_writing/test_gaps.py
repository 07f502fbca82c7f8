"""Names, numbers and units of whole sentences become gaps."""

import pytest

from runner.exam_writing.gaps import gaps, prose
from tests.given import section


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("The FIFO of the UART is 64 bytes deep.", ["FIFO", "UART", "64 bytes"]),
        ("The clock runs at 48 MHz and divides by 16.", ["48 MHz", "16"]),
        ("At reset tx_level holds 0x1A in bank B2.", ["tx_level", "0x1A", "B2"]),
        ("The final was held in Bergen on 3 May 2031.", ["Bergen", "3 May 2031"]),
        ("Mary Earps of England won the Golden Glove.", ["England", "Golden Glove"]),
        ("They beat Oslo 2-0 in the final.", ["Oslo", "2-0"]),
        ("Версия 2 написана в Осло.", ["2", "Осло"]),
        ("nothing here can be asked for.", []),
        ("It throttles at 96 °C and stops after 650 microseconds or 18 clock cycles.", ["96 °C", "650 microseconds", "18"]),
        ("The three microcontrollers drive 4 microcontrollers at 1.1 GHz.", ["4", "1.1 GHz"]),
        ("Only the channels 0 to 3 are secure, at 0 to 3.5 V.", ["0 to 3", "0 to 3.5 V"]),
        ("By erratum HV-08 the field CTRL.EN of pkg::DEPTH is 1/2 wide.", ["HV-08", "CTRL.EN", "pkg::DEPTH"]),
        ("The register STATUS: Tells how far it is.", ["STATUS"]),
        ("New Zealand met Quinton de Kock in Oslo.", ["Quinton de Kock", "Oslo"]),
    ],
)
def test_what_is_left_out(sentence: str, answers: list[str]) -> None:
    assert [gap.answer for gap in gaps(sentence)] == answers


def test_the_rest_of_the_sentence_stays() -> None:
    (gap,) = gaps("the depth is 64 bytes here.")
    assert gap.text == "the depth is ____ here."


def test_an_answer_that_the_sentence_or_its_heading_holds_is_given_away() -> None:
    first, _, second = gaps("the value 64 of CTRL is 64 again.")
    assert first.given_away("") and second.given_away("")
    (gap,) = gaps("the depth is 64 here.")
    assert gap.given_away("FIFO of 64") and not gap.given_away("FIFO of 640")
    (gap,) = gaps("it arbitrates for a Sarn router.")
    assert gap.given_away("sarn_arbiter.sv > module sarn_arbiter") and not gap.given_away("arbiter.sv")


@pytest.mark.parametrize(
    "sentence",
    [
        "It runs 3600 tests, each with a new seed.",
        "Between two domains it waits 85 microseconds.",
        "Most blocks of Halvern are checked in this way.",
        "Their captain in 2023 was the flanker Siya Kolisi.",
        "That city lies on the Sabarmati River.",
    ],
)
def test_a_sentence_about_something_named_before_is_left_out(sentence: str) -> None:
    assert list(prose(section(sentence))) == []


@pytest.mark.parametrize("sentence", ["Oslo won its 3 matches in May.", "The FIFO drops its 2 oldest bytes."])
def test_a_sentence_that_names_what_it_is_about_is_asked(sentence: str) -> None:
    assert list(prose(section(sentence))) == [sentence]


def test_tables_code_headings_and_fragments_are_no_prose() -> None:
    text = """The FIFO is 64 bytes deep today.

| register | offset |
|---|---|
| CTRL | the offset of it is 0x0. |

```
int depth = 64 and this is no sentence. It ends.
```

- The first item has a sentence of its own.
- too short.
- An item that does not end as a sentence does

The last one
goes over two lines here."""
    assert list(prose(section(text))) == [
        "The FIFO is 64 bytes deep today.",
        "The first item has a sentence of its own.",
        "The last one goes over two lines here.",
    ]
