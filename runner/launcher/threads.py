"""Cores of a job in, threads of its libraries out."""

import os
import sys


def share_cores(threads: int | None = None) -> None:
    """Let the libraries of this process use so many threads.

    None is as many as the process was given cores. What the user set in the environment stays.
    """
    # OpenMP reads both when torch is loaded. Threads that wait for work would otherwise spin, and take the core of another job.
    os.environ.setdefault("OMP_NUM_THREADS", str(threads or given_cores()))
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


def given_cores() -> int:
    """Count the cores that this process may use."""
    # Of a cluster that does not bind its jobs to cores, Slurm's variable is all that says so.
    if slurm := os.environ.get("SLURM_CPUS_PER_TASK"):
        return int(slurm)
    import joblib  # here, since every command imports this module

    return int(joblib.cpu_count())
