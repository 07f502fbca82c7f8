"""Trainings side by side: one, two and four processes, and one beside a busy neighbour, by the threads that each is given.

    python bench/threads.py --labels 48

A setting is the threads of a process, all cores or its share of them, and what OpenMP's idle threads do: the default spins for a
while, PASSIVE sleeps. hydra/launcher=processes gives each its share, and PASSIVE. Run it on a machine that does nothing else.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from tuning import BATCH, examples

ROOT = Path(__file__).resolve().parent.parent
NEIGHBOUR = "import torch\nwhile True: torch.randn(1024, 1024) @ torch.randn(1024, 1024)"
BUSY = "one beside a busy neighbour"


def train(folder: str, labels: int) -> None:
    """Train on some labels when a line arrives, and print tokens, seconds and seconds of a processor."""
    from tempfile import TemporaryDirectory

    from runner.data.records import chat
    from runner.model.smollm2 import SmolLM2
    from runner.tuner.lora import Lora

    tuner = Lora(rank=16, alpha=32, dropout=0.0, epochs=1, batch=BATCH, rate=1e-3, warmup=0.1, clip=1.0)
    prompts = [(chat(question, "Answer briefly.", 32), answer) for question, answer in examples()[:labels]]
    print("ready", flush=True)
    sys.stdin.readline()
    before = _processor()
    with TemporaryDirectory() as scratch:
        tuning = tuner.tune(SmolLM2(folder=folder), prompts, 0, Path(scratch))
    print(json.dumps({"tokens": tuning.tokens, "seconds": tuning.seconds, "processor": _processor() - before}), flush=True)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def environment(threads: int, policy: str) -> dict[str, str]:
    """The environment of a process."""
    own = {**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(ROOT)}
    own.pop("OMP_WAIT_POLICY", None)
    return own | ({"OMP_WAIT_POLICY": policy} if policy else {})


def measure(processes: int, threads: int, policy: str, busy: bool, words: list[str]) -> tuple[float, float]:
    """Run trainings side by side; return tokens a second of all, and processor seconds a thousand tokens."""
    with ExitStack() as stack:
        if busy:
            neighbour = subprocess.Popen([sys.executable, "-c", NEIGHBOUR], env=environment(os.cpu_count() or 1, ""))
            stack.callback(neighbour.wait)
            stack.callback(neighbour.kill)
        command = [sys.executable, __file__, "--train", *words]
        started = [
            subprocess.Popen(
                command,
                env=environment(threads, policy),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for _ in range(processes)
        ]
        for each in started:
            assert each.stdout
            assert each.stdin
            assert each.stdout.readline() == "ready\n"
        for each in started:
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        results = [json.loads(each.communicate()[0].splitlines()[-1]) for each in started]
    tokens = sum(result["tokens"] for result in results)
    return tokens / max(result["seconds"] for result in results), 1000 * sum(result["processor"] for result in results) / tokens


def main() -> None:
    """Measure each setting and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, default=48)
    parser.add_argument("--folder", default=str(Path.home() / ".cache/experiment-runner/models"), help="of the embedded model")
    parser.add_argument("--train", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.train:
        train(told.folder, told.labels)
        return
    cores, words = os.cpu_count() or 1, ["--folder", told.folder, "--labels", str(told.labels)]
    print(
        f"{cores} cores, load {os.getloadavg()[0]:.1f} at the start; tokens/s of all processes, processor seconds a 1,000 tokens"
    )
    for name, processes, busy in (("one", 1, False), ("two", 2, False), ("four", 4, False), (BUSY, 1, True)):
        share = max(1, cores // (processes + busy))
        for threads in dict.fromkeys((cores, share)):
            for policy in ("", "PASSIVE"):
                began = time.monotonic()
                speed, processor = measure(processes, threads, policy, busy, words)
                took = time.monotonic() - began
                print(f"{name}: {threads} threads, {policy or 'default'}: {speed:.0f} {processor:.1f} ({took:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
