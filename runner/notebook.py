"""Overrides in a notebook or a program in, results out."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from runner.comparison import Comparison
from runner.comparison.table import paired, records
from runner.config.all_faults import faults_told
from runner.config.command_line import prepare
from runner.config.own_defaults import naming_files
from runner.config.places import CONF
from runner.errors import Fault
from runner.sweep.acceptance import accepted
from runner.sweep.jobs import run_alone
from runner.sweep.report import collected
from runner.terminal.plain_text import PlainFormatter

if TYPE_CHECKING:
    import pandas

# Hydra keeps its state in the process, so runs in several threads follow each other.
_lock = threading.Lock()
# A notebook has log handlers of its own, which Hydra would close.
NO_LOGGING = ("hydra/job_logging=none", "hydra/hydra_logging=none")


@dataclass(frozen=True, repr=False)
class Result:
    """The comparisons of a run or sweep: one for each exam and grader.

    The tables are those of the report. If there are several comparisons, the column `exam` tells their rows apart.
    """

    comparisons: tuple[Comparison, ...]

    @cached_property
    def arms(self) -> "pandas.DataFrame":
        """A row for each arm, accuracies from 0 to 1."""
        return self._table([records(comparison) for comparison in self.comparisons])

    @cached_property
    def pairs(self) -> "pandas.DataFrame":
        """A row for each two arms and category."""
        return self._table([paired(comparison) for comparison in self.comparisons])

    @cached_property
    def answers(self) -> "pandas.DataFrame":
        """A row for each question and arm, with the answer."""
        return self._table([_answers(comparison) for comparison in self.comparisons])

    @property
    def recommendation(self) -> str:
        """Sentences of the recommendation."""
        return "\n".join(advice.sentence for comparison in self.comparisons for advice in comparison.advice)

    def __repr__(self) -> str:
        """Name what is in it; a notebook shows this below a cell."""
        arms = sum(len(comparison.arms) for comparison in self.comparisons)
        return f"Result of {arms} arms: .arms .pairs .answers .recommendation"

    def _table(self, parts: list[list[dict[str, Any]]]) -> "pandas.DataFrame":
        import pandas

        several = len(parts) > 1
        exams = [{"exam": number} if several else {} for number in range(1, len(parts) + 1)]
        return pandas.DataFrame([{**exam, **row} for exam, rows in zip(exams, parts, strict=True) for row in rows])


def run(*overrides: str, sweep: bool = False) -> Result:
    """Do what run.py does with these overrides; `sweep` is -m.

    Raise a Fault where the command would exit with an error: InvalidInput if nothing was begun. Everything that was finished is
    kept, and the same call goes on from it.
    """
    words = ["run.py", *(["-m"] if sweep else []), *overrides, *NO_LOGGING]
    faults: list[Fault] = []

    @hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")
    def compose(cfg: DictConfig) -> None:
        # Hydra would print a line of its own about an error.
        try:
            run_alone(cfg)
        except Fault as fault:
            faults.append(fault)

    with _lock, _unchanged_process(), _shown_log(), naming_files(overrides), collected() as comparisons:
        prepare(words)
        sys.argv = words
        with faults_told(words[1:]):
            if accepted(words[1:]):
                compose()
    if faults:
        raise faults[0]
    return Result(tuple(comparisons))


@contextmanager
def _unchanged_process() -> Iterator[None]:
    """Restore what Hydra or a run changes in the process."""
    instances: tuple[Any, Any] = GlobalHydra.instance(), HydraConfig.instance()
    states, argv, path = (instances[0].hydra, instances[1].cfg), sys.argv, list(sys.path)
    folder, environment = os.getcwd(), dict(os.environ)  # noqa: PTH109
    instances[0].hydra = instances[1].cfg = None
    try:
        yield
    finally:
        # Looked up again: where Hydra composes a config, it puts another object in the place of its own.
        after: tuple[Any, Any] = GlobalHydra.instance(), HydraConfig.instance()
        after[0].hydra, after[1].cfg = states
        sys.argv, sys.path[:] = argv, path
        os.chdir(folder)
        for name in {*os.environ} - {*environment}:
            del os.environ[name]
        os.environ.update(environment)


@contextmanager
def _shown_log() -> Iterator[None]:
    """Show the log of the run below the cell."""
    # On stdout, since a notebook shows stderr on red ground as if it were an error.
    log, handler = logging.getLogger("runner"), logging.StreamHandler(sys.stdout)
    handler.setFormatter(PlainFormatter())
    level, propagates = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False  # handlers of the notebook would show each line a second time
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagates


def _answers(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        {
            "category": item.category,
            "question": item.question,
            "reference": item.reference,
            "arm": arm,
            "answer": response.text,
            "passed": response.passed,
            "fact": item.fact,
            "id": item.id,
        }
        for item in comparison.items
        for arm, response in item.responses.items()
    ]
