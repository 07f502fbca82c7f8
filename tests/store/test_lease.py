"""A lock of objects is held by one, and is free again once its holder is dead."""

import json
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from runner.store.bucket import Bucket
from runner.store.lease import Lease

PATIENCE = 0.4


def lease(address: str, machine: Path, patience: float = PATIENCE) -> Lease:
    """A lock as a process of one machine sees it."""
    machine.mkdir(exist_ok=True)
    return Lease(Bucket(address), "stage", FileLock(machine / "lock", thread_local=False), patience)


def test_a_lock_is_held_by_one_machine_and_then_by_the_next(memory: str, tmp_path: Path) -> None:
    first, second = lease(memory, tmp_path / "a"), lease(memory, tmp_path / "b")
    with first:
        assert not second.acquire(blocking=False)
        # Longer than a dead holder would be waited for.
        time.sleep(2 * PATIENCE)
        assert not second.acquire(blocking=False)
    with second:
        assert not first.acquire(blocking=False)


def test_processes_of_one_machine_exclude_each_other(memory: str, tmp_path: Path) -> None:
    with lease(memory, tmp_path / "a"):
        assert not lease(memory, tmp_path / "a").acquire(blocking=False)


def test_a_lock_is_free_once_its_holder_writes_nothing_any_more(memory: str, tmp_path: Path) -> None:
    dead = {"id": "x", "holder": "a machine without power", "beat": 3, "free": False}
    Bucket(memory).write("locks/stage/7", json.dumps(dead).encode())
    began = time.monotonic()
    with lease(memory, tmp_path / "a"):
        assert time.monotonic() - began >= PATIENCE
        assert set(Bucket(memory).list("locks")) == {"locks/stage/8"}


def test_a_holder_that_was_taken_for_dead_says_so_and_does_not_hold_it_again(
    memory: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = lease(memory, tmp_path / "a"), lease(memory, tmp_path / "b")
    with first:
        state = {"id": "y", "holder": "another", "beat": 0, "free": False}
        Bucket(memory).write("locks/stage/2", json.dumps(state).encode())
        time.sleep(PATIENCE)
        assert "another process has taken over locks/stage" in caplog.text
    assert not second.acquire(blocking=False)


def test_who_looked_long_ago_does_not_get_a_lock_that_others_had_since(memory: str, tmp_path: Path) -> None:
    for machine in "abc":
        with lease(memory, tmp_path / machine):
            pass
    late = lease(memory, tmp_path / "d")
    # It saw number 1 free, and numbers 1 and 2 are gone by now.
    assert not late._create(2, [1])
    assert set(Bucket(memory).list("locks")) == {"locks/stage/3"}


def test_threads_of_many_machines_work_one_at_a_time(memory: str, tmp_path: Path) -> None:
    inside, most, turns = 0, 0, 0

    def work(machine: Path) -> None:
        nonlocal inside, most, turns
        with lease(memory, machine, patience=5):
            inside += 1
            most, turns = max(most, inside), turns + 1
            time.sleep(0.01)
            inside -= 1

    threads = [threading.Thread(target=work, args=[tmp_path / str(number)]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (most, turns) == (1, 6)
