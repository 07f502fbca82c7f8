"""What a model thinks is no part of its reply, whatever marks its host leaves around it."""

import pytest

from runner.data.thinking import aloud, answer_aloud

HARMONY = "<|channel|>analysis<|message|>Bea?<|end|><|start|>assistant<|channel|>final<|message|>Ada<|return|>"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Ada", "Ada"),
        ("<think>Bea?</think>Ada", "Ada"),
        ("Bea?[/THINK] Ada", " Ada"),
        ("<Thinking>Ada", ""),
        ("Ada<think>", "Ada"),
        ("◁think▷Bea?◁/think▷Ada", "Ada"),
        ("<seed:think>Bea?</seed:think>Ada", "Ada"),
        ("<reason>Bea?</reason>Ada", "Ada"),
        ("<thought>Bea?</thought>Ada", "Ada"),
        ("<reasoning>Bea?</reasoning>Ada", "Ada"),
        ("<scratchpad>Bea?</scratchpad>Ada", "Ada"),
        ("<analysis>" + "Bea? " * 20, ""),
        ('<think duration="3s">Bea?</think>Ada', "Ada"),
        ("<|thinking|>Bea?<|/thinking|>Ada", "Ada"),
        (HARMONY, "Ada"),
        (f"<|start|>assistant{HARMONY}", "Ada"),
        ("<|channel|>analysis<|message|>Bea? Or", ""),
        ("analysisWe need a name. Bea?assistantfinalAda", "Ada"),
        ("analysisWe need a name", ""),
        ("<|channel>thought\nBea?<channel|>Ada", "Ada"),
        ("<unused94>thought\nBea?<unused95>Ada", "Ada"),
        ("<|begin_of_thought|>Bea?<|end_of_thought|><|begin_of_solution|>Ada<|end_of_solution|>", "Ada"),
        ("<|START_THINKING|>Bea?<|END_THINKING|><|START_RESPONSE|>Ada<|END_RESPONSE|>", "Ada"),
        ("<|inner_prefix|>Bea?<|inner_suffix|>Ada", "Ada"),
        ("Here is my thought process:\nBea?\nHere is my response:Ada", "Ada"),
        ("<think>one</think>\n<think>two</think>Ada", "Ada"),
    ],
)
def test_what_a_model_thinks_is_not_said_aloud(reply: str, said: str) -> None:
    assert aloud(reply) == said


@pytest.mark.parametrize(
    "reply",
    [
        '[{"question": "What ends <think>?", "answer": "</think>"}]',
        '{"question": "Which element names the cause?", "answer": "<reason>"}\n{"question": "q", "answer": "</reason>"},',
        "['<|channel|>analysis<|message|> opens the analysis']",
        "analysis of the cause: [1]",
        "<reason-code>, <thinking_time> and <reasonable>",
        "<reason>",
        "The element <reason> holds it, as in <reason>404</reason>.",
        "<reason>404</reason>",
        "<|end|> ends a turn",
    ],
)
def test_marks_that_are_quoted_and_other_words_are_no_thinking(reply: str) -> None:
    assert aloud(reply) == reply


def test_a_quoted_mark_within_the_thinking_does_not_end_it() -> None:
    assert aloud('<think>I write [{"answer": "</think>"}], or so.</think>Ada') == "Ada"


@pytest.mark.parametrize("piece", ['<think>"', ',"a', '["', "{'", "<|channel|>", "\\"])
def test_a_long_reply_of_odd_pieces_is_read_in_no_time(piece: str) -> None:
    assert len(aloud(piece * 30_000)) <= 30_000 * len(piece)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<think>Bea? No.</think>\nAda", "\nAda"),
        ("Bea? No.</think>Ada", "Ada"),
        ("<think>The winner was perhaps Ada", ""),
        ("<reason>Bea? No.</reason>Ada", "Ada"),
        ("<think>", "<think>"),
        ("</think>", "</think>"),
        ("It writes <think> first", "It writes <think> first"),
        ("Ada", "Ada"),
    ],
)
def test_an_answer_is_graded_without_thinking_and_may_be_about_its_marks(answer: str, said: str) -> None:
    assert answer_aloud(answer) == said
