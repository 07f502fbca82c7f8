"""Several models as one: each attempt at a prompt is another member's, so that a judge's votes are several judges'."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from runner.component import component, identity
from runner.data.records import Prompt, Reply


def _model(member: Any) -> Any:
    if not hasattr(member, "ask"):
        raise ValueError("expected a model. Choose one as +model@judge.members.first=openai does")
    return member


@component
class Panel:
    """Attempt n is put to member n modulo their number, as its own attempt n divided by their number.

    So a vote that is asked for again, and a question that is asked of one more vote, go to the members in their order.
    """

    incidental: ClassVar[frozenset[str]] = frozenset({"members"})  # told by `state`, each with its class and version

    members: Annotated[dict[str, Annotated[Any, AfterValidator(_model)]], Field(min_length=2)]

    @property
    def name(self) -> str:
        """The members' names."""
        return "+".join(member.name for member in self.members.values())

    def state(self) -> list[dict[str, Any]]:
        """What each member is, in order."""
        return [identity(member) for member in self.members.values()]

    def check(self) -> None:
        """Raise the Fault of the first member that could not answer."""
        for member in self.members.values():
            member.check()

    def member(self, prompt: Prompt) -> Any:
        """Whose turn it is."""
        return list(self.members.values())[prompt.attempt % len(self.members)]

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """The replies of one member after the other."""
        for turn, member in enumerate(self.members.values()):
            places = [place for place, prompt in enumerate(prompts) if prompt.attempt % len(self.members) == turn]
            own = [replace(prompts[place], attempt=prompts[place].attempt // len(self.members)) for place in places]
            for index, reply in member.ask(own):
                yield places[index], reply
