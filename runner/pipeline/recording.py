"""A study in, a recording of its models' replies out.

With it others make the same exam and labels without a key.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.config.study import Study
from runner.data.records import Prompt, Reply
from runner.model import Model
from runner.model.recorded import add
from runner.pipeline.labels import labelling_locks
from runner.pipeline.store_executor import cached, locked


def check_recording(study: Study) -> None:
    """Raise a Fault if the folder `record` can't be used."""
    # Adding nothing tries both: that the folder can be written, and that what lies there is a recording.
    if study.settings.record and (study.method.asks or study.exam.asks):
        _add(study, study.settings.record, ())


def record(study: Study) -> None:
    """Record the requests of exam and labelling, if wanted."""
    if not (folder := study.settings.record):
        return
    # Done again rather than copied from the cache, which does not know which of its replies belong to a method. Replies that are
    # kept cost nothing.
    if study.exam.asks:
        with _recording(study, folder, study.examiner) as examiner:
            study.exam.write(study.source, examiner)
    if study.method.asks:
        with locked(study, labelling_locks(study)), _recording(study, folder, study.teacher) as teacher:
            study.method.label(study.to_label, teacher, study.size.scale)


@contextmanager
def _recording(study: Study, folder: str, model: Model) -> Iterator["RecordingModel"]:
    """Record what a model is asked in the block."""
    recording = RecordingModel(cached(study, model))
    try:
        yield recording
    finally:  # where the model fails half-way, its replies until then are recorded
        _add(study, folder, recording.exchanges)


def _add(study: Study, folder: str, exchanges: Sequence[tuple[Prompt, Reply]]) -> None:
    # Two jobs of a sweep may record into one folder.
    with study.store.lock("record"):
        add(Path(folder).expanduser(), exchanges)


class RecordingModel:
    """A model that notes each prompt with its reply."""

    def __init__(self, model: Model) -> None:
        """Ask `model`."""
        self.model, self.name = model, model.name
        self.exchanges: list[tuple[Prompt, Reply]] = []

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield the model's replies as they come."""
        for place, reply in self.model.ask(prompts):
            self.exchanges.append((prompts[place], reply))
            yield place, reply
