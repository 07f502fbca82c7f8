"""A tuner takes a model and examples and leaves tuned weights in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from runner.model import Trainable
from runner.records import Prompt, Tuning

Replay = Annotated[float, Field(ge=0, allow_inf_nan=False)]  # finite, or there would be no end of general pairs


class Tuner(Protocol):
    """One way of tuning."""

    @property
    def replay(self) -> float:
        """General pairs mixed into training, as a share of the labels."""

    def tune(self, model: Trainable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """Teach `model` to give each prompt its reply; the weights go into `folder` as `model.tuned_in` reads them."""
