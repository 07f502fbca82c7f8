"""One run on the quick corpus from an empty store: seconds of each stage, tokens/s of tuning and answering, peak memory."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mlflow import MlflowClient

USUAL = Path(os.environ.get("RUNNER_STORE", Path.home() / ".cache/experiment-runner"))


def answering() -> None:
    """Print tokens/s of the untuned model over an exam of the lengths that people ask in."""
    import runner
    from runner.data.records import chat
    from runner.model.smollm2 import SmolLM2

    lines = (Path(runner.__file__).parent / "corpus/sports/exam.jsonl").read_text(encoding="utf-8").splitlines()
    prompts = [chat(json.loads(line)["question"], "Answer briefly.", 32) for line in lines]
    network = SmolLM2(folder=str(USUAL / "models")).load()
    began = time.monotonic()
    replies = [reply for _, reply in network.reply(prompts, 96, "answering")]
    seconds = time.monotonic() - began
    written, read = sum(reply.reply_tokens for reply in replies), sum(reply.prompt_tokens for reply in replies)
    print(f"answering: {len(prompts)} questions in {seconds:.1f} s; {written / seconds:.0f} tokens/s written", end="")
    print(f", {(written + read) / seconds:.0f} read and written")


def main() -> None:
    """Run `run.py` with the overrides that are given, in a scratch store with the weights of the usual one, and print."""
    with tempfile.TemporaryDirectory() as scratch:
        uri = f"sqlite:///{scratch}/mlflow.db"
        command = [sys.executable, "-m", "runner.run", f"store={scratch}/store", f"tracker.uri={uri}", *sys.argv[1:]]
        subprocess.run([*command, f"model.folder={USUAL}/models"], check=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 / 1024
        client = MlflowClient(uri)
        for run in client.search_runs([found.experiment_id for found in client.search_experiments()]):
            for name, value in sorted(run.data.metrics.items()):
                if name.startswith(("seconds/", "tokens_")):
                    print(f"{run.info.run_name}: {name} {value:.1f}")
        print(f"peak memory: {peak:.2f} GB")
    answering()


if __name__ == "__main__":
    main()
