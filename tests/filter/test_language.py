"""Labels in another language are dropped; those that could be in any are kept."""

import pytest
from pydantic import ValidationError

from runner.errors import Fault
from runner.filter.language import Language
from tests import given

GERMAN = given.section(
    "Das Netz läuft mit 1,1 Gigahertz. Sein Speicher fasst acht Wörter, und danach wartet der Sender.",
    document="netz.md",
    heading="Takt",
)


def kept(question: str, answer: str, *languages: str, section: str = "") -> bool:
    """Whether a label is kept."""
    rule = Language(languages=languages or None, least=0.05)
    return bool(rule.apply([given.label(question, answer=answer, section=section)], [GERMAN]).labels)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wie tief ist der FIFO?", "Acht Wörter."),
        ("Qui a gagné la finale à Oslo ?", "Ada Lund."),
        ("¿Quién ganó la final en Oslo?", "Ada Lund."),
        ("Кто выиграл финал в Осло?", "Ада Лунд."),
        ("谁赢得了奥斯陆的决赛？", "阿达。"),
        ("من فاز بالنهائي في أوسلو؟", "آدا لوند."),
    ],
)
def test_other_languages_are_dropped_even_where_the_answer_is_a_name(question: str, answer: str) -> None:
    assert not kept(question, answer, "en")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How deep is the FIFO?", "Eight words."),
        ("LINK_CTRL reset value?", "0x3F"),
        ("Winner of men's 10 km sprint?", "Johannes Thingnes Bø"),
        ("When did the 2023 Rugby World Cup kick off?", "On 8 September 2023."),
        ("", "0x3F, 0x40"),
    ],
)
def test_names_numbers_and_identifiers_are_of_any_language(question: str, answer: str) -> None:
    assert kept(question, answer, "en")


def test_an_answer_of_some_length_is_judged_by_itself() -> None:
    german = "Der Speicher fasst acht Wörter, und danach wartet der Sender, bis wieder eines frei ist."
    assert not kept("What happens when the buffer of the mesh is full, and who has to wait for how long?", german, "en")
    assert kept("What happens when the buffer of the mesh is full?", german, "en", "de")


def test_by_default_the_language_of_the_section_counts() -> None:
    assert kept("Wie tief ist der Speicher?", "Acht Wörter.", section=GERMAN.id)
    assert not kept("How deep is the memory of the mesh?", "Eight words.", section=GERMAN.id)
    assert kept("How deep is the memory of the mesh?", "Eight words.", section="gone.md#Away")


def test_the_reason_names_both_languages() -> None:
    rule = Language(languages=("en", "fr"), least=0.05)
    result = rule.apply([given.label("Wie tief ist der Speicher?", answer="Acht Wörter.")], [])
    assert [(each.extra["reason"], each.extra["detail"]) for each in result.dropped] == [
        ("another language", "like de, expected en or fr")
    ]


def test_unknown_languages_and_shares_are_refused() -> None:
    with pytest.raises(Fault, match=r"languages: found english, expected codes such as \[en,de\] of these: .*en, "):
        Language(languages=("english",), least=0.05)
    with pytest.raises(Fault, match="languages: found none"):
        Language(languages=(), least=0.05)
    with pytest.raises(ValidationError, match="least"):
        Language(least=1.1)
