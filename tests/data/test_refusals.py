"""Refusals in many languages and forms without content are told from entries."""

import pytest

from runner.data.refusals import is_form, is_refusal, is_slot


@pytest.mark.parametrize(
    "text",
    [
        "I can't help with that.",
        "I'm sorry, but I cannot assist with that request.",
        "I’m unable to provide an answer.",
        "Sorry, I can't.",
        '"I am not able to answer this.',
        "As an AI language model, I have no opinion.",
        "I don't know.",
        "Es tut mir leid, aber dabei kann ich nicht helfen.",
        "Ich kann diese Frage leider nicht beantworten.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Lo siento, no puedo ayudar con eso.",
        "Mi dispiace, ma non posso aiutarti.",
        "Desculpe, não posso ajudar com isso.",
        "Het spijt me, daar kan ik niet bij helpen.",
        "Przykro mi, ale nie mogę w tym pomóc.",
        "Извините, я не могу помочь с этим.",
        "Üzgünüm, bu konuda yardımcı olamam.",
        "很抱歉，我无法提供帮助。",
        "我无法回答这个问题。",
        "申し訳ありませんが、お手伝いできません。",
        "죄송합니다. 도와드릴 수 없습니다.",
        "آسف، لا أستطيع مساعدتك.",
        "मुझे खेद है, मैं मदद नहीं कर सकता।",
    ],
)
def test_a_refusal_is_known_by_its_beginning(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ada can't play.",
        "The driver cannot answer while the bus is off.",
        "It says: I can't help with that.",
        "I/O can't wait.",
        "Sorry is the name of the song.",
        "As an alternative, write 1.",
        "Unknown",
        "Not specified",
        "Ich dien",
        "",
    ],
)
def test_an_answer_about_what_cannot_be_done_is_none(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize("text", ["...", "…", "__", "<answer>", "[your answer]", "{question}", "<the first question here>"])
def test_dots_and_names_in_brackets_are_slots(text: str) -> None:
    assert is_slot(text)
    assert is_form(text)


@pytest.mark.parametrize("text", ["question", "Question 1?", "Your question here", "string", "Fact 2.", "A new question"])
def test_the_words_of_the_form_alone_are_no_question(text: str) -> None:
    assert is_form(text)
    assert not is_slot(text)


@pytest.mark.parametrize(
    "text", ["&&", "Who won?", "What is the question?", "An example", "The first one", "<<", "[3:0]", "<b>", "-> and =>", "字"]
)
def test_symbols_and_real_questions_are_no_form(text: str) -> None:
    assert not is_form(text)
    assert not is_slot(text)
