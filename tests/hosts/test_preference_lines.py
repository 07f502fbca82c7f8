"""Preference files are written, read back, and refused by the API's rules before anything is sent."""

import json
from typing import Any

import pytest

from runner.data.records import Message, Prompt
from runner.data.training import Preference
from runner.errors import Fault
from runner.hosts.preference_lines import check_preferences, preference_lines, preferences

ASKED = Prompt(messages=(Message(role="system", content="Be brief."), Message(role="user", content="Who won?")), tokens=0)
PAIRS = [Preference(ASKED, f"Ada, é {number}.", "Bob.") for number in range(10)]
ROW: dict[str, Any] = {
    "input": {"messages": [{"role": "user", "content": "Who won?"}], "tools": [], "parallel_tool_calls": True},
    "preferred_output": [{"role": "assistant", "content": "Ada."}],
    "non_preferred_output": [{"role": "assistant", "content": "Bob."}],
}


def test_written_pairs_are_read_back_and_so_is_a_row_of_the_apis_own_example() -> None:
    file = preference_lines(PAIRS)
    assert preferences(file) == PAIRS
    assert json.loads(file.splitlines()[0]) == {
        "input": {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who won?"}]},
        "preferred_output": [{"role": "assistant", "content": "Ada, é 0."}],
        "non_preferred_output": [{"role": "assistant", "content": "Bob."}],
    }
    asked = Prompt(messages=(Message(role="user", content="Who won?"),), tokens=0)
    assert preferences(file + json.dumps(ROW).encode())[-1] == Preference(asked, "Ada.", "Bob.")


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "input": {"messages": []}},
        {**ROW, "input": {**ROW["input"], "tools": [{"type": "function"}]}},
        {**ROW, "input": {"messages": [{"role": "teacher", "content": "Who?"}]}},
        {**ROW, "preferred_output": []},
        {**ROW, "preferred_output": ROW["preferred_output"] * 2},
        {**ROW, "preferred_output": [{"role": "user", "content": "Ada."}]},
        {**ROW, "preferred_output": ROW["non_preferred_output"]},
        {**ROW, "non_preferred_output": [{"role": "assistant", "content": ""}]},
        {"messages": ROW["input"]["messages"]},
        ["Who won?"],
    ],
    ids=["no turn", "tools", "role", "no reply", "two replies", "of the user", "same", "empty", "supervised", "no object"],
)
def test_a_line_that_the_api_refuses_is_named_by_its_number(row: object) -> None:
    with pytest.raises(Fault, match="line 11 of the preference file: expected an object with input"):
        preferences(preference_lines(PAIRS) + json.dumps(row).encode())


def test_too_few_pairs_too_many_bytes_and_a_pair_that_is_too_long_are_refused() -> None:
    with pytest.raises(Fault, match="has 9 pairs, expected at least 10"):
        check_preferences(preference_lines(PAIRS[1:]), 100, 10**6)
    with pytest.raises(Fault, match=r"holds .* bytes, expected 9 at most"):
        check_preferences(preference_lines(PAIRS), 100, 9)
    long = preference_lines([*PAIRS, Preference(ASKED, "Ada.", "word " * 100)])
    with pytest.raises(Fault, match=r"pair 11 of the preference file holds at least 10. tokens, expected 100 at most"):
        check_preferences(long, 100, 10**6)
    check_preferences(preference_lines(PAIRS), 100, 10**6)
