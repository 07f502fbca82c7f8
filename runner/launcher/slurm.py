"""Jobs in, run by Slurm as an array, returns out."""

import getpass
import logging
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.utils import JobReturn

from runner.errors import Fault
from runner.launcher.point_job import PointJob

log = logging.getLogger("runner")

POLL = 2.0  # seconds between two looks for results
ASK = 15.0  # seconds between two questions to Slurm
MISSING = 3  # times in a row that Slurm does not list a job before it counts as lost


class SlurmJob:
    """A job that Slurm may stop and begin again."""

    def __init__(self, job: PointJob) -> None:
        """Do `job`."""
        self.job, self.stopped = job, False

    def __call__(self) -> JobReturn:
        """Do the job."""
        done = self.job()
        # The end of the work was the signal, and Slurm begins the job again: what it returned is no result.
        if self.stopped:
            raise SystemExit
        return done

    def checkpoint(self) -> Any:
        """Return what Slurm begins again: the same job.

        submitit calls this at its signal before a time limit, or where the job is pre-empted. Finished stages and the state of a
        long training are kept in the store by then.
        """
        from submitit.helpers import DelayedSubmission

        self.stopped = True
        return DelayedSubmission(SlurmJob(self.job))


def run_slurm(jobs: Sequence[PointJob], folder: str, settings: Mapping[str, Any]) -> list[JobReturn]:
    """Submit jobs as one array, and wait for their results.

    `settings` are those of `submitit.SlurmExecutor`; None leaves one to Slurm. Scripts, logs and results lie in `folder`, which
    all machines must see. Raise a Fault if Slurm does not take the jobs.
    """
    submitted = _submit(jobs, folder, settings)
    returns, missing, asked = dict[int, JobReturn](), [0] * len(jobs), time.monotonic()
    try:
        while open_jobs := [place for place in range(len(jobs)) if place not in returns]:
            listed = None
            if time.monotonic() - asked > ASK:
                listed, asked = _queue(), time.monotonic()
            for place in open_jobs:
                # Its file is enough. submitit would ask sacct, which needs a database that not every cluster has.
                if submitted[place].paths.result_pickle.exists():
                    returns[place] = _returned(jobs[place], submitted[place])
                elif listed is not None:
                    missing[place] = 0 if submitted[place].job_id in listed else missing[place] + 1
                    if missing[place] == MISSING:
                        returns[place] = jobs[place].failed(_lost(submitted[place]))
            time.sleep(POLL if len(returns) < len(jobs) else 0)
    except BaseException:  # Ctrl-C: jobs that nobody waits for must not go on using GPUs
        for place in range(len(jobs)):
            if place not in returns:
                submitted[place].cancel(check=False)
        raise
    return [returns[place] for place in range(len(jobs))]


def _submit(jobs: Sequence[PointJob], folder: str, settings: Mapping[str, Any]) -> list[Any]:
    if not shutil.which("sbatch"):
        raise Fault("hydra/launcher=slurm: no program sbatch here. Run the command on a machine of the cluster that submits jobs")
    from submitit import SlurmExecutor
    from submitit.core.utils import FailedJobError, FailedSubmissionError

    own = {name: value for name, value in settings.items() if value is not None}
    made = {name: own.pop(name) for name in ("python", "max_num_timeout") if name in own}
    executor = SlurmExecutor(folder, **made)
    try:
        executor.update_parameters(**own)
        with executor.batch():
            submitted = [executor.submit(SlurmJob(job)) for job in jobs]
    except (FailedJobError, FailedSubmissionError, ValueError) as error:
        raise Fault(f"hydra/launcher=slurm: Slurm did not take the jobs: {_last(str(error))}. See hydra.launcher.*") from error
    log.info("Slurm has %d job%s: %s; logs: %s", len(jobs), "s" * (len(jobs) > 1), submitted[0].job_id, Path(folder).parent)
    return submitted


def _queue() -> set[str] | None:
    """Return the jobs that wait or run; None if Slurm is away."""
    command = ["squeue", "--noheader", "--array", "--format=%i", f"--user={getpass.getuser()}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("Slurm does not answer (%s); the jobs are waited for", error)
        return None
    return set(done.stdout.split())


def _returned(job: PointJob, submitted: Any) -> JobReturn:
    try:
        done: JobReturn = submitted.result()
    except Exception as error:  # whatever ended it there, and an error of the file
        return job.failed(_last(str(error)) or repr(error))
    return done


def _lost(submitted: Any) -> str:
    """Describe the end of a job that left no result."""
    return (
        f"Slurm's job {submitted.job_id} ended without a result: {_last(submitted.stderr() or '') or 'it wrote nothing'}. "
        f"Its log: {submitted.paths.stderr}. The same command goes on from what is kept"
    )


def _last(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip("- \t")]
    return lines[-1] if lines else ""
