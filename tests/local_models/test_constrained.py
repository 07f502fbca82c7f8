"""Replies that are constrained to a schema, whatever the weights of the model."""

import re
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, Field

from runner.data.records import chat
from runner.method.forms import PairList
from runner.model.huggingface import HuggingFace


class Names(BaseModel):
    """A schema of limited length, so that even a model with random weights ends its reply."""

    names: list[Annotated[str, Field(max_length=5)]] = Field(max_length=2)


class Verdict(BaseModel):
    """Another schema."""

    passed: bool


def test_replies_are_held_each_to_its_own_form_and_those_without_one_stay_free(small_model: HuggingFace) -> None:
    forms = [Names, None, Verdict, None, Names]
    prompts = [replace(chat("word " * length, "", 40), schema=form) for length, form in enumerate(forms, 1)]
    network = small_model.load()
    for _ in range(2):  # the second time with what the first has made
        replies = dict(network.reply(prompts, 2, "answering", structured=True))
        for place, form in enumerate(forms):
            if form:
                form.model_validate_json(replies[place].text, strict=True)
                assert replies[place].finish == "stop"
    free = dict(network.reply(prompts, 2, "answering"))
    assert [replies[place] for place in (1, 3)] == [free[place] for place in (1, 3)]
    assert replies[0] != free[0]


def test_a_form_that_its_tokens_do_not_suffice_for_begins_as_it_should(small_model: HuggingFace) -> None:
    asked = replace(chat("Who?", "", 6), schema=PairList)
    reply = dict(small_model.load().reply([asked], 1, "answering", structured=True))[0]
    assert re.match(r"\{ ?\"pairs\"", reply.text)
    assert (reply.finish, reply.reply_tokens) == ("length", 6)
