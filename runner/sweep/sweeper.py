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
from runner.pipeline.exam import with_exams
from runner.pipeline.exam_file import tell_exam
from runner.sweep.command import title, typed
from runner.sweep.grid import axes_of, compose_points, points, swept
from runner.sweep.jobs import LabelJob
from runner.sweep.label_files import show, write_folders
from runner.sweep.launching import Launch, PointLauncher
from runner.sweep.looks import LOOKS, looks_of
from runner.sweep.noted import NotedSweep, noted_sweep
from runner.sweep.preflight import checked, forecast
from runner.sweep.report import compare_arms, failures, track_report
from runner.sweep.shared_places import recorded

log = logging.getLogger("runner")


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
    looks = looks_of(configs)
    if forecast(configs):
        return []
    studies = checked(configs)
    # Only now, since a refused sweep writes nothing. All jobs find it, so that no two read one corpus.
    for study in {id(study.source): study for study in studies}.values():
        study.keep_material()
    # From here on work is paid for. All jobs share the ledger in these notes, and another shell sees there how far they are.
    with noted_sweep(studies[0].store.sweeps, config.hydra) as notes:
        launch = notes.guarded(launch)
        if studies[0].settings.labels_only:
            return _label(studies, configs, grid, title(config.hydra), launch, notes)
        studies = with_exams(studies)
        for study in {digest(study.material.questions): study for study in studies}.values():
            tell_exam(study)

        def launcher(parent: str, key: str) -> PointLauncher:
            return PointLauncher(grid, configs, looks, launch, parent, notes, recorded(studies, configs, parent, key))

        return _study(config, studies, looks, launcher)


def _study(
    config: DictConfig, studies: Sequence[Study], looks: Sequence[int], launcher: Callable[[str, str], PointLauncher]
) -> list[JobReturn]:
    """Do the arms of all points, and compare them."""
    # The sweep is a tracked run too: its arms are shown beneath it. The same points take up the same one.
    first, name = studies[0], title(config.hydra)
    key = digest([*(study.key(TUNED) for study in studies), *(["looks", *looks] if looks else [])])
    tags = {"runner.kind": "sweep"} | ({LOOKS: " ".join(map(str, looks))} if looks else {})
    with first.tracker.run(first.corpus.name, key, name, tags) as parent:
        studies, jobs = launcher(parent.id, key).do(studies)
        comparisons = compare_arms(studies, typed(config.hydra), parent.id, looks)
        track_report(parent, comparisons, Path(config.hydra.sweep.dir))
        # Within the block, so that the sweep's run ends as the command does: FAILED, with the reason.
        write_folders(studies, several=True)
        if failed := failures(comparisons, [job.return_value for job in jobs]):
            raise Fault(failed)
    return jobs


def _label(
    studies: Sequence[Study],
    configs: Sequence[DictConfig],
    grid: Sequence[Sequence[str]],
    name: str,
    launch: Launch,
    notes: NotedSweep,
) -> list[JobReturn]:
    """Launch a job for each point's labels; show them."""
    first, key = studies[0], digest(["labels", *(study.key(TUNED) for study in studies)])
    with first.tracker.run(first.corpus.name, key, name, {"runner.kind": "labels"}) as parent:
        notes.track(parent.id)
        notes.plan(0, [f"labels of {study.title(TUNED)}" for study in studies])
        jobs = list(launch(grid, 0, LabelJob(parent.id, notes.folder, record=recorded(studies, configs, parent.id, key))))
        if failed := "\n".join(dict.fromkeys(filter(None, (job.return_value for job in jobs)))):
            raise Fault(failed)
        show(studies, parent.id)
        write_folders(studies, several=True)
    return jobs
