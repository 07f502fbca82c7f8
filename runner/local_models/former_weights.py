"""A network in training in, the network before it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class FormerWeights:
    """A copy of the weights that are trained.

    With adapters it is a small one. They begin at nothing, so the network with their former weights is that without them.
    """

    def __init__(self, module: Any) -> None:
        """Copy the weights before the first step."""
        self._weights = [weight for weight in module.parameters() if weight.requires_grad]
        self._copies = [weight.detach().clone() for weight in self._weights]

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Let the network have its former weights for a while."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def _exchange(self) -> None:
        # Pointers change places, and nothing is copied. The optimiser holds the parameters, not these tensors.
        for number, weight in enumerate(self._weights):
            weight.data, self._copies[number] = self._copies[number], weight.data
