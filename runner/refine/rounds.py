"""Rounds: settings of labelling again what practice failed, and of tuning on.

The student answers practice questions. Facts or sections that it fails get new labels, and it is trained on from its checkpoint.
This is repeated while practice improves. runner/pipeline/rounds.py does it.
"""

from typing import Annotated, ClassVar

from pydantic import Field, NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.templates import with_places
from runner.refine import Source
from runner.refine.settings import Positive

Share = Annotated[float, Field(ge=0, le=1)]


@component
class Rounds:
    """Label again what practice failed, and tune on."""

    refines: ClassVar[bool] = True

    rounds: PositiveInt
    labels: PositiveInt | None = None
    source: Source | None = None
    scale: Positive
    practice: Positive
    samples: NonNegativeInt
    temperature: Positive
    sure: Share
    add: Positive
    replay: Share
    once: bool = False
    prompt: Annotated[str, with_places("text", "missed")]
    pairs: PositiveInt = 5
    reply_tokens: PositiveInt = 2000
    longest: PositiveInt = 400
    again: NonNegativeInt = 2
