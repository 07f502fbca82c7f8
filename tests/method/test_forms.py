"""Forms of replies: every kind has a schema that hosts accept, and numbers are read as models write them."""

import pytest
from openai import pydantic_function_tool

from runner.method.forms import EXPECTED, FORMS, NOT_NUMBERED, FactPair, FactPairList, whole_number


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (3.0, 3), ("3", 3), (" 3. ", 3), ("#3", 3), ("3)", 3), ("Fact 3", 3), ("3.0", 3), ("0", 0)]
    + [(value, None) for value in (3.5, True, None, "three", "3.5", "-1", "3 and 4", "", [3], "9" * 10)],
)
def test_a_whole_number_is_read_however_it_is_written_and_nothing_else_is(value, number):
    assert whole_number(value) == number


@pytest.mark.parametrize("entry", [{}, {"fact": "x"}, {"fact": None}])
def test_a_pair_that_names_no_number_is_read_as_such(entry):
    assert FactPair.model_validate({**entry, "question": "Who?", "answer": "Ada."}, strict=True).fact == NOT_NUMBERED


def test_hosts_are_told_that_a_pair_on_facts_begins_with_a_number():
    schema = pydantic_function_tool(FactPairList)["function"]["parameters"]["$defs"]["FactPair"]
    assert (list(schema["properties"]), schema["required"]) == (["fact", "question", "answer"],) * 2
    assert schema["properties"]["fact"]["type"] == "integer"


def test_every_form_can_be_asked_for_in_words():
    assert set(EXPECTED) == set(FORMS)
