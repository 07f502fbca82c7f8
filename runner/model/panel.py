"""Several models that answer in turns, as one model.

A judge that is asked several times for a vote thereby gets the votes of several models.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field, PlainValidator

from runner.component import component, identity
from runner.data.records import Prompt, Reply
from runner.model import Model, answering_member


def _model(member: object) -> Model:
    if not isinstance(member, Model):
        raise ValueError("expected a model. Choose one as +model@judge.members.first=openai does")
    return member


@component
class Panel:
    """Models that answer in turns, one attempt each.

    Attempt n at a prompt goes to member n modulo their number, as its own attempt n divided by their number. So a vote that is
    asked for again, and one vote more on a question, go to the members in their order.
    """

    # `state` tells the members instead, each by its own identity: how a member is reached must not count.
    incidental: ClassVar[frozenset[str]] = frozenset({"members"})

    # PlainValidator, because pydantic has no schema for a Protocol: `_model` is the whole check.
    members: Annotated[dict[str, Annotated[Model, PlainValidator(_model)]], Field(min_length=2)]

    @property
    def name(self) -> str:
        """The members' names."""
        # A name that no single model has, so that its requests and costs are not taken for those of one.
        return "+".join(member.name for member in self.members.values())

    def state(self) -> list[dict[str, Any]]:
        """List the members' identities, in the order of their turns."""
        return [identity(member) for member in self.members.values()]

    def check(self) -> None:
        """Raise the Fault of the first member that cannot answer."""
        for member in self.members.values():
            member.check()

    def member(self, prompt: Prompt) -> Model:
        """Return the member that answers this prompt.

        If that member is a panel too, it is the member within that panel.
        """
        return answering_member(list(self.members.values())[self._turn(prompt)], self._own(prompt))

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield the replies of one member after the other."""
        # Each member gets all its prompts at once, so that a hosted one can have many requests in flight.
        for turn, member in enumerate(self.members.values()):
            places = [place for place, prompt in enumerate(prompts) if self._turn(prompt) == turn]
            for index, reply in member.ask([self._own(prompts[place]) for place in places]):
                yield places[index], reply

    def _turn(self, prompt: Prompt) -> int:
        return prompt.attempt % len(self.members)

    def _own(self, prompt: Prompt) -> Prompt:
        """Return the prompt with the member's own attempt."""
        return replace(prompt, attempt=prompt.attempt // len(self.members))
