"""Compare a preview with the requests and tokens that are then used, by stage, from an empty store and from 1x on.

    python bench/preview.py quick sports                           the corpora
    python bench/preview.py quick sports --tokenizer o200k_base    usage as OpenAI's models count it, by tiktoken

The teacher is the shipped recording, the judge gives a reason with PASS or FAIL, and the student writes 3 to 20 words; all three
are served on loopback, with the tokens of the embedded model's tokenizer as usage, unless another is named. Nothing is tuned: a
tuned student only has another id. The recording ends where 10x is reached, so that its last replies hold fewer pairs than were
asked for.
"""

import argparse
import json
import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

from runner import corpus
from runner.component import identified
from runner.config.study import Study
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.model import HostTunable
from runner.model.smollm2 import SmolLM2
from runner.pipeline.answer import examine, untuned
from runner.pipeline.experiment import student
from runner.pipeline.labels import label
from runner.pipeline.prompts import baseline_requests
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.preview.table import forecast
from tests.given import study as composed
from tests.server import Asked, Response, serving, told

USUAL = Path(os.environ.get("RUNNER_STORE", Path.home() / ".cache/experiment-runner"))
RECORDED = Path(corpus.__file__).parent / "sports" / "recorded"
STAGES = {"teacher": "label", "student": "answer", "judge": "grade"}
WORDS = ("the", "final", "was", "won", "in", "Oslo", "by", "Ada", "on", "3", "May", "2031", "after", "90", "minutes")
CASES = (("", "1x"), ("", "5x"), ("", "10x"), ("1x", "5x"), ("1x", "10x"))  # the size that is kept, and the one that is forecast


@dataclass
class Used:
    """Requests, and tokens in, out and in all."""

    requests: int = 0
    prompt: int = 0
    reply: int = 0

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.prompt + self.reply


class Models:
    """Teacher, student and judge by their ids; `used` is the usage of each since it was emptied."""

    def __init__(self, tokens: Callable[[str], int]) -> None:
        """Read the recording."""
        self.tokens, self.used = tokens, defaultdict[str, Used](Used)
        self.replies = defaultdict[str, list[str]](list)
        for file in sorted(RECORDED.glob("*.jsonl")):
            for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
                self.replies[json.dumps(row["request"]["messages"], sort_keys=True)].append(row["reply"])
        self.times = Counter[str]()

    def respond(self, asked: Asked) -> Response:
        """Reply as the model that is named."""
        turns, name = asked.body["messages"], asked.body["model"].split()[0]
        text = self._reply(name, json.dumps(turns, sort_keys=True), asked.body["model"])
        read = sum(self.tokens(turn["content"]) + 4 for turn in turns) + 3
        used = self.used[name]
        used.requests, used.prompt, used.reply = used.requests + 1, used.prompt + read, used.reply + self.tokens(text)
        usage = {"prompt_tokens": read, "completion_tokens": self.tokens(text), "total_tokens": read + self.tokens(text)}
        message = {"role": "assistant", "content": text}
        return told({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})

    def _reply(self, name: str, key: str, who: str) -> str:
        chance = random.Random(key + who)
        if name == "teacher":
            self.times[key] += 1
            return self.replies[key][(self.times[key] - 1) % len(self.replies[key])]
        words = " ".join(chance.choices(WORDS, k=chance.randint(3, 20)))
        # As the shipped prompt asks the judge for it.
        return f"Reason: {words}.\nVerdict: {chance.choice(['PASS', 'FAIL'])}" if name == "judge" else words


@identified
@dataclass
class Untouched:
    """A tuner that leaves the student as it is."""

    tunes: ClassVar[type] = HostTunable

    def tune(self, model: Any, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Write the model under an id of its own."""
        (folder / "model.json").write_text(json.dumps({"model": f"{model.id} {len(examples)}"}))
        return Tuning(losses=(), tokens=0, seconds=0)


def run(study: Study) -> None:
    """Label, and let every arm take its exams, as an experiment does."""
    executor = StoreExecutor(study)
    subset = draw(study, label(study, executor))
    for name in study.baseline:
        requests = baseline_requests(study, executor, name)
        examine(study, executor, untuned(study), Output(value=study.material.questions), requests)
    student(study, executor, subset, 0)


def measure(models: Models, overrides: Sequence[str], before: str, size: str) -> dict[str, tuple[Used, Used]]:
    """Return for each stage what was forecast and what was used."""

    def point(size: str, *more: str) -> Study:
        return replace(composed(*overrides, f"size={size}", *more), tuner=Untouched())

    if before:
        run(point(before))
    estimates = forecast([point(size, "preview=true")]).estimates.values()
    expected = {estimate.stage: Used(estimate.left.requests, *estimate.tokens().values()) for estimate in estimates}
    models.used.clear()
    run(point(size))
    return {stage: (expected.get(stage, Used()), models.used[name]) for name, stage in STAGES.items()}


def overrides(corpus: str, method: str, folder: str, url: str) -> list[str]:
    """Return a study whose models are all served at `url`, as overrides."""
    chosen = [f"corpus={corpus}", f"method={method}", f"store={folder}", "retriever=lexical", "retention=none", "tuner=hosted"]
    chosen += ["grader=judge", "model=openai", "model@teacher=openai", "model@judge=openai"]
    for group, name in (("model", "student"), ("teacher", "teacher"), ("judge", "judge")):
        chosen += [f"{group}.id={name}", f"{group}.base_url={url}"]
    return chosen


def cell(expected: int, used: int) -> str:
    """Write two numbers, and how far the first is off."""
    return f"{expected:>9}/{used:>7} {expected / used - 1:+7.1%}" if used else f"{expected:>9}/{used:>7} {'':7}"


def counter(name: str) -> Callable[[str], int]:
    """Return a counter of tokens, by the embedded model's tokenizer or one of tiktoken's."""
    if name == "embedded":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(f"{SmolLM2(folder=str(USUAL / 'models'))._weights().id}/tokenizer.json")
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
    import tiktoken

    encoding = tiktoken.get_encoding(name)  # from the folder TIKTOKEN_CACHE_DIR, else from the network
    return lambda text: len(encoding.encode_ordinary(text))


def main() -> None:
    """Measure every case, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=["quick", "sports"])
    parser.add_argument("--tokenizer", default="embedded")
    given = parser.parse_args()
    models = Models(counter(given.tokenizer))
    os.environ["OPENAI_API_KEY"] = "none"
    print(f"{'forecast/used':32}{'requests':>25}{'tokens in':>25}{'tokens out':>25}{'tokens':>25}")
    with serving(models.respond, remembers=False) as server:
        for chosen, method, (before, size) in product(given.corpora, ("token", "fact"), CASES):
            with tempfile.TemporaryDirectory() as folder:
                models.times.clear()
                stages = measure(models, overrides(chosen, method, folder, server.url), before, size)
            for stage, (expected, used) in stages.items():
                cells = "".join(
                    cell(getattr(expected, part), getattr(used, part)) for part in ("requests", "prompt", "reply", "tokens")
                )
                print(f"{chosen:7}{method:6}{before or '-':>3} to {size:>3} {stage:8}{cells}", flush=True)


if __name__ == "__main__":
    main()
