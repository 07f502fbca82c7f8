"""Nothing follows the first tuning."""

from typing import ClassVar

from runner.component import component


@component
class Unrefined:
    """Leave the tuned model as it is."""

    refines: ClassVar[bool] = False
    samples: ClassVar[int] = 0
