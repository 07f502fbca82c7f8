"""Settings that several choices have."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, NonNegativeInt, PositiveInt

from runner.component import component
from runner.data.templates import with_places
from runner.refine import Chosen

PassagePrompt = Annotated[str, with_places("passage", "question")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@component
class FurtherTraining:
    """Settings of any training after the first tuning."""

    samples: NonNegativeInt
    temperature: Positive
    beta: Positive
    epochs: PositiveInt
    steps: PositiveInt | None = None
    batch: PositiveInt
    rate: Positive

    @property
    def schedule(self) -> Mapping[str, Any]:
        """Return the settings of this training that replace the tuner's."""
        return {"epochs": self.epochs, "steps": self.steps, "batch": self.batch, "rate": self.rate}


@component
class FromPreferences(FurtherTraining):
    """Settings of a training on preferred and rejected replies."""

    chosen: Chosen
    prompt: PassagePrompt
