"""So many tokens of labels, the same for every method: a budget in which methods that write long and short are matched."""

from bisect import bisect_right
from itertools import accumulate
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Draw, Labelling
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Tokens:
    """The longest beginning of a stratified order of all labels up to `scale` that holds no more than `tokens`.

    Tokens are words and punctuation marks of question and answer, as for `method=token`.
    """

    tokens: Annotated[int, Field(gt=0, strict=True)]  # strict: true is no number
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """As it stands in tables."""
        return f"{self.tokens} tokens"

    def draw(self, labelling: Labelling, seed: int) -> Draw:
        """A nested, stratified subset; all there are where they hold fewer tokens."""
        ordered = stratified(labelling.labels, seed)
        held = [0, *accumulate(label.tokens for label in ordered)]
        drawn = ordered[: bisect_right(held, self.tokens) - 1]
        shortage = ""
        if held[-1] < self.tokens:
            shortage = f"{self.tokens} label tokens asked for, there are {held[-1]}"
        elif not drawn:
            shortage = f"{self.tokens} label tokens asked for, the first label holds {held[1]}"
        return Draw(labels=tuple(drawn), shortage=shortage)
