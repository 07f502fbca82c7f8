"""A tuner takes a model and examples and leaves tuned weights, or the id of a hosted model, in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from runner.data.records import Prompt, Tuning
from runner.model import Tunable

Replay = Annotated[float, Field(ge=0, allow_inf_nan=False)]  # finite, or there would be no end of general pairs


class Tuner(Protocol):
    """One way of tuning.

    It may have `needs`, the name of what a model must have for it (`load`, its weights, where nothing is said), and
    `check(model)`, which raises a Fault, before any work, where tuning can't be had. One that somebody is paid for is `hosted`
    and tells beforehand how many `tokens(examples)` are trained on, about and at most, and whether that was `begun` before; its
    `deployed(tuned, student)` holds the tuned model as it can be asked.
    """

    @property
    def replay(self) -> float:
        """General pairs mixed into training, as a share of the labels."""

    def tune(self, model: Tunable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """Teach `model` to give each prompt its reply; the weights go into `folder` as `model.tuned_in` reads them."""
