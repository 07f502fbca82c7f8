"""A job in, a Fault out where its places differ."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from omegaconf import DictConfig

from runner.config.study import Study
from runner.errors import Fault
from runner.launcher.surroundings import named_variables
from runner.sweep.preflight import check_models

OTHER_TRACKER = (
    "the tracking store does not hold the run of the sweep. Machines that share a sweep need one, such as a server: "
    "tracker.uri=http://HOST:5000"
)


@dataclass(frozen=True)
class SweepRecord:
    """A sweep's tracked run, for its jobs to find again."""

    run: str
    experiment: str
    key: str
    variables: tuple[str, ...] = ()  # of the environment, named by the sweep's configs
    host: str = ""  # of the command
    process: int = 0


def recorded(studies: Sequence[Study], configs: Sequence[DictConfig], run: str, key: str) -> SweepRecord:
    """Return the record of a sweep with this tracked run."""
    names = named_variables(configs)
    return SweepRecord(run, studies[0].corpus.name, key, names, socket.gethostname(), os.getpid())


def check_shared(study: Study, record: SweepRecord) -> None:
    """Raise a Fault where a job lacks its sweep.

    A job in another process than the command's may see another tracker, be unable to write the store, or lack a key. This is
    found within a minute, before a model is loaded. That the store is the sweep's own is known by the sweep's notes in it.
    """
    if (record.host, record.process) == (socket.gethostname(), os.getpid()):
        return
    try:
        study.store.check()
        study.tracker.check(study.corpus.name)
        tracked = study.tracker.find(record.experiment, record.key)
        if not tracked or tracked.id != record.run:
            raise Fault(OTHER_TRACKER)
        check_models(study)
    except Fault as fault:
        missing = [name for name in record.variables if name not in os.environ]
        hint = f". Not in the environment there, but where the command was typed: {', '.join(missing)}" if missing else ""
        raise Fault(f"on {socket.gethostname()}: {fault}{hint}") from fault
