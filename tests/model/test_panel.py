"""A panel's attempts go to its members in turn, and its identity is theirs."""

import pytest
from pydantic import ValidationError

from runner.component import identity
from runner.data.records import Message, Prompt
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.model.panel import Panel
from tests.given import Scripted


def asked(text: str, attempt: int) -> Prompt:
    return Prompt(messages=(Message(role="user", content=text),), tokens=5, attempt=attempt)


def two() -> Panel:
    members = {name: Scripted(lambda prompt, name=name: f"{name} {prompt.attempt}", name=name) for name in ("ada", "bea")}
    return Panel(members=members)


def test_attempts_go_to_the_members_in_turn_each_as_the_members_own() -> None:
    replies = dict(two().ask([asked("x", attempt) for attempt in (3, 0, 2, 1)]))
    assert [replies[place].text for place in range(4)] == ["bea 1", "ada 0", "ada 1", "bea 0"]


def test_a_panel_is_named_by_its_members() -> None:
    assert two().name == "ada+bea"


def test_a_panel_checks_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUR_KEY", raising=False)
    with pytest.raises(Fault, match="OUR_KEY"):
        Panel(members={"ada": Scripted(lambda _: ""), "bea": OpenAI(id="bea", key="OUR_KEY")}).check()


def test_the_identity_of_a_panel_is_its_members_and_not_how_they_are_reached() -> None:
    def panel(**second: object) -> object:
        return identity(Panel(members={"first": OpenAI(id="a"), "second": OpenAI(**{"id": "b", **second})}))

    assert panel(timeout=5) == panel()
    assert panel(id="c") != panel()


@pytest.mark.parametrize("members", [{}, {"ada": Scripted(lambda _: "")}])
def test_fewer_than_two_members_are_refused(members: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="at least 2"):
        Panel(members=members)


def test_a_member_that_is_no_model_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match=r"expected a model\. Choose one as \+model@judge\.members\.first=openai does"):
        Panel(members={"ada": Scripted(lambda _: ""), "bea": "gpt-5"})
