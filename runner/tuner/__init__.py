"""A tuner takes a model and examples and leaves tuned weights in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from runner.model import Trainable
from runner.records import Prompt, Tuning


class Tuner(Protocol):
    """One way of tuning."""

    def tune(self, model: Trainable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """Teach `model` to give each prompt its reply; the weights go into `folder` as `model.tuned_in` reads them."""
