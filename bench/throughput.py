"""Replies a second of a hosted model that is asked through this program, beside the openai client itself and beside peers.

    python bench/throughput.py                       ours and the client, in turns: 50 ms a reply, 64 at once
    python bench/throughput.py --peers               bespokelabs-curator and distilabel too, each in an environment of its own
    python bench/throughput.py --memory 1000 100000  ours alone: peak memory at each number of requests

The server is a process of its own, started anew for each measurement, and so is each contestant. Seconds are the server's, from
the first request to the last reply, so that no start counts; seconds of the processor are the contestant's and its children's,
after its imports.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LATENCY, SLOTS = 0.05, 64
PEERS = {"bespokelabs-curator": ["bespokelabs-curator"], "distilabel": ["distilabel[openai]", "requests"]}  # which it forgets
QUIET = {"TELEMETRY_ENABLED": "false", "OPENAI_API_KEY": "none", "HF_HUB_OFFLINE": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


def questions(number: int) -> list[str]:
    """What every contestant asks: a section's worth of text."""
    return [
        f"Question {place}: which team won the match that this passage tells of? {'The passage. ' * 40}"
        for place in range(number)
    ]


def ours(url: str, number: int) -> int:
    """Through `ask`, as the stages do."""
    from runner.data.records import chat
    from runner.hosts.client import connected  # noqa: F401 - so that its imports are no part of the measurement
    from runner.model.openai import OpenAI

    clock.start()
    model = OpenAI(id="m", base_url=url, key=None, concurrency=SLOTS)
    return sum(bool(reply.text) for _, reply in model.ask([chat(text, "", 32) for text in questions(number)]))


def client(url: str, number: int, quicker: bool = False) -> int:
    """By AsyncOpenAI and a semaphore, all prompts as tasks at once: what the client itself can do."""
    import asyncio

    import openai

    async def run() -> int:
        slots = asyncio.Semaphore(SLOTS)
        way = openai.DefaultAioHttpClient() if quicker else None

        async with openai.AsyncOpenAI(api_key="none", base_url=url, timeout=120, max_retries=5, http_client=way) as connection:

            async def one(text: str) -> str | None:
                async with slots:
                    turns = [{"role": "user", "content": text}]
                    completion = await connection.chat.completions.create(model="m", messages=turns, max_completion_tokens=32)
                return completion.choices[0].message.content

            return sum(map(bool, await asyncio.gather(*map(one, questions(number)))))

    clock.start()
    return asyncio.run(run())


def curator(url: str, number: int) -> int:
    """By bespokelabs-curator's LLM, without its limits."""
    from bespokelabs import curator

    clock.start()
    no_limit = {"max_requests_per_minute": 10**6, "max_tokens_per_minute": 10**9, "max_concurrent_requests": SLOTS}
    model = curator.LLM(model_name="gpt-4o-mini", backend="openai", backend_params={"base_url": url, **no_limit})
    return len(model(questions(number)).dataset)


def distilabel(url: str, number: int) -> int:
    """By distilabel's TextGeneration in a pipeline, 64 prompts a batch."""
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    clock.start()
    rows = [{"instruction": text} for text in questions(number)]
    with Pipeline(name="throughput") as pipeline:
        model = OpenAILLM(model="m", base_url=url, api_key="none", generation_kwargs={"max_new_tokens": 32})
        LoadDataFromDicts(data=rows, batch_size=SLOTS) >> TextGeneration(llm=model, input_batch_size=SLOTS)
    return len(pipeline.run(use_cache=False)["default"]["train"])


CONTESTANTS: dict[str, Callable[[str, int], int]] = {
    "ours": ours,
    "AsyncOpenAI + Semaphore": client,
    "the same by aiohttp": lambda url, number: client(url, number, quicker=True),
    "bespokelabs-curator": curator,
    "distilabel": distilabel,
}


class Clock:
    """Seconds of the processor in this process and its children."""

    def start(self) -> None:
        """From here on they count."""
        self.began = self._now()

    def seconds(self) -> float:
        """Since the start."""
        return self._now() - self.began

    def _now(self) -> float:
        return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


clock = Clock()


def one(name: str, url: str, number: int) -> None:
    """One contestant, in this process: prints its replies, seconds of the processor and peak memory."""
    replies = CONTESTANTS[name](url, number)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"replies": replies, "processor": clock.seconds(), "peak": peak}), flush=True)


@contextmanager
def server(latency: float, slots: int) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, ROOT / "tests/server.py", "--latency", str(latency), "--slots", str(slots)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def measured(name: str, python: Path, number: int, latency: float = LATENCY, slots: int = SLOTS) -> dict[str, float]:
    """What one contestant did in a process of its own, by its own account and the server's."""
    with server(latency, slots) as url, tempfile.TemporaryDirectory() as scratch:
        home = {
            "HOME": scratch,
            "HF_HOME": scratch,
            "CURATOR_CACHE_DIR": scratch,
            "PYTHONPATH": str(ROOT),
            "OPENAI_BASE_URL": url,
        }
        command = [python, __file__, "--one", name, "--url", url, "--requests", str(number)]
        done = subprocess.run(command, env={**os.environ, **QUIET, **home}, cwd=scratch, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
        told = json.loads(urllib.request.urlopen(url.removesuffix("/v1") + "/asked").read())
    row = json.loads(done.stdout.splitlines()[-1])
    if row["replies"] != number or told["answered"] < number:
        raise SystemExit(
            f"{name} returned {row['replies']:g} replies, the server answered {told['answered']}, of {number} asked for"
        )
    return {**row, "asked": told["asked"], "rate": told["answered"] / told["seconds"]}


def installed(folder: Path) -> dict[str, Path]:
    """The Python of each peer, in an environment of its own; a peer that can't be installed or imported is left out, aloud."""
    pythons = {}
    for name, requirements in PEERS.items():
        python = folder / name / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], capture_output=True, text=True)
        versions = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True).stdout.splitlines()
        if done.returncode:
            print(f"{name} can't be installed here: {done.stderr.strip().splitlines()[-1]}")
            continue
        pythons[name] = python
        print(" ".join(line for line in versions if line.split("==")[0] in {name, "openai", "litellm"}))
    return pythons


def compare(number: int, rounds: int, peers: bool) -> None:
    """All contestants in turns; the median round of each, and its ratio to the client's."""
    with tempfile.TemporaryDirectory() as folder:
        pythons = {name: Path(sys.executable) for name in CONTESTANTS if name not in PEERS}
        pythons |= installed(Path(folder)) if peers else {}
        rows: dict[str, list[dict[str, float]]] = {name: [] for name in pythons}
        for _ in range(rounds):
            for name, python in list(pythons.items()):
                try:
                    rows[name].append(measured(name, python, number))
                except SystemExit as failure:
                    if name not in PEERS:
                        raise
                    print(f"left out: {failure}")
                    del pythons[name], rows[name]
    limit = SLOTS / LATENCY
    base = statistics.median(row["rate"] for row in rows["AsyncOpenAI + Semaphore"])
    print(f"{number} requests, {rounds} rounds in turns; the server's limit is {limit:,.0f} replies/s")
    print(f"{'':26}{'replies/s':>10}{'(rounds)':>26}{'of limit':>10}{'of client':>11}{'ms of processor':>17}{'peak MB':>9}")
    for name, found in rows.items():
        rate, each = statistics.median(row["rate"] for row in found), " ".join(f"{row['rate']:.0f}" for row in found)
        work, peak = statistics.median(row["processor"] for row in found) / number * 1000, max(row["peak"] for row in found)
        print(f"{name:26}{rate:10.0f}{each:>26}{rate / limit:10.1%}{rate / base:11.2f}{work:17.2f}{peak:9.0f}")


def memory(numbers: list[int]) -> None:
    """Peak memory of ours at each number of requests, each in a process of its own."""
    for number in numbers:
        row = measured("ours", Path(sys.executable), number, latency=0.001)
        print(f"{number:9,} requests: peak {row['peak']:.0f} MB, {row['rate']:.0f} replies/s")


def main() -> None:
    """Read what is to be measured, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--memory", type=int, nargs="+", metavar="REQUESTS")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        one(told.one, told.url, told.requests)
    elif told.memory:
        memory(told.memory)
    else:
        compare(told.requests, told.rounds, told.peers)


if __name__ == "__main__":
    main()
