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
