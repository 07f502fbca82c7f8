"""Jobs in, run as tasks of Ray, their returns out."""

import logging
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hydra.core.utils import JobReturn

from runner.errors import Fault
from runner.launcher import SweepTask
from runner.launcher.point_job import PointJob


def run_ray(jobs: Sequence[PointJob], init: Mapping[str, Any], remote: Mapping[str, Any]) -> list[JobReturn]:
    """Run jobs as tasks of Ray; wait for their results.

    `init` are the arguments of `ray.init`, where no address starts Ray on this machine; `remote` are those of `ray.remote`.
    None leaves one to Ray. Raise a Fault if there is no cluster.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    _connect(ray, {name: value for name, value in init.items() if value})
    # Variables go as arguments, and not in Ray's runtime_env, which its dashboard shows and its logs hold.
    task = ray.remote(**{name: value for name, value in remote.items() if value is not None})(_done)
    places = {task.remote(_sending(job)): place for place, job in enumerate(jobs)}
    returns = dict[int, JobReturn]()
    while places:
        (ready, *_), _waiting = ray.wait(list(places), num_returns=1)
        place = places.pop(ready)
        try:
            returns[place] = ray.get(ready)
        except ray.exceptions.RayError as error:
            returns[place] = jobs[place].failed(_reason(error))
    return [returns[place] for place in range(len(jobs))]


def _connect(ray: Any, init: Mapping[str, Any]) -> None:
    """Connect to the cluster, unless an earlier wave has."""
    if ray.is_initialized():
        return
    own = {} if "address" in init else {"address": "local", "include_dashboard": False}
    try:
        _reach(init.get("address", ""))
        ray.init(**{"logging_level": logging.WARNING, **own, **init})
    except Exception as error:  # Ray raises a plain one where a node does not come up
        raise Fault(
            f"hydra/launcher=ray: no cluster can be used at {init.get('address', 'this machine')}: {_reason(error)}. Start one "
            "(ray start --head), name its address, or leave it out: hydra.launcher.ray.init.address=null"
        ) from error


def _reach(address: str) -> None:
    """Raise an OSError if nothing listens at an address.

    Ray itself tries for minutes. An address without a port, such as auto, is left to it.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=10).close()


def _sending(job: PointJob) -> PointJob:
    """Add the values of variables that the task needs."""
    names = job.task.variables if isinstance(job.task, SweepTask) else ()
    return replace(job, surroundings=job.surroundings.sending(names))


def _done(job: PointJob) -> JobReturn:
    return job()


def _reason(error: Exception) -> str:
    """Return the line of Ray's description that says why."""
    from ray.exceptions import RayTaskError

    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # An error of the task itself comes with its traceback, whose last line is the reason. Other descriptions begin with it.
    place = -1 if isinstance(error, RayTaskError) else 0
    return f"{type(error).__name__}: {lines[place]}" if lines else type(error).__name__
