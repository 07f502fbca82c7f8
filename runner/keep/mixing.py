"""Labels and general examples in, a mixture of both out."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from runner.data.training import Supervised

# Finite, or general pairs would be mixed in without end.
Share = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def wanted(labels: Sequence[Supervised], share: float) -> int:
    """Count the general examples that a share asks for."""
    return round(share * len(labels))


def mixed(labels: Sequence[Supervised], general: Sequence[Supervised], share: float) -> list[Supervised]:
    """Add a share of general examples to the labels.

    The share is that of the labels. If there are fewer, all of them are added.
    """
    # None is taken twice: a pair that is repeated more often than the labels would be learned by heart.
    return [*labels, *general[: wanted(labels, share)]]


def lacking(labels: Sequence[Supervised], general: Sequence[Supervised], share: float, source: str) -> str:
    """Say how many general examples are missing; "" if none is.

    `source` says what they are.
    """
    if (count := wanted(labels, share)) <= len(general):
        return ""
    most = int(len(general) / len(labels) * 100) / 100
    smaller = f"Set keep.share to {most:g} at most" if most else "Choose another keep"
    return (
        f"keep.share={share:g}: {count} general examples are wanted for {len(labels)} labels, and there are {len(general)} "
        f"{source}. {smaller}, or name a folder with more pairs: keep.path=FOLDER"
    )
