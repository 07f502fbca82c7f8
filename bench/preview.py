"""What a preview foretells beside what the labelling and the exams then use, by stage, from an empty store and from 1x on.

    python bench/preview.py quick sports                           the corpora
    python bench/preview.py quick sports --tokenizer o200k_base    usage as OpenAI's models tell it, by tiktoken

The teacher is the shipped recording, the judge says PASS or FAIL, and the student writes 3 to 20 words; all three are served on
loopback, with the tokens of the embedded model's tokenizer as usage, unless another is named. Nothing is tuned: a tuned student
has another id alone. The recording ends where 10x is reached, so that its last replies hold fewer pairs than were asked for.
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
from runner.config.study import Study
from runner.data.records import Prompt, Tuning
from runner.model.smollm2 import SmolLM2
from runner.pipeline.experiment import train
from runner.pipeline.stages import Student, exam, label, sit
from runner.preview.forecast import Foresight
from tests.given import study
from tests.server import Asked, Response, serving, told

USUAL = Path(os.environ.get("RUNNER_STORE", Path.home() / ".cache/experiment-runner"))
RECORDED = Path(corpus.__file__).parent / "sports" / "recorded"
STAGES = {"teacher": "label", "student": "answer", "judge": "grade"}
WORDS = ("the", "final", "was", "won", "in", "Oslo", "by", "Ada", "on", "3", "May", "2031", "after", "90", "minutes")
CASES = (("", "1x"), ("", "5x"), ("", "10x"), ("1x", "5x"), ("1x", "10x"))  # what is kept, and what is foretold


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
    """Teacher, student and judge by their ids; `used` is what each told of its usage since it was emptied."""

    def __init__(self, tokens: Callable[[str], int]) -> None:
        """Read the recording."""
        self.tokens, self.used = tokens, defaultdict[str, Used](Used)
        self.replies = defaultdict[str, list[str]](list)
        for file in sorted(RECORDED.glob("*.jsonl")):
            for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
                self.replies[json.dumps(row["request"]["messages"], sort_keys=True)].append(row["reply"])
        self.times = Counter[str]()

    def respond(self, asked: Asked) -> Response:
        """What the model that is named says."""
        turns, name = asked.body["messages"], asked.body["model"].split()[0]
        said = self._said(name, json.dumps(turns, sort_keys=True), asked.body["model"])
        read = sum(self.tokens(turn["content"]) + 4 for turn in turns) + 3
        used = self.used[name]
        used.requests, used.prompt, used.reply = used.requests + 1, used.prompt + read, used.reply + self.tokens(said)
        usage = {"prompt_tokens": read, "completion_tokens": self.tokens(said), "total_tokens": read + self.tokens(said)}
        message = {"role": "assistant", "content": said}
        return told({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})

    def _said(self, name: str, key: str, who: str) -> str:
        chance = random.Random(key + who)
        if name == "teacher":
            self.times[key] += 1
            return self.replies[key][(self.times[key] - 1) % len(self.replies[key])]
        if name == "judge":
            return chance.choice(["PASS", "FAIL"])
        return " ".join(chance.choices(WORDS, k=chance.randint(3, 20)))


@dataclass
class Untouched:
    """A tuner that leaves the student as it is."""

    replay: ClassVar[float] = 0.0

    def tune(self, model: Any, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """The model under an id of its own."""
        (folder / "model.json").write_text(json.dumps({"model": f"{model.id} {len(examples)}"}))
        return Tuning(losses=(), tokens=0, seconds=0)


def run(of: Study) -> None:
    """Label, and let every arm sit its exams, as an experiment does."""
    draw = of.size.draw(label(of)[0], of.subset_seed)
    for name in of.baseline:
        sit(of, Student(of.model), of.material.questions, exam(of, name))
    train(of, draw, 0)


def measure(models: Models, overrides: Sequence[str], before: str, size: str) -> dict[str, tuple[Used, Used]]:
    """For each stage, what was foretold and what was used."""

    def point(size: str, *more: str) -> Study:
        return replace(study(*overrides, f"size={size}", *more), tuner=Untouched())

    if before:
        run(point(before))
    foresight = Foresight()
    foresight.add(point(size, "preview=true"))
    foretold = {line.stage: Used(line.left.requests, *line.tokens().values()) for line in foresight.lines.values()}
    models.used.clear()
    run(point(size))
    return {stage: (foretold.get(stage, Used()), models.used[name]) for name, stage in STAGES.items()}


def overrides(chosen: str, method: str, folder: str, url: str) -> list[str]:
    """A study whose models are all served at `url`."""
    found = [f"corpus={chosen}", f"method={method}", f"store={folder}", "retriever=lexical", "retention=none", "tuner=hosted"]
    found += ["grader=judge", "model=openai", "model@teacher=openai", "model@judge=openai"]
    for group, name in (("model", "student"), ("teacher", "teacher"), ("judge", "judge")):
        found += [f"{group}.id={name}", f"{group}.base_url={url}"]
    return found


def cell(foretold: int, used: int) -> str:
    """Two numbers, and how far the first is off."""
    return f"{foretold:>9}/{used:>7} {foretold / used - 1:+7.1%}" if used else f"{foretold:>9}/{used:>7} {'':7}"


def counter(name: str) -> Callable[[str], int]:
    """How many tokens a text holds, by the embedded model's tokenizer or one of tiktoken's."""
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
    print(f"{'foretold/used':32}{'requests':>25}{'tokens in':>25}{'tokens out':>25}{'tokens':>25}")
    with serving(models.respond, remembers=False) as server:
        for chosen, method, (before, size) in product(given.corpora, ("token", "fact"), CASES):
            with tempfile.TemporaryDirectory() as folder:
                models.times.clear()
                found = measure(models, overrides(chosen, method, folder, server.url), before, size)
            for stage, (foretold, used) in found.items():
                cells = "".join(
                    cell(getattr(foretold, part), getattr(used, part)) for part in ("requests", "prompt", "reply", "tokens")
                )
                print(f"{chosen:7}{method:6}{before or '-':>3} to {size:>3} {stage:8}{cells}", flush=True)


if __name__ == "__main__":
    main()
