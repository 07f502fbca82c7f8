"""Points of a sweep in, jobs and one comparison out."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn
from omegaconf import DictConfig

from runner.config.command_line import quoted
from runner.config.study import TUNED, Study
from runner.data.records import digest
from runner.errors import Fault, InvalidInput
from runner.sweep.arm_names import arm_names
from runner.sweep.command import title, typed
from runner.sweep.grid import axes_of, compose_points, points, swept
from runner.sweep.jobs import ArmJob, SharedJob
from runner.sweep.plan import shared_work
from runner.sweep.preflight import checked, forecast
from runner.sweep.report import compare_arms, failures, track_report

log = logging.getLogger("runner")

Launch = Callable[[Sequence[Sequence[str]], int, Callable[[DictConfig], Any]], Sequence[JobReturn]]


def sweep_params(params: Any, max_batch_size: Any) -> list[str]:
    """Write the settings of hydra/sweeper=runner as overrides."""
    if not isinstance(params, Mapping):
        raise InvalidInput(f"hydra.sweeper.params: found {params!r}, expected a mapping such as {{method: 'token,fact'}}")
    if max_batch_size is not None and (type(max_batch_size) is not int or max_batch_size < 1):
        raise InvalidInput(f"hydra.sweeper.max_batch_size: found {max_batch_size!r}, expected null or a whole number from 1")
    # As on a command line: size: 1x,5 means a choice that is called 5.
    return [quoted(f"{name}={'null' if value is None else value}") for name, value in params.items()]


def sweep(config: DictConfig, arguments: Sequence[str], launch: Launch) -> list[JobReturn]:
    """Check all points, launch shared work and arms, compare them.

    `launch` runs a job for each point that it is given. Raise InvalidInput, before anything is paid for, with all that is
    wrong with any point. Raise a Fault at the end if an arm did not finish or failed the gate.
    """
    axes = axes_of(arguments)
    log.info("%s", swept(axes))
    grid = points(axes)
    configs = compose_points(config, grid)
    if forecast(configs):
        return []
    studies = checked(configs)
    # Only now, since a refused sweep writes nothing. All jobs find it, so that no two read one corpus.
    for study in {id(study.material): study for study in studies}.values():
        study.keep_material()
    # The sweep is a tracked run too: its arms are shown beneath it. The same points take up the same one.
    first, name = studies[0], title(config.hydra)
    key = digest([study.key(TUNED) for study in studies])
    with first.tracker.run(first.corpus.name, key, name, {"runner.kind": "sweep"}) as parent:
        jobs = _launch_all(studies, grid, launch, parent.id)
        comparisons = compare_arms(studies, typed(config.hydra), parent.id)
        track_report(parent, comparisons, Path(config.hydra.sweep.dir))
        # Within the block, so that the sweep's run ends as the command does: FAILED, with the reason.
        if failed := failures(comparisons, [job.return_value for job in jobs]):
            raise Fault(failed)
    return jobs


def _launch_all(studies: Sequence[Study], grid: Sequence[Sequence[str]], launch: Launch, parent: str) -> list[JobReturn]:
    """Launch the shared work, then the arms."""
    # No job of the two groups needs the output of another one in its group. So none waits for a lock while it holds a machine.
    shared, named = shared_work(studies), arm_names(studies)
    log.info("runs: %d, arms: %d", len(studies), len(named))
    # A training that stands in the table with more baselines has no name here. Its job must find its key all the same.
    names = dict.fromkeys((study.key(TUNED) for study in studies), "") | {key: name.arm for (_, key), name in named.items()}
    if shared:
        # Numbered after the arms, so that arm 3 is point 3. Keyed by arm, since a job knows its study and not its number.
        work = {studies[number].key(TUNED): parts for number, parts in shared.items()}
        launch([grid[number] for number in shared], len(grid), SharedJob(work, parent, names))
    return list(launch(grid, 0, ArmJob(parent, names)))
