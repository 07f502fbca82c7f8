"""The contract of a tracker: results of arms in, the same results read back out.

A tracker keeps one run for each arm, and one parent run for each sweep.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class TrackedRun:
    """A run as it is read back from a tracker."""

    id: str
    name: str
    status: str  # RUNNING, FINISHED, FAILED, KILLED, or INCOMPLETE: finished, but artifacts are missing or cut
    tags: Mapping[str, str]
    parameters: Mapping[str, str]  # settings, as text
    metrics: Mapping[str, float]
    experiment: str = ""
    began: float = 0.0  # seconds since 1970


@dataclass(frozen=True)
class Dataset:
    """A data set that a run used: an exam, or labels."""

    name: str
    digest: str  # up to 36 characters
    purpose: str  # training or evaluation
    rows: int
    columns: tuple[str, ...]


@runtime_checkable
class Run(Protocol):
    """An open run. A class must have `id`, `finished` and the methods below.

    `finished` is True if the run was completed earlier; then nothing needs to be done again.
    """

    id: str
    finished: bool

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        """Store numbers and settings. A name that the tracker does not allow is changed to one that it allows."""

    def curve(self, name: str, values: Sequence[float]) -> None:
        """Store one metric over steps. The first value belongs to step 1."""

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store rows as a table that people can look at."""

    def text(self, name: str, text: str) -> None:
        """Store a text file."""

    def tag(self, name: str, value: str) -> None:
        """Set a tag. Runs can be searched for by their tags."""

    def file(self, path: Path) -> None:
        """Store a copy of a file."""

    def dataset(self, dataset: Dataset) -> None:
        """Note a data set that the run used. Its content is not stored."""

    def model(self, name: str, key: str) -> None:
        """Note a trained model by its key in the store. Its weights are not stored."""

    def describe(self, text: str, runs: Mapping[str, str]) -> None:
        """Set the description, with links to other runs; `runs` maps names to ids."""


@runtime_checkable
class Tracker(Protocol):
    """A store of results. A class must have all the methods below.

    An `experiment` groups the runs of one corpus. A `key` is the hash of all that made a run: it finds the run again, so that a
    finished run is not repeated and a killed one is continued.
    """

    def check(self, experiment: str) -> None:
        """Check, within seconds, that results can be stored. Make the experiment if it does not exist.

        Raise a Fault if the tracker cannot be used. This is called before any paid request or training.
        """

    def find(self, experiment: str, key: str) -> TrackedRun | None:
        """Return the run with this key, finished or not; None if there is none."""

    def history(self) -> list[TrackedRun]:
        """Return every run of every experiment, newest first; make nothing."""

    def rows(self, run: str, table: str) -> list[dict[str, Any]]:
        """Return the rows of a run's table; an empty list if there is no such table."""

    def said(self, run: str, name: str) -> str:
        """Return the content of a run's text file; an empty string if there is no such file."""

    def values(self, run: str, metric: str) -> list[float]:
        """Return the values of one metric, ordered by step."""

    def run(
        self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None
    ) -> AbstractContextManager[Run]:
        """Open the run with this key, or make it.

        When the block ends, the run's status becomes FINISHED. If the block raises, the status becomes FAILED, the
        traceback is stored, and the error is raised again.
        """

    def place(self, run: str) -> str:
        """Return two lines for people: where the run's artifacts are, and the command that shows the results."""


@runtime_checkable
class Addressed(Protocol):
    """A tracker whose runs lie at an address."""

    def address(self) -> str:
        """Return where runs are tracked, without secrets: the same from every folder."""
