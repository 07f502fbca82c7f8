"""No model: for a role that nothing asks."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from runner.component import component
from runner.data.records import Prompt, Reply
from runner.errors import Fault


@component
class Nobody:
    """A model that can't be asked."""

    name: ClassVar[str] = "none"

    def check(self) -> None:
        """Raise a Fault: something asks this model."""
        raise Fault(
            "model@teacher=none: a chosen method or exam asks the teacher. Choose one, such as model@teacher=openai; or what "
            "asks none: method=passage or method=human, exam=file or exam=cloze"
        )

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Raise the Fault of `check`."""
        self.check()
        yield from ()
