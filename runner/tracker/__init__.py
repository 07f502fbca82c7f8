"""A tracker is where results go: one run for each arm, one parent for each sweep."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Row:
    """One tracked run as it is read back."""

    id: str
    name: str
    status: str
    tags: Mapping[str, str]
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]


class Run(Protocol):
    """One open run."""

    id: str
    finished: bool  # it was finished before, and nothing need be done

    def log(self, metrics: Mapping[str, float], parameters: Mapping[str, object]) -> None:
        """Numbers and settings; a name that the store would refuse is made fit."""

    def curve(self, name: str, values: Sequence[float]) -> None:
        """One metric over steps, from step 1."""

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows as a table that the store shows, and as Parquet."""

    def text(self, name: str, text: str) -> None:
        """A text file."""

    def tag(self, name: str, value: str) -> None:
        """A mark to find the run by."""

    def file(self, path: Path) -> None:
        """A file as it is."""


class Tracker(Protocol):
    """One place for results."""

    def check(self, experiment: str) -> None:
        """Raise a Fault, within seconds, where results could not be stored; make the experiment where there is none."""

    def find(self, experiment: str, key: str) -> Row | None:
        """The run that carries this key, finished or not."""

    def rows(self, run: str, table: str) -> list[dict[str, Any]]:
        """The rows of a run's table as they were tracked; none where there is no such table."""

    def said(self, run: str, name: str) -> str:
        """A run's text file; empty where there is none."""

    def values(self, run: str, metric: str) -> list[float]:
        """One metric over steps."""

    def run(
        self, experiment: str, key: str, name: str, tags: Mapping[str, str], parent: str | None = None
    ) -> AbstractContextManager[Run]:
        """Open the run with this key, or make it; it ends FINISHED, or with an error FAILED and the traceback."""

    def place(self, run: str) -> str:
        """Where a person finds a run's artifacts, and the command that opens the results: two lines."""
