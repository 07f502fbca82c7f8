"""Jobs in, run as processes by joblib, their returns out."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from hydra.core.utils import JobReturn
from joblib import Parallel, cpu_count, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from runner.errors import InvalidInput
from runner.launcher.point_job import PointJob

LOST = (
    "its process was killed, most likely because memory ran out. hydra.launcher.n_jobs=1 needs the least. The same command goes "
    "on from what is kept"
)


def run_processes(jobs: Sequence[PointJob], n_jobs: int) -> list[JobReturn]:
    """Run jobs, at most `n_jobs` at a time; -1 is one a core.

    The jobs of a killed process are tried again, each alone. So one that is always killed does not take the others with it.
    """
    if n_jobs < 1 and n_jobs != -1:
        raise InvalidInput(f"hydra.launcher.n_jobs: found {n_jobs}, expected a whole number from 1, or -1 for one a core")
    try:
        return _run_all(jobs, n_jobs)
    finally:
        # joblib would keep the processes, each with its model, until this one ends.
        get_reusable_executor(reuse=True).shutdown(wait=True)


def _run_all(jobs: Sequence[PointJob], n_jobs: int) -> list[JobReturn]:
    """Run jobs, and those of killed processes again."""
    returns, waiting = dict[int, JobReturn](), list(range(len(jobs)))
    while waiting:
        begun = list[int]()
        if _run(jobs, waiting, n_jobs, begun, returns):
            break
        # joblib does not say which process was killed, and ends the others too.
        for place in [place for place in begun if place not in returns]:
            if not _run(jobs, [place], 1, [], returns):
                returns[place] = jobs[place].failed(LOST)
        waiting = [place for place in waiting if place not in returns]
    return [returns[place] for place in range(len(jobs))]


def _run(jobs: Sequence[PointJob], places: Sequence[int], n_jobs: int, begun: list[int], returns: dict[int, JobReturn]) -> bool:
    """Run some jobs; return false if a process was killed.

    The places of jobs that began are added to `begun`, what they return to `returns`.
    """
    at_once = min(cpu_count() if n_jobs < 0 else n_jobs, len(places))
    threads = max(1, cpu_count() // at_once)
    shared = None if "OMP_NUM_THREADS" in os.environ else threads  # what the user set stays

    def noted() -> Iterator[int]:
        for place in places:
            begun.append(place)
            yield place

    # Even a single job gets a process of its own, since joblib would run it in this one. As many are sent as can begin, so
    # that `begun` holds no job that waits.
    with parallel_config(backend="loky", n_jobs=max(2, at_once), inner_max_num_threads=shared):
        parallel = Parallel(return_as="generator_unordered", pre_dispatch=at_once, batch_size=1)
        try:
            for place, done in parallel(delayed(_numbered)(place, _sharing(jobs[place], threads)) for place in noted()):
                returns[place] = done
        except BrokenProcessPool:
            return False
    return True


def _sharing(job: PointJob, threads: int) -> PointJob:
    return replace(job, surroundings=replace(job.surroundings, threads=threads))


def _numbered(place: int, job: PointJob) -> tuple[int, JobReturn]:
    return place, job()
