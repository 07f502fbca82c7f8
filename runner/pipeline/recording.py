"""A teacher's replies to a recording: what a method asks, and what the teacher says, for others who have no key."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.config.study import Study
from runner.data.records import Prompt, Reply
from runner.model import Model
from runner.model.recorded import add
from runner.pipeline.stages import teaching


def check(study: Study) -> None:
    """Raise a Fault, before any work, where the folder `record` can't be written or holds what is no recording."""
    if study.record and study.method.asks:
        _add(study, study.record, ())


def record(study: Study) -> None:
    """Add all that labelling asks of the teacher to the folder `record`, if one is named; replies that are kept are not paid for.

    Where the teacher fails half-way, what it said until then is recorded.
    """
    if not study.record or not study.method.asks:
        return
    with teaching(study):
        teacher = _Noting(study.asking(study.teacher))
        try:
            study.method.label(study.material, teacher, study.size.scale)
        finally:
            _add(study, study.record, teacher.said)


def _add(study: Study, folder: str, said: Sequence[tuple[Prompt, Reply]]) -> None:
    with study.store.lock("record"):
        add(Path(folder).expanduser(), said)


class _Noting:
    """A model that notes what it was asked and what it said."""

    def __init__(self, model: Model) -> None:
        self.model, self.name = model, model.name
        self.said: list[tuple[Prompt, Reply]] = []

    def check(self) -> None:
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        for place, reply in self.model.ask(prompts):
            self.said.append((prompts[place], reply))
            yield place, reply
