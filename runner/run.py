"""The command run.py: compose a config, run one point of it, say what went wrong in words."""

import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from runner.config.messages import CONF, line, told
from runner.errors import Fault
from runner.pipeline import export, recording
from runner.pipeline.experiment import experiment
from runner.sweep.sweeper import built, failures, preview, report

log = logging.getLogger("runner")


@hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")
def _compose(cfg: DictConfig) -> None:
    job: Any = HydraConfig.get()
    multirun = job.mode.name == "MULTIRUN"
    try:
        study = built(cfg, job)
        if study.preview:
            preview([study])
            return
        target = Path(cfg.export).expanduser() if cfg.export else None  # a sweep with one is refused before it starts
        if target:
            export.check(study, target)
        if not multirun:  # a sweep has tried it before its first job
            recording.check(study)
        experiment(study)
        if target:
            export.export(study, target)
        if not multirun and (failed := failures(report([study], " ".join(["run.py", *job.overrides.task])))):
            raise Fault(failed)
    except Exception as error:  # in a sweep the other runs go on, and its end exits non-zero
        log.error("%s", error) if isinstance(error, Fault) else log.exception("this run failed")
        if not multirun:
            sys.exit(1)


def main() -> None:
    """Entry point of the command; SIGTERM (docker stop, a time limit of Slurm) stops it as Ctrl-C does."""
    sys.path.append(str(Path.cwd()))  # where one's own methods may lie, as for python -m
    sys.argv[1:] = line(sys.argv[1:])
    traced = os.environ.get("HYDRA_FULL_ERROR") == "1"
    os.environ["HYDRA_FULL_ERROR"] = "1"  # what Hydra finds wrong comes here, to be told in our words
    came = [signal.SIGINT]

    def stop(number: int, frame: FrameType | None) -> None:
        came.append(signal.Signals(number))
        interrupt = signal.getsignal(signal.SIGINT)  # an event loop has its own
        (interrupt if callable(interrupt) else signal.default_int_handler)(signal.SIGINT, frame)

    signal.signal(signal.SIGTERM, stop)
    try:
        _compose()
    except (HydraException, OmegaConfBaseException, YAMLError) as error:
        if traced:
            raise
        sys.exit(told(error))
    except KeyboardInterrupt:
        print("stopped; the same command goes on from what is kept", file=sys.stderr)
        sys.exit(128 + came[-1])


if __name__ == "__main__":
    main()
