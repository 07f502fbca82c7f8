"""Prices of hosted models, in US dollars for a million tokens."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import Field, NonNegativeFloat

from runner.component import component
from runner.data.text import undated


@component
class Price:
    """US dollars for a million tokens in, and for a million tokens out.

    `batch` is the share of it that the Batch API costs. `training` is the price of a million tokens that the host trains
    on, and `tuned` the price of the models that come of it.
    """

    input: NonNegativeFloat
    output: NonNegativeFloat
    batch: Annotated[float, Field(ge=0, le=1)] = 0.5
    training: NonNegativeFloat | None = None
    tuned: "Price | None" = None


Prices: TypeAlias = Mapping[str, Price]


def price_of(model: str, hosted: bool, prices: Prices) -> Price | None:
    """Return the price of a model by its id, or None where it is not known.

    The id may end in a date. A model on this machine costs nothing. A model that a host tuned, ft:MODEL:..., costs what
    `tuned` says in the price of MODEL.
    """
    if not hosted:
        return Price(input=0, output=0, training=0)
    kind, _, rest = model.partition(":")
    if kind == "ft" and model not in prices:
        base = price_of(rest.partition(":")[0], hosted, prices)
        return base.tuned if base else None
    return prices.get(model) or prices.get(undated(model))
