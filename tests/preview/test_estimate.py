"""What a stage asks of a model, in tokens and dollars."""

import pytest

from runner.data.records import Reply, chat
from runner.preview.estimate import Line
from runner.spending.usage import Price

PRICES = {"m": Price(input=1, output=10)}


def _line(*kept: tuple[str, Reply]) -> Line:
    line = Line("label", "m", hosted=True)
    for asked, reply in kept:
        line.keep(chat(asked, "", 5), reply)
    return line


def test_what_is_kept_costs_what_it_did_by_batch_or_not() -> None:
    told = {"text": "b", "prompt_tokens": 100, "reply_tokens": 10}
    line = _line(("a", Reply(**told, batch=True)), ("a", Reply(**told)))
    assert line.usd(PRICES) == (0.0, pytest.approx(1.5 * 200 / 1e6))


def test_tokens_are_those_of_as_many_characters_of_kept_replies_else_of_the_usual_number() -> None:
    question = "an entirely different question"
    characters = len("".join(turn.content for turn in chat(question, "", 5).messages))
    line = _line()
    line.leave(chat(question, "", 5), Reply(text="x" * 40))
    assert line.tokens() == {"prompt": round(characters / 4.2 + 4 + 3), "reply": round(40 / 3.85)}
    line = _line(("12345678", Reply(text="12345678", prompt_tokens=4, reply_tokens=1)))
    line.leave(chat(question, "", 5), Reply(text="x" * 40))
    assert line.tokens() == {"prompt": round(characters / 2), "reply": 5}


def test_a_prompt_that_begins_as_a_kept_one_has_its_tokens_and_those_of_the_replies_that_it_repeats() -> None:
    line = _line(("a section of the document", Reply(text="12345678", prompt_tokens=70, reply_tokens=2)))
    line.leave(chat("a section of the document" + " and 8 more", "", 5), Reply(text=""))
    assert line.tokens()["prompt"] == 70 + round(len(" and 8 more") / 4)
