"""A sweep on Ray: the results of one process, keys that reach its jobs, a job whose process is killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from runner.errors import Fault
from runner.launcher.ray import run_ray
from runner.launcher.surroundings import Surroundings
from tests.given import KEY
from tests.launcher.given import SmallJob, Task, sweep

pytestmark = pytest.mark.skipif(not find_spec("ray"), reason="the extra ray is not installed")  # its import takes seconds


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a cluster of two nodes, started without a key."""
    import ray

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with ExitStack() as stack:
        port = place.rpartition(":")[2]
        stack.enter_context(node("--head", f"--port={port}", "--node-ip-address=127.0.0.1", "--include-dashboard=false"))
        stack.enter_context(node(f"--address={place}"))
        yield place
        ray.shutdown()


@contextmanager
def node(*words: str) -> Iterator[None]:
    """Run a node with one processor."""
    command = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--num-cpus=1", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    assert process.stdout
    seen = ""
    for line in process.stdout:
        seen += line
        if "Ray runtime started" in line:
            break
    else:
        # Ray's servers do not start everywhere: some machines are too slow for its limits, or answer on its ports.
        pytest.skip(f"Ray does not start here: {seen.strip()[-300:]}")
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


def run(jobs: list[Any], address: str) -> list[Any]:
    """What the jobs return."""
    returns = run_ray(jobs, {"address": address, "runtime_env": {}}, {"num_cpus": 1, "memory": None, "max_retries": 0})
    return [done.return_value for done in returns]


@pytest.mark.slow
def test_keys_reach_the_nodes_and_a_killed_process_fails_its_job_alone(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    named = Task(variables=("OPENAI_API_KEY",))
    surroundings = Surroundings("/", "/store")
    jobs = [
        SmallJob("a", tmp_path, surroundings=surroundings, task=named),
        SmallJob("b", tmp_path, deadly=True, surroundings=surroundings),
        SmallJob("c", tmp_path, surroundings=surroundings),
        SmallJob("d", tmp_path, error="the disk is full", surroundings=surroundings),
    ]
    with_key, lost, without, raised = run(jobs, address)
    assert with_key == ("a", "1", KEY)
    assert lost.startswith("WorkerCrashedError: ")
    assert raised == "RayTaskError(ValueError): ValueError: the disk is full"
    # What the job's config does not name stays where the command was typed.
    assert without[0] == "c"
    assert len({node["NodeID"] for node in ray.nodes() if node["Alive"]}) == 2


@pytest.mark.slow
def test_a_sweep_on_two_nodes_gives_the_results_of_one_process(address: str, tmp_path: Path, empty_tracking_store: Path) -> None:
    results = []
    for choice in (["hydra/launcher=local"], ["hydra/launcher=ray", f"hydra.launcher.ray.init.address='{address}'"]):
        folder = tmp_path / str(len(results))
        folder.mkdir()
        shutil.copy(empty_tracking_store, folder / "mlflow.db")
        results.append(sweep(folder, f"sqlite:///{folder}/mlflow.db", *choice))
    assert results[0] == results[1]


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        Fault, match=r"hydra/launcher=ray: no cluster can be used at 127.0.0.1:9: .* Start one \(ray start --head\)"
    ):
        run([SmallJob("a", tmp_path)], "127.0.0.1:9")
