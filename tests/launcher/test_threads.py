"""A job's libraries use its own cores, unless the user said otherwise."""

import os
import sys

import joblib
import pytest

from runner.launcher.threads import given_cores, share_cores

NAMES = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "SLURM_CPUS_PER_TASK")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing is set; `setenv` first, so that what a test sets is removed after it."""
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "torch", raising=False)


def test_a_job_has_the_threads_that_its_launcher_says_and_idle_ones_sleep() -> None:
    share_cores(3)
    assert [os.environ[name] for name in NAMES[:2]] == ["3", "PASSIVE"]


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    share_cores(3)
    assert [os.environ[name] for name in NAMES[:2]] == ["7", "ACTIVE"]


def test_the_cores_of_a_job_are_those_that_slurm_or_the_system_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joblib, "cpu_count", lambda: 3)
    assert given_cores() == 3
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "4")
    assert given_cores() == 4


def test_a_torch_that_is_loaded_already_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Torch:
        threads = 0

        def set_num_threads(self, threads: int) -> None:
            self.threads = threads

    torch = Torch()
    monkeypatch.setitem(sys.modules, "torch", torch)
    share_cores(2)
    assert torch.threads == 2
