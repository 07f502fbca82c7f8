"""One run on the quick corpus from an empty store: seconds of each stage, tokens/s of tuning, peak memory."""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from mlflow import MlflowClient


def main() -> None:
    """Run `run.py` with the overrides that are given, in a scratch store with the weights of the usual one, and print."""
    usual = Path(os.environ.get("RUNNER_STORE", Path.home() / ".cache/experiment-runner"))
    with tempfile.TemporaryDirectory() as scratch:
        uri = f"sqlite:///{scratch}/mlflow.db"
        command = [sys.executable, "-m", "runner.run", f"store={scratch}/store", f"tracker.uri={uri}", *sys.argv[1:]]
        subprocess.run([*command, f"model.folder={usual}/models"], check=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 / 1024
        client = MlflowClient(uri)
        for run in client.search_runs([found.experiment_id for found in client.search_experiments()]):
            for name, value in sorted(run.data.metrics.items()):
                if name.startswith(("seconds/", "tokens_")):
                    print(f"{run.info.run_name}: {name} {value:.1f}")
        print(f"peak memory: {peak:.2f} GB")


if __name__ == "__main__":
    main()
