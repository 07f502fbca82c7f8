"""Requests of a stage to a model, in tokens and dollars."""

import pytest

from runner.data.records import Reply, chat
from runner.preview.estimate import Estimate
from runner.spending.prices import Price

PRICES = {"m": Price(input=1, output=10)}


def estimate(*kept: tuple[str, Reply]) -> Estimate:
    counted = Estimate("label", "m", hosted=True)
    for asked, reply in kept:
        counted.keep(chat(asked, "", 5), reply)
    return counted


def test_what_is_kept_costs_what_it_did_by_batch_or_not() -> None:
    reply = {"text": "b", "prompt_tokens": 100, "reply_tokens": 10}
    counted = estimate(("a", Reply(**reply, batch=True)), ("a", Reply(**reply)))
    assert counted.usd(PRICES) == (0.0, pytest.approx(1.5 * 200 / 1e6))


def test_what_a_host_had_read_before_costs_less_where_it_is_kept_and_is_not_counted_on_for_the_rest() -> None:
    reply = {"text": "b", "prompt_tokens": 100, "cached_tokens": 60, "reply_tokens": 10}
    counted = estimate(("a", Reply(**reply, batch=True)), ("a", Reply(**reply)))
    counted.leave(chat("a", "", 5), Reply(text="b"))
    left, kept = counted.usd({"m": Price(input=1, cached=0.5, output=10)})
    assert kept == pytest.approx(1.5 * (40 + 30 + 100) / 1e6)
    assert left == pytest.approx((100 + 100) / 1e6)


def test_tokens_are_those_of_as_many_characters_of_kept_replies_else_of_the_usual_number() -> None:
    question = "an entirely different question"
    characters = len("".join(turn.content for turn in chat(question, "", 5).messages))
    counted = estimate()
    counted.leave(chat(question, "", 5), Reply(text="x" * 40))
    assert counted.tokens() == {"prompt": round(characters / 4.2 + 4 + 3), "reply": round(40 / 3.85)}
    counted = estimate(("12345678", Reply(text="12345678", prompt_tokens=4, reply_tokens=1)))
    counted.leave(chat(question, "", 5), Reply(text="x" * 40))
    assert counted.tokens() == {"prompt": round(characters / 2), "reply": 5}


def test_a_prompt_that_begins_as_a_kept_one_has_its_tokens_and_those_of_the_replies_that_it_repeats() -> None:
    counted = estimate(("a section of the document", Reply(text="12345678", prompt_tokens=70, reply_tokens=2)))
    counted.leave(chat("a section of the document" + " and 8 more", "", 5), Reply(text=""))
    assert counted.tokens()["prompt"] == 70 + round(len(" and 8 more") / 4)
