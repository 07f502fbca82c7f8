"""Prices of hosted models, in US dollars a million tokens."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import Field, NonNegativeFloat

from runner.component import component
from runner.data.text import undated


@component
class Price:
    """A model's prices for a million tokens, in US dollars."""

    input: NonNegativeFloat  # tokens of requests
    output: NonNegativeFloat  # tokens of replies
    cached: NonNegativeFloat | None = None  # tokens of requests that the host had read before; None is as `input`
    batch: Annotated[float, Field(ge=0, le=1)] = 0.5  # the share of the price that the Batch API takes
    training: NonNegativeFloat | None = None  # tokens times epochs; None is not known, and not free
    tuned: "Price | None" = None  # of the models that the host tunes from this one


Prices: TypeAlias = Mapping[str, Price]


def price_of(model: str, hosted: bool, prices: Prices) -> Price | None:
    """Return the price of a model by its id.

    It is None where no price is known. The id may end in a date. A model on this machine costs nothing. A model that a host
    tuned, ft:MODEL:..., costs what `tuned` says in the price of MODEL.
    """
    if not hosted:
        return Price(input=0, output=0, training=0)
    kind, _, rest = model.partition(":")
    if kind == "ft" and model not in prices:
        base = price_of(rest.partition(":")[0], hosted, prices)
        return base.tuned if base else None
    # A price for the dated id comes first, since a newer version may cost something else.
    return prices.get(model) or prices.get(undated(model))
