"""Sentences end where a reader of the language says so; none is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.data.sentences import sentence_ends, sentences

# Each list is the right splitting of its own text.
WRITTEN = {
    "German": [
        "Der Bus ist groß.",
        "Über ihn fließt Strom.",
        "Dr. Müller prüft Nr. 3, z. B. am Bus.",
        "Der Weg war weiß.",
        "Öl fehlt.",
    ],
    "Polish": ["Głębokość wynosi 64.", "Łącze działa.", "Zegar ma np. 5 MHz.", "Źródło jest tu."],
    "French": ["La file est pleine.", "Où est le bus ?", "À côté."],
    "Russian": ["Глубина очереди равна 64.", "Шина работает на частоте 100 МГц.", "См. рис. 3.", "Это т. е. верно."],
    "Greek": ["Το βάθος είναι 64.", "Ο δίαυλος λειτουργεί.", "Είναι σωστό;", "Ναι."],
    "Hindi": ["गहराई 64 है।", "बस तेज है।", "क्या यह सही है?", "हाँ।"],
    "Arabic": ["عمق الطابور هو 64.", "هل هذا صحيح؟", "نعم.", "الحافلة سريعة."],
    "Hebrew": ["האוטובוס הגיע בזמן.", "עומק התור הוא 64.", "האם זה נכון?", "כן."],
    "Korean": ["깊이는 64입니다.", "버스는 빠릅니다.", "맞습니까?"],
    "English": [
        "A capital ends a sentence in NASA.",
        "Ada met A.J. Brown and J. Hurts.",
        "It was 5 p.m. in Moscow.",
        '"No." he said.',
    ],
    "specifications": [
        "Use a FIFO, e.g. a synchronous one.",
        "See Fig. 3 for it, or Sec. 4.2.",
        "The base is 0x40.",
        "The next is 0x44.",
        "The supply is approx. 3 mV.",
        "Set CTRL.EN to 1.",
        "Version 2. is out.",
        "Call uart_init().",
        "It returns 8'h00.",
    ],
}


@pytest.mark.parametrize("parts", WRITTEN.values(), ids=list(WRITTEN))
def test_sentences_of_a_language_are_told_apart(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts", [["总线在三月发货。", "深度是64。", "对吗？"], ["バスは三月です。", "「はい。」と言った。", "これは？"]]
)
def test_chinese_and_japanese_write_no_space_between_sentences(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


def test_a_wrapped_line_ends_no_sentence_and_a_paragraph_does() -> None:
    assert sentences("The FIFO is\nfull. It\nstops\n\nThe bus goes on") == ["The FIFO is\nfull.", "It\nstops", "The bus goes on"]


def test_a_greek_letter_makes_no_text_greek() -> None:
    assert sentences("The time is 3 μs; it is short. Dr. Lee measured it.") == [
        "The time is 3 μs; it is short.",
        "Dr. Lee measured it.",
    ]


@given(text=st.text(st.sampled_from("aB1. \n\"'(。?ß\x00Ω字")))
def test_the_ends_are_in_order_and_within_the_text(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends)) and all(0 < end < len(text) for end in ends)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
