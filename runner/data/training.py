"""Examples that a model is trained on: a reply to give, or a reply to prefer."""

from typing import NamedTuple, TypeAlias

from runner.data.records import Prompt


class Supervised(NamedTuple):
    """A prompt and the reply that a model is taught to give.

    It is a tuple, so that its JSON is a list of two: what a store keeps under the hash of such lists is found again.
    """

    prompt: Prompt
    reply: str


class Preference(NamedTuple):
    """A prompt, a reply that is preferred, and one that is not."""

    prompt: Prompt
    chosen: str
    rejected: str


Example: TypeAlias = Supervised | Preference
