"""size=tokens: labels in, those within a budget of tokens out.

The budget is the same for every method. It makes methods comparable that write labels of different lengths.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import Annotated

from pydantic import Field

from runner.component import component
from runner.data.records import Labelling, Subset
from runner.size import Multiple
from runner.size.stratified import stratified


@component
class Tokens:
    """The longest prefix of a stratified order within `tokens`.

    The order contains all labels that the method writes up to `scale`. Tokens are the words and punctuation marks of question and
    answer, as for method=token.
    """

    tokens: Annotated[int, Field(gt=0, strict=True)]  # strict: YAML's true would otherwise be 1
    scale: Multiple = 10

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.tokens} tokens"

    def draw(self, labelling: Labelling, seed: int) -> Subset:
        """Draw a stratified subset; all labels if they have fewer tokens."""
        ordered = stratified(labelling.labels, seed)
        # totals[k] is the number of tokens of the first k labels.
        totals = [0, *accumulate(label.tokens for label in ordered)]
        drawn = ordered[: bisect_right(totals, self.tokens) - 1]
        # Both cases mean that the budget does not match the labels. The report names them.
        shortage = ""
        if totals[-1] < self.tokens:
            shortage = f"{self.tokens} label tokens asked for, there are {totals[-1]}"
        elif not drawn:
            shortage = f"{self.tokens} label tokens asked for, the first label holds {totals[1]}"
        return Subset(labels=tuple(drawn), shortage=shortage)
