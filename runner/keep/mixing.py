"""Labels and general examples in, a mixture of both out."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from runner.data.training import Supervised
from runner.errors import Fault

# Finite, or general pairs would be mixed in without end.
Share = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def mixed(labels: Sequence[Supervised], general: Sequence[Supervised], share: float, source: str) -> list[Supervised]:
    """Add a share of general examples to the labels.

    The share is that of the labels. Raise a Fault if there are fewer; `source` says what they are.
    """
    wanted = round(share * len(labels))
    # None is taken twice: a pair that is repeated more often than the labels would be learned by heart.
    if wanted > len(general):
        most = len(general) / len(labels)
        raise Fault(
            f"keep.share={share:g}: {wanted} general examples are wanted for {len(labels)} labels, and there are {len(general)} "
            f"{source}. Set keep.share to {int(most * 100) / 100:g} at most, or name a folder with more pairs: keep.path=FOLDER"
        )
    return [*labels, *general[:wanted]]
