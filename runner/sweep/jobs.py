"""The config of a point in, its work done.

A point is a run of its own, or a job of a sweep.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, chdir, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from runner.config.settings import LABEL
from runner.config.study import TUNED, Study
from runner.data.local_folder import is_address
from runner.errors import Fault
from runner.pipeline.exam import with_exams
from runner.pipeline.exam_file import tell_exam
from runner.pipeline.experiment import experiment
from runner.pipeline.export import export
from runner.pipeline.label_only import label_only
from runner.pipeline.recording import record
from runner.pipeline.shared_work import shared_work
from runner.pipeline.store_executor import StoreExecutor
from runner.sweep.command import typed
from runner.sweep.exams import undecided_points
from runner.sweep.grid import built
from runner.sweep.label_files import show, write_folders
from runner.sweep.looks import counts
from runner.sweep.noted import noted_job
from runner.sweep.plan import SharedWork
from runner.sweep.preflight import checked
from runner.sweep.report import compare_arms, failures, write_reports
from runner.sweep.shared_places import SweepRecord, check_shared
from runner.terminal.log_names import named

log = logging.getLogger("runner")

# The job would do an arm of another exam or of other labels, which the sweep would not find again.
CHANGED = (
    "the corpus, or a file that settings name, changed after the sweep began, so this run is not the one that was checked. The "
    "same command begins again with the files as they are now; what they do not change is not done again"
)


NO_EXAM = (
    "the exam that was written before the sweep's runs is not in the store {store}. Machines that share a sweep need one "
    "store, on a shared file system: store=FOLDER"
)


@dataclass(frozen=True)
class SweepJob:
    """Fields that all jobs of a sweep have."""

    # A plain value, so that launchers can pickle it and send it to another machine.
    record: SweepRecord | None = field(default=None, kw_only=True)

    @property
    def variables(self) -> tuple[str, ...]:
        """Name the environment variables that the job needs."""
        return self.record.variables if self.record else ()


@dataclass(frozen=True)
class ArmJob(SweepJob):
    """A job that does the arms of one point."""

    parent: str  # the tracked run of the sweep
    names: Mapping[str, str] = field(default_factory=dict)  # of the sweep's arms, by key; "" for one without its own name
    notes: str = ""  # the folder of the sweep's notes; "" notes nothing

    def __call__(self, cfg: DictConfig) -> str:
        """Do the point; return why it failed, or nothing."""

        def work(study: Study) -> None:
            record(study)
            experiment(study, StoreExecutor(study, self.parent, self.names))

        return _attempted(cfg, work, self.names, self.notes, self.record)


@dataclass(frozen=True)
class SharedJob(SweepJob):
    """A job that does a part of the shared work."""

    work: Mapping[str, SharedWork]  # by the key of a point's tuned arm
    parent: str
    names: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""

    def __call__(self, cfg: DictConfig) -> str:
        """Do the point's part; return why it failed, or nothing."""

        def work(study: Study) -> None:
            parts = self.work[study.key(TUNED)]
            shared_work(study, StoreExecutor(study, self.parent, self.names), parts.baselines, parts.labels, parts.general)

        return _attempted(cfg, work, self.names, self.notes, self.record)


@dataclass(frozen=True)
class LabelJob(SweepJob):
    """A job that makes the labels of one point."""

    parent: str
    notes: str = ""

    def __call__(self, cfg: DictConfig) -> str:
        """Do the point; return why it failed, or nothing."""

        def work(study: Study) -> None:
            record(study)
            label_only(study, self.parent)

        return _attempted(cfg, work, {}, self.notes, self.record)


def _attempted(
    cfg: DictConfig, work: Callable[[Study], None], names: Mapping[str, str], notes: str, record: SweepRecord | None
) -> str:
    """Do a job's work, and note it; return the reason of a failure."""
    job: Any = HydraConfig.get().job
    # Where the store is a bucket, the notes lie on the machine of the command. Jobs on other machines work without them.
    if is_address(str(cfg.store)) and not Path(notes).exists():
        notes = ""
    return noted_job(notes, job.get("num", 0), lambda: _done(cfg, work, names, record))


def _done(cfg: DictConfig, work: Callable[[Study], None], names: Mapping[str, str], record: SweepRecord | None) -> str:
    """Do a job's work; return the reason of a failure."""
    # An error ends this job alone: the other arms are worth having. The sweep reports it at its end.
    name = ""
    try:
        with _where_started(HydraConfig.get()):
            study = built(cfg, HydraConfig.get())
            if record:
                check_shared(study, record)
            if study.exam_missing:
                raise Fault(NO_EXAM.format(store=study.settings.store))
            if names and study.key(TUNED) not in names:
                raise Fault(CHANGED)
            name = names.get(study.key(TUNED), "")
            work(study)
    except Fault as fault:
        with named(name):
            log.error("%s", fault)
        return str(fault)
    except (Exception, SystemExit) as error:  # an error of the program or of a user's class; the run has the traceback too
        with named(name):
            log.exception("this run failed")
        return repr(error)
    return ""


def _where_started(job: Any) -> AbstractContextManager[None]:
    """Return a block in the folder where the command began."""
    # With hydra.job.chdir=true Hydra has gone to the job's folder. Every path of a command, also one that only a class of the
    # user's own knows, is meant from where it was typed, and was checked there.
    return chdir(job.runtime.cwd) if job.job.chdir else nullcontext()


def run_alone(cfg: DictConfig) -> None:
    """Run one point that was checked, and compare its arms.

    Points of another sweeper than ours come here too, unchecked. Their comparison is left out.
    """
    job: Any = HydraConfig.get()
    with _where_started(job):
        if job.mode is RunMode.MULTIRUN:
            # A Fault passes, so that the sweeper decides whether the other points go on.
            (study,) = checked([cfg], hydra=job)
            _run(study)
            log.info("hydra/sweeper=%s makes no comparison; hydra/sweeper=runner does", job.runtime.choices["hydra/sweeper"])
            return
        if cfg.task == LABEL:
            _label_alone(built(cfg, job))
            return
        study = _until_decided(cfg, job)
        write_folders([study], several=False)
        if study.settings.export:
            export(study, Path(study.settings.export).expanduser())
        comparisons = compare_arms([study], typed(job), looks=counts(cfg))
        write_reports(comparisons, Path(job.runtime.output_dir))
    if failed := failures(comparisons):
        raise Fault(failed)


def _label_alone(study: Study) -> None:
    """Make the labels of a point, and show them."""
    study.keep_material()
    record(study)
    run = label_only(study)
    show([study], run)
    write_folders([study], several=False)


def _until_decided(cfg: DictConfig, job: Any) -> Study:
    """Do a point's work; with seeds=auto, until it is decided."""
    looks = counts(cfg)
    study = _run(built(cfg, job))
    for look in looks[1:]:
        if not undecided_points([study], looks):
            break
        study = _run(built(cfg, job, look))
    return study


def _run(study: Study) -> Study:
    """Do a study's work; return the study with its exam."""
    study.keep_material()
    if study.settings.labels_only:
        record(study)
        label_only(study)
        return study
    (study,) = with_exams([study])
    tell_exam(study)
    record(study)
    experiment(study, StoreExecutor(study))
    return study
