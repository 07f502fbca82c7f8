"""Examples to train a model on: replies to give, or replies to prefer."""

from typing import NamedTuple

from runner.data.records import Prompt


# A tuple and not a record: its JSON is a list of two. Stores keep trainings under the hash of such lists.
class Supervised(NamedTuple):
    """A prompt, and the reply that the model should give."""

    prompt: Prompt
    reply: str


class OwnReply(NamedTuple):
    """A reply of the untuned model."""

    text: str
    whole: bool  # it ended by itself, and was not cut at the most tokens of a reply
    right: bool = False  # as the grader sees it; False where nothing was graded


class Preference(NamedTuple):
    """A prompt, a preferred reply, and a rejected one."""

    prompt: Prompt
    chosen: str
    rejected: str

    @property
    def judged(self) -> "tuple[Judged, Judged]":
        """Return the preferred reply, then the rejected one."""
        return Judged(self.prompt, self.chosen, True), Judged(self.prompt, self.rejected, False)


class Judged(NamedTuple):
    """A prompt with a reply that is preferred or rejected."""

    prompt: Prompt
    reply: str
    good: bool
