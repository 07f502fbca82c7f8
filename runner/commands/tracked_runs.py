"""A command line in, a tracker with its runs out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from omegaconf import DictConfig

from runner.commands.command_settings import command_settings
from runner.config.components import component
from runner.errors import Fault, InvalidInput
from runner.sweep.looks import LOOKS
from runner.tracker import TrackedRun, Tracker


@dataclass(frozen=True)
class History:
    """All runs of a tracker, and its config."""

    config: DictConfig
    tracker: Tracker
    runs: Sequence[TrackedRun]  # newest first

    def find(self, word: str) -> TrackedRun:
        """Return the run whose id or key begins with `word`.

        Raise InvalidInput if there is none, or more than one.
        """
        keys = [(run, (run.id, run.tags.get("runner.key", ""))) for run in self.runs]
        matches = [run for run, names in keys if any(name.startswith(word) for name in names)]
        exact = [run for run, names in keys if word in names]
        if len(matches := exact or matches) == 1:
            return matches[0]
        if not matches:
            raise InvalidInput(f"{word}: no run or sweep has an id or a key that begins so. run.py --list prints them all")
        several = ", ".join(f"{run.id} ({run.name})" for run in matches[:5])
        raise InvalidInput(f"{word}: {len(matches)} runs begin so: {several}. Write more of the id")

    def looks(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the looks of the sweeps among these runs.

        They are the trainings after which a sweep with seeds=auto compared its arms; () without such a sweep.
        """
        looks = [tuple(map(int, self.find(word).tags.get(LOOKS, "").split())) for word in words]
        return max(looks, key=len, default=())

    def arms(self, run: TrackedRun) -> list[TrackedRun]:
        """Return the arms of a sweep in its order; else the run."""
        if run.tags.get("runner.kind") != "sweep":
            return [run]
        # The sweep's table holds arms that an earlier sweep made; a sweep that was stopped has no table yet.
        tables = ("comparison", *(f"comparison-{number}" for number in range(1, 10)))
        ids = [str(row["run"]) for table in tables for row in self.tracker.rows(run.id, table)]
        # With seeds=auto, the runs of arms with fewer trainings belong to the sweep too.
        if not ids or LOOKS not in run.tags:
            ids += [other.id for other in reversed(self.runs) if run.id in belongs_to(other)]
        by_id = {other.id: other for other in self.runs}
        return [by_id[other] for other in dict.fromkeys(ids) if other in by_id]


def belongs_to(run: TrackedRun) -> list[str]:
    """Return the ids of an arm's sweeps, oldest first."""
    sweeps = [run.tags.get("mlflow.parentRunId", ""), *run.tags.get("runner.sweeps", "").split()]
    return [sweep for sweep in dict.fromkeys(sweeps) if sweep]


@contextmanager
def history(overrides: Sequence[str]) -> Iterator[History]:
    """Read the tracker that a command's overrides choose; nothing is run."""
    with command_settings(overrides) as config:
        faults: list[str] = []
        tracker: Tracker = component(config, "tracker", "tracker", faults)
        if faults:
            raise Fault("\n".join(faults))
        yield History(config, tracker, tracker.history())
