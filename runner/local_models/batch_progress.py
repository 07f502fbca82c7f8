"""A batch that is being answered in, its progress out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from runner.terminal.progress import Advance


class BatchProgress:
    """Rows of a batch that have ended.

    A slow batch takes minutes, so each layer and each token shows that it goes on.
    """

    def __init__(self, advance: Advance, rows: int) -> None:
        """Begin with no row ended."""
        self._advance, self._rows, self._ended = advance, rows, 0
        self._tokens, self._began = 0, time.monotonic()

    def step(self, ended: int) -> None:
        """Take the number of ended rows after another token."""
        self._tokens += self._rows - self._ended
        self._advance(ended - self._ended, **{"tokens/s": self._tokens / (time.monotonic() - self._began)})
        self._ended = ended

    def close(self, done: int) -> None:
        """Take the number of rows that are done: all, or none of a batch that is answered again."""
        self._advance(done - self._ended)
        self._ended = done

    @contextmanager
    def watched(self, module: Any) -> Iterator[None]:
        """Show that a module goes on, layer by layer.

        To read long prompts is a single call, which may take longer than all that is written afterwards.
        """
        from transformers.modeling_layers import GradientCheckpointingLayer

        layers = (part for part in module.modules() if isinstance(part, GradientCheckpointingLayer))
        hooks = [layer.register_forward_hook(lambda *_: self._advance(0)) for layer in layers]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()
